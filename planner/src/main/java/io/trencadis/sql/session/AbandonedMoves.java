package io.trencadis.sql.session;

import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.DatabaseDescriptor;
import io.trencadis.sql.catalog.Relocation;
import io.trencadis.sql.catalog.RoleDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends relocations of rows that nobody goes on with: their session, or its node, is gone. Until
/// then all is right, but every change of those rows is written twice.
final class AbandonedMoves {
  private static final Logger log = LoggerFactory.getLogger(AbandonedMoves.class);

  private final LocalSqlEngine engine;

  AbandonedMoves(LocalSqlEngine engine) {
    this.engine = engine;
  }

  /// Looks once.
  ///
  /// @return how many it has ended
  int end() {
    int ended = 0;
    Catalog catalog = engine.catalogStore().latest();
    for (DatabaseDescriptor database : catalog.all(DatabaseDescriptor.class)) {
      for (TableDescriptor table : catalog.all(TableDescriptor.class, database.oid())) {
        if (table.relocation() != null && isAbandoned(table)) {
          ended += end(catalog, database, table) ? 1 : 0;
        }
      }
    }
    return ended;
  }

  private boolean isAbandoned(TableDescriptor table) {
    long owner = table.relocation().owner();
    return owner == engine.gateway().incarnation()
        ? !engine.moves().containsKey(table.oid())
        : engine.gateway().isGone(owner);
  }

  private boolean end(Catalog catalog, DatabaseDescriptor database, TableDescriptor table) {
    if (!(catalog.byOid(Catalog.BOOTSTRAP_ROLE) instanceof RoleDescriptor owner)) {
      return false;
    }
    Relocation left = table.relocation();
    // Later than the look at the catalog, a session of this node may have begun with it.
    MoveProgress mine = new MoveProgress(AutoAnalyze.PROCESS_ID, database.oid(), table.oid());
    if (engine.moves().putIfAbsent(table.oid(), mine) != null) {
      return false;
    }
    ScopedSession session =
        (ScopedSession) engine.openInternal(owner, database, AutoAnalyze.PROCESS_ID, Map.of());
    try {
      boolean ended = session.giveUpMove(table.oid(), left.relationId());
      if (ended) {
        log.info("a move of table {} that nobody went on with was given up", table.oid());
      }
      return ended;
    } finally {
      session.close();
      engine.moves().remove(table.oid());
    }
  }
}
