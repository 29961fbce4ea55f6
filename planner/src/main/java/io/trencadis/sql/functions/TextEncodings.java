package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.TypeContext;
import io.trencadis.sql.types.Types;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;

/// `encode` and `decode`: hex, base64 and escape.
final class TextEncodings {
  private static final TypeContext ESCAPE =
      new TypeContext() {
        @Override
        public ByteaOutput byteaOutput() {
          return ByteaOutput.ESCAPE;
        }
      };

  private TextEncodings() {}

  private static SqlException unknown(String format) {
    return new SqlException(
        SqlState.INVALID_PARAMETER_VALUE, "unrecognized encoding: \"" + format + "\"");
  }

  static String encode(byte[] bytes, String format) {
    return switch (format.toLowerCase(Locale.ROOT)) {
      case "hex" -> HexFormat.of().formatHex(bytes);
      case "base64" -> Base64.getMimeEncoder(76, new byte[] {'\n'}).encodeToString(bytes);
      case "escape" -> escape(bytes);
      default -> throw unknown(format);
    };
  }

  private static String escape(byte[] bytes) {
    StringBuilder out = new StringBuilder(bytes.length);
    for (byte b : bytes) {
      if (b == 0 || b < 0) {
        out.append('\\').append((b >> 6) & 3).append((b >> 3) & 7).append(b & 7);
      } else {
        out.append(b == '\\' ? "\\\\" : String.valueOf((char) b));
      }
    }
    return out.toString();
  }

  static byte[] decode(String text, String format) {
    return switch (format.toLowerCase(Locale.ROOT)) {
      case "hex" -> (byte[]) Types.BYTEA.codec().parse("\\x" + text, -1, ESCAPE);
      case "base64" -> base64(text);
      case "escape" ->
          text.startsWith("\\x")
              ? (byte[]) Types.BYTEA.codec().parse("\\\\" + text.substring(1), -1, ESCAPE)
              : (byte[]) Types.BYTEA.codec().parse(text, -1, ESCAPE);
      default -> throw unknown(format);
    };
  }

  private static byte[] base64(String text) {
    StringBuilder symbols = new StringBuilder(text.length());
    int padding = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        continue;
      }
      boolean symbol =
          (c >= 'A' && c <= 'Z')
              || (c >= 'a' && c <= 'z')
              || (c >= '0' && c <= '9')
              || c == '+'
              || c == '/';
      if (c == '=') {
        padding++;
        int before = symbols.length() % 4;
        if (padding > 2 || before < 2) {
          throw new SqlException(
              SqlState.INVALID_PARAMETER_VALUE, "unexpected \"=\" while decoding base64 sequence");
        }
      } else if (!symbol) {
        throw new SqlException(
            SqlState.INVALID_PARAMETER_VALUE,
            "invalid symbol \""
                + Character.toString(text.codePointAt(i))
                + "\" found while decoding base64 sequence");
      } else {
        symbols.append(c);
      }
    }
    if ((symbols.length() + padding) % 4 != 0) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid base64 end sequence")
          .hint("Input data is missing padding, is truncated, or is otherwise corrupted.");
    }
    return Base64.getDecoder().decode(symbols.toString());
  }
}
