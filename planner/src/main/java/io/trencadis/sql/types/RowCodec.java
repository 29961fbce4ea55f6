package io.trencadis.sql.types;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.storage.encoding.KeyReader;
import io.trencadis.storage.encoding.KeyWriter;

/// `record` and row types: `(1,,"a b")`.
final class RowCodec extends TypeCodec {
  private final PgType type;

  RowCodec(PgType type) {
    this.type = type;
  }

  @Override
  public Object parse(String text, int typmod, TypeContext cx) {
    if (type == Types.RECORD) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED, "input of anonymous composite types is not implemented");
    }
    throw SqlException.notSupported("input of composite types");
  }

  @Override
  public String format(Object value, TypeContext cx) {
    SqlRow row = (SqlRow) value;
    StringBuilder out = new StringBuilder("(");
    for (int i = 0; i < row.width(); i++) {
      if (i > 0) {
        out.append(',');
      }
      if (row.values()[i] != null) {
        quote(row.types()[i].codec().format(row.values()[i], cx), out);
      }
    }
    return out.append(')').toString();
  }

  private static void quote(String item, StringBuilder out) {
    boolean quotes = item.isEmpty();
    for (int i = 0; !quotes && i < item.length(); i++) {
      char c = item.charAt(i);
      quotes = c == '"' || c == '\\' || c == '(' || c == ')' || c == ',' || Scan.isSpace(c);
    }
    if (!quotes) {
      out.append(item);
      return;
    }
    out.append('"');
    for (int i = 0; i < item.length(); i++) {
      char c = item.charAt(i);
      if (c == '"' || c == '\\') {
        out.append(c);
      }
      out.append(c);
    }
    out.append('"');
  }

  @Override
  public Object readBinary(ByteReader in, int length) {
    throw new SqlException(
        SqlState.FEATURE_NOT_SUPPORTED, "input of anonymous composite types is not implemented");
  }

  @Override
  public void writeBinary(Object value, ByteWriter out) {
    SqlRow row = (SqlRow) value;
    out.putInt(row.width());
    for (int i = 0; i < row.width(); i++) {
      out.putInt(row.types()[i].oid());
      int at = out.length();
      out.putInt(-1);
      if (row.values()[i] != null) {
        row.types()[i].codec().writeBinary(row.values()[i], out);
        out.setInt(at, out.length() - at - 4);
      }
    }
  }

  @Override
  public int compare(Object a, Object b) {
    SqlRow x = (SqlRow) a;
    SqlRow y = (SqlRow) b;
    for (int i = 0; i < Math.min(x.width(), y.width()); i++) {
      if (x.types()[i] != y.types()[i]) {
        throw new SqlException(
            SqlState.DATATYPE_MISMATCH,
            "cannot compare dissimilar column types "
                + x.types()[i].displayName()
                + " and "
                + y.types()[i].displayName()
                + " at record column "
                + (i + 1));
      }
      Object p = x.values()[i];
      Object q = y.values()[i];
      if (p == null || q == null) {
        if (p != q) {
          return p == null ? 1 : -1;
        }
        continue;
      }
      int order = x.types()[i].codec().compare(p, q);
      if (order != 0) {
        return order;
      }
    }
    if (x.width() != y.width()) {
      throw new SqlException(
          SqlState.DATATYPE_MISMATCH,
          "cannot compare record types with different numbers of columns");
    }
    return 0;
  }

  @Override
  public long hash(Object value) {
    SqlRow row = (SqlRow) value;
    long h = 1;
    for (int i = 0; i < row.width(); i++) {
      h = h * 31 + (row.values()[i] == null ? 0 : row.types()[i].codec().hash(row.values()[i]));
    }
    return mix(h);
  }

  private static SqlException notInKeys() {
    return SqlException.notSupported("composite types in keys");
  }

  @Override
  public void encodeKey(Object value, KeyWriter out) {
    throw notInKeys();
  }

  @Override
  public Object decodeKey(KeyReader in) {
    throw notInKeys();
  }

  /// Number of columns, then each column's type, length (-1 for null) and bytes. Only rows of
  /// built-in types can be read back.
  @Override
  public void encodeRow(Object value, ByteWriter out) {
    SqlRow row = (SqlRow) value;
    out.putShort(row.width());
    for (int i = 0; i < row.width(); i++) {
      out.putInt(row.types()[i].oid());
      int at = out.length();
      out.putInt(-1);
      if (row.values()[i] != null) {
        row.types()[i].codec().encodeRow(row.values()[i], out);
        out.setInt(at, out.length() - at - 4);
      }
    }
  }

  @Override
  public Object decodeRow(byte[] row, int offset, int length) {
    int width = ((row[offset] & 0xff) << 8) | (row[offset + 1] & 0xff);
    int at = offset + 2;
    PgType[] types = new PgType[width];
    Object[] values = new Object[width];
    for (int i = 0; i < width; i++) {
      types[i] = Types.byOid(Bytes.intAt(row, at));
      int size = Bytes.intAt(row, at + 4);
      at += 8;
      if (size >= 0) {
        values[i] = types[i].codec().decodeRow(row, at, size);
        at += size;
      }
    }
    return new SqlRow(types, values);
  }
}
