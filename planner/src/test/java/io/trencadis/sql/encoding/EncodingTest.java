package io.trencadis.sql.encoding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.sql.types.Types;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class EncodingTest {
  private static final HexFormat HEX = HexFormat.of();

  /// `encodings.tsv` has of each encoding how many characters of the basic plane beyond ASCII a
  /// PostgreSQL 15 converts to it, and the SHA-256 of lines with their code points and bytes.
  @TestFactory
  List<DynamicTest> tablesAreThoseOfPostgres() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    try (InputStream in = EncodingTest.class.getResourceAsStream("/encodings.tsv")) {
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
        String[] cells = line.split("\t");
        tests.add(
            DynamicTest.dynamicTest(
                cells[0], () -> assertEquals(line, digest(Encoding.valueOf(cells[0])))));
      }
    }
    return tests;
  }

  private static String digest(Encoding encoding) throws Exception {
    int count = 0;
    StringBuilder lines = new StringBuilder();
    for (char c = 0x80; c < 0xffff; c++) {
      if (Character.isSurrogate(c) || c == '\ufffd') {
        continue;
      }
      byte[] bytes;
      try {
        bytes = encoding.encode(String.valueOf(c));
      } catch (SqlException lacking) {
        assertEquals("22P05", lacking.code());
        continue;
      }
      count++;
      lines.append(Integer.toHexString(c)).append(' ').append(HEX.formatHex(bytes)).append('\n');
      assertEquals(String.valueOf(c), encoding.decode(bytes));
    }
    byte[] sha256 =
        MessageDigest.getInstance("SHA-256")
            .digest(lines.toString().getBytes(StandardCharsets.UTF_8));
    return encoding + "\t" + count + "\t" + HEX.formatHex(sha256);
  }

  @Test
  void asciiIsTheSameEverywhere() {
    StringBuilder ascii = new StringBuilder();
    for (char c = 1; c < 0x80; c++) {
      ascii.append(c);
    }
    byte[] bytes = ascii.toString().getBytes(StandardCharsets.US_ASCII);
    for (Encoding encoding : Encoding.values()) {
      if (encoding.convertible()) {
        assertEquals(ascii.toString(), encoding.decode(bytes), encoding.name());
        assertArrayEquals(bytes, encoding.encode(ascii.toString()), encoding.name());
      }
    }
  }

  @Test
  void whatDoesNotGoIsSaidWithItsBytes() {
    assertEquals(
        "character with byte sequence 0xe2 0x82 0xac in encoding \"UTF8\" has no equivalent in"
            + " encoding \"LATIN1\"",
        assertThrows(SqlException.class, () -> Encoding.LATIN1.encode("a\u20ac")).getMessage());
    assertEquals(
        "invalid byte sequence for encoding \"UTF8\": 0xe9 0x61 0x62",
        assertThrows(SqlException.class, () -> Encoding.SQL_ASCII.decode(HEX.parseHex("61e96162")))
            .getMessage());
    assertEquals("a?\u00e9??", Encoding.LATIN1.expressible("a\u20ac\u00e9\ud83d\ude00\u0416"));
  }

  @Test
  void dataMayBeCutWithinACharacter() {
    byte[] japanese = Encoding.SJIS.encode("\u65e5\u672c\u30bd\u8a9e\\");
    for (int cut = 0; cut <= japanese.length; cut++) {
      List<byte[]> pieces = new ArrayList<>();
      pieces.add(java.util.Arrays.copyOf(japanese, cut));
      pieces.add(java.util.Arrays.copyOfRange(japanese, cut, japanese.length));
      assertEquals("\u65e5\u672c\u30bd\u8a9e\\", text(Encoding.SJIS, pieces));
    }
    List<byte[]> gb = new ArrayList<>();
    for (byte b : Encoding.GB18030.encode("a\u00e9\ud83d\ude00\u4e2d0")) {
      gb.add(new byte[] {b});
    }
    assertEquals("a\u00e9\ud83d\ude00\u4e2d0", text(Encoding.GB18030, gb));
  }

  private static String text(Encoding encoding, List<byte[]> pieces) {
    Iterator<byte[]> rest = pieces.iterator();
    var source = Utf8Source.of(encoding, () -> rest.hasNext() ? rest.next() : null);
    ByteWriter all = new ByteWriter();
    for (byte[] piece = source.get(); piece != null; piece = source.get()) {
      all.putBytes(piece);
    }
    return new String(all.toByteArray(), StandardCharsets.UTF_8);
  }

  @Test
  void whatComesBeforeABrokenCharacterIsStillGiven() {
    Iterator<byte[]> rest = List.of(HEX.parseHex("61e980e10a6281")).iterator();
    var source = Utf8Source.of(Encoding.WIN1252, () -> rest.hasNext() ? rest.next() : null);
    assertEquals("a\u00e9\u20ac\u00e1\nb", new String(source.get(), StandardCharsets.UTF_8));
    assertEquals("22P05", assertThrows(SqlException.class, source::get).code());
    List<byte[]> torn = List.of(HEX.parseHex("93fa93"));
    Iterator<byte[]> pieces = torn.iterator();
    var open = Utf8Source.of(Encoding.SJIS, () -> pieces.hasNext() ? pieces.next() : null);
    assertEquals("\u65e5", new String(open.get(), StandardCharsets.UTF_8));
    assertEquals("22021", assertThrows(SqlException.class, open::get).code());
  }

  @Test
  void textsWithinBinaryValuesAreConverted() {
    ByteWriter array = new ByteWriter();
    var value = Types.TEXT.arrayType().codec().parse("{caf\u00e9,NULL,x}", -1, null);
    Types.TEXT.arrayType().codec().writeBinary(value, array);
    byte[] utf8 = array.toByteArray();
    BinaryText.recode(Types.TEXT.arrayType(), array, 0, Encoding.LATIN1);
    assertEquals(utf8.length - 1, array.length());
    assertArrayEquals(
        utf8, BinaryText.received(Types.TEXT.arrayType(), array.toByteArray(), Encoding.LATIN1));
    byte[] number = {0, 0, 0, (byte) 0xe9};
    assertArrayEquals(number, BinaryText.received(Types.INT4, number, Encoding.LATIN1));
  }

  @Test
  void namesAreTakenHoweverTheyArePunctuated() {
    assertEquals(Encoding.LATIN1, Encoding.named("ISO 8859-1"));
    assertEquals(Encoding.SJIS, Encoding.named("Shift_JIS"));
    assertNull(Encoding.named("latin"));
    assertEquals(24, Encoding.WIN1252.code());
    assertEquals(Encoding.UTF8, Encoding.of(6));
    assertNull(Encoding.of(42));
  }
}
