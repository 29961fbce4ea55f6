package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.ddl.IndexBuilds;
import io.trencadis.sql.execute.StoredIndex;
import io.trencadis.sql.execute.StoredRows;
import io.trencadis.sql.execute.StoredTable;
import java.util.HashSet;
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
  private final LocalSession session;
  private final StatementExecutor executor;
  private final SchemaCommands schema;
  private final OnlineSteps steps;

  ConcurrentIndexes(
      LocalSession session,
      TransactionControl transactions,
      StatementExecutor executor,
      SchemaCommands schema) {
    this.session = session;
    this.executor = executor;
    this.schema = schema;
    this.steps = new OnlineSteps(session, transactions, executor);
  }

  private void step(Consumer<IndexBuilds> work) {
    steps.step(() -> schema.onIndexes(work));
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
        steps.commit();
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
    TableWalk walk = null;
    int tries = 0;
    while (walk == null || !walk.done()) {
      session.interrupts().check();
      try {
        TableDescriptor now = session.engine().catalogStore().latest().table(tableOid);
        IndexDescriptor index = IndexBuilds.index(now, indexOid);
        if (walk == null || !walk.isOf(now)) {
          // Where the rows have moved to a new relation, they are gone through again.
          walk = new TableWalk(session, executor, now);
        }
        walk.batch(
            now,
            (writer, stored, key, row) ->
                writer.addEntryOf(target(stored, index), StoredRows.decode(stored, row), key));
        tries = 0;
      } catch (RuntimeException e) {
        OnlineSteps.requireWorthAnotherTry(e, ++tries);
      }
    }
  }

  private static StoredIndex target(StoredTable stored, IndexDescriptor index) {
    return stored.indexes().stream()
        .filter(each -> each.descriptor().oid() == index.oid())
        .findFirst()
        .orElseThrow();
  }
}
