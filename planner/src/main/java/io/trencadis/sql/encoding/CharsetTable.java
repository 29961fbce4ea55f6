package io.trencadis.sql.encoding;

import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// An encoding of several bytes a character, as Java knows it, but for what PostgreSQL has
/// otherwise: it gives no bytes to characters for private use (GB18030 aside), and takes some
/// characters of EUC_JP for others that look alike.
final class CharsetTable implements CodeTable {
  /// Characters that Java finds in EUC_JP, and those that PostgreSQL finds at their places.
  private static final String JAVAS = "\u2014\u2016\u2212\u301c\u00a2\u00a3\u00ac\u00a6";

  private static final String POSTGRES = "\u2015\u2225\uff0d\uff5e\uffe0\uffe1\uffe2\uffe4";

  private static final char FIRST_PRIVATE = '\ue000';
  private static final char LAST_PRIVATE = '\uf8ff';

  private final Encoding encoding;
  private final Charset charset;

  CharsetTable(Encoding encoding, Charset charset) {
    this.encoding = encoding;
    this.charset = charset;
  }

  /// Whether PostgreSQL has no such character in the encoding, whatever Java says.
  private boolean isForeign(char c, String others) {
    return c >= FIRST_PRIVATE && c <= LAST_PRIVATE
        ? encoding != Encoding.GB18030
        : encoding == Encoding.EUC_JP && others.indexOf(c) >= 0;
  }

  /// The text with characters of one list replaced by those of another.
  private String replaced(String text, String of, String by) {
    if (encoding != Encoding.EUC_JP) {
      return text;
    }
    StringBuilder result = new StringBuilder(text);
    for (int i = 0; i < text.length(); i++) {
      int at = of.indexOf(text.charAt(i));
      if (at >= 0) {
        result.setCharAt(i, by.charAt(at));
      }
    }
    return result.toString();
  }

  @Override
  public String decode(byte[] bytes, int from, int to) {
    CharsetDecoder decoder =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes, from, to - from);
    CharBuffer text = CharBuffer.allocate(to - from);
    CoderResult result = decoder.decode(in, text, true);
    if (result.isError()) {
      int at = in.position();
      throw CharacterBytes.valid(encoding, bytes, at, to)
          ? encoding.untranslatable(bytes, at, to, Encoding.UTF8)
          : encoding.invalid(bytes, at, to);
    }
    decoder.flush(text);
    String decoded = text.flip().toString();
    if (decoded.indexOf('\0') >= 0) {
      throw encoding.invalid(new byte[1], 0, 1);
    }
    decoded = replaced(decoded, JAVAS, POSTGRES);
    for (int i = 0; i < decoded.length(); i++) {
      if (isForeign(decoded.charAt(i), "")) {
        throw privateUse(bytes, from, to);
      }
    }
    return decoded;
  }

  /// The error of the first character that is for private use.
  private SqlException privateUse(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to) {
      int next = at + CharacterBytes.claimed(encoding, bytes, at);
      char c = new String(bytes, at, next - at, charset).charAt(0);
      if (isForeign(c, "")) {
        break;
      }
      at = next;
    }
    return encoding.untranslatable(bytes, at, to, Encoding.UTF8);
  }

  private CharsetEncoder encoder() {
    return charset
        .newEncoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .onUnmappableCharacter(CodingErrorAction.REPORT);
  }

  @Override
  public void encode(String text, ByteWriter out) {
    for (int i = 0; i < text.length(); i++) {
      if (isForeign(text.charAt(i), JAVAS)) {
        throw lacks(text, i);
      }
    }
    CharsetEncoder encoder = encoder();
    CharBuffer in = CharBuffer.wrap(replaced(text, POSTGRES, JAVAS));
    ByteBuffer bytes = ByteBuffer.allocate((int) (text.length() * encoder.maxBytesPerChar()) + 8);
    CoderResult result = encoder.encode(in, bytes, true);
    if (result.isError()) {
      throw lacks(text, in.position());
    }
    encoder.flush(bytes);
    out.putBytes(bytes.flip());
  }

  private SqlException lacks(String text, int at) {
    byte[] utf8 =
        text.substring(at, at + Character.charCount(text.codePointAt(at)))
            .getBytes(StandardCharsets.UTF_8);
    return Encoding.UTF8.untranslatable(utf8, 0, utf8.length, encoding);
  }

  @Override
  public boolean has(String character) {
    return !isForeign(character.charAt(0), JAVAS)
        && encoder().canEncode(replaced(character, POSTGRES, JAVAS));
  }
}
