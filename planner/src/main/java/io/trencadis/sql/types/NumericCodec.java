package io.trencadis.sql.types;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.storage.encoding.KeyReader;
import io.trencadis.storage.encoding.KeyWriter;
import java.math.BigDecimal;
import java.math.BigInteger;

/// `numeric`. The stored form is two bytes of scale (or a special value's mark) and the unscaled
/// number in as few bytes as it needs.
public final class NumericCodec extends TypeCodec {
  private static final long MOST_COMPACT = 1_000_000_000_000_000_000L;
  private static final int MARK_NAN = 0xffff;
  private static final int MARK_POSITIVE = 0xfffe;
  private static final int MARK_NEGATIVE = 0xfffd;
  private static final int MOST_SMALL = 10;

  @Override
  public Object parse(String text, int typmod, TypeContext cx) {
    return coerceTypmod(NumericText.parse(text), typmod, false);
  }

  @Override
  public String format(Object value, TypeContext cx) {
    return value.toString();
  }

  @Override
  public Object readBinary(ByteReader in, int length) {
    return NumericText.readBinary(in, length);
  }

  @Override
  public void writeBinary(Object value, ByteWriter out) {
    NumericText.writeBinary((Numeric) value, out);
  }

  @Override
  public int compare(Object a, Object b) {
    return ((Numeric) a).compareTo((Numeric) b);
  }

  @Override
  public long hash(Object value) {
    return mix(value.hashCode());
  }

  @Override
  public void encodeKey(Object value, KeyWriter out) {
    NumericKeys.encode((Numeric) value, out);
  }

  @Override
  public Object decodeKey(KeyReader in) {
    return NumericKeys.decode(in);
  }

  @Override
  public boolean keyKeepsLooks() {
    return false;
  }

  @Override
  public void encodeRow(Object value, ByteWriter out) {
    Numeric number = (Numeric) value;
    if (!number.isFinite()) {
      out.putShort(number.isNaN() ? MARK_NAN : number.signum() > 0 ? MARK_POSITIVE : MARK_NEGATIVE);
      return;
    }
    if (number.isSmall()
        && Math.abs(number.unscaled()) < MOST_COMPACT
        && number.unscaled() != Long.MIN_VALUE) {
      out.putShort(number.scale());
      Bytes.putCompact(number.unscaled(), out);
      return;
    }
    BigDecimal decimal = number.decimal();
    out.putShort(decimal.scale());
    if (decimal.precision() <= 18) {
      Bytes.putCompact(decimal.unscaledValue().longValue(), out);
    } else {
      out.putBytes(decimal.unscaledValue().toByteArray());
    }
  }

  @Override
  public Object decodeRow(byte[] row, int offset, int length) {
    int scale = scale(row, offset);
    switch (scale) {
      case MARK_NAN:
        return Numeric.NAN;
      case MARK_POSITIVE:
        return Numeric.POSITIVE_INFINITY;
      case MARK_NEGATIVE:
        return Numeric.NEGATIVE_INFINITY;
      default:
        return length <= MOST_SMALL
            ? Numeric.of(Bytes.compact(row, offset + 2, length - 2), scale)
            : Numeric.of(new BigDecimal(new BigInteger(row, offset + 2, length - 2), scale));
    }
  }

  private static int scale(byte[] row, int offset) {
    return ((row[offset] & 0xff) << 8) | (row[offset + 1] & 0xff);
  }

  /// The scale of a stored number whose digits fit into a long, see [Numeric#isSmall]; -1 for any
  /// other.
  public static int smallScale(byte[] row, int offset, int length) {
    int scale = scale(row, offset);
    return length <= MOST_SMALL && scale <= Numeric.MAX_SCALE ? scale : -1;
  }

  /// The digits of such a number.
  public static long unscaled(byte[] row, int offset, int length) {
    return Bytes.compact(row, offset + 2, length - 2);
  }

  @Override
  public Object coerceTypmod(Object value, int typmod, boolean explicit) {
    return typmod < Typmods.OFFSET ? value : NumericText.applyTypmod((Numeric) value, typmod);
  }
}
