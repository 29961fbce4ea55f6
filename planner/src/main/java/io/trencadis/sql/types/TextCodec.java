package io.trencadis.sql.types;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.storage.encoding.KeyReader;
import io.trencadis.storage.encoding.KeyWriter;
import java.nio.charset.StandardCharsets;

/// The string types. They differ in length coercion; when compared, char(n) ignores blanks at the
/// end, and citext upper and lower case.
final class TextCodec extends TypeCodec {
  enum Kind {
    TEXT,
    VARCHAR,
    BPCHAR,
    NAME,
    CITEXT
  }

  static final int NAME_BYTES = 63;

  /// Flags and the like are read often.
  private static final String[] ONE_LETTER = new String[128];

  static {
    for (int i = 0; i < ONE_LETTER.length; i++) {
      ONE_LETTER[i] = String.valueOf((char) i);
    }
  }

  private final Kind kind;

  TextCodec(Kind kind) {
    this.kind = kind;
  }

  @Override
  public Object parse(String text, int typmod, TypeContext cx) {
    return switch (kind) {
      case TEXT, CITEXT -> text;
      case NAME -> truncateName(text);
      case VARCHAR, BPCHAR -> coerceTypmod(text, typmod, false);
    };
  }

  @Override
  public String format(Object value, TypeContext cx) {
    return (String) value;
  }

  @Override
  public Object readBinary(ByteReader in, int length) {
    String text = Utf8.decode(in.getBytes(length));
    return kind == Kind.NAME ? truncateName(text) : text;
  }

  @Override
  public void writeBinary(Object value, ByteWriter out) {
    out.putUtf8((String) value);
  }

  @Override
  public int compare(Object a, Object b) {
    return compareCodePoints(compared((String) a), compared((String) b));
  }

  /// What of a value comparisons look at.
  private String compared(String text) {
    return switch (kind) {
      case BPCHAR -> stripBlanks(text);
      case CITEXT -> Letters.lower(text);
      default -> text;
    };
  }

  @Override
  public boolean equal(Object a, Object b) {
    String one = (String) a;
    String other = (String) b;
    if (kind == Kind.CITEXT) {
      return one.equals(other) || compared(one).equals(compared(other));
    }
    if (kind != Kind.BPCHAR || one.length() == other.length()) {
      return one.equals(other);
    }
    int end = endWithoutBlanks(one);
    return end == endWithoutBlanks(other) && one.regionMatches(0, other, 0, end);
  }

  @Override
  public long hash(Object value) {
    String text = compared((String) value);
    long h = text.length();
    for (int i = 0; i < text.length(); i++) {
      h = h * 0x100000001b3L ^ text.charAt(i);
    }
    return mix(h);
  }

  @Override
  public void encodeKey(Object value, KeyWriter out) {
    out.putText(compared((String) value));
  }

  @Override
  public Object decodeKey(KeyReader in) {
    return in.getText();
  }

  @Override
  public boolean keyKeepsLooks() {
    return kind != Kind.BPCHAR && kind != Kind.CITEXT;
  }

  @Override
  public void encodeRow(Object value, ByteWriter out) {
    out.putUtf8((String) value);
  }

  @Override
  public Object decodeRow(byte[] row, int offset, int length) {
    return length == 1 && row[offset] >= 0
        ? ONE_LETTER[row[offset]]
        : new String(row, offset, length, StandardCharsets.UTF_8);
  }

  @Override
  public Object coerceTypmod(Object value, int typmod, boolean explicit) {
    if (typmod < Typmods.OFFSET || kind == Kind.TEXT || kind == Kind.NAME || kind == Kind.CITEXT) {
      return value;
    }
    String text = (String) value;
    int max = typmod - Typmods.OFFSET;
    // A string has at least as many UTF-16 units as characters.
    int length =
        text.length() <= max && kind == Kind.VARCHAR ? 0 : text.codePointCount(0, text.length());
    if (length > max) {
      int cut = text.offsetByCodePoints(0, max);
      for (int i = cut; !explicit && i < text.length(); i++) {
        if (text.charAt(i) != ' ') {
          throw new SqlException(
              SqlState.STRING_DATA_RIGHT_TRUNCATION,
              "value too long for type character"
                  + (kind == Kind.VARCHAR ? " varying(" : "(")
                  + max
                  + ")");
        }
      }
      return text.substring(0, cut);
    }
    return kind == Kind.BPCHAR && length < max ? text + " ".repeat(max - length) : text;
  }

  /// A string cut to the bytes that a name can hold, at a character boundary.
  static String truncateName(String text) {
    if (text.length() * 3L <= NAME_BYTES) {
      return text;
    }
    int bytes = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
      if (bytes > NAME_BYTES) {
        return text.substring(0, i);
      }
      i += Character.charCount(c);
    }
    return text;
  }

  static String stripBlanks(String text) {
    return text.substring(0, endWithoutBlanks(text));
  }

  private static int endWithoutBlanks(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == ' ') {
      end--;
    }
    return end;
  }

  /// Code point order; it differs from `String.compareTo` where one string has a surrogate.
  static int compareCodePoints(String a, String b) {
    int n = Math.min(a.length(), b.length());
    for (int i = 0; i < n; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        boolean xHigh = Character.isSurrogate(x);
        boolean yHigh = Character.isSurrogate(y);
        return xHigh == yHigh ? (x < y ? -1 : 1) : xHigh ? 1 : -1;
      }
    }
    return Integer.compare(a.length(), b.length());
  }
}
