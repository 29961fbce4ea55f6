package io.trencadis.sql.batch;

/// One column of rows that are there already, such as those of a hash table.
public final class RowsColumn extends Column {
  private final Object[][] rows;
  private final int column;

  /// @param rows by place; null for a row of nulls
  public RowsColumn(Object[][] rows, int column) {
    this.rows = rows;
    this.column = column;
  }

  @Override
  public boolean isNull(int place) {
    return get(place) == null;
  }

  @Override
  public Object get(int place) {
    Object[] row = rows[place];
    return row == null ? null : row[column];
  }

  @Override
  public Column gathered(int[] from, int count) {
    Object[] own = new Object[count];
    for (int i = 0; i < count; i++) {
      own[i] = get(from[i]);
    }
    return new ObjectColumn(own);
  }
}
