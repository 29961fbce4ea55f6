package io.trencadis.wire.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.encoding.Encoding;
import io.trencadis.sql.session.ResultColumn;
import io.trencadis.sql.session.RowFormat;
import io.trencadis.sql.types.TypeContext;
import io.trencadis.sql.types.Types;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackendWriterTest {
  private static final List<ResultColumn> COLUMNS =
      List.of(
          new ResultColumn("id", Types.INT4, -1, 16384, 1),
          new ResultColumn("n\u00e4me", Types.TEXT, -1, 16384, 2),
          new ResultColumn("big", Types.INT8, -1, 0, 0));

  private static String hex(BackendMessage message) {
    ByteWriter out = new ByteWriter();
    BackendWriter.write(message, Encoding.UTF8, out);
    return HexFormat.of().formatHex(out.toByteArray());
  }

  @Test
  void messagesLookAsTheManualSays() {
    assertEquals("3100000004", hex(BackendMessage.Bare.PARSE_COMPLETE));
    assertEquals("4b0000000c0000000100000002", hex(new BackendMessage.BackendKeyData(1, 2)));
    assertEquals(
        "430000000d53454c454354203100", hex(new BackendMessage.CommandComplete("SELECT 1")));
    assertEquals(
        "740000000a000100000017", hex(new BackendMessage.ParameterDescription(new int[] {23})));
    assertEquals("470000000b00000200000000", hex(new BackendMessage.CopyResponse(true, false, 2)));
    assertEquals("480000000901000100" + "01", hex(new BackendMessage.CopyResponse(false, true, 1)));
    assertEquals("5200000008" + "00000000", hex(Authentication.Plain.OK));
    assertEquals("520000000b0000000a780000", hex(new Authentication.Sasl(List.of("x"))));
    assertEquals(
        "76000000110003000000000001" + "5f70715f00",
        hex(new BackendMessage.NegotiateProtocolVersion(3 << 16, List.of("_pq_"))));
    assertEquals(
        "410000000f0000000763680070617900",
        hex(new BackendMessage.NotificationResponse(7, "ch", "pay")));
  }

  @Test
  void aNulInATextCannotShiftWhatFollows() {
    assertEquals(
        hex(new BackendMessage.ParameterStatus("a", "b")),
        hex(new BackendMessage.ParameterStatus("a\0x", "b\0c")));
  }

  @Test
  void descriptionsSayTheFormatOfEachColumn() {
    RowFormat format = new RowFormat(COLUMNS, new short[] {1, 0, 1}, TypeContext.DEFAULTS);
    ByteWriter out = new ByteWriter();
    BackendWriter.write(new BackendMessage.RowDescription(COLUMNS, format), Encoding.UTF8, out);
    ByteReader in = new ByteReader(out.toByteArray());
    assertEquals('T', in.getByte());
    assertEquals(out.length() - 1, in.getInt());
    assertEquals(3, in.getShort());
    assertEquals("id\0", in.getUtf8(3));
    assertEquals(16384, in.getInt());
    assertEquals(1, in.getShort());
    assertEquals(23, in.getInt());
    assertEquals(4, in.getShort());
    assertEquals(-1, in.getInt());
    assertEquals(1, in.getShort());
    assertEquals("n\u00e4me\0", in.getUtf8(6));
  }

  @Test
  void rowsComeBackAsTheyWereSent() {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      short[] formats = {
        (short) random.nextInt(2), (short) random.nextInt(2), (short) random.nextInt(2)
      };
      Object[] row = {random.nextInt(), "t\u20ac" + random.nextInt(), random.nextLong()};
      row[random.nextInt(3)] = null;
      ByteWriter out = new ByteWriter();
      BackendWriter.dataRow(new RowFormat(COLUMNS, formats, TypeContext.DEFAULTS), row, out);
      ByteReader in = new ByteReader(out.toByteArray());
      assertEquals('D', in.getByte());
      assertEquals(out.length() - 1, in.getInt());
      Object[] back = new Object[in.getShort()];
      for (int i = 0; i < back.length; i++) {
        int length = in.getInt();
        var codec = COLUMNS.get(i).type().codec();
        if (length >= 0) {
          back[i] =
              formats[i] == 1
                  ? codec.readBinary(in, length)
                  : codec.parse(in.getUtf8(length), -1, TypeContext.DEFAULTS);
        }
      }
      assertArrayEquals(row, back, "seed " + seed);
    }
  }

  @Test
  void errorsHaveAllTheirFields() {
    SqlException error =
        new SqlException(SqlState.UNIQUE_VIOLATION, "m")
            .detail("d")
            .with(SqlException.Field.TABLE_NAME, "t");
    ByteWriter out = new ByteWriter();
    BackendWriter.write(new Report.ErrorResponse(error, false, 3), Encoding.UTF8, out);
    ByteReader in = new ByteReader(out.toByteArray());
    in.skip(5);
    assertEquals("SERROR\0VERROR\0C23505\0Mm\0Dd\0tt\0P3\0\0", in.getUtf8(in.remaining()));
  }

  @Test
  void positionsCountCharactersAndNotUtf16Units() {
    String text = "\uD83D\uDE00a\u00e9";
    assertEquals(0, Report.positionInCharacters(text, 0));
    assertEquals(1, Report.positionInCharacters(text, 1));
    assertEquals(2, Report.positionInCharacters(text, 3));
    assertEquals(3, Report.positionInCharacters(text, 4));
    assertEquals(4, Report.positionInCharacters(text, 5));
    assertEquals(99, Report.positionInCharacters(text, 99));
    assertEquals(3, Report.positionInCharacters(null, 3));
  }
}
