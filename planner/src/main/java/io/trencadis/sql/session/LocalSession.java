package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.analyze.Names;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.DatabaseDescriptor;
import io.trencadis.sql.catalog.RoleDescriptor;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.encoding.Encoding;
import io.trencadis.sql.execute.CursorRows;
import io.trencadis.sql.execute.SpillSpace;
import io.trencadis.sql.execute.StatementReads;
import io.trencadis.sql.functions.ProcInfo;
import io.trencadis.sql.functions.RoutineScope;
import io.trencadis.sql.parser.ParsedStatement;
import io.trencadis.sql.parser.SqlFingerprint;
import io.trencadis.sql.rel.TransitionTable;
import io.trencadis.sql.rights.Rights;
import io.trencadis.sql.session.settings.SessionSettings;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.TypeScope;
import io.trencadis.txn.lock.Wanted;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// A session of this node: the protocol's requests, over a transaction, settings, prepared
/// statements and portals. What a statement does is [StatementExecutor]'s.
final class LocalSession implements SqlSession, TypeScope, RoutineScope {
  private Map<String, TransitionTable> transitions = Map.of();
  private String firstSchema;

  /// What [#state] answers.
  static final List<String> STATES =
      List.of("active", "idle", "idle in transaction", "idle in transaction (aborted)");

  private final LocalSqlEngine engine;
  private final SessionUsers users;
  private final DatabaseDescriptor database;
  private final ActivityCounts.Database counts;
  private final int processId;
  private final SessionAdvisoryLocks advisoryLocks = new SessionAdvisoryLocks(this);
  private final Endpoints endpoints;
  private final SessionSettings settings;
  private final ReportedSettings reported;
  private final SessionContext context;
  private final Interrupts interrupts;
  private volatile Consumer<SqlException> terminator = this::cancel;
  private final TransactionControl transactions;
  private final StatementExecutor executor;
  private final Replay replay;
  private final TemporaryTables temporaryTables;
  private final DomainRules domains = new DomainRules(this);
  private final SessionNotifications notifications;
  private final Map<String, PreparedStatement> statements = new HashMap<>();
  private final Map<String, Portal> portals = new LinkedHashMap<>();
  private final long startMicros;
  private ResponseSink sink;
  private List<String> searchPath;
  private String searchPathText;
  private String searchPathUser;
  private volatile String activityQuery = "";
  private volatile long activitySince;
  private volatile boolean running;
  private final SpillSpace spillSpace;
  private final StatementReads reads = new StatementReads();
  private final SlowStatements slow = new SlowStatements(this);

  /// Whether the query that runs has several statements.
  private boolean several;

  private int unnamedPortals;

  private final ToldNotices told = new ToldNotices();

  private SqlFingerprint lastFingerprint;
  private String lastText;

  LocalSession(
      LocalSqlEngine engine,
      RoleDescriptor user,
      DatabaseDescriptor database,
      int processId,
      Endpoints endpoints,
      Map<String, String> parameters) {
    this.engine = engine;
    this.users = new SessionUsers(this, user);
    this.database = database;
    this.counts = engine.activityCounts().database(database.oid());
    this.processId = processId;
    this.endpoints = endpoints;
    this.settings = new SessionSettings(engine.settingsRegistry(), this::settingChanged);
    this.reported = new ReportedSettings(settings);
    this.interrupts =
        new Interrupts(settings, engine.outside(), this::deadlockDetail, engine.counters());
    this.notifications =
        new SessionNotifications(engine.notifications(), database.oid(), processId);
    this.spillSpace = engine.newSpillSpace(settings);
    this.context = new SessionContext(this, engine.outside(), settings);
    this.transactions =
        new TransactionControl(engine, settings, interrupts, context, notifications);
    this.executor = new StatementExecutor(this, transactions);
    this.replay =
        new Replay(transactions, executor, settings, context, interrupts, engine.counters());
    transactions.replay(replay);
    this.temporaryTables = new TemporaryTables(this, executor);
    transactions.beforeCommit(temporaryTables::endTransaction);
    this.startMicros = context.clockTimestampMicros();
    this.activitySince = startMicros;
    settings.setInternal("session_authorization", user.name());
    settings.setInternal("is_superuser", user.superuser() ? "on" : "off");
    Admission.apply(engine.catalogStore().latest(), user, database, settings);
    parameters.forEach(
        (name, value) -> {
          switch (name) {
            case "user", "database", "replication" -> {}
            case "options" -> StartupOptions.parse(value).forEach(settings::setInitial);
            default -> {
              if (!name.startsWith("_pq_.")) {
                settings.setInitial(name, value);
              }
            }
          }
        });
    settings.setInternal("transaction_isolation", settings.get("default_transaction_isolation"));
    settings.setInternal("transaction_read_only", settings.get("default_transaction_read_only"));
    users.started();
  }

  // ---- what the parts of a session share

  LocalSqlEngine engine() {
    return engine;
  }

  int processId() {
    return processId;
  }

  SessionAdvisoryLocks advisoryLocks() {
    return advisoryLocks;
  }

  SessionSettings settings() {
    return settings;
  }

  SessionContext context() {
    return context;
  }

  Interrupts interrupts() {
    return interrupts;
  }

  /// Who may do what, at the catalog that the transaction sees.
  Rights rights() {
    return new Rights(catalog(), database.oid());
  }

  SessionUsers users() {
    return users;
  }

  RoleDescriptor sessionUser() {
    return users.session();
  }

  RoleDescriptor currentUser() {
    return users.current();
  }

  DatabaseDescriptor database() {
    return database;
  }

  /// What is counted of this session's work, with that of others in its database.
  ActivityCounts.Database counts() {
    return counts;
  }

  /// The session's transaction is the victim of this deadlock.
  private String deadlockDetail(List<Wanted.Wait> circle) {
    counts.deadlocks.increment();
    return engine.deadlockDetail(circle);
  }

  /// Notes that a statement has run to its end.
  void ran(PreparedStatement statement, long nanos, long rows) {
    StatementTimes.Entry times = statement.times();
    int user = currentUser().oid();
    if (times == null || times.forgotten() || times.userOid() != user) {
      SqlFingerprint fingerprint =
          statement.fingerprint() != null
              ? statement.fingerprint()
              : SqlFingerprint.of(statement.text());
      times = engine.statementTimes().entry(user, database.oid(), statement.text(), fingerprint);
      statement.times(times);
    }
    times.ran(nanos, rows, reads.shards(), reads.bytes());
    if (statement.plan() != null) {
      statement.plan().worked(reads.bytes(), nanos);
    }
    reads.reset();
    slow.ran(statement, nanos);
    engine.counters().statements(StatementKind.of(statement)).add(nanos);
  }

  Map<String, PreparedStatement> statements() {
    return statements;
  }

  /// A name for a cursor that has none.
  String unnamedPortal() {
    String name;
    do {
      name = "<unnamed portal " + ++unnamedPortals + ">";
    } while (portals.containsKey(name));
    return name;
  }

  /// What the client sent last.
  String queryText() {
    return activityQuery;
  }

  /// Where the session's cursors stand.
  CursorRows cursorRows() {
    return (cursor, tableOid, table) -> CursorPositions.current(portals, cursor, tableOid, table);
  }

  Map<String, Portal> portals() {
    return portals;
  }

  Catalog catalog() {
    return transactions.catalog();
  }

  TransactionControl transactions() {
    return transactions;
  }

  Replay replay() {
    return replay;
  }

  /// Whether the statement that runs came with others, as one query.
  boolean severalStatements() {
    return several;
  }

  Long transactionId(boolean assign) {
    return transactions.id(assign);
  }

  /// The schemas of `search_path`, `$user` replaced.
  List<String> searchPath() {
    String text = settings.get("search_path");
    String user = currentUser().name();
    if (!text.equals(searchPathText) || !user.equals(searchPathUser)) {
      List<String> path = new ArrayList<>();
      for (String name : SearchPaths.split(text)) {
        String schema = name.equals("$user") ? user : name;
        if (!schema.isEmpty() && !path.contains(schema)) {
          path.add(schema);
        }
      }
      searchPath = List.copyOf(path);
      searchPathText = text;
      searchPathUser = user;
    }
    return searchPath;
  }

  /// What a plan that is shared by its names depends on: the search path, and temporary tables that
  /// come before it.
  List<String> planPath(Catalog catalog) {
    String temporary = SchemaDescriptor.temporaryName(processId);
    if (catalog.schema(database.oid(), temporary) == null) {
      return searchPath();
    }
    List<String> path = new ArrayList<>(searchPath());
    path.addFirst(temporary);
    return path;
  }

  SessionNotifications notifications() {
    return notifications;
  }

  TemporaryTables temporaryTables() {
    return temporaryTables;
  }

  DomainRules domains() {
    return domains;
  }

  StatementExecutor executor() {
    return executor;
  }

  Names names() {
    return names(catalog());
  }

  @Override
  public PgType byOid(int oid) {
    return catalog().types().byOid(oid);
  }

  @Override
  public ProcInfo routine(int oid) {
    return catalog().routine(oid);
  }

  @Override
  public boolean visible(PgType type) {
    return names().isVisible(type);
  }

  @Override
  public String schemaName(int oid) {
    return names().catalog().byOid(oid) instanceof SchemaDescriptor schema ? schema.name() : null;
  }

  private List<String> withFirst(List<String> path) {
    List<String> all = new ArrayList<>(path);
    all.addFirst(firstSchema);
    return all;
  }

  /// Puts a schema before the search path: that which CREATE SCHEMA makes with its elements.
  ///
  /// @param schema null for none
  void startPathWith(String schema) {
    firstSchema = schema;
  }

  Names names(Catalog catalog) {
    return names(catalog, firstSchema == null ? searchPath() : withFirst(searchPath()));
  }

  /// Names as they are found by another search path.
  Names names(Catalog catalog, List<String> path) {
    Names names =
        new Names(
            catalog,
            database.oid(),
            database.name(),
            path,
            SchemaDescriptor.temporaryName(processId),
            context,
            engine.systemViews(),
            engine,
            currentUser().superuser() ? 0 : currentUser().oid());
    return transitions.isEmpty() ? names : names.withTransitions(transitions);
  }

  /// The transition tables of the trigger whose function runs; none outside of one.
  Map<String, TransitionTable> transitions() {
    return transitions;
  }

  void transitions(Map<String, TransitionTable> tables) {
    transitions = tables;
  }

  /// Where the answers of the request that runs go.
  ResponseSink sinkOrNull() {
    return sink;
  }

  void notice(Notice notice) {
    if (sink != null
        && !told.repeats(notice)
        && NoticeLevels.shown(notice.severity(), settings.get("client_min_messages"))) {
      sink.notice(notice);
    }
  }

  private void settingChanged(String name, String value) {
    users.settingChanged(name);
    reported.changed(name, value, sink);
  }

  /// The encoding of what the client sends and gets.
  Encoding clientEncoding() {
    return reported.encoding();
  }

  /// The fingerprint of a text; the last one is kept, because the protocol asks for it twice.
  SqlFingerprint fingerprint(String sql) {
    if (!sql.equals(lastText)) {
      lastFingerprint = SqlFingerprint.of(sql);
      lastText = sql;
    }
    return lastFingerprint;
  }

  // ---- activity

  private void activityBegins(String query) {
    settings.refresh();
    activityQuery = query;
    activitySince = context.clockTimestampMicros();
    running = true;
    interrupts.begin();
    context.beginStatement();
    told.begin();
  }

  /// What the running request has told the client besides its answer.
  ToldNotices told() {
    return told;
  }

  /// A message of the extended protocol was carried out; the exchange lasts until Sync.
  private void messageEnds() {
    transactions.messageEnded();
    interrupts.pause();
  }

  private void activityEnds() {
    transactions.messageEnded();
    interrupts.end();
    running = false;
    activitySince = context.clockTimestampMicros();
  }

  /// What the session is doing, in the words of `pg_stat_activity`. Any thread may ask.
  String state() {
    return running
        ? "active"
        : switch (transactions.status()) {
          case IDLE -> "idle";
          case IN_TRANSACTION -> "idle in transaction";
          case FAILED -> "idle in transaction (aborted)";
        };
  }

  Endpoints endpoints() {
    return endpoints;
  }

  CatalogAccess.Activity activity() {
    InetSocketAddress inet = endpoints.client();
    return new CatalogAccess.Activity(
        processId,
        database.oid(),
        database.name(),
        users.shown().oid(),
        users.shown().name(),
        settings.get("application_name"),
        inet == null ? null : inet.getAddress().getHostAddress(),
        inet == null ? -1 : inet.getPort(),
        startMicros,
        transactions.active() ? context.transactionTimestampMicros() : 0,
        context.statementTimestampMicros(),
        activitySince,
        state(),
        interrupts.waits(),
        activityQuery);
  }

  List<CatalogAccess.PreparedInfo> preparedInfos() {
    List<CatalogAccess.PreparedInfo> all = new ArrayList<>();
    for (PreparedStatement statement : statements.values()) {
      if (!statement.name().isEmpty()) {
        int[] types =
            statement.plan() == null
                ? statement.declaredTypes()
                : statement.plan().parameterTypes();
        all.add(
            new CatalogAccess.PreparedInfo(
                statement.name(),
                statement.text(),
                statement.preparedMicros(),
                types,
                statement.fromSql()));
      }
    }
    return all;
  }

  List<CatalogAccess.CursorInfo> cursorInfos() {
    List<CatalogAccess.CursorInfo> all = new ArrayList<>();
    for (Portal portal : portals.values()) {
      if (!portal.name().isEmpty()) {
        all.add(
            new CatalogAccess.CursorInfo(
                portal.name(),
                portal.isCursor() ? portal.sourceText() : portal.statement().text(),
                portal.holdable(),
                portal.resultFormats().length == 1 && portal.resultFormats()[0] == 1,
                !portal.isCursor() || portal.scrollable(),
                portal.createdMicros()));
      }
    }
    return all;
  }

  // ---- simple query

  @Override
  public void query(String sent, ResponseSink out) {
    sink = out;
    activityBegins(sent);
    try {
      String sql = StringSyntax.conforming(this, sent);
      statements.remove("");
      closePortal("");
      transactions.freshen();
      SqlFingerprint fingerprint = fingerprint(sql);
      if (fingerprint.cacheable() && !transactions.failed()) {
        PreparedStatement known = statement("", sql, null, fingerprint, new int[0], false);
        if (executor.findPlan(known)) {
          runSimple(known, out, true);
          return;
        }
      }
      List<ParsedStatement> parsed = engine.syntaxCache().parse(sql);
      if (parsed.isEmpty()) {
        out.emptyQuery();
        return;
      }
      several = parsed.size() > 1;
      SqlFingerprint shared = several ? null : fingerprint;
      for (int i = 0; i < parsed.size(); i++) {
        ParsedStatement one = parsed.get(i);
        PreparedStatement statement =
            statement("", one.text(), one.statement(), shared, new int[0], false);
        runSimple(statement, out, i == parsed.size() - 1);
      }
    } catch (io.trencadis.txn.WouldBlockException e) {
      transactions.abandon();
      throw e;
    } finally {
      several = false;
      activityEnds();
      sink = null;
    }
  }

  PreparedStatement statement(
      String name,
      String text,
      Statement statement,
      SqlFingerprint fingerprint,
      int[] types,
      boolean fromSql) {
    SqlFingerprint shared = fingerprint != null && fingerprint.cacheable() ? fingerprint : null;
    return new PreparedStatement(
        name, text, statement, shared, types, fromSql, context.clockTimestampMicros());
  }

  private void runSimple(PreparedStatement statement, ResponseSink out, boolean last) {
    boolean alone = last && !transactions.active();
    if (!alone) {
      Portal portal = new Portal("", statement, new Object[0], new short[0], false, false);
      transactions.beginImplicit();
      try {
        replay.run(portal, out, sink -> executor.runToEnd(portal, sink, last));
      } catch (io.trencadis.txn.WouldBlockException e) {
        throw e;
      } catch (RuntimeException | Error e) {
        transactions.fail();
        closeLostPortals();
        throw e;
      }
      return;
    }
    try (CopyInput input = CopyInput.of(this, statement.statement())) {
      runAlone(statement, input == null ? out : new AnswerDigest(out, input));
    }
  }

  private void runAlone(PreparedStatement statement, ResponseSink out) {
    int began = told.mark();
    for (int attempt = 1; ; attempt++) {
      told.again(began);
      Portal portal = new Portal("", statement, new Object[0], new short[0], false, false);
      transactions.beginImplicit();
      try {
        executor.runToEnd(portal, out, true);
        return;
      } catch (SqlException e) {
        boolean retry = e.state().retryable() && !executor.answered() && attempt < 1000;
        boolean lone = !transactions.inBlock();
        transactions.fail();
        closeLostPortals();
        if (!retry || !lone) {
          throw e;
        }
        transactions.triesAgain(e.state() == SqlState.SERIALIZATION_FAILURE ? attempt : 0);
        interrupts.check();
      } catch (io.trencadis.txn.WouldBlockException e) {
        throw e;
      } catch (RuntimeException | Error e) {
        transactions.fail();
        closeLostPortals();
        throw e;
      }
    }
  }

  // ---- extended query

  @Override
  public void parse(String name, String sent, int[] parameterTypes, ResponseSink out) {
    sink = out;
    activityBegins(sent);
    try {
      String sql = StringSyntax.conforming(this, sent);
      if (!name.isEmpty() && statements.containsKey(name)) {
        throw new SqlException(
            SqlState.DUPLICATE_PSTATEMENT, "prepared statement \"" + name + "\" already exists");
      }
      transactions.freshen();
      SqlFingerprint fingerprint = fingerprint(sql);
      PreparedStatement statement = statement(name, sql, null, fingerprint, parameterTypes, false);
      boolean cached =
          statement.fingerprint() != null && !transactions.failed() && executor.findPlan(statement);
      if (!cached) {
        List<ParsedStatement> parsed = engine.syntaxCache().parse(sql);
        if (parsed.size() > 1) {
          throw new SqlException(
              SqlState.SYNTAX_ERROR, "cannot insert multiple commands into a prepared statement");
        }
        if (!parsed.isEmpty()) {
          statement.parsed(parsed.getFirst().statement());
          executor.requireAllowed(statement.statement());
          transactions.beginImplicit();
          executor.prepare(statement);
        }
      }
      statements.put(name, statement);
    } finally {
      messageEnds();
      sink = null;
    }
  }

  private PreparedStatement require(String name) {
    PreparedStatement statement = statements.get(name);
    if (statement == null) {
      throw new SqlException(
          SqlState.INVALID_SQL_STATEMENT_NAME,
          name.isEmpty()
              ? "unnamed prepared statement does not exist"
              : "prepared statement \"" + name + "\" does not exist");
    }
    return statement;
  }

  private Portal requirePortal(String name) {
    Portal portal = portals.get(name);
    if (portal == null) {
      throw new SqlException(
          SqlState.INVALID_CURSOR_NAME, "portal \"" + name + "\" does not exist");
    }
    return portal;
  }

  @Override
  public void bind(
      String portalName,
      String statementName,
      short[] parameterFormats,
      byte[][] parameters,
      short[] resultFormats,
      ResponseSink out) {
    sink = out;
    try {
      PreparedStatement statement = require(statementName);
      if (!portalName.isEmpty() && portals.containsKey(portalName)) {
        throw new SqlException(
            SqlState.DUPLICATE_CURSOR, "cursor \"" + portalName + "\" already exists");
      }
      if (!statement.isEmpty()) {
        executor.requireAllowed(statement.statement());
      }
      transactions.beginImplicit();
      int[] types = executor.parameterTypes(statement);
      if (parameters.length != types.length) {
        throw new SqlException(
            SqlState.PROTOCOL_VIOLATION,
            "bind message supplies "
                + parameters.length
                + " parameters, but prepared statement \""
                + statementName
                + "\" requires "
                + types.length);
      }
      if (parameterFormats.length > 1 && parameterFormats.length != parameters.length) {
        throw new SqlException(
            SqlState.PROTOCOL_VIOLATION,
            "bind message has "
                + parameterFormats.length
                + " parameter formats but "
                + parameters.length
                + " parameters");
      }
      Object[] values =
          ParameterValues.decode(parameters, parameterFormats, types, clientEncoding(), context);
      closePortal(portalName);
      Portal portal = new Portal(portalName, statement, values, resultFormats, false, false);
      portal.createdMicros(context.clockTimestampMicros());
      List<ResultColumn> columns = executor.columns(statement);
      if (columns != null && resultFormats.length > 1 && resultFormats.length != columns.size()) {
        throw new SqlException(
            SqlState.PROTOCOL_VIOLATION,
            "bind message has "
                + resultFormats.length
                + " result formats but query has "
                + columns.size()
                + " columns");
      }
      portals.put(portalName, portal);
    } finally {
      sink = null;
    }
  }

  @Override
  public StatementDescription describeStatement(String name) {
    PreparedStatement statement = require(name);
    transactions.beginImplicit();
    return new StatementDescription(
        executor.parameterTypes(statement), executor.columns(statement));
  }

  @Override
  public RowFormat describePortal(String name) {
    return executor.format(requirePortal(name));
  }

  @Override
  public void execute(String portalName, int maxRows, ResponseSink out) {
    sink = out;
    Portal portal = requirePortal(portalName);
    activityBegins(portal.statement().text());
    try {
      transactions.beginImplicit();
      replay.run(portal, out, digest -> executor.run(portal, maxRows, digest));
    } finally {
      messageEnds();
      sink = null;
    }
  }

  @Override
  public void closeStatement(String name) {
    statements.remove(name);
  }

  @Override
  public void closePortal(String name) {
    Portal portal = portals.remove(name);
    if (portal != null) {
      portal.close();
    }
  }

  @Override
  public void sync(ResponseSink out) {
    sink = out;
    interrupts.begin();
    try {
      if (!transactions.inBlock() && transactions.active()) {
        closeTransactionPortals();
        transactions.finish(true);
      }
    } finally {
      activityEnds();
      sink = null;
    }
  }

  @Override
  public void failed() {
    transactions.fail();
    if (!transactions.inBlock()) {
      closeTransactionPortals();
    }
  }

  /// Closes the portals that were opened after a savepoint.
  void keepPortals(Set<Portal> older) {
    portals
        .values()
        .removeIf(
            portal -> {
              // The unnamed one may be what runs this.
              boolean newer = !portal.name().isEmpty() && !older.contains(portal);
              if (newer) {
                portal.close();
              }
              return newer;
            });
  }

  /// Closes the portals that do not outlive a transaction. Closes the portals that no ROLLBACK TO
  /// SAVEPOINT can bring back to life.
  private void closeLostPortals() {
    if (!transactions.hasSavepoints()) {
      closeTransactionPortals();
    }
  }

  void closeTransactionPortals() {
    portals
        .values()
        .removeIf(
            portal -> {
              if (!portal.holdable()) {
                portal.close();
              }
              return !portal.holdable();
            });
    if (spillSpace != null) {
      // Held cursors have their rows in memory.
      spillSpace.closeAll();
    }
  }

  /// What the running statement asks of shards.
  StatementReads reads() {
    return reads;
  }

  /// Where running queries put what does not fit into memory; null for nowhere.
  SpillSpace spillSpace() {
    return spillSpace;
  }

  @Override
  public TransactionStatus status() {
    return transactions.status();
  }

  @Override
  public long idleTimeoutMillis() {
    return interrupts.idleTimeoutMillis(transactions.status() != TransactionStatus.IDLE);
  }

  @Override
  public boolean runsWithoutBlocking(Request request, String text) {
    if (transactions.failed()) {
      return false;
    }
    return switch (request) {
      case QUERY -> executor.isShort(fingerprint(text), text);
      case PARSE -> {
        SqlFingerprint fingerprint = fingerprint(text);
        yield fingerprint.cacheable() && executor.isCached(fingerprint);
      }
      case BIND -> {
        PreparedStatement statement = statements.get(text);
        yield statement != null && executor.bindsAtOnce(statement);
      }
      case EXECUTE -> {
        Portal portal = portals.get(text);
        yield portal != null && executor.isShort(portal.statement());
      }
      case SYNC -> transactions.inBlock() || !transactions.holdsWrites();
    };
  }

  @Override
  public void mayBlock(boolean allowed) {
    interrupts.mayBlock(allowed);
  }

  @Override
  public void whenNotified(Runnable wake) {
    notifications.whenArrived(wake);
  }

  @Override
  public void awaitFollowed() {
    transactions.awaitFollowed();
  }

  @Override
  public void deliverNotifications(ResponseSink to) {
    reported.catchUp(to);
    if (!transactions.active()) {
      notifications.deliver(to);
    }
  }

  @Override
  public void cancel(SqlException reason) {
    interrupts.request(reason);
  }

  @Override
  public void whenTerminated(Consumer<SqlException> end) {
    terminator = end;
  }

  /// Any thread: ends the session, at once where its client is silent.
  void terminate(SqlException reason) {
    terminator.accept(reason);
  }

  @Override
  public Map<String, String> reportedSettings() {
    return reported.all();
  }

  @Override
  public void close() {
    notifications.close();
    portals.values().forEach(Portal::close);
    portals.clear();
    if (spillSpace != null) {
      spillSpace.closeAll();
    }
    transactions.rollback();
    try {
      TemporaryTables.dropSchemas(
          engine, schema -> schema.name().equals(SchemaDescriptor.temporaryName(processId)));
    } finally {
      // Whoever gets one of these finds nothing of the session any more.
      if (transactions.locksIfAny() != null) {
        transactions.locksIfAny().close();
      }
      advisoryLocks.close();
      engine.closed(this);
    }
  }
}
