package io.trencadis.sql.types;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.storage.encoding.KeyReader;
import io.trencadis.storage.encoding.KeyWriter;
import java.util.List;

/// `record` and composite types: `(1,,"a b")`.
final class RowCodec extends TypeCodec {
  private static final byte[] KEY_VALUE = {1};
  private static final byte[] KEY_NULL = {2};
  // Nulls at the end are left out of keys, so that a field added later changes none of them.
  private static final byte[] KEY_END = {3};

  private final PgType type;
  // Resolved on first use: a type's fields may be of types that are made after it. A race makes
  // the same twice.
  private volatile Fields fields;

  private record Fields(PgType[] types, List<String> names, int[] numbers, int width) {}

  RowCodec(PgType type) {
    this.type = type;
  }

  private boolean isNamed() {
    return !type.fields().isEmpty() || type != Types.RECORD && type.isUsers();
  }

  private Fields fields() {
    Fields known = fields;
    if (known == null) {
      int[] numbers = type.fields().stream().mapToInt(RowField::number).toArray();
      int width = 0;
      for (int number : numbers) {
        width = Math.max(width, number);
      }
      known =
          new Fields(type.fieldTypes().toArray(new PgType[0]), type.fieldNames(), numbers, width);
      fields = known;
    }
    return known;
  }

  @Override
  public Object parse(String text, int typmod, TypeContext cx) {
    if (!isNamed()) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED, "input of anonymous composite types is not implemented");
    }
    List<String> items = RowText.split(text, type.fields().size());
    PgType[] types = fields().types;
    Object[] values = new Object[types.length];
    for (int i = 0; i < values.length; i++) {
      if (items.get(i) != null) {
        values[i] = read(i, items.get(i), cx);
      }
    }
    return new SqlRow(types, values, fields().names);
  }

  private Object read(int field, String text, TypeContext cx) {
    PgType own = fields().types[field];
    int typmod = type.fields().get(field).typmod();
    if (typmod < 0) {
      typmod = own.domainTypmod();
    }
    TypeCodec codec = own.codec();
    Object value = codec.parse(text, typmod, cx);
    return typmod < 0 ? value : codec.coerceTypmod(value, typmod, false);
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
    if (!isNamed()) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED, "input of anonymous composite types is not implemented");
    }
    PgType[] types = fields().types;
    int count = in.getInt();
    if (count != types.length) {
      throw new SqlException(
          SqlState.DATATYPE_MISMATCH,
          "wrong number of columns: " + count + ", expected " + types.length);
    }
    Object[] values = new Object[count];
    for (int i = 0; i < count; i++) {
      int oid = in.getInt();
      if (oid != types[i].oid()) {
        PgType sent = Types.byOid(oid);
        throw new SqlException(
            SqlState.DATATYPE_MISMATCH,
            "binary data has type "
                + Integer.toUnsignedString(oid)
                + " ("
                + (sent == null ? "???" : sent.displayName())
                + ") instead of expected "
                + Integer.toUnsignedString(types[i].oid())
                + " ("
                + types[i].displayName()
                + ") in record column "
                + (i + 1));
      }
      int size = in.getInt();
      if (size >= 0) {
        values[i] = types[i].codec().readBinary(in, size);
      }
    }
    return new SqlRow(types, values, fields().names);
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
  public boolean equal(Object a, Object b) {
    return order(a, b, "an equality operator") == 0;
  }

  @Override
  public int compare(Object a, Object b) {
    return order(a, b, "a comparison function");
  }

  /// @param need what is asked of the fields' types, for the error where one does not have it
  private static int order(Object a, Object b, String need) {
    SqlRow x = (SqlRow) a;
    SqlRow y = (SqlRow) b;
    for (int i = 0; i < Math.min(x.width(), y.width()); i++) {
      if (x.types()[i].oid() != y.types()[i].oid()) {
        throw new SqlException(
            SqlState.DATATYPE_MISMATCH,
            "cannot compare dissimilar column types "
                + x.types()[i].displayName()
                + " and "
                + y.types()[i].displayName()
                + " at record column "
                + (i + 1));
      }
      if (!x.types()[i].codec().ordered()) {
        throw new SqlException(
            SqlState.UNDEFINED_FUNCTION,
            "could not identify " + need + " for type " + x.types()[i].displayName());
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

  /// For each field a mark and, if it is not null, its key; then the end.
  @Override
  public void encodeKey(Object value, KeyWriter out) {
    SqlRow row = (SqlRow) value;
    int width = row.width();
    while (width > 0 && row.values()[width - 1] == null) {
      width--;
    }
    for (int i = 0; i < width; i++) {
      if (row.values()[i] == null) {
        out.putRaw(KEY_NULL);
      } else {
        out.putRaw(KEY_VALUE);
        row.types()[i].codec().encodeKey(row.values()[i], out);
      }
    }
    out.putRaw(KEY_END);
  }

  @Override
  public Object decodeKey(KeyReader in) {
    if (!isNamed()) {
      throw SqlException.notSupported("values of type record in keys");
    }
    PgType[] types = fields().types;
    Object[] values = new Object[types.length];
    int field = 0;
    for (int mark = in.getRawByte(); mark != KEY_END[0]; mark = in.getRawByte()) {
      if (mark == KEY_VALUE[0]) {
        values[field] = types[field].codec().decodeKey(in);
      }
      field++;
    }
    return new SqlRow(types, values, fields().names);
  }

  @Override
  public boolean keyKeepsLooks() {
    if (!isNamed()) {
      return false;
    }
    for (PgType each : fields().types) {
      if (!each.codec().keyKeepsLooks()) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean ordered() {
    if (isNamed()) {
      for (PgType each : fields().types) {
        if (!each.codec().ordered()) {
          return false;
        }
      }
    }
    return true;
  }

  /// The number of fields, then each one's type (0 for one that was dropped), length (-1 for null)
  /// and bytes. Fields of composite types stand in the places of their numbers.
  @Override
  public void encodeRow(Object value, ByteWriter out) {
    SqlRow row = (SqlRow) value;
    int[] numbers = isNamed() ? fields().numbers : null;
    int width = numbers == null ? row.width() : fields().width;
    out.putShort(width);
    int field = 0;
    for (int number = 1; number <= width; number++) {
      if (numbers != null && (field >= numbers.length || numbers[field] != number)) {
        out.putInt(0).putInt(-1);
        continue;
      }
      out.putInt(row.types()[field].oid());
      int at = out.length();
      out.putInt(-1);
      if (row.values()[field] != null) {
        row.types()[field].codec().encodeRow(row.values()[field], out);
        out.setInt(at, out.length() - at - 4);
      }
      field++;
    }
  }

  @Override
  public Object decodeRow(byte[] row, int offset, int length) {
    int width = ((row[offset] & 0xff) << 8) | (row[offset + 1] & 0xff);
    int at = offset + 2;
    boolean named = isNamed();
    int[] numbers = named ? fields().numbers : null;
    PgType[] types = named ? fields().types : new PgType[width];
    Object[] values = new Object[types.length];
    int field = 0;
    for (int number = 1; number <= width; number++) {
      int oid = Bytes.intAt(row, at);
      int size = Bytes.intAt(row, at + 4);
      at += 8;
      boolean wanted = !named || field < numbers.length && numbers[field] == number;
      if (wanted && !named) {
        types[field] = Types.byOid(oid);
      }
      if (wanted && size >= 0) {
        values[field] = types[field].codec().decodeRow(row, at, size);
      }
      field += wanted ? 1 : 0;
      at += Math.max(size, 0);
    }
    return new SqlRow(types, values, named ? fields().names : null);
  }
}
