package io.trencadis.sql.types;

import java.util.ArrayList;
import java.util.List;

/// One piece of a date and time as text.
///
/// @param text the piece, in lower case
record DateTimeToken(Kind kind, String text) {
  enum Kind {
    /// Digits, perhaps with one point.
    NUMBER,
    /// Two or more parts joined by `-`, `/` or `.`.
    DATE,
    /// Digits with colons.
    TIME,
    /// Letters.
    WORD,
    /// A signed number: an offset from UTC.
    OFFSET,
    /// A sign and a word, such as -infinity.
    SIGNED_WORD
  }

  /// Cuts a text into pieces; null if it holds what no date or time has.
  static List<DateTimeToken> split(String input) {
    String text = Ascii.lower(input);
    List<DateTimeToken> tokens = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      int start = at;
      if (Scan.isSpace(c)) {
        at++;
      } else if (Scan.isDigit(c)) {
        at = digits(text, at);
        Kind kind = Kind.NUMBER;
        char next = charAt(text, at);
        if (next == ':') {
          kind = Kind.TIME;
          while (at < text.length()
              && (Scan.isDigit(text.charAt(at))
                  || text.charAt(at) == ':'
                  || text.charAt(at) == '.')) {
            at++;
          }
        } else if (next == '-' || next == '/' || next == '.') {
          at++;
          if (Scan.isDigit(charAt(text, at))) {
            kind = next == '.' ? Kind.NUMBER : Kind.DATE;
            at = digits(text, at);
            if (charAt(text, at) == next) {
              kind = Kind.DATE;
              while (at < text.length()
                  && (Scan.isDigit(text.charAt(at)) || text.charAt(at) == next)) {
                at++;
              }
            }
          } else {
            kind = next == '.' ? Kind.NUMBER : Kind.DATE;
            while (at < text.length() && (isWordChar(text.charAt(at)) || text.charAt(at) == next)) {
              at++;
            }
            if (kind == Kind.NUMBER && at - start > 0 && hasLetter(text, start, at)) {
              kind = Kind.DATE;
            }
          }
        }
        tokens.add(new DateTimeToken(kind, text.substring(start, at)));
      } else if (c == '.') {
        at = digits(text, at + 1);
        tokens.add(new DateTimeToken(Kind.NUMBER, text.substring(start, at)));
      } else if (isLetter(c)) {
        at = word(text, at, tokens);
      } else if (c == '+' || c == '-') {
        at++;
        while (at < text.length() && Scan.isSpace(text.charAt(at))) {
          at++;
        }
        if (Scan.isDigit(charAt(text, at))) {
          int from = at;
          while (at < text.length()
              && (Scan.isDigit(text.charAt(at))
                  || text.charAt(at) == ':'
                  || text.charAt(at) == '.'
                  || text.charAt(at) == '-')) {
            at++;
          }
          tokens.add(new DateTimeToken(Kind.OFFSET, c + text.substring(from, at)));
        } else if (isLetter(charAt(text, at))) {
          int from = at;
          while (isLetter(charAt(text, at))) {
            at++;
          }
          tokens.add(new DateTimeToken(Kind.SIGNED_WORD, c + text.substring(from, at)));
        } else {
          return null;
        }
      } else if (c < 0x80 && ",()[]{};'\"!#$%&*<=>?@\\^_`|~/:".indexOf(c) >= 0) {
        // Other punctuation separates and says nothing.
        at++;
      } else {
        return null;
      }
    }
    return tokens;
  }

  /// Letters, and what follows them where a date begins with a month's name or a zone's name goes
  /// on.
  private static int word(String text, int start, List<DateTimeToken> tokens) {
    int at = start;
    while (isLetter(charAt(text, at))) {
      at++;
    }
    char next = charAt(text, at);
    boolean joined = next == '-' || next == '/' || next == '.';
    if (!joined && (next == '+' || next == '_' || Scan.isDigit(next))) {
      // A POSIX zone such as utc+3 or est5edt, unless the letters are a word of their own, as in
      // t0405 or j245.
      joined = !DateTimeWords.isPrefixWord(text.substring(start, at));
    }
    if (!joined) {
      tokens.add(new DateTimeToken(Kind.WORD, text.substring(start, at)));
      return at;
    }
    if (next == '-'
        && !DateTimeWords.isMonth(text.substring(start, at))
        && !DateTimeWords.mayBeZoneStart(text.substring(start, at))) {
      tokens.add(new DateTimeToken(Kind.WORD, text.substring(start, at)));
      return at;
    }
    while (at < text.length()
        && (isWordChar(text.charAt(at)) || "+-/_.:".indexOf(text.charAt(at)) >= 0)) {
      at++;
    }
    tokens.add(new DateTimeToken(Kind.DATE, text.substring(start, at)));
    return at;
  }

  private static boolean hasLetter(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (isLetter(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  private static char charAt(String text, int at) {
    return at < text.length() ? text.charAt(at) : 0;
  }

  private static int digits(String text, int from) {
    int at = from;
    while (at < text.length() && Scan.isDigit(text.charAt(at))) {
      at++;
    }
    return at;
  }

  static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z';
  }

  private static boolean isWordChar(char c) {
    return isLetter(c) || Scan.isDigit(c);
  }
}
