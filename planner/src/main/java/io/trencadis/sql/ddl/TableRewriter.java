package io.trencadis.sql.ddl;

import io.trencadis.sharding.RowCursor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.execute.StoredIndex;
import io.trencadis.sql.execute.StoredRows;
import io.trencadis.sql.execute.StoredTable;
import io.trencadis.sql.execute.TableWriter;
import io.trencadis.sql.planning.IndexExpressions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/// Moves or checks the rows of a table that is locked exclusively.
final class TableRewriter {
  private final DdlContext cx;

  TableRewriter(DdlContext cx) {
    this.cx = cx;
  }

  /// Looks at every row, in the order of the table's key over all its shards: whoever writes them
  /// again by another key that grows alike writes in order.
  ///
  /// @param visitor given each row's live columns
  void forEach(TableDescriptor table, java.util.function.Consumer<Object[]> visitor) {
    StoredTable stored = new StoredTable(table);
    int mark = cx.store().writeMark();
    List<RowCursor> cursors = new ArrayList<>();
    try {
      for (int shard : stored.placement().shards()) {
        RowCursor cursor =
            cx.store()
                .scan(
                    shard,
                    stored.relation(),
                    StoredRows.firstKey(stored),
                    StoredRows.endKey(stored),
                    false,
                    mark);
        cursors.add(cursor);
        if (!cursor.next()) {
          cursors.removeLast().close();
        }
      }
      for (long seen = 1; !cursors.isEmpty(); seen++) {
        RowCursor next = lowest(cursors);
        visitor.accept(StoredRows.decode(stored, next.value()));
        if (!next.next()) {
          cursors.remove(next);
          next.close();
        }
        if ((seen & 0x3ff) == 0) {
          cx.checkInterrupts();
        }
      }
    } finally {
      cursors.forEach(RowCursor::close);
    }
  }

  private static RowCursor lowest(List<RowCursor> cursors) {
    RowCursor lowest = cursors.getFirst();
    for (int i = 1; i < cursors.size(); i++) {
      if (Arrays.compareUnsigned(cursors.get(i).key(), lowest.key()) < 0) {
        lowest = cursors.get(i);
      }
    }
    return lowest;
  }

  /// Writes every row of `from` into `to`, a table with a relation id of its own, changed on the
  /// way.
  ///
  /// @param change of a row of `from`'s live columns into one of `to`'s
  /// @throws io.trencadis.base.SqlException 23505 where the rows break a unique key of `to`
  long rewrite(TableDescriptor from, TableDescriptor to, UnaryOperator<Object[]> change) {
    StoredTable target = new StoredTable(to);
    TableWriter writer =
        new TableWriter(
            target,
            cx.execution(new Object[0]),
            cx.rowIds(),
            true,
            IndexExpressions.of(to, cx.names()));
    long[] rows = {0};
    forEach(
        from,
        row -> {
          writer.insert(change.apply(row));
          rows[0]++;
        });
    writer.flush();
    return rows[0];
  }

  /// Writes the entries of a new index.
  void fill(TableDescriptor table, int indexOid) {
    StoredTable stored = new StoredTable(table);
    StoredIndex index =
        stored.indexes().stream()
            .filter(i -> i.descriptor().oid() == indexOid)
            .findFirst()
            .orElseThrow();
    TableWriter writer =
        new TableWriter(
            stored,
            cx.execution(new Object[0]),
            cx.rowIds(),
            true,
            IndexExpressions.of(table, cx.names()));
    int mark = cx.store().writeMark();
    long seen = 0;
    for (int shard : stored.placement().shards()) {
      try (RowCursor cursor =
          cx.store()
              .scan(
                  shard,
                  stored.relation(),
                  StoredRows.firstKey(stored),
                  StoredRows.endKey(stored),
                  false,
                  mark)) {
        while (cursor.next()) {
          writer.insertEntryOf(index, StoredRows.decode(stored, cursor.value()), cursor.key());
          if ((++seen & 0x3ff) == 0) {
            cx.checkInterrupts();
          }
        }
      }
    }
    writer.flush();
  }
}
