package io.trencadis.sql.types;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.storage.encoding.KeyReader;
import io.trencadis.storage.encoding.KeyWriter;
import java.util.Arrays;

/// Arrays of any element type.
class ArrayCodec extends TypeCodec {
  static final int MAX_DIMENSIONS = 6;
  static final int MAX_ELEMENTS = 134_217_727;

  // Key: one mark before each element and one after the last; a null sorts after every value, and a
  // shorter array before a longer one that it begins.
  private static final byte[] KEY_END = {1};
  private static final byte[] KEY_VALUE = {2};
  private static final byte[] KEY_NULL = {3};

  protected final PgType element;

  ArrayCodec(PgType element) {
    this.element = element;
  }

  @Override
  public Object parse(String text, int typmod, TypeContext cx) {
    return ArrayText.parse(text, element, typmod, cx);
  }

  @Override
  public String format(Object value, TypeContext cx) {
    return ArrayText.format((SqlArray) value, cx);
  }

  @Override
  public Object readBinary(ByteReader in, int length) {
    int end = in.position() + length;
    try {
      int dimensions = in.getInt();
      if (dimensions < 0) {
        throw badBinary("invalid number of dimensions: " + dimensions);
      }
      if (dimensions > MAX_DIMENSIONS) {
        throw new SqlException(
            SqlState.PROGRAM_LIMIT_EXCEEDED,
            "number of array dimensions (" + dimensions + ") exceeds the maximum allowed (6)");
      }
      int flags = in.getInt();
      if (flags != 0 && flags != 1) {
        throw badBinary("invalid array flags");
      }
      int elementOid = in.getInt();
      if (elementOid != element.oid()) {
        throw new SqlException(
            SqlState.DATATYPE_MISMATCH,
            "binary data has array element type "
                + elementOid
                + " ("
                + Types.formatType(elementOid, -1)
                + ") instead of expected "
                + element.oid()
                + " ("
                + element.displayName()
                + ")");
      }
      int[] dims = new int[dimensions];
      int[] lower = new int[dimensions];
      long total = dimensions == 0 ? 0 : 1;
      for (int i = 0; i < dimensions; i++) {
        dims[i] = in.getInt();
        lower[i] = in.getInt();
        total *= dims[i];
        if (dims[i] < 0 || total > MAX_ELEMENTS) {
          throw new SqlException(
              SqlState.PROGRAM_LIMIT_EXCEEDED,
              "array size exceeds the maximum allowed (134217727)");
        }
      }
      if (total == 0) {
        return SqlArray.empty(element);
      }
      if (total * 4L > end - in.position()) {
        throw new SqlException(SqlState.PROTOCOL_VIOLATION, "insufficient data left in message");
      }
      Object[] elements = new Object[(int) total];
      for (int i = 0; i < total; i++) {
        int size = in.getInt();
        if (size < -1 || size > end - in.position()) {
          throw badBinary("insufficient data left in message");
        }
        if (size >= 0) {
          int next = in.position() + size;
          elements[i] = element.codec().readBinary(in, size);
          if (in.position() != next) {
            throw badBinary("improper binary format in array element " + (i + 1));
          }
        }
      }
      return new SqlArray(element, dims, lower, elements);
    } catch (IndexOutOfBoundsException e) {
      throw new SqlException(SqlState.PROTOCOL_VIOLATION, "insufficient data left in message", e);
    }
  }

  private static SqlException badBinary(String message) {
    return new SqlException(SqlState.INVALID_BINARY_REPRESENTATION, message);
  }

  @Override
  public void writeBinary(Object value, ByteWriter out) {
    SqlArray array = (SqlArray) value;
    boolean hasNull = false;
    for (Object each : array.elements()) {
      hasNull |= each == null;
    }
    out.putInt(array.ndims()).putInt(hasNull ? 1 : 0).putInt(array.elementType().oid());
    for (int i = 0; i < array.ndims(); i++) {
      out.putInt(array.dims()[i]).putInt(array.lowerBounds()[i]);
    }
    TypeCodec codec = array.elementType().codec();
    for (Object each : array.elements()) {
      if (each == null) {
        out.putInt(-1);
      } else {
        int at = out.length();
        out.putInt(0);
        codec.writeBinary(each, out);
        out.setInt(at, out.length() - at - 4);
      }
    }
  }

  @Override
  public boolean ordered() {
    return element.codec().ordered();
  }

  /// Element by element, null last; then by number of elements, of dimensions, and their lengths
  /// and bounds.
  @Override
  public int compare(Object a, Object b) {
    SqlArray x = (SqlArray) a;
    SqlArray y = (SqlArray) b;
    TypeCodec codec = x.elementType().codec();
    int n = Math.min(x.size(), y.size());
    for (int i = 0; i < n; i++) {
      Object p = x.elements()[i];
      Object q = y.elements()[i];
      if (p == null || q == null) {
        if (p != q) {
          return p == null ? 1 : -1;
        }
        continue;
      }
      int order = codec.compare(p, q);
      if (order != 0) {
        return order;
      }
    }
    int order = Integer.compare(x.size(), y.size());
    if (order == 0) {
      order = Integer.compare(x.ndims(), y.ndims());
    }
    for (int i = 0; order == 0 && i < x.ndims(); i++) {
      order = Integer.compare(x.dims()[i], y.dims()[i]);
    }
    for (int i = 0; order == 0 && i < x.ndims(); i++) {
      order = Integer.compare(x.lowerBounds()[i], y.lowerBounds()[i]);
    }
    return order;
  }

  @Override
  public long hash(Object value) {
    SqlArray array = (SqlArray) value;
    TypeCodec codec = array.elementType().codec();
    long h = 1;
    for (Object each : array.elements()) {
      h = h * 31 + (each == null ? 0 : codec.hash(each));
    }
    return mix(h);
  }

  @Override
  public void encodeKey(Object value, KeyWriter out) {
    SqlArray array = (SqlArray) value;
    TypeCodec codec = array.elementType().codec();
    for (Object each : array.elements()) {
      if (each == null) {
        out.putRaw(KEY_NULL);
      } else {
        out.putRaw(KEY_VALUE);
        codec.encodeKey(each, out);
      }
    }
    out.putRaw(KEY_END);
    out.putInt(array.ndims());
    for (int length : array.dims()) {
      out.putInt(length);
    }
    for (int bound : array.lowerBounds()) {
      out.putInt(bound);
    }
  }

  @Override
  public Object decodeKey(KeyReader in) {
    TypeCodec codec = element.codec();
    java.util.List<Object> elements = new java.util.ArrayList<>();
    for (int mark = in.getRawByte(); mark != 1; mark = in.getRawByte()) {
      elements.add(mark == 3 ? null : codec.decodeKey(in));
    }
    int[] dims = new int[in.getInt()];
    Arrays.setAll(dims, i -> in.getInt());
    int[] lower = new int[dims.length];
    Arrays.setAll(lower, i -> in.getInt());
    return new SqlArray(element, dims, lower, elements.toArray());
  }

  @Override
  public boolean keyKeepsLooks() {
    return element.codec().keyKeepsLooks();
  }

  /// Number of dimensions, their lengths and bounds, then each element's length (-1 for null) and
  /// bytes.
  @Override
  public void encodeRow(Object value, ByteWriter out) {
    SqlArray array = (SqlArray) value;
    out.putByte(array.ndims());
    for (int i = 0; i < array.ndims(); i++) {
      out.putInt(array.dims()[i]).putInt(array.lowerBounds()[i]);
    }
    TypeCodec codec = array.elementType().codec();
    for (Object each : array.elements()) {
      int at = out.length();
      out.putInt(-1);
      if (each != null) {
        codec.encodeRow(each, out);
        out.setInt(at, out.length() - at - 4);
      }
    }
  }

  @Override
  public Object decodeRow(byte[] row, int offset, int length) {
    int at = offset;
    int[] dims = new int[row[at++]];
    int[] lower = new int[dims.length];
    int total = dims.length == 0 ? 0 : 1;
    for (int i = 0; i < dims.length; i++) {
      dims[i] = Bytes.intAt(row, at);
      lower[i] = Bytes.intAt(row, at + 4);
      at += 8;
      total *= dims[i];
    }
    TypeCodec codec = element.codec();
    Object[] elements = new Object[total];
    for (int i = 0; i < total; i++) {
      int size = Bytes.intAt(row, at);
      at += 4;
      if (size >= 0) {
        elements[i] = codec.decodeRow(row, at, size);
        at += size;
      }
    }
    return new SqlArray(element, dims, lower, elements);
  }

  @Override
  public Object coerceTypmod(Object value, int typmod, boolean explicit) {
    if (typmod < 0) {
      return value;
    }
    SqlArray array = (SqlArray) value;
    Object[] elements = array.elements().clone();
    for (int i = 0; i < elements.length; i++) {
      if (elements[i] != null) {
        elements[i] = array.elementType().codec().coerceTypmod(elements[i], typmod, explicit);
      }
    }
    return array.withElements(array.elementType(), elements);
  }
}
