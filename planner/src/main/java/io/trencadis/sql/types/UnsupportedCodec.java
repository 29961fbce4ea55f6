package io.trencadis.sql.types;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.storage.encoding.KeyReader;
import io.trencadis.storage.encoding.KeyWriter;

/// A type that PostgreSQL has and we do not yet, and pseudo-types, which have no values.
class UnsupportedCodec extends TypeCodec {
  private final PgType type;

  UnsupportedCodec(PgType type) {
    this.type = type;
  }

  private SqlException refuse() {
    return type.isPseudo()
        ? new SqlException(
            SqlState.FEATURE_NOT_SUPPORTED, "cannot accept a value of type " + type.displayName())
        : SqlException.notSupported("type " + type.displayName());
  }

  @Override
  public boolean storable() {
    return false;
  }

  @Override
  public Object parse(String text, int typmod, TypeContext cx) {
    throw refuse();
  }

  @Override
  public String format(Object value, TypeContext cx) {
    throw refuse();
  }

  @Override
  public Object readBinary(ByteReader in, int length) {
    throw refuse();
  }

  @Override
  public void writeBinary(Object value, ByteWriter out) {
    throw refuse();
  }

  @Override
  public boolean ordered() {
    return false;
  }

  @Override
  public int compare(Object a, Object b) {
    throw refuse();
  }

  @Override
  public long hash(Object value) {
    throw refuse();
  }

  @Override
  public void encodeKey(Object value, KeyWriter out) {
    throw refuse();
  }

  @Override
  public Object decodeKey(KeyReader in) {
    throw refuse();
  }

  @Override
  public void encodeRow(Object value, ByteWriter out) {
    throw refuse();
  }

  @Override
  public Object decodeRow(byte[] row, int offset, int length) {
    throw refuse();
  }
}
