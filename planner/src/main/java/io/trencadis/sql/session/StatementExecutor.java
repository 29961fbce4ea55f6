package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sharding.Failures;
import io.trencadis.sharding.Transaction;
import io.trencadis.sql.analyze.Analyzer;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.Query;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.execute.Execution;
import io.trencadis.sql.execute.Helpers;
import io.trencadis.sql.execute.ModifyNode;
import io.trencadis.sql.execute.RowSource;
import io.trencadis.sql.execute.WithNode;
import io.trencadis.sql.parser.ParsedStatement;
import io.trencadis.sql.parser.SqlFingerprint;
import io.trencadis.sql.parser.SqlParser;
import io.trencadis.txn.SchemaChangedException;
import io.trencadis.txn.StatementRestartException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;

/// Runs the statements of a session: finds or makes their plans, runs them in the session's
/// transaction, runs them again where the transaction protocol asks for it, and sends the answers.
/// Confined to the session's thread.
final class StatementExecutor {
  private static final int MOST_RESTARTS = 10_000;

  private final LocalSession session;
  private final TransactionControl transactions;
  private final UtilityCommands utilities;
  private final SystemTime systemTime;
  private final RoutineRunner routines;
  private int inRoutines;
  private boolean answered;

  /// Of the statement that was run last: rows sent or changed.
  private long rows;

  StatementExecutor(LocalSession session, TransactionControl transactions) {
    this.session = session;
    this.transactions = transactions;
    transactions.executions(store -> execution(new Object[0], store));
    this.systemTime = new SystemTime(session, this);
    this.utilities = new UtilityCommands(session, transactions, this);
    this.routines = new RoutineRunner(session, this, utilities);
  }

  RoutineRunner routines() {
    return routines;
  }

  /// Statements that follow are part of the one that runs: what functions do. Where one of them has
  /// to start again, that one does.
  void enterRoutine() {
    inRoutines++;
  }

  void leaveRoutine() {
    inRoutines--;
  }

  boolean inRoutine() {
    return inRoutines > 0;
  }

  /// Whether the statement that was run last had sent anything before it failed.
  boolean answered() {
    return answered;
  }

  /// The request that runs has done what cannot be taken back.
  void cannotRunAgain() {
    answered = true;
  }

  // ---- plans

  private PlanCache.Key key(SqlFingerprint fingerprint, int[] types, Catalog catalog) {
    return new PlanCache.Key(
        session.database().oid(),
        session.planPath(catalog),
        session.currentUser().oid(),
        fingerprint.shape(),
        PlanCache.types(types));
  }

  private PreparedPlan cached(SqlFingerprint fingerprint, int[] types, Catalog catalog) {
    return catalog.version() < 0
        ? null
        : session.engine().planCache().find(key(fingerprint, types, catalog), fingerprint, catalog);
  }

  boolean isCached(SqlFingerprint fingerprint) {
    return cached(fingerprint, new int[0], transactions.catalog()) != null;
  }

  /// Whether a simple query is done in microseconds, unless it has to wait for a lock. A change
  /// outside a block is not: it ends with a commit, which waits for the disk.
  boolean isShort(SqlFingerprint fingerprint, String text) {
    if (!fingerprint.cacheable()) {
      return false;
    }
    PreparedPlan plan = cached(fingerprint, new int[0], transactions.catalog());
    if (plan != null) {
      return isSmall(plan) || plan.isPoint() && (plan.readOnly() || transactions.inBlock());
    }
    List<ParsedStatement> known = session.engine().syntaxCache().find(text);
    return known != null
        && known.size() == 1
        && known.getFirst().statement() instanceof Statement.Begin;
  }

  /// Whether to execute the statement is a matter of microseconds, unless it has to wait for a
  /// lock.
  boolean isShort(PreparedStatement statement) {
    return isCurrent(statement)
        ? statement.plan().isPoint() || isSmall(statement.plan())
        : statement.statement() instanceof Statement.Begin;
  }

  /// In a cluster even a small run has to wait for other nodes.
  private boolean isSmall(PreparedPlan plan) {
    return plan.isSmall() && !session.engine().gateway().isShared();
  }

  /// Whether binding parameters to the statement needs no planning.
  boolean bindsAtOnce(PreparedStatement statement) {
    return isCurrent(statement) || statement.statement() instanceof Statement.Begin;
  }

  /// Whether the statement has a plan that is good for the present catalog.
  boolean isCurrent(PreparedStatement statement) {
    return statement.plan() != null
        && asOf(statement) == null
        && statement.plan().isFor(transactions.catalog());
  }

  /// Looks for a shared plan of the statement.
  boolean findPlan(PreparedStatement statement) {
    PreparedPlan plan =
        cached(statement.fingerprint(), statement.declaredTypes(), transactions.catalog());
    statement.plan(plan);
    return plan != null;
  }

  /// The statement's syntax, parsed now if its plan came out of the cache.
  private Statement syntax(PreparedStatement statement) {
    if (statement.statement() == null) {
      List<ParsedStatement> parsed = SqlParser.parse(statement.text());
      statement.parsed(parsed.getFirst().statement());
    }
    return statement.statement();
  }

  private boolean isPlanned(PreparedStatement statement) {
    return statement.plan() != null
        || (statement.statement() != null && Analyzer.takes(statement.statement()));
  }

  /// The statement's `AS OF SYSTEM TIME`, or null.
  private static Expr asOf(PreparedStatement statement) {
    return statement.statement() instanceof Statement.Select select ? select.asOf() : null;
  }

  /// Brings an implicit transaction to the time that the statement reads at.
  private void travel(PreparedStatement statement) {
    Expr asOf = asOf(statement);
    if (asOf == null) {
      transactions.leavePast();
    } else if (!transactions.readsPastFor(statement)) {
      if (transactions.inBlock()) {
        throw new SqlException(
            SqlState.ACTIVE_SQL_TRANSACTION,
            "SELECT ... AS OF SYSTEM TIME cannot run inside a transaction block");
      }
      SystemTime.requireOnlyReads((Statement.Select) statement.statement());
      transactions.readPast(statement, systemTime.timestamp(asOf));
    }
  }

  /// The plan for the catalog that the transaction sees now.
  PreparedPlan plan(PreparedStatement statement) {
    travel(statement);
    Catalog catalog = transactions.catalog();
    PreparedPlan plan = statement.plan();
    if (plan != null && (statement.fixed() || plan.isFor(catalog))) {
      return plan;
    }
    PreparedPlan made =
        statement.fingerprint() == null
            ? null
            : cached(statement.fingerprint(), statement.declaredTypes(), catalog);
    if (made == null) {
      made =
          session
              .engine()
              .planner()
              .plan(
                  syntax(statement),
                  session.names(catalog),
                  statement.declaredTypes(),
                  statement.fingerprint());
      session.engine().counters().plansMade.increment();
      if (statement.fingerprint() != null && catalog.version() >= 0) {
        session
            .engine()
            .planCache()
            .add(key(statement.fingerprint(), statement.declaredTypes(), catalog), made);
      }
    }
    if (plan != null && !sameColumns(plan.columns(), made.columns())) {
      // By the routine pgjdbc and asyncpg know that the statement will work when it is prepared
      // anew.
      throw new SqlException(
              SqlState.FEATURE_NOT_SUPPORTED, "cached plan must not change result type")
          .with(SqlException.Field.ROUTINE, "RevalidateCachedQuery");
    }
    statement.plan(made);
    return made;
  }

  private static boolean sameColumns(List<ResultColumn> a, List<ResultColumn> b) {
    if (a == null || b == null) {
      return a == b;
    }
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (a.get(i).type().oid() != b.get(i).type().oid()
          || a.get(i).typmod() != b.get(i).typmod()) {
        return false;
      }
    }
    return true;
  }

  /// Parse's work beyond syntax: a statement that is planned shows its errors now.
  void prepare(PreparedStatement statement) {
    if (isPlanned(statement)) {
      plan(statement);
    }
  }

  int[] parameterTypes(PreparedStatement statement) {
    if (isPlanned(statement)) {
      return plan(statement).parameterTypes();
    }
    return switch (statement.statement()) {
      case Statement.Call call ->
          new CallCommand(session, this, utilities).parameterTypes(call, statement.declaredTypes());
      case Statement.Explain explain when Analyzer.takes(ExplainCommand.explained(explain)) ->
          parameterTypes(ExplainCommand.inner(session, explain, statement));
      case null, default -> statement.declaredTypes();
    };
  }

  /// The answer's columns, or null where the statement gives no rows.
  List<ResultColumn> columns(PreparedStatement statement) {
    if (statement.isEmpty()) {
      return null;
    }
    if (statement.hiddenColumns() > 0) {
      List<ResultColumn> all = plan(statement).columns();
      return all.subList(0, all.size() - statement.hiddenColumns());
    }
    return isPlanned(statement)
        ? plan(statement).columns()
        : utilities.columns(statement.statement());
  }

  RowFormat format(Portal portal) {
    if (portal.format() == null) {
      List<ResultColumn> columns = columns(portal.statement());
      if (columns == null) {
        return null;
      }
      portal.format(new RowFormat(columns, portal.resultFormats(), session.context()));
    }
    return portal.format();
  }

  // ---- running

  /// @throws SqlException 25P02 in a failed block, but for the statements that end it
  void requireAllowed(Statement statement) {
    if (!transactions.failed()) {
      return;
    }
    boolean ends =
        statement instanceof Statement.Commit
            || statement instanceof Statement.Rollback
            || statement instanceof Statement.RollbackTo
            || statement instanceof Statement.PrepareTransaction;
    if (!ends) {
      throw new SqlException(
          SqlState.IN_FAILED_SQL_TRANSACTION,
          "current transaction is aborted, commands ignored until end of transaction block");
    }
  }

  /// Runs a statement of a simple query, describes and sends its rows, and ends an implicit
  /// transaction with the last one.
  void runToEnd(Portal portal, ResponseSink sink, boolean last) {
    long began = nanoTime();
    rows = 0;
    runAll(portal, sink, last);
    session.ran(portal.statement(), nanoTime() - began, rows);
  }

  private long nanoTime() {
    return session.engine().outside().clock().nanoTime();
  }

  private void runAll(Portal portal, ResponseSink sink, boolean last) {
    answered = false;
    PreparedStatement statement = portal.statement();
    requireAllowed(statement.statement());
    if (!isPlanned(statement)) {
      UtilityCommands.Result result = utilities.run(portal, sink, true);
      if (last) {
        finishImplicit();
      }
      send(result, portal, sink);
      return;
    }
    transactions.statementRan();
    RowSource source = open(portal);
    RowFormat format = format(portal);
    if (source instanceof ModifyNode.Outcome || !portal.statement().plan().readOnly()) {
      // What a change answers is sent when it can no longer fail.
      List<Object[]> buffered = drain(source);
      if (last) {
        finishImplicit();
      }
      answered = true;
      if (format != null) {
        sink.rowDescription(format);
        buffered.forEach(row -> sink.row(format, row));
      }
      sink.complete(tag(statement, source, buffered.size()));
      portal.setRanToEnd();
      return;
    }
    try (source) {
      Object[] row = source.next();
      answered = true;
      sink.rowDescription(format);
      long count = 0;
      for (; row != null; row = source.next()) {
        sink.row(format, row);
        if ((++count & 0x3f) == 0) {
          session.interrupts().check();
        }
      }
      if (last) {
        finishImplicit();
      }
      rows = count;
      sink.complete("SELECT " + count);
      portal.setRanToEnd();
    }
  }

  private void finishImplicit() {
    if (!transactions.inBlock() && transactions.active()) {
      session.closeTransactionPortals();
      // What fails here is healed with the statement itself, which is in no replay yet.
      transactions.finish(false);
    }
  }

  private static List<Object[]> drain(RowSource rows) {
    List<Object[]> all = new ArrayList<>();
    try (rows) {
      for (Object[] row = rows.next(); row != null; row = rows.next()) {
        all.add(row);
      }
    }
    return all;
  }

  private String tag(PreparedStatement statement, RowSource source, long sent) {
    rows = sent;
    if (source instanceof ModifyNode.Outcome outcome) {
      rows = outcome.count();
      return switch (((ModifyNode) statement.plan().root()).kind()) {
        case INSERT -> "INSERT 0 " + outcome.count();
        case UPDATE -> "UPDATE " + outcome.count();
        case DELETE -> "DELETE " + outcome.count();
        case MERGE -> "MERGE " + outcome.count();
      };
    }
    return "SELECT " + sent;
  }

  /// Execute of the extended protocol.
  void run(Portal portal, int maxRows, ResponseSink sink) {
    if (portal.finished() || portal.statement().isEmpty()) {
      runPart(portal, maxRows, sink);
      return;
    }
    long began = nanoTime();
    rows = 0;
    runPart(portal, maxRows, sink);
    portal.spent(nanoTime() - began);
    if (portal.finished()) {
      session.ran(portal.statement(), portal.spent(), Math.max(rows, portal.sent()));
    }
  }

  private void runPart(Portal portal, int maxRows, ResponseSink sink) {
    answered = false;
    PreparedStatement statement = portal.statement();
    if (statement.isEmpty()) {
      sink.emptyQuery();
      return;
    }
    requireAllowed(statement.statement());
    if (!isPlanned(statement)) {
      if (!portal.started()) {
        UtilityCommands.Result result = utilities.run(portal, sink, false);
        if (result.columns() == null) {
          sink.complete(result.tag());
          portal.start(null);
          portal.finish(result.tag());
          return;
        }
        portal.start(source(result.rows()));
        portal.finishTag(result.tag());
      }
      sendRows(portal, maxRows, sink);
      return;
    }
    if (portal.finished()) {
      sink.complete(portal.tag());
      return;
    }
    start(portal);
    sendRows(portal, maxRows, sink);
  }

  /// Begins to run what Bind made of a planned statement, unless it runs already.
  void start(Portal portal) {
    if (portal.started()) {
      return;
    }
    transactions.statementRan();
    PreparedStatement statement = portal.statement();
    RowSource opened = open(portal);
    if (opened instanceof ModifyNode.Outcome outcome) {
      String tag = tag(statement, opened, 0);
      portal.start(outcome);
      portal.finishTag(tag);
    } else if (!statement.plan().readOnly()) {
      portal.start(source(drain(opened)));
    } else {
      portal.start(opened);
    }
  }

  /// A source with its first row put back.
  private static final class Pushed implements RowSource {
    private final RowSource rest;
    private Object[] first;

    Pushed(Object[] first, RowSource rest) {
      this.first = first;
      this.rest = rest;
    }

    @Override
    public Object[] next() {
      if (first != null) {
        Object[] row = first;
        first = null;
        return row;
      }
      return rest.next();
    }

    @Override
    public void close() {
      rest.close();
    }
  }

  private static RowSource source(List<Object[]> rows) {
    Iterator<Object[]> iterator = rows.iterator();
    return () -> iterator.hasNext() ? iterator.next() : null;
  }

  private void sendRows(Portal portal, int maxRows, ResponseSink sink) {
    RowFormat format = format(portal);
    int sent = 0;
    while (portal.source() != null) {
      if (maxRows > 0 && sent == maxRows) {
        sink.suspended();
        return;
      }
      Object[] row = portal.source().next();
      if (row == null) {
        break;
      }
      if (format != null) {
        sink.row(format, row);
      }
      portal.countSent();
      if ((++sent & 0x3f) == 0) {
        session.interrupts().check();
      }
    }
    String tag = portal.tag() != null ? portal.tag() : "SELECT " + sent;
    sink.complete(tag);
    portal.finish(portal.tag() != null ? portal.tag() : "SELECT 0");
  }

  /// Sends what a utility statement answers in a simple query.
  private void send(UtilityCommands.Result result, Portal portal, ResponseSink sink) {
    answered = true;
    if (result.columns() != null) {
      RowFormat format = new RowFormat(result.columns(), portal.resultFormats(), session.context());
      sink.rowDescription(format);
      result.rows().forEach(row -> sink.row(format, row));
    }
    if (result.tag() != null) {
      sink.complete(result.tag());
    }
  }

  /// Opens a planned statement's rows; a change is made at once.
  RowSource open(Portal portal) {
    PreparedStatement statement = portal.statement();
    travel(statement);
    boolean readOnly = statement.plan() != null && statement.plan().readOnly();
    RowSource rows = open(portal, readOnly || isQuery(statement));
    // What it calls may write, or a sub-select of it locks rows, which only its plan told.
    return rows != null ? rows : open(portal, false);
  }

  /// @return null where the store's transaction cannot write and the statement may want to: by
  ///   functions that it calls, or by a sub-select that locks rows
  private RowSource open(Portal portal, boolean readOnly) {
    PreparedStatement statement = portal.statement();
    return inStatement(
        readOnly,
        store -> {
          PreparedPlan plan = plan(statement);
          if (readOnly && !plan.readOnly() && store.readOnly() && mayWrite()) {
            return null;
          }
          if (plan.runsAgain()) {
            session.engine().counters().plansReused.increment();
          }
          requireWritable(plan);
          authorize(plan);
          if (plan.temporary()) {
            transactions.temporaryUsed();
          }
          Execution x =
              execution(
                  plan.values(portal.parameters(), statement.fingerprint(), session.context()),
                  store);
          if (plan.isChange()) {
            return ((ModifyNode) plan.root()).run(x);
          }
          if (plan.callsWriters()) {
            x.guarded();
          }
          boolean small = !plan.isPoint() && !session.interrupts().mayBlock();
          if (small) {
            x.scanningAtMost(PreparedPlan.SMALL_BYTES);
          }
          if (small || plan.isSmall()) {
            x.helped(Helpers.NONE);
          }
          if (small) {
            return runSmall(plan, x);
          }
          RowSource rows = plan.root().open(x);
          if (!plan.readOnly() || store.locksReads()) {
            // Whatever row it locks may be one that has changed.
            return source(drain(rows));
          }
          // The first row is read here, where a restart is possible and a read that would have to
          // wait leaves no trace.
          Object[] first = rows.next();
          return first == null ? rows : new Pushed(first, rows);
        });
  }

  /// Runs a plan to its end where this thread has no time for more than a little.
  private static RowSource runSmall(PreparedPlan plan, Execution x) {
    try {
      return source(drain(plan.root().open(x)));
    } catch (io.trencadis.txn.WouldBlockException e) {
      plan.worksLong();
      throw e;
    }
  }

  private boolean mayWrite() {
    return !session.settings().getBoolean("transaction_read_only") && !transactions.readsPast();
  }

  private static boolean isQuery(PreparedStatement statement) {
    return statement.plan() == null
        && statement.statement() instanceof Statement.Select select
        && select.query().locking().isEmpty()
        && !changesInWith(select.query().with());
  }

  static boolean changesInWith(Query.With with) {
    return with != null
        && with.ctes().stream().anyMatch(cte -> !(cte.statement() instanceof Statement.Select));
  }

  /// Requires that the current user may run the plan.
  ///
  /// @throws SqlException 42501
  void authorize(PreparedPlan plan) {
    plan.require(session.currentUser().oid(), session::rights);
  }

  void requireWritable(PreparedPlan plan) {
    if (plan.isChange() && session.settings().getBoolean("transaction_read_only")) {
      throw readOnly(((ModifyNode) plan.root()).kind().name());
    }
    if (!plan.isChange()
        && plan.touches()
        && session.settings().getBoolean("transaction_read_only")) {
      throw readOnly(plan.root() instanceof WithNode ? "SELECT" : "SELECT FOR UPDATE");
    }
  }

  static SqlException readOnly(String command) {
    return new SqlException(
        SqlState.READ_ONLY_SQL_TRANSACTION,
        "cannot execute " + command + " in a read-only transaction");
  }

  /// A plan as EXPLAIN shows it.
  List<String> planText(PreparedPlan plan) {
    Object[] unknown = new Object[plan.parameterTypes().length];
    return new ExplainCommand(session, this)
        .text(plan, execution(plan.values(unknown, null, session.context()), null));
  }

  Execution execution(Object[] values, Transaction store) {
    return new Execution(
            store,
            values,
            session.context(),
            session.interrupts(),
            session.engine().outside().clock()::nanoTime,
            session.settings().getLong("work_mem") * 1024,
            transactions.deferred())
        .counted(session.counts())
        .calling(routines)
        .cursors(session.cursorRows())
        .spilling(session.spillSpace())
        .reading(session.reads())
        .helped(
            session.settings().getLong("max_parallel_workers_per_gather") == 0
                ? Helpers.NONE
                : session.engine().helpers());
  }

  /// DDL on the session's temporary tables.
  SchemaCommands schema() {
    return utilities.schema();
  }

  /// Runs one statement's work in the session's transaction, again from the statement's start where
  /// a row that it locked had changed, or where its plan was made for another version of a table.
  <T> T inStatement(boolean readOnly, Function<Transaction, T> work) {
    if (inRoutines > 0) {
      return work.apply(transactions.transaction(false));
    }
    Transaction store = transactions.transaction(readOnly);
    store.beginStatement();
    int told = session.told().mark();
    TransactionControl.Begun begun = transactions.begun();
    for (int attempt = 0; ; attempt++) {
      session.told().again(told);
      if (attempt > 0) {
        transactions.beginAgain(begun);
      }
      try {
        return work.apply(store);
      } catch (StatementRestartException e) {
        if (attempt > MOST_RESTARTS) {
          throw Failures.concurrentUpdate();
        }
        session.engine().counters().restarts.increment();
        store.restartStatement();
      } catch (SchemaChangedException e) {
        if (attempt > 100) {
          throw Failures.schemaChanged();
        }
        session.engine().counters().restarts.increment();
        store.undoStatement();
      } catch (io.trencadis.txn.WouldBlockException e) {
        store.undoStatement();
        transactions.beginAgain(begun);
        throw e;
      }
      session.interrupts().check();
    }
  }
}
