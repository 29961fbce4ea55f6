package io.trencadis.sql.catalog;

/// One part of a key: of an index, or of the table's own order.
///
/// @param column the table column's number, or 0 for an expression
/// @param expression what the part is, or null for a column
/// @param operatorClass the class that decides on an inverted index's terms; for others the class
///   that was written, or null for the type's default
public record KeyPart(
    int column,
    boolean descending,
    boolean nullsFirst,
    IndexExpression expression,
    String operatorClass) {
  public KeyPart(int column, boolean descending, boolean nullsFirst, IndexExpression expression) {
    this(column, descending, nullsFirst, expression, null);
  }

  public KeyPart(int column, boolean descending, boolean nullsFirst) {
    this(column, descending, nullsFirst, null);
  }

  /// An ascending part with nulls last, which is PostgreSQL's default.
  public static KeyPart ascending(int column) {
    return new KeyPart(column, false, false);
  }

  /// Whether the part is a column, or an expression over it.
  boolean uses(int number) {
    return expression == null ? column == number : expression.columns().contains(number);
  }
}
