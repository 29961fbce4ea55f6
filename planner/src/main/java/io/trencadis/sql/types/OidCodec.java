package io.trencadis.sql.types;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.storage.encoding.KeyReader;
import io.trencadis.storage.encoding.KeyWriter;

/// `oid`, `xid` and `cid`: unsigned 32-bit numbers.
class OidCodec extends TypeCodec {
  static final long MAX = 0xffff_ffffL;
  protected final PgType type;

  OidCodec(PgType type) {
    this.type = type;
  }

  /// Reads what C's strtoul does: a negative number counts from 2^32 down.
  static long parseOid(String text, String typeName) {
    long value;
    try {
      value = Scan.integer(text, Long.MIN_VALUE, Long.MAX_VALUE, typeName);
    } catch (SqlException e) {
      throw e.state() == SqlState.NUMERIC_VALUE_OUT_OF_RANGE ? outOfRange(text, typeName) : e;
    }
    if (value < Integer.MIN_VALUE || value > MAX) {
      throw outOfRange(text, typeName);
    }
    return value & MAX;
  }

  private static SqlException outOfRange(String text, String typeName) {
    return new SqlException(
        SqlState.NUMERIC_VALUE_OUT_OF_RANGE,
        "value \"" + text + "\" is out of range for type " + typeName);
  }

  @Override
  public Object parse(String text, int typmod, TypeContext cx) {
    return parseOid(text, type.name());
  }

  @Override
  public String format(Object value, TypeContext cx) {
    return value.toString();
  }

  @Override
  public Object readBinary(ByteReader in, int length) {
    requireLength(4, length);
    return in.getInt() & MAX;
  }

  @Override
  public void writeBinary(Object value, ByteWriter out) {
    out.putInt((int) (long) (Long) value);
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
    // The sign flip that putInt does is undone first: the order is unsigned.
    out.putInt((int) (long) (Long) value ^ Integer.MIN_VALUE);
  }

  @Override
  public Object decodeKey(KeyReader in) {
    return (in.getInt() ^ Integer.MIN_VALUE) & MAX;
  }

  @Override
  public void encodeRow(Object value, ByteWriter out) {
    Bytes.putCompact((Long) value, out);
  }

  @Override
  public Object decodeRow(byte[] row, int offset, int length) {
    return Bytes.compact(row, offset, length);
  }
}
