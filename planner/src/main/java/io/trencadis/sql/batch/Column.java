package io.trencadis.sql.batch;

/// The values that the rows of a batch have in one column. Of places that the batch does not list,
/// nothing is known. Not modified once it is in a batch; confined to one thread.
public abstract sealed class Column permits LongColumn, DecimalColumn, ObjectColumn, RowsColumn {
  /// The value at a place; null is SQL's NULL.
  public abstract Object get(int place);

  public abstract boolean isNull(int place);

  /// A column with the values at some places, one after the other.
  ///
  /// @param from places here; one may be named several times
  /// @param count how many of them mean something
  public abstract Column gathered(int[] from, int count);
}
