package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sharding.RowCursor;
import io.trencadis.sharding.Transaction;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.ddl.IndexBuilds;
import io.trencadis.sql.execute.IndexEvals;
import io.trencadis.sql.execute.StoredIndex;
import io.trencadis.sql.execute.StoredRows;
import io.trencadis.sql.execute.StoredTable;
import io.trencadis.sql.execute.TableWriter;
import io.trencadis.sql.planning.IndexExpressions;
import io.trencadis.storage.Keys;
import io.trencadis.txn.IsolationLevel;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.RelationLock;
import io.trencadis.txn.RowLock;
import io.trencadis.txn.SchemaChangedException;
import io.trencadis.txn.StatementRestartException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// CREATE INDEX CONCURRENTLY and REINDEX CONCURRENTLY: an index is built while others write.
///
/// First the index is committed as one that every write keeps up to date and nobody reads. Writers
/// that did not know of it have ended by then, because that step waits for the table's lock. Then
/// the rows that are there get their entries, a batch at a time: a batch locks its rows against
/// changes, reads each as it is now and commits, so that its entries are those of the newest rows.
/// Whatever is written beside it has its entries from its writer. A last commit lets queries use
/// the index: every row that one of them can see has its entry.
///
/// Confined to the session's thread.
final class ConcurrentIndexes {
  private static final int BATCH = 200;
  private static final int MOST_TRIES = 1000;

  private final LocalSession session;
  private final TransactionControl transactions;
  private final StatementExecutor executor;
  private final SchemaCommands schema;

  ConcurrentIndexes(
      LocalSession session,
      TransactionControl transactions,
      StatementExecutor executor,
      SchemaCommands schema) {
    this.session = session;
    this.transactions = transactions;
    this.executor = executor;
    this.schema = schema;
  }

  /// Commits what was done so far; what follows is in another transaction.
  private void commit() {
    executor.cannotRunAgain();
    transactions.endInside(true, false);
  }

  /// Does one of the short steps and commits it; again where it has met others' locks crosswise.
  private void step(Consumer<IndexBuilds> work) {
    for (int tries = 1; ; tries++) {
      try {
        schema.onIndexes(work);
        commit();
        return;
      } catch (SqlException e) {
        if (!isConflict(e) || tries > MOST_TRIES) {
          throw e;
        }
        transactions.endInside(false, false);
      }
      session.interrupts().check();
    }
  }

  private static boolean isConflict(SqlException e) {
    return e.state() == SqlState.SERIALIZATION_FAILURE || e.state() == SqlState.DEADLOCK_DETECTED;
  }

  private static Set<Integer> oids(TableDescriptor table) {
    Set<Integer> oids = new HashSet<>();
    table.indexes().forEach(index -> oids.add(index.oid()));
    return oids;
  }

  /// CREATE INDEX CONCURRENTLY.
  String create(Statement.CreateIndex create) {
    TableDescriptor named = session.names().table(create.table());
    Set<Integer> before = oids(named);
    String tag = schema.inOneStep(create);
    TableDescriptor table = session.names().catalog().table(named.oid());
    for (IndexDescriptor index : table.indexes()) {
      if (!before.contains(index.oid()) && index.state() == 'b') {
        commit();
        build(table.oid(), index.oid());
        step(builds -> builds.state(table.oid(), index.oid(), ' '));
        break;
      }
    }
    return tag;
  }

  /// REINDEX CONCURRENTLY of one index.
  void rebuild(int tableOid, int indexOid) {
    int[] twin = new int[1];
    step(builds -> twin[0] = builds.addTwin(tableOid, indexOid));
    build(tableOid, twin[0]);
    step(builds -> builds.takeOver(tableOid, indexOid, twin[0]));
  }

  /// Gives all rows their entries. An index that cannot be built is left behind, invalid.
  private void build(int tableOid, int indexOid) {
    try {
      fill(tableOid, indexOid);
    } catch (SqlException e) {
      TableDescriptor table = session.engine().catalogStore().latest().table(tableOid);
      if (table == null || table.indexes().stream().noneMatch(each -> each.oid() == indexOid)) {
        throw e;
      }
      step(builds -> builds.state(tableOid, indexOid, 'i'));
      throw IndexBuilds.buildFailure(e, table, IndexBuilds.index(table, indexOid));
    }
  }

  private void fill(int tableOid, int indexOid) {
    Work work = null;
    int tries = 0;
    while (work == null || !work.done()) {
      session.interrupts().check();
      try {
        TableDescriptor now = session.engine().catalogStore().latest().table(tableOid);
        IndexDescriptor index = IndexBuilds.index(now, indexOid);
        if (work == null || work.relationId != now.relationId()) {
          // Where the rows have moved to a new relation, they are gone through again.
          work = new Work(now);
        }
        work.batch(now, index);
        tries = 0;
      } catch (StatementRestartException | SchemaChangedException e) {
        requireTries(++tries, e);
      } catch (SqlException e) {
        if (!isConflict(e)) {
          throw e;
        }
        requireTries(++tries, e);
      }
    }
  }

  private static void requireTries(int tries, RuntimeException last) {
    if (tries > MOST_TRIES) {
      throw last;
    }
  }

  /// The walk over the rows of one relation.
  private final class Work {
    private final int relationId;
    private final int[] shards;
    private int shard;
    private byte[] from;

    Work(TableDescriptor table) {
      StoredTable stored = new StoredTable(table);
      relationId = table.relationId();
      shards = stored.placement().shards();
      from = StoredRows.firstKey(stored);
    }

    boolean done() {
      return shard == shards.length;
    }

    /// Does the next batch, in a transaction of its own.
    void batch(TableDescriptor table, IndexDescriptor index) {
      StoredTable stored = new StoredTable(table);
      StoredIndex target =
          stored.indexes().stream()
              .filter(each -> each.descriptor().oid() == index.oid())
              .findFirst()
              .orElseThrow();
      Map<Integer, IndexEvals> evals = IndexExpressions.of(table, session.names());
      Transaction store =
          session
              .engine()
              .gateway()
              .begin(IsolationLevel.READ_COMMITTED, false, session.interrupts());
      try {
        store.beginStatement();
        store.lockRelation(stored.relation(), shards, RelationLock.ROW_EXCLUSIVE, LockWait.WAIT);
        List<byte[]> keys = new ArrayList<>();
        try (RowCursor rows =
            store.scanUntracked(
                shards[shard],
                stored.relation(),
                from,
                StoredRows.endKey(stored),
                false,
                store.writeMark())) {
          while (keys.size() < BATCH && rows.next()) {
            keys.add(rows.key());
          }
        }
        TableWriter writer =
            new TableWriter(
                stored,
                executor.execution(new Object[0], store),
                session.engine()::newRowId,
                false,
                evals);
        for (byte[] key : keys) {
          byte[] row =
              store.lockAndGetNewest(
                  shards[shard], stored.relation(), key, RowLock.SHARE, LockWait.WAIT);
          if (row != null) {
            writer.addEntryOf(target, StoredRows.decode(stored, row), key);
          }
        }
        writer.flush();
        store.commit();
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
  }
}
