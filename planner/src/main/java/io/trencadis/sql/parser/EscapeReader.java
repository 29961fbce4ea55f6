package io.trencadis.sql.parser;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// The escapes inside of `E''` and `U&''`.
final class EscapeReader {
  private EscapeReader() {}

  /// Reads the backslash escape at `i` of a string that starts at `start`; returns where it ends.
  static int read(String s, int start, int i, StringBuilder out) {
    char c = s.charAt(i + 1);
    switch (c) {
      case 'b' -> out.append('\b');
      case 'f' -> out.append('\f');
      case 'n' -> out.append('\n');
      case 'r' -> out.append('\r');
      case 't' -> out.append('\t');
      case 'v' -> out.append('\u000b');
      case 'u', 'U' -> {
        return unicode(s, i, out);
      }
      case 'x' -> {
        return hexDigit(s, i + 2) < 0 ? plain(c, i, out) : bytes(s, i, out);
      }
      case '0', '1', '2', '3', '4', '5', '6', '7' -> {
        return bytes(s, i, out);
      }
      default -> {
        return plain(c, i, out);
      }
    }
    return i + 2;
  }

  private static int plain(char c, int i, StringBuilder out) {
    out.append(c);
    return i + 2;
  }

  /// Octal and hexadecimal escapes say bytes, so that a run of them may make up one character.
  private static int bytes(String s, int i, StringBuilder out) {
    ByteArrayOutputStream run = new ByteArrayOutputStream();
    int at = i;
    while (at + 1 < s.length() && s.charAt(at) == '\\') {
      int value = 0;
      int end = at + 1;
      if (s.charAt(end) == 'x' && hexDigit(s, end + 1) >= 0) {
        end++;
        for (int n = 0; n < 2 && hexDigit(s, end) >= 0; n++) {
          value = value * 16 + hexDigit(s, end++);
        }
      } else if (s.charAt(end) >= '0' && s.charAt(end) <= '7') {
        for (int n = 0;
            n < 3 && end < s.length() && s.charAt(end) >= '0' && s.charAt(end) <= '7';
            n++) {
          value = value * 8 + (s.charAt(end++) - '0');
        }
      } else {
        break;
      }
      run.write(value & 0xFF);
      at = end;
    }
    byte[] bytes = run.toByteArray();
    for (byte b : bytes) {
      if (b == 0) {
        throw new SqlException(
            SqlState.CHARACTER_NOT_IN_REPERTOIRE,
            "invalid byte sequence for encoding \"UTF8\": 0x00");
      }
    }
    try {
      out.append(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)));
    } catch (CharacterCodingException e) {
      StringBuilder hex = new StringBuilder();
      for (byte b : bytes) {
        if (b < 0) {
          hex.append(hex.isEmpty() ? "" : " ").append(String.format("0x%02x", b & 0xFF));
        }
      }
      throw new SqlException(
          SqlState.CHARACTER_NOT_IN_REPERTOIRE,
          "invalid byte sequence for encoding \"UTF8\": " + hex);
    }
    return at;
  }

  private static int unicode(String s, int i, StringBuilder out) {
    int width = s.charAt(i + 1) == 'u' ? 4 : 8;
    int value = hex(s, i + 2, width);
    if (value == -1) {
      throw new SqlException(SqlState.INVALID_ESCAPE_SEQUENCE, "invalid Unicode escape")
          .hint("Unicode escapes must be \\uXXXX or \\UXXXXXXXX.")
          .at(i);
    }
    int end = i + 2 + width;
    if (value >= 0xD800 && value <= 0xDBFF) {
      int low = -1;
      int at = end;
      if (at + 1 < s.length() && s.charAt(at) == '\\' && (s.charAt(at + 1) | 0x20) == 'u') {
        int lowWidth = s.charAt(at + 1) == 'u' ? 4 : 8;
        low = hex(s, at + 2, lowWidth);
        at += 2 + lowWidth;
      }
      if (low == -1) {
        // Found missing at the character that comes instead.
        throw near("invalid Unicode surrogate pair", s, end, Math.min(end + 1, s.length()));
      }
      if (low < 0xDC00 || low > 0xDFFF) {
        throw near("invalid Unicode surrogate pair", s, i, end);
      }
      out.append((char) value).append((char) low);
      return at;
    }
    if (value >= 0xDC00 && value <= 0xDFFF) {
      throw near("invalid Unicode surrogate pair", s, i, end);
    }
    if (!isCharacter(value)) {
      throw near("invalid Unicode escape value", s, i, end);
    }
    out.appendCodePoint(value);
    return end;
  }

  private static SqlException near(String message, String s, int i, int end) {
    return Lexemes.near(SqlState.SYNTAX_ERROR, message, s, i, end);
  }

  private static boolean isCharacter(int value) {
    return value > 0 && value <= 0x10FFFF;
  }

  /// Decodes the body of `U&''` or `U&""` that starts at offset `at` of the text.
  static String unicodeBody(String body, char escape, int at) {
    if (body.indexOf(escape) < 0) {
      return body;
    }
    StringBuilder out = new StringBuilder();
    int i = 0;
    while (i < body.length()) {
      char c = body.charAt(i);
      if (c != escape) {
        out.append(c);
        i++;
      } else if (i + 1 < body.length() && body.charAt(i + 1) == escape) {
        out.append(c);
        i += 2;
      } else {
        boolean wide = i + 1 < body.length() && body.charAt(i + 1) == '+';
        int value = wide ? hex(body, i + 2, 6) : hex(body, i + 1, 4);
        if (value == -1) {
          throw new SqlException(SqlState.SYNTAX_ERROR, "invalid Unicode escape")
              .hint("Unicode escapes must be \\XXXX or \\+XXXXXX.")
              .at(at + i);
        }
        int end = i + (wide ? 8 : 5);
        boolean pendingHigh =
            !out.isEmpty() && Character.isHighSurrogate(out.charAt(out.length() - 1));
        boolean low = value >= 0xDC00 && value <= 0xDFFF;
        if (low != pendingHigh) {
          throw new SqlException(SqlState.SYNTAX_ERROR, "invalid Unicode surrogate pair")
              .at(at + i);
        }
        if (!isCharacter(value)) {
          throw new SqlException(SqlState.SYNTAX_ERROR, "invalid Unicode escape value").at(at + i);
        }
        if (value >= 0xD800 && value <= 0xDFFF) {
          out.append((char) value);
        } else {
          out.appendCodePoint(value);
        }
        i = end;
      }
    }
    for (int k = 0; k < out.length(); k++) {
      boolean paired = k + 1 < out.length() && Character.isLowSurrogate(out.charAt(k + 1));
      if (Character.isHighSurrogate(out.charAt(k)) && !paired) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "invalid Unicode surrogate pair")
            .at(at + body.length());
      }
    }
    return out.toString();
  }

  private static int hex(String s, int start, int width) {
    int value = 0;
    for (int i = start; i < start + width; i++) {
      int digit = hexDigit(s, i);
      if (digit < 0) {
        return -1;
      }
      value = value * 16 + digit;
      if (value < 0 || value > 0x10FFFF) {
        value = 0x110000;
      }
    }
    return value;
  }

  private static int hexDigit(String s, int i) {
    return i < s.length() && s.charAt(i) < 0x80 ? Character.digit(s.charAt(i), 16) : -1;
  }
}
