package io.trencadis.sql.types;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.collation.Collation;
import io.trencadis.storage.encoding.KeyReader;
import io.trencadis.storage.encoding.KeyWriter;
import java.nio.charset.StandardCharsets;

/// Everything that can be done with the values of one type. No method is ever given null. Stateless
/// and thread-safe.
public abstract class TypeCodec {
  /// The type's input function.
  ///
  /// @throws SqlException 22P02, 22003, 22007, 22008 … with PostgreSQL's texts
  public abstract Object parse(String text, int typmod, TypeContext cx);

  /// The same of the UTF-8 in `[from, to)`, without the string where that matters. The bytes are
  /// known to be UTF-8.
  public Object parse(byte[] text, int from, int to, int typmod, TypeContext cx) {
    return parse(new String(text, from, to - from, StandardCharsets.UTF_8), typmod, cx);
  }

  /// The type's output function.
  public abstract String format(Object value, TypeContext cx);

  /// Appends the text form in UTF-8; the same as [#format], without the string where that matters.
  public void appendText(Object value, TypeContext cx, ByteWriter out) {
    out.putUtf8(format(value, cx));
  }

  /// Reads the binary wire form, which is the next `length` bytes of `in`.
  ///
  /// @throws SqlException 22P03 where PostgreSQL says so, 08P01 where the length does not fit
  public abstract Object readBinary(ByteReader in, int length);

  /// Appends the binary wire form, without its length.
  public abstract void writeBinary(Object value, ByteWriter out);

  /// The order of the type's default B-tree operator class. Text sorts by code point.
  public abstract int compare(Object a, Object b);

  /// The type's `=`.
  public boolean equal(Object a, Object b) {
    return compare(a, b) == 0;
  }

  /// Equal values have equal hashes, also across integer types and across float types.
  public abstract long hash(Object value);

  /// Appends a key column's body; [KeyWriter#beginColumn] and [KeyWriter#endColumn] are the
  /// caller's. Byte order is the order of [#compare], and equal values have equal bytes.
  public abstract void encodeKey(Object value, KeyWriter out);

  /// Reads a key column's body: a value equal to the one encoded, though its looks may differ (the
  /// scale of a numeric, trailing blanks of a char(n)); see [#keyKeepsLooks].
  public abstract Object decodeKey(KeyReader in);

  /// Whether [#decodeKey] gives back exactly the value that was encoded, and not just an equal one.
  public boolean keyKeepsLooks() {
    return true;
  }

  /// Appends the compact form in which rows are stored. It does not end itself: rows know its
  /// length.
  public abstract void encodeRow(Object value, ByteWriter out);

  /// Reads what [#encodeRow] wrote.
  public abstract Object decodeRow(byte[] row, int offset, int length);

  /// Whether values have a stored form: those of pseudo-types and of types that are not built have
  /// none.
  public boolean storable() {
    return true;
  }

  /// The length coercion of the type: what storing a value in a column with this typmod makes of
  /// it.
  ///
  /// @param explicit whether a cast was written; an explicit cast truncates strings where an
  ///   assignment fails
  public Object coerceTypmod(Object value, int typmod, boolean explicit) {
    return value;
  }

  /// Whether values have an order at all; json and others have none, and [#compare] then fails.
  public boolean ordered() {
    return true;
  }

  /// The collation by which values are compared, where that is not the order of code points; else
  /// null.
  public Collation collation() {
    return null;
  }

  /// Mixes the bits of a number, so that close numbers are far apart.
  protected static long mix(long x) {
    x = (x ^ (x >>> 30)) * 0xbf58476d1ce4e5b9L;
    x = (x ^ (x >>> 27)) * 0x94d049bb133111ebL;
    return x ^ (x >>> 31);
  }

  /// The error of a text that is no value of the type.
  protected static SqlException invalidInput(String typeName, String text) {
    return new SqlException(
        SqlState.INVALID_TEXT_REPRESENTATION,
        "invalid input syntax for type " + typeName + ": \"" + text + "\"");
  }

  /// Fails unless a binary value has the one length its type has.
  protected static void requireLength(int expected, int length) {
    if (length < expected) {
      throw new SqlException(SqlState.PROTOCOL_VIOLATION, "insufficient data left in message");
    }
    if (length > expected) {
      throw new SqlException(
          SqlState.INVALID_BINARY_REPRESENTATION, "incorrect binary data format");
    }
  }
}
