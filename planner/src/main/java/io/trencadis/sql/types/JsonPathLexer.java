package io.trencadis.sql.types;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Cuts the text of a jsonpath into tokens.
final class JsonPathLexer {
  enum Kind {
    SYMBOL,
    WORD,
    STRING,
    VARIABLE,
    INTEGER,
    NUMBER,
    END
  }

  /// A token.
  ///
  /// @param text its value: a symbol, the characters of a string or a name
  /// @param keyword what a word means beside being a name, in lower case; else null
  /// @param near what an error at this token shows; null for the end of the input, which is also
  ///   what PostgreSQL says of a word that a symbol ends
  record Token(Kind kind, String text, String keyword, String near) {
    boolean isSymbol(String symbol) {
      return kind == Kind.SYMBOL && text.equals(symbol);
    }

    boolean isKeyword(String word) {
      return word.equals(keyword);
    }
  }

  private static final String SPECIAL = "?%$.[]{}()|&!=<>@#,*:-+/";
  private static final String BLANK = " \t\n\r\f";
  private static final List<String> SYMBOLS =
      List.of("&&", "||", "**", "<=", "==", "<>", "!=", ">=");
  private static final Pattern NUMBER =
      Pattern.compile("((?:0|[1-9]\\d*)(?:\\.\\d*)?|\\.\\d+)([Ee][-+]?\\d+)?");

  /// Words and whether they must be in lower case.
  private static final Map<String, Boolean> KEYWORDS =
      Map.ofEntries(
          Map.entry("is", false),
          Map.entry("to", false),
          Map.entry("abs", false),
          Map.entry("lax", false),
          Map.entry("flag", false),
          Map.entry("last", false),
          Map.entry("null", true),
          Map.entry("size", false),
          Map.entry("true", true),
          Map.entry("type", false),
          Map.entry("with", false),
          Map.entry("false", true),
          Map.entry("floor", false),
          Map.entry("double", false),
          Map.entry("exists", false),
          Map.entry("starts", false),
          Map.entry("strict", false),
          Map.entry("ceiling", false),
          Map.entry("unknown", false),
          Map.entry("datetime", false),
          Map.entry("keyvalue", false),
          Map.entry("like_regex", false));

  private final String text;
  private int at;

  JsonPathLexer(String text) {
    this.text = text;
  }

  static SqlException error(String message, String near) {
    return new SqlException(
        SqlState.SYNTAX_ERROR,
        message
            + (near == null ? " at end" : " at or near \"" + near + "\"")
            + " of jsonpath input");
  }

  List<Token> tokens() {
    List<Token> tokens = new ArrayList<>();
    while (true) {
      Token token = next();
      tokens.add(token);
      if (token.kind == Kind.END) {
        return tokens;
      }
    }
  }

  private static boolean isOther(char c) {
    return SPECIAL.indexOf(c) < 0 && BLANK.indexOf(c) < 0 && c != '"' && c != '\\';
  }

  private char peek(int offset) {
    return at + offset < text.length() ? text.charAt(at + offset) : 0;
  }

  private Token next() {
    skip();
    if (at >= text.length()) {
      return new Token(Kind.END, "", null, null);
    }
    char c = text.charAt(at);
    if (c == '"') {
      at++;
      return new Token(Kind.STRING, quoted(), null, "\"");
    }
    if (c == '$' && peek(1) == '"') {
      at += 2;
      return new Token(Kind.VARIABLE, quoted(), null, "\"");
    }
    if (c == '$' && at + 1 < text.length() && isOther(peek(1))) {
      int from = at++;
      while (at < text.length() && isOther(text.charAt(at))) {
        at++;
      }
      return new Token(Kind.VARIABLE, text.substring(from + 1, at), null, text.substring(from, at));
    }
    if (Scan.isDigit(c) || c == '.' && Scan.isDigit(peek(1))) {
      return number();
    }
    for (String symbol : SYMBOLS) {
      if (text.startsWith(symbol, at)) {
        at += symbol.length();
        return new Token(Kind.SYMBOL, symbol, null, symbol);
      }
    }
    if (SPECIAL.indexOf(c) >= 0) {
      at++;
      return new Token(Kind.SYMBOL, String.valueOf(c), null, String.valueOf(c));
    }
    return word();
  }

  private void skip() {
    while (at < text.length()) {
      if (BLANK.indexOf(text.charAt(at)) >= 0) {
        at++;
      } else if (text.startsWith("/*", at)) {
        int end = text.indexOf("*/", at + 2);
        if (end < 0) {
          throw error("unexpected end of comment", null);
        }
        at = end + 2;
      } else {
        return;
      }
    }
  }

  private Token number() {
    Matcher matcher = NUMBER.matcher(text).region(at, text.length());
    matcher.lookingAt();
    int from = at;
    at = matcher.end();
    boolean exponent = matcher.group(2) != null;
    if (!exponent && (peek(0) | 0x20) == 'e' && (peek(1) == '-' || peek(1) == '+')) {
      throw error("invalid numeric literal", text.substring(from, at + 2));
    }
    if (at < text.length() && isOther(text.charAt(at))) {
      throw error("trailing junk after numeric literal", text.substring(from, at + 1));
    }
    String number = text.substring(from, at);
    boolean whole = !exponent && number.indexOf('.') < 0;
    return new Token(whole ? Kind.INTEGER : Kind.NUMBER, number, null, number);
  }

  private Token word() {
    StringBuilder name = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\\') {
        escape(name);
      } else if (isOther(c)) {
        name.append(c);
        at++;
      } else {
        break;
      }
    }
    int end = at;
    while (end < text.length() && BLANK.indexOf(text.charAt(end)) >= 0) {
      end++;
    }
    String word = name.toString();
    String lower = word.toLowerCase(Locale.ROOT);
    Boolean asIs = KEYWORDS.get(lower);
    boolean known = asIs != null && (!asIs || word.equals(lower));
    return new Token(
        Kind.WORD, word, known ? lower : null, end == at ? null : text.substring(at, end));
  }

  private String quoted() {
    StringBuilder out = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '"') {
        at++;
        return out.toString();
      }
      if (c == '\\') {
        escape(out);
      } else {
        out.append(c);
        at++;
      }
    }
    throw error("unexpected end of quoted string", null);
  }

  private void escape(StringBuilder out) {
    if (at + 1 >= text.length()) {
      throw error("unexpected end after backslash", "\\");
    }
    char c = text.charAt(at + 1);
    switch (c) {
      case 'b' -> out.append('\b');
      case 'f' -> out.append('\f');
      case 'n' -> out.append('\n');
      case 'r' -> out.append('\r');
      case 't' -> out.append('\t');
      case 'v' -> out.append('\u000b');
      case 'x' -> {
        int value = hex(at + 2, 2);
        if (value < 0) {
          throw error("invalid hex character sequence", "\\x");
        }
        append(value, out);
        at += 4;
        return;
      }
      case 'u' -> {
        unicode(out);
        return;
      }
      default -> out.append(c);
    }
    at += 2;
  }

  /// -1 where there are not so many digits.
  private int hex(int from, int digits) {
    if (from + digits > text.length()) {
      return -1;
    }
    int value = 0;
    for (int i = from; i < from + digits; i++) {
      int digit = Character.digit(text.charAt(i), 16);
      if (digit < 0) {
        return -1;
      }
      value = value * 16 + digit;
    }
    return value;
  }

  /// A run of Unicode escapes, so that the halves of a pair meet.
  private void unicode(StringBuilder out) {
    int high = 0;
    int start = at;
    while (text.startsWith("\\u", at)) {
      int value;
      if (peek(2) == '{') {
        int close = text.indexOf('}', at);
        int digits = close - at - 3;
        value = close < 0 || digits < 1 || digits > 6 ? -1 : hex(at + 3, digits);
        if (value >= 0) {
          at = close + 1;
        }
      } else {
        value = hex(at + 2, 4);
        if (value >= 0) {
          at += 6;
        }
      }
      if (value < 0) {
        int end = at + 2 < text.length() && text.charAt(at + 2) == '{' ? at + 3 : at + 2;
        while (end < text.length() && Character.digit(text.charAt(end), 16) >= 0) {
          end++;
        }
        throw error("invalid unicode sequence", text.substring(start, end));
      }
      boolean isHigh = value >= 0xd800 && value <= 0xdbff;
      boolean isLow = value >= 0xdc00 && value <= 0xdfff;
      if (isHigh && high != 0) {
        throw surrogate("Unicode high surrogate must not follow a high surrogate.");
      }
      if (isLow != (high != 0)) {
        throw surrogate("Unicode low surrogate must follow a high surrogate.");
      }
      if (isHigh) {
        high = value;
      } else if (isLow) {
        out.append((char) high).append((char) value);
        high = 0;
      } else {
        append(value, out);
      }
    }
    if (high != 0) {
      throw surrogate("Unicode low surrogate must follow a high surrogate.");
    }
  }

  private static void append(int character, StringBuilder out) {
    if (character == 0) {
      throw new SqlException(
              SqlState.UNTRANSLATABLE_CHARACTER, "unsupported Unicode escape sequence")
          .detail("\\u0000 cannot be converted to text.");
    }
    if (character > Character.MAX_CODE_POINT) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "invalid Unicode code point");
    }
    out.appendCodePoint(character);
  }

  private static SqlException surrogate(String detail) {
    return new SqlException(
            SqlState.INVALID_TEXT_REPRESENTATION, "invalid input syntax for type jsonpath")
        .detail(detail);
  }
}
