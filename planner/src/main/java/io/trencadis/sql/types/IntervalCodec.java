package io.trencadis.sql.types;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.storage.encoding.KeyReader;
import io.trencadis.storage.encoding.KeyWriter;

/// `interval`. Values that print differently can be equal: `1 mon` and `30 days`.
final class IntervalCodec extends TypeCodec {
  @Override
  public Object parse(String text, int typmod, TypeContext cx) {
    int fields = typmod < 0 ? Typmods.INTERVAL_FULL_RANGE : (typmod >> 16) & 0x7fff;
    return coerceTypmod(IntervalInput.parse(text, fields, cx), typmod, false);
  }

  @Override
  public String format(Object value, TypeContext cx) {
    return IntervalOutput.format((Interval) value, cx.intervalStyle());
  }

  @Override
  public Object readBinary(ByteReader in, int length) {
    requireLength(16, length);
    long micros = in.getLong();
    int days = in.getInt();
    return new Interval(in.getInt(), days, micros);
  }

  @Override
  public void writeBinary(Object value, ByteWriter out) {
    Interval interval = (Interval) value;
    out.putLong(interval.micros()).putInt(interval.days()).putInt(interval.months());
  }

  @Override
  public int compare(Object a, Object b) {
    return ((Interval) a).compareTo((Interval) b);
  }

  @Override
  public long hash(Object value) {
    Interval interval = (Interval) value;
    return mix(interval.spanDays() * 31 + interval.spanMicros());
  }

  @Override
  public void encodeKey(Object value, KeyWriter out) {
    Interval interval = (Interval) value;
    out.putLong(interval.spanDays()).putLong(interval.spanMicros());
  }

  @Override
  public Object decodeKey(KeyReader in) {
    long days = in.getLong();
    // Days that do not fit become months of 30 days, which are equal.
    int months = days == (int) days ? 0 : (int) (days / 30);
    return new Interval(months, (int) (days - months * 30L), in.getLong());
  }

  @Override
  public boolean keyKeepsLooks() {
    return false;
  }

  @Override
  public void encodeRow(Object value, ByteWriter out) {
    writeBinary(value, out);
  }

  @Override
  public Object decodeRow(byte[] row, int offset, int length) {
    return new Interval(
        Bytes.intAt(row, offset + 12), Bytes.intAt(row, offset + 8), Bytes.longAt(row, offset));
  }

  @Override
  public Object coerceTypmod(Object value, int typmod, boolean explicit) {
    return typmod < 0 ? value : TimeRounding.interval((Interval) value, typmod);
  }
}
