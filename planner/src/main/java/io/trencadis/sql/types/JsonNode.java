package io.trencadis.sql.types;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.util.ArrayList;
import java.util.List;

/// A part of a JSON text: what it is and where it stands, so that `json` values can be taken apart
/// without changing how their parts are written.
///
/// @param start offset of its first character
/// @param end offset after its last character
/// @param keys keys of an object in the order of the text, repeated ones included; else null
/// @param items elements of an array or values of an object; else null
/// @param string the characters of a string, where they were asked for; else null
public record JsonNode(
    Kind kind, int start, int end, List<String> keys, List<JsonNode> items, String string) {
  /// What JSON values there are.
  public enum Kind {
    OBJECT,
    ARRAY,
    STRING,
    NUMBER,
    BOOLEAN,
    NULL
  }

  /// Reads a text.
  ///
  /// @param decode whether strings' characters are wanted, and escapes that stand for none refused
  /// @throws SqlException 22P02 or 22P05, as PostgreSQL says it
  public static JsonNode parse(String text, boolean decode) {
    JsonCheck.check(text);
    return new Reader(text, decode).value();
  }

  /// The part as it is written.
  public String source(String text) {
    return text.substring(start, end);
  }

  /// Walks a text that is known to be JSON.
  private static final class Reader {
    private final String text;
    private final boolean decode;
    private int at;

    Reader(String text, boolean decode) {
      this.text = text;
      this.decode = decode;
    }

    private char peek() {
      while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
        at++;
      }
      return text.charAt(at);
    }

    JsonNode value() {
      char first = peek();
      int start = at;
      switch (first) {
        case '{', '[' -> {
          return container(first == '{', start);
        }
        case '"' -> {
          String string = string();
          return new JsonNode(Kind.STRING, start, at, null, null, string);
        }
        default -> {
          while (at < text.length() && "{}[],: \t\n\r".indexOf(text.charAt(at)) < 0) {
            at++;
          }
          Kind kind =
              first == 'n' ? Kind.NULL : first == 't' || first == 'f' ? Kind.BOOLEAN : Kind.NUMBER;
          return new JsonNode(kind, start, at, null, null, null);
        }
      }
    }

    private JsonNode container(boolean object, int start) {
      List<String> keys = object ? new ArrayList<>() : null;
      List<JsonNode> items = new ArrayList<>();
      at++;
      char end = object ? '}' : ']';
      while (peek() != end) {
        if (text.charAt(at) == ',') {
          at++;
          peek();
        }
        if (object) {
          keys.add(string());
          peek();
          at++;
        }
        items.add(value());
      }
      at++;
      return new JsonNode(object ? Kind.OBJECT : Kind.ARRAY, start, at, keys, items, null);
    }

    private String string() {
      StringBuilder out = new StringBuilder();
      at++;
      boolean high = false;
      for (char c = text.charAt(at++); c != '"'; c = text.charAt(at++)) {
        char meant = c;
        boolean unicode = false;
        if (c == '\\') {
          char escaped = text.charAt(at++);
          unicode = escaped == 'u';
          if (unicode) {
            meant = (char) Integer.parseInt(text, at, at + 4, 16);
            at += 4;
          } else {
            int known = "bfnrt".indexOf(escaped);
            meant = known < 0 ? escaped : "\b\f\n\r\t".charAt(known);
          }
        }
        if (decode) {
          high = surrogates(high, meant, unicode);
        }
        out.append(meant);
      }
      if (high && decode) {
        throw lowMissing();
      }
      return decode ? out.toString() : null;
    }

    /// Whether a high surrogate now waits for its other half.
    private boolean surrogates(boolean waiting, char c, boolean unicode) {
      if (unicode && c == 0) {
        throw JsonCheck.error(
            text,
            SqlState.UNTRANSLATABLE_CHARACTER,
            "unsupported Unicode escape sequence",
            "\\u0000 cannot be converted to text.",
            at);
      }
      if (unicode && Character.isHighSurrogate(c)) {
        if (waiting) {
          throw JsonCheck.error(
              text, "Unicode high surrogate must not follow a high surrogate.", at);
        }
        return true;
      }
      boolean low = unicode && Character.isLowSurrogate(c);
      if (low != waiting) {
        throw lowMissing();
      }
      return false;
    }

    private SqlException lowMissing() {
      return JsonCheck.error(text, "Unicode low surrogate must follow a high surrogate.", at);
    }
  }
}
