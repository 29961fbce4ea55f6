package io.trencadis.sql.session;

import io.trencadis.sharding.Gateway;
import io.trencadis.sharding.Transaction;
import io.trencadis.sharding.WaitPolicy;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.CatalogStore;
import io.trencadis.sql.catalog.CollationDescriptor;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.RoutineDescriptor;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.SequenceDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.catalog.TypeDescriptor;
import io.trencadis.sql.execute.Execution;
import io.trencadis.sql.execute.ModifyNode;
import io.trencadis.sql.parser.SqlParser;
import io.trencadis.sql.types.Identifiers;
import io.trencadis.txn.IsolationLevel;
import io.trencadis.txn.StatementRestartException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// The temporary tables of a session. They are ordinary tables in a schema of the session's own,
/// which goes with the session, or when the server starts where it was killed before. Confined to
/// the session's thread.
final class TemporaryTables {
  private final LocalSession session;
  private final StatementExecutor executor;
  private final Map<Integer, Statement.OnCommit> actions = new LinkedHashMap<>();

  TemporaryTables(LocalSession session, StatementExecutor executor) {
    this.session = session;
    this.executor = executor;
  }

  /// What happens to a table when a transaction commits.
  void onCommit(int tableOid, Statement.OnCommit action) {
    if (action == Statement.OnCommit.DELETE_ROWS || action == Statement.OnCommit.DROP) {
      actions.put(tableOid, action);
    }
  }

  /// Empties and drops what ON COMMIT says so of, in the transaction that is about to commit.
  void endTransaction() {
    if (actions.isEmpty()) {
      return;
    }
    Set<TableDescriptor> doomed = new LinkedHashSet<>();
    for (Map.Entry<Integer, Statement.OnCommit> entry : Map.copyOf(actions).entrySet()) {
      TableDescriptor table = session.catalog().table(entry.getKey());
      if (table == null) {
        // Dropped, or its creation was undone.
        actions.remove(entry.getKey());
      } else if (entry.getValue() == Statement.OnCommit.DROP) {
        doomed.add(table);
      } else {
        empty(table);
      }
    }
    if (!doomed.isEmpty()) {
      executor.schema().drop(doomed);
    }
  }

  private void empty(TableDescriptor table) {
    String text =
        "delete from "
            + Identifiers.quote(session.names().temporarySchemaName())
            + "."
            + Identifiers.quote(table.name());
    Statement delete = SqlParser.parse(text).getFirst().statement();
    executor.inStatement(
        false,
        store -> {
          PreparedPlan plan =
              session.engine().planner().plan(delete, session.names(), new int[0], null);
          Execution x =
              executor.execution(plan.values(new Object[0], null, session.context()), store);
          return ((ModifyNode) plan.root()).run(x);
        });
  }

  /// DISCARD TEMP.
  void drop() {
    if (session.names().temporarySchema() == null) {
      return;
    }
    executor.schema().dropTemporarySchema();
    actions.clear();
  }

  static void dropSchemas(LocalSqlEngine engine, Predicate<SchemaDescriptor> which) {
    dropSchemas(engine.gateway(), engine.catalogStore(), which);
  }

  /// Drops schemas that nobody uses any more, with all that is in them. Cheap where there are none.
  static void dropSchemas(
      Gateway gateway, CatalogStore catalogs, Predicate<SchemaDescriptor> which) {
    while (!objects(catalogs.latest(), which).isEmpty()) {
      Transaction transaction =
          gateway.begin(IsolationLevel.SERIALIZABLE, false, WaitPolicy.PATIENT);
      try {
        transaction.beginStatement();
        catalogs.lock(transaction);
        Catalog latest = catalogs.latest();
        Map<Integer, Descriptor> gone = latest.withOrphans(objects(latest, which));
        catalogs.write(transaction, gone);
        catalogs.commit(transaction, gone);
        return;
      } catch (StatementRestartException e) {
        // Other DDL was faster: once more with what it left.
        transaction.rollback();
      } catch (RuntimeException | Error e) {
        transaction.rollback();
        throw e;
      }
    }
  }

  private static Map<Integer, Descriptor> objects(
      Catalog catalog, Predicate<SchemaDescriptor> which) {
    Map<Integer, Descriptor> found = new LinkedHashMap<>();
    for (SchemaDescriptor schema : catalog.all(SchemaDescriptor.class)) {
      if (which.test(schema)) {
        for (Descriptor descriptor : catalog.all()) {
          int within =
              switch (descriptor) {
                case TableDescriptor table -> table.schemaOid();
                case SequenceDescriptor sequence -> sequence.schemaOid();
                case RoutineDescriptor routine -> routine.schemaOid();
                case TypeDescriptor type -> type.schemaOid();
                case CollationDescriptor collation -> collation.schemaOid();
                default -> 0;
              };
          if (within == schema.oid()) {
            found.put(descriptor.oid(), null);
          }
        }
        found.put(schema.oid(), null);
      }
    }
    return found;
  }
}
