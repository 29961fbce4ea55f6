package io.trencadis.sql.rights;

import java.util.Locale;

/// A privilege; its place is its bit, and its letter is how `aclitem` shows it.
public enum Privilege {
  INSERT('a'),
  SELECT('r'),
  UPDATE('w'),
  DELETE('d'),
  TRUNCATE('D'),
  REFERENCES('x'),
  TRIGGER('t'),
  EXECUTE('X'),
  USAGE('U'),
  CREATE('C'),
  TEMPORARY('T'),
  CONNECT('c'),
  SET('s'),
  ALTER_SYSTEM('A');

  private final char letter;

  Privilege(char letter) {
    this.letter = letter;
  }

  public char letter() {
    return letter;
  }

  public long bit() {
    return 1L << ordinal();
  }

  /// The word of GRANT.
  public String word() {
    return name().replace('_', ' ');
  }

  /// The privilege of that name in any case, or null.
  public static Privilege named(String name) {
    String wanted = name.strip().toUpperCase(Locale.ROOT);
    if (wanted.equals("TEMP")) {
      return TEMPORARY;
    }
    for (Privilege each : values()) {
      if (each.word().equals(wanted)) {
        return each;
      }
    }
    return null;
  }

  public static long bits(String letters) {
    long bits = 0;
    for (Privilege each : values()) {
      if (letters.indexOf(each.letter) >= 0) {
        bits |= each.bit();
      }
    }
    return bits;
  }
}
