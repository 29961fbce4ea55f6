package io.trencadis.sql.types;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.storage.encoding.KeyReader;
import io.trencadis.storage.encoding.KeyWriter;

/// `timestamp` and `timestamptz`, which differ in text only.
final class TimestampCodec extends WholeNumberCodec {
  private final boolean withZone;

  TimestampCodec(boolean withZone) {
    this.withZone = withZone;
  }

  @Override
  public Object parse(String text, int typmod, TypeContext cx) {
    long micros =
        withZone ? DateTimeInput.timestamptz(text, cx) : DateTimeInput.timestamp(text, cx);
    return coerceTypmod(micros, typmod, false);
  }

  @Override
  public String format(Object value, TypeContext cx) {
    return withZone
        ? DateTimeOutput.timestamptz((Long) value, cx)
        : DateTimeOutput.timestamp((Long) value, cx);
  }

  @Override
  public Object readBinary(ByteReader in, int length) {
    requireLength(8, length);
    long micros = in.getLong();
    if (!Calendar.isInfinite(micros) && !Calendar.isTimestamp(micros)) {
      throw new SqlException(SqlState.DATETIME_FIELD_OVERFLOW, "timestamp out of range");
    }
    return micros;
  }

  @Override
  public Object coerceTypmod(Object value, int typmod, boolean explicit) {
    return TimeRounding.timestamp((Long) value, typmod);
  }

  @Override
  public void writeBinary(Object value, ByteWriter out) {
    out.putLong((Long) value);
  }

  @Override
  public int compare(Object a, Object b) {
    return Long.compare((Long) a, (Long) b);
  }

  @Override
  public long hash(Object value) {
    return mix((Long) value);
  }

  @Override
  public void encodeKey(Object value, KeyWriter out) {
    out.putLong((Long) value);
  }

  @Override
  public Object decodeKey(KeyReader in) {
    return in.getLong();
  }

  @Override
  public void encodeRow(Object value, ByteWriter out) {
    Bytes.putCompact((Long) value, out);
  }

  @Override
  public Object decodeRow(byte[] row, int offset, int length) {
    return Bytes.compact(row, offset, length);
  }

  @Override
  public Object box(long number) {
    return number;
  }
}
