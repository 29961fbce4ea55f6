package io.trencadis.sql.catalog;

import java.util.List;

/// A CHECK constraint of a table.
///
/// @param text the condition as SQL text, over the table's columns
/// @param columns numbers of the columns that it names
/// @param noInherit whether children do not get it
/// @param notValid whether rows that were there before it may violate it
/// @param inherited how many direct parents the table has it from: `pg_constraint.coninhcount`
/// @param notLocal whether it is there for its parents only: not `pg_constraint.conislocal`
public record CheckConstraint(
    int oid,
    String name,
    String text,
    List<Integer> columns,
    boolean noInherit,
    boolean notValid,
    int inherited,
    boolean notLocal) {
  /// A constraint of the table's own that all rows satisfy.
  public CheckConstraint(int oid, String name, String text, List<Integer> columns) {
    this(oid, name, text, columns, false, false, 0, false);
  }

  public CheckConstraint withName(String newName) {
    return new CheckConstraint(
        oid, newName, text, columns, noInherit, notValid, inherited, notLocal);
  }

  public CheckConstraint withText(String newText) {
    return new CheckConstraint(
        oid, name, newText, columns, noInherit, notValid, inherited, notLocal);
  }

  public CheckConstraint withOrigin(int inheritedCount, boolean local) {
    return new CheckConstraint(
        oid, name, text, columns, noInherit, notValid, inheritedCount, !local);
  }

  /// The same, which all rows are known to satisfy.
  public CheckConstraint asValid() {
    return new CheckConstraint(oid, name, text, columns, noInherit, false, inherited, notLocal);
  }
}
