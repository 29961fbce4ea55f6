package io.trencadis.sql.types;

import java.util.List;

/// A value of type `record` or of a table's row type: its columns' types and values, and their
/// names where they are known (null otherwise). The arrays must not be changed.
public record SqlRow(PgType[] types, Object[] values, List<String> names) {
  public SqlRow(PgType[] types, Object[] values) {
    this(types, values, null);
  }

  /// The value's text form.
  public String text(TypeContext cx) {
    return Types.RECORD.codec().format(this, cx);
  }

  public int width() {
    return values.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SqlRow row
        && java.util.Arrays.equals(types, row.types)
        && java.util.Arrays.deepEquals(values, row.values);
  }

  @Override
  public int hashCode() {
    return java.util.Arrays.deepHashCode(values);
  }

  @Override
  public String toString() {
    return java.util.Arrays.deepToString(values);
  }
}
