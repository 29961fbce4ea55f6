package io.trencadis.sql.analyze;

import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.execute.ModifyNode;
import io.trencadis.sql.rel.Slot;
import io.trencadis.sql.rel.WorkTable;
import io.trencadis.sql.rights.Access;
import io.trencadis.sql.session.ResultColumn;
import io.trencadis.txn.RowLock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexNode;

/// A statement with its meaning found: what planning starts from.
///
/// @param cluster the one its trees were built in
/// @param query the rows to compute: the answer of a query, or what a change is made from
/// @param columns the answer's columns; null where the statement gives no rows
/// @param slots parameters, constants and outer columns
/// @param parameterTypes type oids of `$1`, `$2`, …
/// @param pinnedLiterals literals whose values shaped the meaning
/// @param tables what it depends on
/// @param change the change to make, or null for a query
/// @param locks whether the query or a sub-select of it locks rows (FOR UPDATE and its like)
/// @param parts what is changed besides, in order
/// @param accesses what it does with tables, views and functions, its parts included
/// @param routines oids of the users' functions that it calls
/// @param callsWriters whether one of those may write
public record Analyzed(
    RelOptCluster cluster,
    RelNode query,
    List<ResultColumn> columns,
    List<Slot> slots,
    int[] parameterTypes,
    Set<Integer> pinnedLiterals,
    Set<TableDescriptor> tables,
    Change change,
    boolean locks,
    List<Part> parts,
    List<Access> accesses,
    Set<Integer> routines,
    boolean callsWriters) {

  Analyzed withAccesses(List<Access> all, Set<Integer> called, boolean writers) {
    return new Analyzed(
        cluster,
        query,
        columns,
        slots,
        parameterTypes,
        pinnedLiterals,
        tables,
        change,
        locks,
        parts,
        all,
        called,
        writers);
  }

  Analyzed withParts(List<Part> changes) {
    return new Analyzed(
        cluster,
        query,
        columns,
        slots,
        parameterTypes,
        pinnedLiterals,
        tables,
        change,
        locks,
        changes,
        accesses,
        routines,
        callsWriters);
  }

  /// A data-modifying query of the WITH clause.
  ///
  /// @param table where the rows of its RETURNING are left
  /// @param statement its rows and its change
  /// @param read whether the statement depends on what it returns; if not, it is made last
  public record Part(WorkTable table, Analyzed statement, boolean read) {}

  /// A change of a table.
  ///
  /// @param leaves where the rows are: the table itself, or its partitions
  /// @param checks CHECK conditions over the table's columns, by constraint name
  /// @param returning over the table's columns and then what FROM or USING gives; null without
  ///   RETURNING
  /// @param lock what a row found by its key is locked with before it is read
  /// @param joined whether one row may come up several times
  /// @param assigned names of the columns that rows already there may get other values in
  /// @param onConflict what INSERT does about a key that is there already, or null
  /// @param merge for MERGE, else null
  /// @param generated what columns are computed from, by place; null for the others
  /// @param locates whether RETURNING sees the changed row's locator behind all else
  /// @param own by oid, the rules of leaves that have others than the table
  public record Change(
      ModifyNode.Kind kind,
      TableDescriptor table,
      List<TableDescriptor> leaves,
      List<NamedCheck> checks,
      List<RexNode> returning,
      RowLock lock,
      boolean joined,
      Set<String> assigned,
      OnConflict onConflict,
      List<RexNode> generated,
      Merge merge,
      boolean locates,
      Map<Integer, Rules> own) {}

  /// What a leaf asks of its rows.
  ///
  /// @param checks over the leaf's columns
  /// @param generated what its columns are computed from, by place; null for the others; empty
  ///   where the named table's are enough
  public record Rules(List<NamedCheck> checks, List<RexNode> generated) {}

  /// MERGE: what is done for the rows of the query, which joins the source with the table.
  ///
  /// @param locator the column that locates the table's row, null where there is none
  public record Merge(int locator, List<MergeAction> actions) {}

  /// @param matched whether it is for rows that the table has
  /// @param condition over the query's rows, or null
  /// @param kind what is done, or null for nothing
  /// @param row the whole new row, over the query's rows; for INSERT and UPDATE
  public record MergeAction(
      boolean matched, RexNode condition, ModifyNode.Kind kind, List<RexNode> row) {}

  /// ON CONFLICT.
  ///
  /// @param arbiters the unique indexes of the named table whose keys are looked at; null for all
  /// @param set the whole new row, over the table's columns and then those of `excluded`; null for
  ///   DO NOTHING
  /// @param where over the same, or null
  /// @param lock what DO UPDATE locks the row with that is there
  public record OnConflict(
      List<IndexDescriptor> arbiters, List<RexNode> set, RexNode where, RowLock lock) {}

  /// A CHECK constraint's condition, or that of a view with CHECK OPTION.
  public record NamedCheck(String name, RexNode condition, boolean ofView) {}
}
