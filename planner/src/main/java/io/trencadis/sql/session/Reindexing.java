package io.trencadis.sql.session;

import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import java.util.ArrayList;
import java.util.List;

/// REINDEX: builds indexes anew from their tables. The primary key is the table itself, and has
/// nothing to be built. Confined to the session's thread.
final class Reindexing {
  private final LocalSession session;
  private final TransactionControl transactions;
  private final StatementExecutor executor;
  private final SchemaCommands schema;

  private record Target(int tableOid, int indexOid) {}

  Reindexing(
      LocalSession session,
      TransactionControl transactions,
      StatementExecutor executor,
      SchemaCommands schema) {
    this.session = session;
    this.transactions = transactions;
    this.executor = executor;
    this.schema = schema;
  }

  void run(Statement.Reindex reindex) {
    boolean concurrently = MaintenanceTargets.concurrently(reindex);
    boolean one = reindex.kind().equals("table") || reindex.kind().equals("index");
    if (one) {
      schema.requireOwner(reindex.name());
    }
    for (Target target : targets(reindex)) {
      if (concurrently) {
        new ConcurrentIndexes(session, transactions, executor, schema)
            .rebuild(target.tableOid, target.indexOid);
      } else {
        schema.onIndexes(builds -> builds.rebuild(target.tableOid, target.indexOid));
        if (!one) {
          executor.cannotRunAgain();
          transactions.endInside(true, false);
        }
      }
    }
  }

  private List<Target> targets(Statement.Reindex reindex) {
    Catalog catalog = session.names().catalog();
    List<Target> all = new ArrayList<>();
    switch (reindex.kind()) {
      case "table" -> {
        if (session.names().findRelation(reindex.name()) instanceof TableDescriptor table) {
          add(catalog, table, null, all);
        }
      }
      case "index" -> {
        TableDescriptor table = session.names().tableOfIndex(reindex.name());
        if (table != null) {
          add(catalog, table, reindex.name().name(), all);
        }
      }
      case "schema" -> {
        SchemaDescriptor within = session.names().findSchema(reindex.name().name());
        for (TableDescriptor table : tables(catalog)) {
          if (within != null && table.schemaOid() == within.oid()) {
            addOf(table, null, all);
          }
        }
      }
      case "database" -> tables(catalog).forEach(table -> addOf(table, null, all));
      default -> {}
    }
    return all;
  }

  /// The tables of this database that have rows of their own.
  private List<TableDescriptor> tables(Catalog catalog) {
    return catalog.all(TableDescriptor.class, session.names().databaseOid()).stream()
        .filter(table -> table.kind() == 'r')
        .toList();
  }

  private static void add(Catalog catalog, TableDescriptor table, String name, List<Target> all) {
    if (!table.isPartitioned()) {
      addOf(table, name, all);
      return;
    }
    IndexDescriptor named =
        table.indexes().stream()
            .filter(index -> index.name().equals(name))
            .findFirst()
            .orElse(null);
    for (TableDescriptor partition : catalog.partitionsOf(table.oid())) {
      for (IndexDescriptor own : partition.indexes()) {
        IndexDescriptor above = io.trencadis.sql.catalog.IndexMatch.parentOf(table, partition, own);
        if (name == null || named != null && above != null && above.oid() == named.oid()) {
          add(catalog, partition, own.name(), all);
        }
      }
    }
  }

  /// @param name of the one index, or null for all
  private static void addOf(TableDescriptor table, String name, List<Target> all) {
    for (IndexDescriptor index : table.indexes()) {
      if (!index.ordersRows() && (name == null || index.name().equals(name))) {
        all.add(new Target(table.oid(), index.oid()));
      }
    }
  }
}
