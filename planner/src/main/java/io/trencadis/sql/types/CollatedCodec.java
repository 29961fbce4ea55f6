package io.trencadis.sql.types;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.sql.collation.Collation;
import io.trencadis.sql.collation.TextOrder;
import io.trencadis.storage.encoding.KeyReader;
import io.trencadis.storage.encoding.KeyWriter;
import java.util.Arrays;

/// A string type under an ICU collation. Two texts that the locale does not tell apart are in the
/// order of their code points, unless the collation is not deterministic: then they are equal.
///
/// Key: the locale's sort key and, under a deterministic collation, the text behind it.
final class CollatedCodec extends TypeCodec {
  private final TypeCodec plain;
  private final boolean blanksCount;
  private final Collation collation;
  private final TextOrder order;

  /// @param plain the type's codec under code point order
  /// @param blanksCount whether blanks at the end are part of a value: not for char(n)
  CollatedCodec(TypeCodec plain, boolean blanksCount, Collation collation) {
    this.plain = plain;
    this.blanksCount = blanksCount;
    this.collation = collation;
    this.order = new TextOrder(collation.locale());
  }

  private String text(Object value) {
    return blanksCount ? (String) value : TextCodec.stripBlanks((String) value);
  }

  @Override
  public Collation collation() {
    return collation;
  }

  @Override
  public int compare(Object a, Object b) {
    int byLocale = order.compare(text(a), text(b));
    return byLocale != 0 || !collation.deterministic() ? byLocale : plain.compare(a, b);
  }

  @Override
  public boolean equal(Object a, Object b) {
    return collation.deterministic() ? plain.equal(a, b) : compare(a, b) == 0;
  }

  @Override
  public long hash(Object value) {
    return collation.deterministic()
        ? plain.hash(value)
        : mix(Arrays.hashCode(order.sortKey(text(value))));
  }

  @Override
  public void encodeKey(Object value, KeyWriter out) {
    out.putBytes(order.sortKey(text(value)));
    if (collation.deterministic()) {
      plain.encodeKey(value, out);
    }
  }

  /// @throws IllegalStateException under a collation that is not deterministic, whose keys do not
  ///   have the text
  @Override
  public Object decodeKey(KeyReader in) {
    if (!collation.deterministic()) {
      throw new IllegalStateException("no text can be read from a key of " + collation);
    }
    in.getBytes();
    return plain.decodeKey(in);
  }

  @Override
  public boolean keyKeepsLooks() {
    return collation.deterministic() && plain.keyKeepsLooks();
  }

  @Override
  public Object parse(String text, int typmod, TypeContext cx) {
    return plain.parse(text, typmod, cx);
  }

  @Override
  public String format(Object value, TypeContext cx) {
    return plain.format(value, cx);
  }

  @Override
  public Object readBinary(ByteReader in, int length) {
    return plain.readBinary(in, length);
  }

  @Override
  public void writeBinary(Object value, ByteWriter out) {
    plain.writeBinary(value, out);
  }

  @Override
  public void encodeRow(Object value, ByteWriter out) {
    plain.encodeRow(value, out);
  }

  @Override
  public Object decodeRow(byte[] row, int offset, int length) {
    return plain.decodeRow(row, offset, length);
  }

  @Override
  public Object coerceTypmod(Object value, int typmod, boolean explicit) {
    return plain.coerceTypmod(value, typmod, explicit);
  }
}
