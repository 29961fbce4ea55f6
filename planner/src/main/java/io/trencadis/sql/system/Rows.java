package io.trencadis.sql.system;

import java.util.ArrayList;
import java.util.List;

/// Rows of one relation in the making, filled by the names of columns. What is not set is null, or
/// where null is not allowed, zero, false or empty. Not thread-safe.
final class Rows {
  private final Shape shape;
  private final List<Object[]> rows = new ArrayList<>();
  private Object[] row;

  Rows(Shape shape) {
    this.shape = shape;
  }

  /// Begins the next row.
  Rows add() {
    row = shape.newRow();
    rows.add(row);
    return this;
  }

  /// Sets a column of the row that was begun last.
  Rows set(String column, Object value) {
    int position = shape.position(column);
    row[position] = shape.value(position, value);
    return this;
  }

  /// Sets the first columns, in their order.
  Rows setAll(Object... values) {
    for (int i = 0; i < values.length; i++) {
      row[i] = shape.value(i, values[i]);
    }
    return this;
  }

  List<Object[]> list() {
    return rows;
  }
}
