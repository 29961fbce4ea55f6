package io.trencadis.sql.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.TypeCodec;
import io.trencadis.sql.types.Types;
import java.io.IOException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Binary wire forms, as PostgreSQL's send functions make them.
class BinaryFormatTest {
  private static final Pattern SEND =
      Pattern.compile("\\w+\\('(.*)'::(.*?)(\\[\\])?\\) \u21d2 \\\\\\\\x(.*)");

  @Test
  void writesAndReadsWhatPostgresSends() throws IOException {
    TestContext cx = new TestContext();
    int compared = 0;
    for (String line : ExpressionTest.lines("binary")) {
      Matcher m = SEND.matcher(line);
      if (!m.matches()) {
        throw new IllegalArgumentException(line);
      }
      PgType type = Types.bySqlName(m.group(2).equals("bpchar") ? "bpchar" : m.group(2));
      type = m.group(3) == null ? type : type.arrayType();
      TypeCodec codec = type.codec();
      Object value = codec.parse(m.group(1), -1, cx);
      ByteWriter out = new ByteWriter();
      codec.writeBinary(value, out);
      assertEquals(m.group(4), HexFormat.of().formatHex(out.toByteArray()), line);
      byte[] bytes = HexFormat.of().parseHex(m.group(4));
      Object read = codec.readBinary(new ByteReader(bytes), bytes.length);
      assertEquals(codec.format(value, cx), codec.format(read, cx), line);
      compared++;
    }
    assertEquals(true, compared > 40);
  }
}
