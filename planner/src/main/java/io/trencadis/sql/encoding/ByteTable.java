package io.trencadis.sql.encoding;

import io.trencadis.base.ByteWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/// An encoding of one byte a character.
final class ByteTable implements CodeTable {
  /// The characters from 0xa0 on of ISO 8859-10, which Java does not have.
  static final String LATIN6 =
      "\u00a0ĄĒĢĪĨĶ§ĻĐŠŦŽ\u00adŪŊ°ąēģīĩķ·ļđšŧž―ūŋ"
          + "ĀÁÂÃÄÅÆĮČÉĘËĖÍÎÏÐŅŌÓÔÕÖŨØŲÚÛÜÝÞßāáâãäåæįčéęëėíîïðņōóôõöũøųúûüýþĸ";

  /// The same of ISO 8859-14.
  static final String LATIN8 =
      "\u00a0Ḃḃ£ĊċḊ§Ẁ©ẂḋỲ\u00ad®ŸḞḟĠġṀṁ¶ṖẁṗẃṠỳẄẅṡ"
          + "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏŴÑÒÓÔÕÖṪØÙÚÛÜÝŶßàáâãäåæçèéêëìíîïŵñòóôõöṫøùúûüýŷÿ";

  private static final int HIGH = 0x80;

  private final Encoding encoding;

  /// The characters of the bytes from 0x80 on; 0 where there is none.
  private final char[] characters;

  /// Bytes by their characters' high and low byte; a page that has none is null, and so is no byte.
  private final byte[][] pages = new byte[256][];

  ByteTable(Encoding encoding, char[] characters) {
    this.encoding = encoding;
    this.characters = characters;
    for (int i = 0; i < HIGH; i++) {
      char c = characters[i];
      if (c != 0) {
        if (pages[c >>> 8] == null) {
          pages[c >>> 8] = new byte[256];
        }
        pages[c >>> 8][c & 0xff] = (byte) (HIGH + i);
      }
    }
  }

  /// The characters of a charset of Java's.
  static char[] of(Charset charset) {
    char[] characters = new char[HIGH];
    for (int i = 0; i < HIGH; i++) {
      char c = new String(new byte[] {(byte) (HIGH + i)}, charset).charAt(0);
      characters[i] = c == '\uFFFD' ? 0 : c;
    }
    return characters;
  }

  /// The characters of a part of ISO 8859: the first 32 are control characters.
  static char[] latin(String from0xa0) {
    char[] characters = new char[HIGH];
    for (int i = 0; i < HIGH; i++) {
      characters[i] = i < 32 ? (char) (HIGH + i) : from0xa0.charAt(i - 32);
    }
    return characters;
  }

  @Override
  public String decode(byte[] bytes, int from, int to) {
    char[] text = new char[to - from];
    for (int i = from; i < to; i++) {
      byte b = bytes[i];
      char c = b >= 0 ? (char) b : characters[b & 0x7f];
      if (c == 0) {
        throw b == 0
            ? encoding.invalid(bytes, i, to)
            : encoding.untranslatable(bytes, i, to, Encoding.UTF8);
      }
      text[i - from] = c;
    }
    return new String(text);
  }

  @Override
  public void encode(String text, ByteWriter out) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      byte b = c < HIGH ? (byte) c : find(c);
      if (b == 0 && c != 0) {
        byte[] utf8 =
            text.substring(i, i + Character.charCount(text.codePointAt(i)))
                .getBytes(StandardCharsets.UTF_8);
        throw Encoding.UTF8.untranslatable(utf8, 0, utf8.length, encoding);
      }
      out.putByte(b);
    }
  }

  @Override
  public boolean has(String character) {
    char c = character.charAt(0);
    return c < HIGH || find(c) != 0;
  }

  private byte find(char c) {
    byte[] page = pages[c >>> 8];
    return page == null ? 0 : page[c & 0xff];
  }
}
