package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sharding.Transaction;
import io.trencadis.sql.analyze.Names;
import io.trencadis.sql.ast.AlterAction;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.RoleDescriptor;
import io.trencadis.sql.catalog.RoutineDescriptor;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.StatisticsDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.ddl.CostDelay;
import io.trencadis.sql.ddl.DdlContext;
import io.trencadis.sql.ddl.IndexBuilds;
import io.trencadis.sql.ddl.Relocations;
import io.trencadis.sql.ddl.SchemaStatements;
import io.trencadis.sql.ddl.TableLocks;
import io.trencadis.sql.execute.Execution;
import io.trencadis.sql.execute.RowSource;
import io.trencadis.sql.execute.TableWriter;
import io.trencadis.sql.session.settings.SessionSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// Runs DDL in the session's transaction.
final class SchemaCommands implements DdlContext {
  private final LocalSession session;
  private final TransactionControl transactions;
  private final StatementExecutor executor;
  private final SchemaStatements statements;
  private Transaction store;

  SchemaCommands(
      LocalSession session, TransactionControl transactions, StatementExecutor executor) {
    this.session = session;
    this.transactions = transactions;
    this.executor = executor;
    this.statements = new SchemaStatements(this);
  }

  // The schema that is being made with its elements, or null.
  private SchemaDescriptor within;

  private boolean beside;

  TableLocks locks() {
    return statements.locks();
  }

  /// Runs the statement and returns its tag.
  String run(Statement statement, ResponseSink sink) {
    if ((statement instanceof Statement.CreateDatabase
            || statement instanceof Statement.DropDatabase)
        && transactions.inBlock()) {
      throw new SqlException(
          SqlState.ACTIVE_SQL_TRANSACTION,
          CommandNames.of(statement) + " cannot run inside a transaction block");
    }
    boolean concurrently =
        statement instanceof Statement.CreateIndex create && create.concurrently()
            || statement instanceof Statement.Drop drop && drop.concurrently();
    if (concurrently && transactions.inBlock()) {
      throw new SqlException(
          SqlState.ACTIVE_SQL_TRANSACTION,
          CommandNames.of(statement) + " CONCURRENTLY cannot run inside a transaction block");
    }
    if (concurrently && statement instanceof Statement.Drop drop) {
      requireSingle(drop);
    }
    if (concurrently && executor.inRoutine()) {
      throw new SqlException(
          SqlState.ACTIVE_SQL_TRANSACTION,
          CommandNames.of(statement) + " CONCURRENTLY cannot be executed from a function");
    }
    if (concurrently && statement instanceof Statement.CreateIndex create) {
      return new ConcurrentIndexes(session, transactions, executor, this).create(create);
    }
    if (statement instanceof Statement.AlterTable alter
        && alter.actions().size() == 1
        && alter.actions().getFirst() instanceof AlterAction.MovePartition
        && !transactions.inBlock()
        && !executor.inRoutine()) {
      return new PartitionMove(session, transactions, executor, this).run(alter);
    }
    return inOneStep(statement);
  }

  /// Runs a statement as [#inOneStep], but what takes long is only begun.
  String beside(Statement statement) {
    beside = true;
    try {
      return inOneStep(statement);
    } finally {
      beside = false;
    }
  }

  /// Does something about rows that are on their way.
  void onRelocations(Consumer<Relocations> work) {
    executor.inStatement(
        false,
        current -> {
          session.engine().catalogStore().lock(current);
          store = current;
          work.accept(statements.relocations());
          return null;
        });
  }

  private static void requireSingle(Statement.Drop drop) {
    String fault =
        drop.names().size() > 1 ? "dropping multiple objects" : drop.cascade() ? "CASCADE" : null;
    if (fault != null) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED, "DROP INDEX CONCURRENTLY does not support " + fault);
    }
  }

  /// Does something about the building of indexes.
  void onIndexes(Consumer<IndexBuilds> work) {
    executor.inStatement(
        false,
        current -> {
          session.engine().catalogStore().lock(current);
          store = current;
          work.accept(statements.indexBuilds());
          return null;
        });
  }

  void requireOwner(QualifiedName name) {
    statements.requireOwner(name);
  }

  /// Runs the statement in the transaction that there is.
  String inOneStep(Statement statement) {
    return executor.inStatement(
        false,
        current -> {
          session.engine().catalogStore().lock(current);
          store = current;
          if (statement instanceof Statement.CreateTableAs create) {
            PreparedPlan plan = session.engine().planner().plan(create.query(), names());
            String tag =
                createAs(create, plan, plan.values(new Object[0], null, session.context()));
            return create.withData() ? tag : "CREATE TABLE AS";
          }
          if (statement instanceof Statement.CreateTableAsExecute create) {
            return createAsExecute(create);
          }
          return statements.run(statement);
        });
  }

  /// Looks at tables and keeps what it finds of them.
  ///
  /// @param tables which, by their oids; null for all that the role owns
  void analyze(List<Integer> tables) {
    if (tables != null && tables.isEmpty()) {
      return;
    }
    ActivityCounts counts = session.engine().activityCounts();
    Map<Integer, Long> before = new HashMap<>();
    for (TableDescriptor table : session.catalog().all(TableDescriptor.class)) {
      before.put(table.oid(), counts.table(table.oid()).changesSinceAnalyze());
    }
    List<StatisticsDescriptor> analyzed =
        executor.inStatement(
            false,
            current -> {
              store = current;
              List<StatisticsDescriptor> found = statements.look(tables);
              session.engine().catalogStore().lock(current);
              statements.keep(found);
              return found;
            });
    for (StatisticsDescriptor each : analyzed) {
      counts
          .table(each.objectOid())
          .analyzed(
              before.getOrDefault(each.objectOid(), 0L),
              session.processId() == AutoAnalyze.PROCESS_ID,
              session.context().clockTimestampMicros());
    }
  }

  /// Drops tables of the session's own, with what belongs to them.
  void drop(Set<TableDescriptor> tables) {
    executor.inStatement(
        false,
        current -> {
          session.engine().catalogStore().lock(current);
          store = current;
          statements.dropQuietly(tables);
          return null;
        });
  }

  /// Drops the schema of the session's own temporary tables.
  void dropTemporarySchema() {
    executor.inStatement(
        false,
        current -> {
          session.engine().catalogStore().lock(current);
          store = current;
          SchemaDescriptor schema = names().temporarySchema();
          if (schema != null) {
            statements.dropQuietly(schema);
          }
          return null;
        });
  }

  @Override
  public SchemaDescriptor temporarySchema() {
    SchemaDescriptor schema = names().temporarySchema();
    if (schema == null) {
      schema =
          new SchemaDescriptor(
              newOid(), databaseOid(), names().temporarySchemaName(), Catalog.BOOTSTRAP_ROLE);
      put(schema);
    }
    return schema;
  }

  @Override
  public void onCommit(int tableOid, Statement.OnCommit action) {
    session.temporaryTables().onCommit(tableOid, action);
  }

  private String createAsExecute(Statement.CreateTableAsExecute create) {
    Portal portal = new PreparedCommands(session, executor).portal(create.execute());
    PreparedStatement prepared = portal.statement();
    if (!(prepared.statement() instanceof Statement.Select)) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "prepared statement is not a SELECT");
    }
    PreparedPlan plan = executor.plan(prepared);
    Statement.CreateTableAsTarget target = create.target();
    return createAs(
        new Statement.CreateTableAs(
            target.name(),
            target.ifNotExists(),
            target.persistence(),
            target.columns(),
            List.of(),
            Statement.OnCommit.NOOP,
            null,
            create.withData(),
            create.pos()),
        plan,
        plan.values(portal.parameters(), prepared.fingerprint(), session.context()));
  }

  private String createAs(Statement.CreateTableAs create, PreparedPlan plan, Object[] values) {
    executor.authorize(plan);
    TableDescriptor table = statements.createAs(create, plan.columns());
    if (table == null) {
      return "CREATE TABLE AS";
    }
    long count = 0;
    if (create.withData()) {
      Execution x = executor.execution(values, store);
      var rows = session.engine().planner().target(table, names(), true).writer(x);
      try (RowSource source = plan.root().open(x)) {
        for (Object[] row = source.next(); row != null; row = source.next()) {
          rows.insert(row);
          count++;
        }
      }
      rows.finish();
    }
    return "SELECT " + count;
  }

  @Override
  public Names names() {
    return session.names();
  }

  @Override
  public RoleDescriptor role() {
    return within == null ? session.currentUser() : names().catalog().role(within.ownerOid());
  }

  @Override
  public void within(SchemaDescriptor schema, Runnable work) {
    within = schema;
    session.startPathWith(schema.name());
    try {
      work.run();
    } finally {
      within = null;
      session.startPathWith(null);
    }
  }

  @Override
  public RoleDescriptor sessionRole() {
    return session.sessionUser();
  }

  @Override
  public Map.Entry<String, String> startSetting(Statement set) {
    return SettingCommands.startSetting(session, set);
  }

  @Override
  public Transaction store() {
    return store;
  }

  @Override
  public void change(Map<Integer, Descriptor> changes) {
    transactions.change(statements.withDefaultPrivileges(changes));
    for (Descriptor descriptor : changes.values()) {
      if (descriptor instanceof TableDescriptor table) {
        TableLocks.publishVersion(store, table);
      }
    }
  }

  @Override
  public boolean beside() {
    return beside;
  }

  @Override
  public long incarnation() {
    return session.engine().gateway().incarnation();
  }

  @Override
  public int newOid() {
    return session.engine().catalogStore().newOid();
  }

  @Override
  public int newRelationId() {
    return session.engine().catalogStore().newRelationId();
  }

  @Override
  public int shardCount() {
    return session.engine().gateway().shardCount();
  }

  @Override
  public long[] shardBytes() {
    return session.engine().gateway().shardBytes();
  }

  @Override
  public TableWriter.RowIds rowIds() {
    return session.engine()::newRowId;
  }

  @Override
  public Execution execution(Object[] slots) {
    return executor.execution(slots, store);
  }

  @Override
  public void checkInterrupts() {
    session.interrupts().check();
  }

  @Override
  public CostDelay costDelay() {
    SessionSettings settings = session.settings();
    return new CostDelay(
        Double.parseDouble(settings.get("vacuum_cost_delay")),
        settings.getInt("vacuum_cost_limit"),
        settings.getInt("vacuum_cost_page_miss"),
        session.context()::sleepMicros);
  }

  @Override
  public void notice(Notice notice) {
    session.notice(notice);
  }

  @Override
  public void afterCommit(Runnable action) {
    transactions.afterCommit(action);
  }

  @Override
  public void rows(int tableOid, long rows) {
    session.engine().statistics().counted(tableOid, rows);
  }

  @Override
  public boolean databaseInUse(int databaseOid) {
    return session.engine().inUse(databaseOid, session);
  }

  @Override
  public int preparedTransactions(int databaseOid) {
    return (int)
        session.engine().gateway().preparedTransactions().list().stream()
            .filter(each -> each.name().database() == databaseOid)
            .count();
  }

  @Override
  public void checkRoutine(RoutineDescriptor routine) {
    if (session.settings().getBoolean("check_function_bodies")) {
      RoutineChecks.check(session, routine);
    }
  }

  @Override
  public void checkTrigger(Statement.CreateTrigger create, TableDescriptor table) {
    RoutineChecks.check(session, create, table);
  }

  @Override
  public Set<Integer> routinesOf(RoutineDescriptor routine) {
    return RoutineChecks.routinesOf(session, routine);
  }

  @Override
  public String passwordVerifier(String password) {
    return session.engine().passwords().verifier(password);
  }
}
