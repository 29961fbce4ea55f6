package io.trencadis.sql.execute;

/// What is known of one column before a scan starts: values that it lies between, both of them
/// possible. Immutable and thread-safe.
///
/// @param lower null for none
/// @param upper null for none
public record Bounds(Eval lower, Eval upper) {
  /// The values of one run. A bound that was given and is null lets nothing match.
  ///
  /// @param low null for none
  /// @param high null for none
  record Values(Object low, Object high) {}

  /// @return null where nothing can match
  Values values(Execution x) {
    Object low = lower == null ? null : lower.eval(RowNodes.NO_COLUMNS, x);
    Object high = upper == null ? null : upper.eval(RowNodes.NO_COLUMNS, x);
    boolean nothing = lower != null && low == null || upper != null && high == null;
    return nothing ? null : new Values(low, high);
  }
}
