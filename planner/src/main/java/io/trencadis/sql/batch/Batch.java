package io.trencadis.sql.batch;

/// Some rows: columns, and the places in them that count, in the rows' order. Confined to one
/// thread; who gets one may drop rows from it, and it stays as it is until the next one is asked
/// for.
public final class Batch {
  /// How many places a batch has at most.
  public static final int MOST = 1024;

  private final Column[] columns;
  private final int[] places;
  private int count;

  /// @param columns null for those that nobody needs
  /// @param places of the rows, ascending; may be modified from then on
  /// @param count how many of `places` mean something
  public Batch(Column[] columns, int[] places, int count) {
    this.columns = columns;
    this.places = places;
    this.count = count;
  }

  /// Rows at all places below `count`.
  public static Batch whole(Column[] columns, int count) {
    int[] places = new int[count];
    for (int i = 0; i < count; i++) {
      places[i] = i;
    }
    return new Batch(columns, places, count);
  }

  public int width() {
    return columns.length;
  }

  /// Null where nobody needs it.
  public Column column(int column) {
    return columns[column];
  }

  /// Adds a column that is not there yet.
  public void column(int column, Column values) {
    columns[column] = values;
  }

  /// How many rows there are.
  public int count() {
    return count;
  }

  /// Where the rows are in the columns; the first [#count] mean something.
  public int[] places() {
    return places;
  }

  /// Leaves only the first rows of [#places], into which those to be kept have been moved.
  public void keep(int rows) {
    count = rows;
  }

  /// The row at a place, with nulls for columns that are not there.
  public Object[] row(int place) {
    Object[] row = new Object[columns.length];
    fill(place, row);
    return row;
  }

  /// Puts a row's values into an array as wide as the batch; columns that are not there stay as
  /// they are.
  public void fill(int place, Object[] row) {
    for (int i = 0; i < columns.length; i++) {
      if (columns[i] != null) {
        row[i] = columns[i].get(place);
      }
    }
  }
}
