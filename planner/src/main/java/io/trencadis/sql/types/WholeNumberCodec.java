package io.trencadis.sql.types;

/// A type whose values are whole numbers of 64 bits at the most, in the order of those numbers: the
/// integers, `date`, `timestamp` and `timestamptz`. They can be had without an object each.
public abstract class WholeNumberCodec extends TypeCodec {
  /// The value that a number stands for.
  public abstract Object box(long number);

  /// The number of a value.
  public final long unbox(Object value) {
    return ((Number) value).longValue();
  }

  /// The number whose value [#encodeRow] wrote.
  public final long decodeNumber(byte[] row, int offset, int length) {
    return Bytes.compact(row, offset, length);
  }

  /// [#hash] of a number's value.
  public final long hashNumber(long number) {
    return mix(number);
  }
}
