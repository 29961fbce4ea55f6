package io.trencadis.sql.types;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.storage.encoding.KeyReader;
import io.trencadis.storage.encoding.KeyWriter;

/// `date`.
final class DateCodec extends WholeNumberCodec {
  @Override
  public Object parse(String text, int typmod, TypeContext cx) {
    return DateTimeInput.date(text, cx);
  }

  @Override
  public String format(Object value, TypeContext cx) {
    return DateTimeOutput.date((Integer) value, cx);
  }

  @Override
  public Object readBinary(ByteReader in, int length) {
    requireLength(4, length);
    int days = in.getInt();
    if (!Calendar.isInfinite(days) && !Calendar.isDate(days)) {
      throw new SqlException(SqlState.DATETIME_FIELD_OVERFLOW, "date out of range");
    }
    return days;
  }

  @Override
  public void writeBinary(Object value, ByteWriter out) {
    out.putInt((Integer) value);
  }

  @Override
  public int compare(Object a, Object b) {
    return Integer.compare((Integer) a, (Integer) b);
  }

  @Override
  public long hash(Object value) {
    return mix((Integer) value);
  }

  @Override
  public void encodeKey(Object value, KeyWriter out) {
    out.putInt((Integer) value);
  }

  @Override
  public Object decodeKey(KeyReader in) {
    return in.getInt();
  }

  @Override
  public void encodeRow(Object value, ByteWriter out) {
    Bytes.putCompact((Integer) value, out);
  }

  @Override
  public Object decodeRow(byte[] row, int offset, int length) {
    return (int) Bytes.compact(row, offset, length);
  }

  @Override
  public Object box(long number) {
    return (int) number;
  }
}
