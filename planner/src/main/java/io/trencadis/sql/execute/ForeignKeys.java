package io.trencadis.sql.execute;

import java.util.List;

/// The foreign keys that a change of one stored table's rows concerns.
///
/// @param checks what its rows refer to
/// @param actions what refers to its rows
public record ForeignKeys(List<ForeignKeyCheck> checks, List<ForeignKeyAction> actions) {
  /// None.
  public static final ForeignKeys NONE = new ForeignKeys(List.of(), List.of());

  boolean isEmpty() {
    return checks.isEmpty() && actions.isEmpty();
  }

  /// Which columns of a row make a key, with what is needed to show and compare their values.
  ///
  /// @param places of the columns in a row of the table
  public record Columns(StoredTable table, int[] places) {
    Object[] of(Object[] row) {
      Object[] key = new Object[places.length];
      for (int i = 0; i < key.length; i++) {
        key[i] = row[places[i]];
      }
      return key;
    }

    boolean same(Object[] a, Object[] b) {
      for (int place : places) {
        Object x = a[place];
        Object y = b[place];
        if (x == null || y == null ? x != y : !table.codec(place).equal(x, y)) {
          return false;
        }
      }
      return true;
    }

    /// `(a, b)=(1, 2)`, as PostgreSQL shows a key in errors.
    String describe(Object[] key, Execution x) {
      StringBuilder names = new StringBuilder();
      StringBuilder values = new StringBuilder();
      for (int i = 0; i < places.length; i++) {
        names.append(i == 0 ? "" : ", ").append(table.column(places[i]).name());
        values
            .append(i == 0 ? "" : ", ")
            .append(key[i] == null ? "null" : table.codec(places[i]).format(key[i], x.cx()));
      }
      return "(" + names + ")=(" + values + ")";
    }
  }

  static boolean anyNull(Object[] key) {
    for (Object value : key) {
      if (value == null) {
        return true;
      }
    }
    return false;
  }
}
