package io.trencadis.sql.execute;

import io.trencadis.sql.catalog.TableDescriptor;

/// Finds the rows that refer to a key. Immutable and thread-safe.
///
/// Its plan and expressions have slots of their own: first the key that is looked for, then the key
/// to replace it by, each with the types of the referenced columns; then constants.
public final class ReferencingRows {
  private final TableDescriptor table;
  private final PlanNode plan;
  private final Object[] template;
  private final Eval match;
  private final Eval[] cascaded;
  private final Eval[] defaults;

  /// @param plan gives the referencing table's columns and a locator
  /// @param match over such a row: whether it refers to the key
  /// @param cascaded the new key as values of the referencing columns
  /// @param defaults of the referencing columns
  public ReferencingRows(
      TableDescriptor table,
      PlanNode plan,
      Object[] template,
      Eval match,
      Eval[] cascaded,
      Eval[] defaults) {
    this.table = table;
    this.plan = plan;
    this.template = template;
    this.match = match;
    this.cascaded = cascaded;
    this.defaults = defaults;
  }

  TableDescriptor table() {
    return table;
  }

  /// A run that sees the present, this transaction's writes included.
  ///
  /// @param after may be null
  Execution execution(Object[] key, Object[] after, Execution x) {
    Object[] slots = template.clone();
    System.arraycopy(key, 0, slots, 0, key.length);
    if (after != null) {
      System.arraycopy(after, 0, slots, key.length, after.length);
    }
    return x.atPresent(slots);
  }

  /// Whether any row refers to the key now.
  boolean any(Object[] key, Execution x) {
    try (RowSource rows = plan.open(execution(key, null, x))) {
      return rows.next() != null;
    }
  }

  RowSource open(Execution own) {
    return plan.open(own);
  }

  boolean matches(Object[] row, Execution own) {
    return match.holds(row, own);
  }

  Object[] cascaded(Execution own) {
    return RowNodes.evaluate(cascaded, RowNodes.NO_COLUMNS, own);
  }

  Object[] defaults(Execution own) {
    return RowNodes.evaluate(defaults, RowNodes.NO_COLUMNS, own);
  }
}
