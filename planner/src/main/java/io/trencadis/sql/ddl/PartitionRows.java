package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.PartitionBound;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.execute.PartitionRouter;
import io.trencadis.sql.planning.PartitionRouting;
import io.trencadis.sql.types.TypeContext;
import java.util.ArrayList;
import java.util.List;

/// Whether the rows that a partition has belong into it. Rows in a wrong partition would never be
/// found again.
final class PartitionRows {
  private final DdlContext cx;

  PartitionRows(DdlContext cx) {
    this.cx = cx;
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
        require(
            sibling,
            leaf ->
                "updated partition constraint for default partition \""
                    + leaf.name()
                    + "\" would be violated by some row");
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
    PartitionRouter router = new PartitionRouting(cx.catalog()).root(root).router();
    List<TableDescriptor> all = new ArrayList<>();
    collectLeaves(root, all);
    List<TableDescriptor> own = new ArrayList<>();
    collectLeaves(partition, own);
    List<Column> columns = root.liveColumns();
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
                if (router.leafOf(seen, TypeContext.DEFAULTS) != number) {
                  throw new SqlException(SqlState.CHECK_VIOLATION, message.of(leaf))
                      .with(SqlException.Field.TABLE_NAME, leaf.name());
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
