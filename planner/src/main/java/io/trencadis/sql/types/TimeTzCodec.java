package io.trencadis.sql.types;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.storage.encoding.KeyReader;
import io.trencadis.storage.encoding.KeyWriter;

/// `timetz`, ordered by the instant in UTC and then by zone.
final class TimeTzCodec extends TypeCodec {
  private static final int MAX_OFFSET = 16 * 3600;

  @Override
  public Object parse(String text, int typmod, TypeContext cx) {
    return coerceTypmod(DateTimeInput.timetz(text, cx), typmod, false);
  }

  @Override
  public String format(Object value, TypeContext cx) {
    return DateTimeOutput.timetz((TimeTz) value);
  }

  @Override
  public Object readBinary(ByteReader in, int length) {
    requireLength(12, length);
    long micros = in.getLong();
    int zone = in.getInt();
    if (micros < 0 || micros > Calendar.MICROS_PER_DAY) {
      throw new SqlException(SqlState.DATETIME_FIELD_OVERFLOW, "time out of range");
    }
    if (zone <= -MAX_OFFSET || zone >= MAX_OFFSET) {
      throw new SqlException(
          SqlState.INVALID_TIME_ZONE_DISPLACEMENT_VALUE, "time zone displacement out of range");
    }
    return new TimeTz(micros, zone);
  }

  @Override
  public void writeBinary(Object value, ByteWriter out) {
    TimeTz time = (TimeTz) value;
    out.putLong(time.micros()).putInt(time.zoneSecondsWest());
  }

  @Override
  public int compare(Object a, Object b) {
    TimeTz x = (TimeTz) a;
    TimeTz y = (TimeTz) b;
    int order = Long.compare(x.utcMicros(), y.utcMicros());
    return order != 0 ? order : Integer.compare(x.zoneSecondsWest(), y.zoneSecondsWest());
  }

  @Override
  public long hash(Object value) {
    TimeTz time = (TimeTz) value;
    return mix(time.micros() * 31 + time.zoneSecondsWest());
  }

  @Override
  public void encodeKey(Object value, KeyWriter out) {
    TimeTz time = (TimeTz) value;
    out.putLong(time.utcMicros()).putInt(time.zoneSecondsWest());
  }

  @Override
  public Object decodeKey(KeyReader in) {
    long utc = in.getLong();
    int zone = in.getInt();
    return new TimeTz(utc - zone * Calendar.MICROS_PER_SECOND, zone);
  }

  @Override
  public void encodeRow(Object value, ByteWriter out) {
    writeBinary(value, out);
  }

  @Override
  public Object decodeRow(byte[] row, int offset, int length) {
    return new TimeTz(Bytes.longAt(row, offset), Bytes.intAt(row, offset + 8));
  }

  @Override
  public Object coerceTypmod(Object value, int typmod, boolean explicit) {
    TimeTz time = (TimeTz) value;
    long rounded = TimeRounding.time(time.micros(), typmod);
    return rounded == time.micros() ? time : new TimeTz(rounded, time.zoneSecondsWest());
  }
}
