package io.trencadis.sql.catalog;

/// One column of a key: of an index, or of the table's own order.
///
/// @param column the table column's number
public record KeyPart(int column, boolean descending, boolean nullsFirst) {
  /// An ascending part with nulls last, which is PostgreSQL's default.
  public static KeyPart ascending(int column) {
    return new KeyPart(column, false, false);
  }
}
