package io.trencadis.sql.types;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.storage.encoding.KeyReader;
import io.trencadis.storage.encoding.KeyWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Properties of every codec over random values: all its forms keep the value, and keys keep the
/// order.
class CodecPropertiesTest {
  private static final int VALUES = 400;

  record Generator(PgType type, Function<Random, Object> make) {
    @Override
    public String toString() {
      return type.displayName();
    }
  }

  static Stream<Generator> generators() {
    return Stream.of(
        new Generator(Types.BOOL, Random::nextBoolean),
        new Generator(Types.INT2, r -> (short) edge(r, 16)),
        new Generator(Types.INT4, r -> (int) edge(r, 32)),
        new Generator(Types.INT8, r -> edge(r, 64)),
        new Generator(Types.OID, r -> edge(r, 32) & 0xffff_ffffL),
        new Generator(Types.FLOAT4, r -> (float) real(r)),
        new Generator(Types.FLOAT8, CodecPropertiesTest::real),
        new Generator(Types.NUMERIC, CodecPropertiesTest::numeric),
        new Generator(Types.TEXT, CodecPropertiesTest::text),
        new Generator(Types.BPCHAR, r -> text(r) + " ".repeat(r.nextInt(3))),
        new Generator(
            Types.CHAR, r -> r.nextInt(5) == 0 ? "" : String.valueOf((char) (1 + r.nextInt(255)))),
        new Generator(Types.BYTEA, CodecPropertiesTest::bytes),
        new Generator(
            Types.DATE,
            r ->
                r.nextInt(20) == 0
                    ? (Integer)
                        (r.nextBoolean() ? Calendar.DATE_INFINITY : Calendar.DATE_MINUS_INFINITY)
                    : (Integer) (r.nextInt(4_000_000) - 2_000_000)),
        new Generator(Types.TIME, r -> r.nextLong(Calendar.MICROS_PER_DAY + 1)),
        new Generator(
            Types.TIMETZ,
            r ->
                new TimeTz(r.nextLong(24) * Calendar.MICROS_PER_HOUR, (r.nextInt(30) - 15) * 3600)),
        new Generator(Types.TIMESTAMP, CodecPropertiesTest::timestamp),
        new Generator(Types.TIMESTAMPTZ, CodecPropertiesTest::timestamp),
        new Generator(
            Types.INTERVAL,
            r ->
                new Interval(
                    r.nextInt(7) - 3,
                    r.nextInt(200) - 100,
                    (r.nextInt(100) - 50) * Calendar.MICROS_PER_HOUR)),
        new Generator(Types.UUID, r -> new UUID(edge(r, 64), edge(r, 64))),
        new Generator(Types.BIT, CodecPropertiesTest::bits),
        new Generator(Types.VARBIT, CodecPropertiesTest::bits),
        new Generator(
            Types.VARBIT.arrayType(), r -> array(Types.VARBIT, r, CodecPropertiesTest::bits)),
        new Generator(Types.INET, CodecPropertiesTest::inet),
        new Generator(Types.byName("cidr"), r -> inet(r).network()),
        new Generator(Types.byName("macaddr"), r -> edge(r, 64) & 0xffff_ffff_ffffL),
        new Generator(Types.byName("macaddr8"), r -> edge(r, 64)),
        new Generator(MOOD, r -> MOOD.labels().get(r.nextInt(3))),
        new Generator(ENTRY, CodecPropertiesTest::entry),
        new Generator(Types.INT4_ARRAY, r -> array(Types.INT4, r, q -> q.nextInt(3))),
        new Generator(Types.TEXT_ARRAY, r -> array(Types.TEXT, r, CodecPropertiesTest::text)),
        new Generator(
            Types.NUMERIC.arrayType(), r -> array(Types.NUMERIC, r, CodecPropertiesTest::numeric)));
  }

  private static final PgType MOOD =
      PgType.user(
          20000,
          "mood",
          "public",
          new PgType.Definition(
              'e',
              0,
              0,
              20001,
              0,
              -1,
              null,
              false,
              List.of(
                  new EnumValue(20004, "sad", -0.5, 0),
                  new EnumValue(20002, "ok", 1, 0),
                  new EnumValue(20003, "happy", 1.5, 0)),
              List.of()),
          null);

  // The second of four fields was dropped.
  private static final PgType ENTRY =
      PgType.user(
          20010,
          "entry",
          "public",
          new PgType.Definition(
              'c',
              20012,
              0,
              20011,
              0,
              -1,
              null,
              false,
              List.of(),
              List.of(
                  new RowField("name", Types.TEXT.oid(), -1, 1),
                  new RowField("amount", Types.NUMERIC.oid(), -1, 3),
                  new RowField("count", Types.INT4.oid(), -1, 4))),
          null);

  private static SqlRow entry(Random r) {
    Object[] values = {
      r.nextInt(4) == 0 ? null : text(r),
      r.nextInt(3) == 0 ? null : numeric(r),
      r.nextInt(2) == 0 ? null : r.nextInt(3)
    };
    return new SqlRow(
        new PgType[] {Types.TEXT, Types.NUMERIC, Types.INT4},
        values,
        List.of("name", "amount", "count"));
  }

  private static BitString bits(Random r) {
    byte[] bytes = bytes(r);
    return BitString.of(bytes, Math.max(0, bytes.length * 8 - r.nextInt(8)));
  }

  private static Inet inet(Random r) {
    byte[] address = new byte[r.nextBoolean() ? 4 : 16];
    for (int i = 0; i < address.length; i++) {
      address[i] = (byte) (r.nextInt(3) == 0 ? r.nextInt(256) : r.nextInt(2));
    }
    return Inet.of(address, r.nextInt(address.length * 8 + 1));
  }

  private static long edge(Random r, int bits) {
    long value =
        r.nextInt(4) == 0 ? (1L << r.nextInt(64)) - r.nextInt(2) : r.nextLong() >> r.nextInt(64);
    return value << (64 - bits) >> (64 - bits);
  }

  private static double real(Random r) {
    return switch (r.nextInt(8)) {
      case 0 -> Double.NaN;
      case 1 -> r.nextBoolean() ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
      case 2 -> r.nextBoolean() ? 0.0 : -0.0;
      case 3 -> r.nextInt(10) - 5;
      default -> r.nextGaussian() * Math.pow(10, r.nextInt(20) - 10);
    };
  }

  private static Numeric numeric(Random r) {
    return switch (r.nextInt(12)) {
      case 0 -> Numeric.NAN;
      case 1 -> Numeric.POSITIVE_INFINITY;
      case 2 -> Numeric.NEGATIVE_INFINITY;
      case 3 -> Numeric.of(BigDecimal.ZERO.setScale(r.nextInt(4)));
      case 4, 5, 6 -> Numeric.of(BigDecimal.valueOf(r.nextInt(2001) - 1000, r.nextInt(5)));
      default ->
          Numeric.of(
              new BigDecimal(new BigInteger(1 + r.nextInt(200), r), r.nextInt(60))
                  .multiply(BigDecimal.valueOf(r.nextBoolean() ? 1 : -1)));
    };
  }

  private static String text(Random r) {
    StringBuilder out = new StringBuilder();
    int length = r.nextInt(5);
    for (int i = 0; i < length; i++) {
      int[] some = {
        'a', 'b', ' ', 1, 0x7f, 0xe9, 0x20ac, 0xfffd, 0x1f600, '"', '\\', '{', ',', 'N'
      };
      out.appendCodePoint(some[r.nextInt(some.length)]);
    }
    return out.toString();
  }

  private static byte[] bytes(Random r) {
    byte[] bytes = new byte[r.nextInt(6)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (r.nextInt(4) == 0 ? r.nextInt(256) : r.nextInt(3) - 1);
    }
    return bytes;
  }

  private static Object timestamp(Random r) {
    return switch (r.nextInt(10)) {
      case 0 -> Calendar.TIMESTAMP_INFINITY;
      case 1 -> Calendar.TIMESTAMP_MINUS_INFINITY;
      default -> (r.nextLong() >> (8 + r.nextInt(40))) % (Calendar.END_TIMESTAMP / 50);
    };
  }

  private static SqlArray array(PgType element, Random r, Function<Random, Object> make) {
    Object[] elements = new Object[r.nextInt(4)];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = r.nextInt(5) == 0 ? null : make.apply(r);
    }
    SqlArray array = SqlArray.of(element, elements);
    boolean shifted = elements.length > 0 && r.nextInt(6) == 0;
    return shifted ? new SqlArray(element, array.dims(), new int[] {-1}, elements) : array;
  }

  private static List<Object> values(Generator generator, long seed) {
    Random random = new Random(seed);
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < VALUES; i++) {
      values.add(generator.make.apply(random));
    }
    return values;
  }

  private static byte[] key(TypeCodec codec, Object value, boolean descending) {
    KeyWriter key = new KeyWriter().beginColumn();
    codec.encodeKey(value, key);
    return key.endColumn(descending).toByteArray();
  }

  @ParameterizedTest
  @MethodSource("generators")
  void keysSortAsValuesDoAndAreEqualWhereValuesAre(Generator generator) {
    TypeCodec codec = generator.type.codec();
    List<Object> values = values(generator, 1);
    for (int i = 0; i < VALUES; i++) {
      for (int k = 0; k < VALUES; k += 7) {
        Object a = values.get(i);
        Object b = values.get(k);
        int order = Integer.signum(codec.compare(a, b));
        assertEquals(
            order,
            Integer.signum(Arrays.compareUnsigned(key(codec, a, false), key(codec, b, false))),
            () -> show(codec, a) + " and " + show(codec, b));
        assertEquals(
            -order,
            Integer.signum(Arrays.compareUnsigned(key(codec, a, true), key(codec, b, true))));
        assertEquals(order == 0, codec.equal(a, b));
        assertTrue(order != 0 || codec.hash(a) == codec.hash(b), () -> "hash of " + show(codec, a));
      }
    }
  }

  private static String show(TypeCodec codec, Object value) {
    return codec.format(value, TypeContext.DEFAULTS);
  }

  @ParameterizedTest
  @MethodSource("generators")
  void keysCanBeReadBack(Generator generator) {
    TypeCodec codec = generator.type.codec();
    for (Object value : values(generator, 2)) {
      for (boolean descending : new boolean[] {false, true}) {
        KeyReader reader = new KeyReader(key(codec, value, descending));
        assertTrue(reader.beginColumn(descending));
        Object read = codec.decodeKey(reader);
        assertTrue(
            codec.equal(value, read), () -> show(codec, value) + " became " + show(codec, read));
        assertTrue(!reader.hasMore());
        if (codec.keyKeepsLooks()) {
          assertEquals(show(codec, value), show(codec, read));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("generators")
  void rowsKeepTheValueExactly(Generator generator) {
    TypeCodec codec = generator.type.codec();
    for (Object value : values(generator, 3)) {
      ByteWriter out = new ByteWriter();
      out.putByte(99);
      codec.encodeRow(value, out);
      Object read = codec.decodeRow(out.toByteArray(), 1, out.length() - 1);
      assertEquals(show(codec, value), show(codec, read));
    }
  }

  @ParameterizedTest
  @MethodSource("generators")
  void textAndBinaryFormsKeepTheValue(Generator generator) {
    TypeCodec codec = generator.type.codec();
    for (Object value : values(generator, 4)) {
      String text = show(codec, value);
      assertEquals(text, show(codec, codec.parse(text, -1, TypeContext.DEFAULTS)));
      ByteWriter out = new ByteWriter();
      codec.appendText(value, TypeContext.DEFAULTS, out);
      assertEquals(text, new String(out.toByteArray(), java.nio.charset.StandardCharsets.UTF_8));
      ByteWriter binary = new ByteWriter();
      codec.writeBinary(value, binary);
      Object read = codec.readBinary(new ByteReader(binary.toByteArray()), binary.length());
      assertEquals(text, show(codec, read));
    }
  }
}
