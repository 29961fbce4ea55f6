package io.trencadis.sql.session;

import io.trencadis.sharding.RowCursor;
import io.trencadis.sharding.Transaction;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.execute.IndexEvals;
import io.trencadis.sql.execute.StoredRows;
import io.trencadis.sql.execute.StoredTable;
import io.trencadis.sql.execute.TableWriter;
import io.trencadis.sql.planning.IndexExpressions;
import io.trencadis.storage.Keys;
import io.trencadis.txn.IsolationLevel;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.RelationLock;
import io.trencadis.txn.RowLock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A walk over all rows of one relation while others write, a batch at a time, each in a
/// transaction of its own: its rows are locked against changes, and read as they are then. Confined
/// to the session's thread.
final class TableWalk {
  private static final int BATCH = 200;

  private final LocalSession session;
  private final StatementExecutor executor;
  private final int relationId;
  private final int[] shards;
  private int shard;
  private byte[] from;
  private long rows;
  private long bytes;

  /// Something to do for each row.
  interface Visitor {
    /// @param writer writes in the batch's transaction
    void visit(TableWriter writer, StoredTable table, byte[] key, byte[] row);
  }

  TableWalk(LocalSession session, StatementExecutor executor, TableDescriptor table) {
    this.session = session;
    this.executor = executor;
    StoredTable stored = new StoredTable(table);
    relationId = table.relationId();
    shards = stored.placement().shards();
    from = StoredRows.firstKey(stored);
  }

  /// Whether the table's rows are still in the relation that is walked over.
  boolean isOf(TableDescriptor table) {
    return relationId == table.relationId();
  }

  boolean done() {
    return shard == shards.length;
  }

  /// How many rows were visited.
  long rows() {
    return rows;
  }

  /// Their bytes.
  long bytes() {
    return bytes;
  }

  /// Does the next batch. If it fails it is as if it had not been begun.
  ///
  /// @param table as it is now
  void batch(TableDescriptor table, Visitor visitor) {
    StoredTable stored = new StoredTable(table);
    Map<Integer, IndexEvals> evals = IndexExpressions.of(table, session.names());
    Transaction store =
        session
            .engine()
            .gateway()
            .begin(IsolationLevel.READ_COMMITTED, false, session.interrupts());
    try {
      store.beginStatement();
      store.lockRelation(stored.relation(), shards, RelationLock.ROW_EXCLUSIVE, LockWait.WAIT);
      List<byte[]> keys = keys(store, stored);
      TableWriter writer =
          new TableWriter(
              stored,
              executor.execution(new Object[0], store),
              session.engine()::newRowId,
              false,
              evals);
      long visited = 0;
      long read = 0;
      for (byte[] key : keys) {
        byte[] row =
            store.lockAndGetNewest(
                shards[shard], stored.relation(), key, RowLock.SHARE, LockWait.WAIT);
        if (row != null) {
          visitor.visit(writer, stored, key, row);
          visited++;
          read += key.length + row.length;
        }
      }
      writer.flush();
      store.commit();
      rows += visited;
      bytes += read;
      if (keys.size() == BATCH) {
        from = Keys.successor(keys.getLast());
      } else {
        shard++;
        from = StoredRows.firstKey(stored);
      }
    } finally {
      store.rollback();
    }
  }

  private List<byte[]> keys(Transaction store, StoredTable stored) {
    List<byte[]> keys = new ArrayList<>();
    try (RowCursor cursor =
        store.scanUntracked(
            shards[shard],
            stored.relation(),
            from,
            StoredRows.endKey(stored),
            false,
            store.writeMark())) {
      while (keys.size() < BATCH && cursor.next()) {
        keys.add(cursor.key());
      }
    }
    return keys;
  }
}
