package io.trencadis.sql.functions;

import java.util.ArrayList;
import java.util.List;

/// A to_char or to_timestamp template, cut into fields and literal text.
final class DateTimePattern {
  /// A piece of a template.
  ///
  /// @param field the field's name as written, or null for literal text
  /// @param text the literal text
  /// @param fill whether blanks and zeros fill it up (false after FM)
  /// @param ordinal `TH` or `th` where an ordinal ending follows, else null
  record Piece(String field, String text, boolean fill, String ordinal) {}

  // Longer names first where one begins another.
  private static final String[] FIELDS = {
    "A.D.", "A.M.", "AD", "AM", "B.C.", "BC", "CC", "DAY", "DDD", "DD", "DY", "Day", "Dy", "D",
        "FF1", "FF2", "FF3",
    "FF4", "FF5", "FF6", "HH24", "HH12", "HH", "IDDD", "ID", "IW", "IYYY", "IYY", "IY", "I", "J",
        "MI", "MM", "MONTH",
    "MON", "MS", "Month", "Mon", "OF", "P.M.", "PM", "Q", "RM", "SSSSS", "SSSS", "SS", "TZH", "TZM",
        "TZ", "US", "WW",
    "W", "Y,YYY", "YYYY", "YYY", "YY", "Y", "a.d.", "a.m.", "ad", "am", "b.c.", "bc", "cc", "day",
        "ddd", "dd", "dy",
    "d", "ff1", "ff2", "ff3", "ff4", "ff5", "ff6", "hh24", "hh12", "hh", "iddd", "id", "iw", "iyyy",
        "iyy", "iy", "i",
    "j", "mi", "mm", "month", "mon", "ms", "of", "p.m.", "pm", "q", "rm", "sssss", "ssss", "ss",
        "tzh", "tzm", "tz",
    "us", "ww", "w", "y,yyy", "yyyy", "yyy", "yy", "y"
  };

  private DateTimePattern() {}

  static List<Piece> parse(String template) {
    List<Piece> pieces = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    int at = 0;
    while (at < template.length()) {
      boolean fill = true;
      int from = at;
      while (template.startsWith("FM", at)
          || template.startsWith("fm", at)
          || template.startsWith("FX", at)
          || template.startsWith("fx", at)
          || template.startsWith("TM", at)
          || template.startsWith("tm", at)) {
        fill &=
            template.charAt(at) != 'F' && template.charAt(at) != 'f'
                || template.charAt(at + 1) == 'X'
                || template.charAt(at + 1) == 'x';
        at += 2;
      }
      String field = field(template, at);
      if (field != null) {
        flush(pieces, literal);
        at += field.length();
        String ordinal = null;
        if (template.startsWith("TH", at) || template.startsWith("th", at)) {
          ordinal = template.substring(at, at + 2);
          at += 2;
        }
        pieces.add(new Piece(field, null, fill, ordinal));
        continue;
      }
      if (at > from) {
        continue;
      }
      char c = template.charAt(at);
      if (c == '"') {
        at++;
        while (at < template.length() && template.charAt(at) != '"') {
          if (template.charAt(at) == '\\' && at + 1 < template.length()) {
            at++;
          }
          literal.append(template.charAt(at++));
        }
        at++;
      } else if (c == '\\' && at + 1 < template.length() && template.charAt(at + 1) == '"') {
        literal.append('"');
        at += 2;
      } else {
        literal.append(c);
        at++;
      }
    }
    flush(pieces, literal);
    return pieces;
  }

  private static void flush(List<Piece> pieces, StringBuilder literal) {
    if (!literal.isEmpty()) {
      pieces.add(new Piece(null, literal.toString(), true, null));
      literal.setLength(0);
    }
  }

  private static String field(String template, int at) {
    for (String name : FIELDS) {
      if (template.startsWith(name, at)) {
        return name;
      }
    }
    return null;
  }
}
