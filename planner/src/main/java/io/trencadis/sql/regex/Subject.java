package io.trencadis.sql.regex;

/// A text that is searched. Confined to one thread.
final class Subject {
  private final String text;
  private final Regex regex;
  private final Colors colors;
  private final boolean[][] behind;

  Subject(String text, Regex regex) {
    this.text = text;
    this.regex = regex;
    this.colors = regex.colors();
    this.behind = new boolean[regex.looks().length][];
  }

  String text() {
    return text;
  }

  int length() {
    return text.length();
  }

  /// The color of the character at a place, or of the end.
  int color(int at) {
    if (at >= text.length()) {
      return colors.end();
    }
    char c = text.charAt(at);
    return colors.of(Character.isHighSurrogate(c) ? text.codePointAt(at) : c);
  }

  /// The place behind the character at a place; behind the end it is one more.
  int after(int at) {
    if (at >= text.length()) {
      return at + 1;
    }
    return Character.isHighSurrogate(text.charAt(at))
        ? at + Character.charCount(text.codePointAt(at))
        : at + 1;
  }

  /// The place before the character before a place.
  int before(int at) {
    return at - Character.charCount(text.codePointBefore(at));
  }

  byte kindBefore(int at) {
    return at == 0 ? Colors.NOTHING : colors.kind(colors.of(text.codePointBefore(at)));
  }

  /// Whether a constraint that looks around holds at a place.
  boolean holds(int number, int at) {
    Regex.Look look = regex.looks()[number];
    if (look.ahead()) {
      return look.dfa().shortest(this, at, at, text.length()) >= 0 != look.negated();
    }
    if (behind[number] == null) {
      behind[number] = look.dfa().ends(this);
    }
    return behind[number][at] != look.negated();
  }

  /// Whether two parts are equal.
  boolean same(int a, int aEnd, int b, int bEnd, boolean anyCase) {
    if (!anyCase) {
      return aEnd - a == bEnd - b && text.regionMatches(a, text, b, aEnd - a);
    }
    return text.regionMatches(true, a, text, b, aEnd - a) && aEnd - a == bEnd - b;
  }
}
