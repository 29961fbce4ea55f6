package io.trencadis.sql.ddl;

import io.trencadis.sharding.RowCursor;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.execute.ShardMerge;
import io.trencadis.sql.execute.StoredIndex;
import io.trencadis.sql.execute.StoredRows;
import io.trencadis.sql.execute.StoredTable;
import io.trencadis.sql.execute.TableWriter;
import io.trencadis.sql.planning.IndexExpressions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
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
  void forEach(TableDescriptor table, Consumer<Object[]> visitor) {
    StoredTable stored = new StoredTable(table);
    forEachStored(stored, row -> visitor.accept(StoredRows.decode(stored, row)));
  }

  /// The same of the rows' bytes.
  private void forEachStored(StoredTable stored, Consumer<byte[]> visitor) {
    int mark = cx.store().writeMark();
    int[] shards = stored.placement().shards();
    List<RowCursor> cursors = new ArrayList<>();
    for (int shard : shards) {
      cursors.add(
          cx.store()
              .scan(
                  shard,
                  stored.relation(),
                  StoredRows.firstKey(stored),
                  StoredRows.endKey(stored),
                  false,
                  mark));
    }
    try (ShardMerge rows = new ShardMerge(cursors, shards)) {
      for (long seen = 1; rows.next(); seen++) {
        visitor.accept(rows.value());
        if ((seen & 0x3ff) == 0) {
          cx.checkInterrupts();
        }
      }
    }
  }

  /// Writes every row of `from` into `to`, a table with a relation id of its own, changed on the
  /// way.
  ///
  /// @param change of a row of `from`'s live columns into one of `to`'s
  /// @throws io.trencadis.base.SqlException 23505 where the rows break a unique key of `to`
  long rewrite(TableDescriptor from, TableDescriptor to, UnaryOperator<Object[]> change) {
    TableWriter writer = writer(new StoredTable(to));
    long[] rows = {0};
    forEach(
        from,
        row -> {
          writer.insert(change.apply(row));
          rows[0]++;
        });
    writer.finish();
    return rows[0];
  }

  /// Writes every row of `from` into `to`, a table with a relation id of its own and another key.
  ///
  /// @param required names of columns that no row may have null in, and that may be unknown to
  ///   `from`'s constraints
  /// @throws io.trencadis.base.SqlException 23505 where the rows break a unique key of `to`, 23502
  long rekey(TableDescriptor from, TableDescriptor to, List<Column> required) {
    StoredTable source = new StoredTable(from);
    StoredTable target = new StoredTable(to);
    TableWriter writer = writer(target);
    boolean sameBytes = StoredRows.same(source, target);
    int[] needed = sameBytes ? writer.needed() : null;
    int[] places = new int[required.size()];
    for (int i = 0; i < places.length; i++) {
      places[i] = source.place(required.get(i).number());
    }
    Column[] lacking = {null};
    long[] rows = {0};
    forEachStored(
        source,
        bytes -> {
          Object[] row = StoredRows.decode(source, bytes, needed);
          for (int i = 0; i < places.length; i++) {
            if (row[places[i]] == null) {
              // Told at the end: rows that are there twice come first.
              lacking[0] = lacking[0] == null ? required.get(i) : lacking[0];
              return;
            }
          }
          if (sameBytes) {
            writer.insert(row, bytes);
          } else {
            writer.insert(row);
          }
          rows[0]++;
        });
    writer.finish();
    if (lacking[0] != null) {
      throw ColumnRules.containsNulls(lacking[0], from);
    }
    return rows[0];
  }

  private TableWriter writer(StoredTable target) {
    return new TableWriter(
        target,
        cx.execution(new Object[0]),
        cx.rowIds(),
        true,
        IndexExpressions.of(target.descriptor(), cx.names()));
  }

  /// Writes the entries of a new index.
  void fill(TableDescriptor table, int indexOid) {
    StoredTable stored = new StoredTable(table);
    StoredIndex index =
        stored.indexes().stream()
            .filter(i -> i.descriptor().oid() == indexOid)
            .findFirst()
            .orElseThrow();
    TableWriter writer = writer(stored);
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
    writer.finish();
  }
}
