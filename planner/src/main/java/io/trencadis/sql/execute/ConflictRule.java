package io.trencadis.sql.execute;

import io.trencadis.txn.RowLock;
import java.util.List;
import java.util.Map;

/// What INSERT does about a row whose key is there already: ON CONFLICT. Immutable and thread-safe.
///
/// @param arbiters by stored table: the unique indexes whose keys are looked at
/// @param names of those indexes of the table that the statement names, for EXPLAIN
/// @param set the whole new row, over the named table's columns as they are and then those of the
///   row that was to be inserted; null for DO NOTHING
/// @param where over the same, or null
/// @param lock what DO UPDATE locks the row with that is there
public record ConflictRule(
    Map<StoredTable, Arbiters> arbiters, List<String> names, Eval[] set, Eval where, RowLock lock) {

  /// @param primary whether the table's own key is one of them
  public record Arbiters(boolean primary, List<StoredIndex> others) {}

  boolean updates() {
    return set != null;
  }
}
