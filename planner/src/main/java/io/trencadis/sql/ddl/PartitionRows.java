package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.catalog.CheckConstraint;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.ErrorFields;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.IndexExpression;
import io.trencadis.sql.catalog.KeyPart;
import io.trencadis.sql.catalog.PartitionBound;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.execute.Execution;
import io.trencadis.sql.execute.PartitionRouter;
import io.trencadis.sql.planning.PartitionRouting;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.RelationLock;
import java.util.ArrayList;
import java.util.List;

/// Whether a table fits as a partition: its columns and constraints, and the rows that it has,
/// which would never be found again in a wrong partition.
final class PartitionRows {
  private final DdlContext cx;

  PartitionRows(DdlContext cx) {
    this.cx = cx;
  }

  /// @throws SqlException 42804 for a column that the parent has not
  void requireNoMore(TableDescriptor parent, TableDescriptor partition) {
    for (Column own : partition.liveColumns()) {
      if (parent.column(own.name()) == null) {
        throw misfit(
                "table \"%s\" contains column \"%s\" not found in parent \"%s\"",
                partition.name(), own.name(), parent.name())
            .detail("The new partition may contain only the columns present in parent.");
      }
    }
  }

  /// @throws SqlException 42804 where columns, NOT NULL or CHECK constraints are not the parent's
  void requireShape(TableDescriptor parent, TableDescriptor partition) {
    for (Column column : parent.liveColumns()) {
      Column own = partition.column(column.name());
      if (own == null) {
        throw misfit("child table is missing column \"%s\"", column.name());
      }
      if (own.typeOid() != column.typeOid() || own.typmod() != column.typmod()) {
        throw misfit(
            "child table \"%s\" has different type for column \"%s\"",
            partition.name(), column.name());
      }
      if (column.notNull() && !own.notNull()) {
        throw misfit("column \"%s\" in child table must be marked NOT NULL", column.name());
      }
    }
    for (CheckConstraint check : parent.checks()) {
      CheckConstraint own =
          partition.checks().stream()
              .filter(each -> each.name().equals(check.name()))
              .findFirst()
              .orElseThrow(() -> misfit("child table is missing constraint \"%s\"", check.name()));
      if (!Inheritance.same(own.text(), check.text())) {
        throw misfit(
            "child table \"%s\" has different definition for check constraint \"%s\"",
            partition.name(), check.name());
      }
    }
  }

  private static SqlException misfit(String message, Object... names) {
    return new SqlException(SqlState.DATATYPE_MISMATCH, String.format(message, names));
  }

  /// The indexes of the parent that a new partition has no like of.
  List<IndexDescriptor> missingIndexes(TableDescriptor parent, TableDescriptor partition) {
    return parent.indexes().stream()
        .filter(
            index ->
                partition.indexes().stream().noneMatch(own -> like(parent, index, partition, own)))
        .toList();
  }

  private static boolean like(
      TableDescriptor parent,
      IndexDescriptor index,
      TableDescriptor partition,
      IndexDescriptor own) {
    return index.unique() == own.unique()
        && text(index.predicate()).equals(text(own.predicate()))
        && columns(parent, index).equals(columns(partition, own));
  }

  private static String text(IndexExpression expression) {
    return expression == null ? "" : expression.text();
  }

  /// What an index orders by.
  private static List<String> columns(TableDescriptor table, IndexDescriptor index) {
    List<String> columns = new ArrayList<>();
    for (KeyPart part : index.parts()) {
      columns.add(
          part.expression() != null
              ? "(" + part.expression().text() + ")"
              : table.columnNumbered(part.column()).name());
    }
    return columns;
  }

  /// Looks at the rows of a table that has become a partition, and at those of the default
  /// partition beside it, which may now belong to the new one.
  ///
  /// @param partition as the catalog has it, with its parent
  /// @throws SqlException 23514 where a row belongs elsewhere
  void requireAtHome(TableDescriptor partition) {
    require(
        partition,
        leaf -> "partition constraint of relation \"" + leaf.name() + "\" is violated by some row");
    for (TableDescriptor sibling : cx.catalog().partitionsOf(partition.parentOid())) {
      if (sibling.oid() != partition.oid() && sibling.bound() instanceof PartitionBound.Default) {
        new TableLocks(cx::catalog)
            .lock(cx.store(), sibling, RelationLock.ACCESS_EXCLUSIVE, LockWait.WAIT);
        require(
            sibling,
            leaf ->
                "updated partition constraint for default partition \""
                    + leaf.name()
                    + "\" would be violated by some row");
        // Whoever is about to write there what belongs to the new one now has to find that out.
        cx.putFamily(sibling.change().build());
      }
    }
  }

  private interface Message {
    String of(TableDescriptor leaf);
  }

  private void require(TableDescriptor partition, Message message) {
    TableDescriptor root = partition;
    while (root.parentOid() != 0) {
      root = cx.catalog().table(root.parentOid());
    }
    PartitionRouter router = new PartitionRouting(cx.names()).root(root).router();
    List<TableDescriptor> all = new ArrayList<>();
    collectLeaves(root, all);
    List<TableDescriptor> own = new ArrayList<>();
    collectLeaves(partition, own);
    List<Column> columns = root.liveColumns();
    Execution x = cx.execution(new Object[0]);
    for (TableDescriptor leaf : own) {
      int number = all.indexOf(leaf);
      int[] places = new int[columns.size()];
      List<String> names = leaf.liveColumns().stream().map(Column::name).toList();
      for (int i = 0; i < places.length; i++) {
        places[i] = names.indexOf(columns.get(i).name());
      }
      new TableRewriter(cx)
          .forEach(
              leaf,
              row -> {
                Object[] seen = new Object[places.length];
                for (int i = 0; i < places.length; i++) {
                  seen[i] = row[places[i]];
                }
                if (router.leafOf(seen, x) != number) {
                  throw ErrorFields.about(
                      leaf, new SqlException(SqlState.CHECK_VIOLATION, message.of(leaf)));
                }
              });
    }
  }

  /// Depth first, in the order in which a router numbers them.
  private void collectLeaves(TableDescriptor table, List<TableDescriptor> leaves) {
    if (!table.isPartitioned()) {
      leaves.add(table);
      return;
    }
    for (TableDescriptor partition : cx.catalog().partitionsOf(table.oid())) {
      collectLeaves(partition, leaves);
    }
  }
}
