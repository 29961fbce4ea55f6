package io.trencadis.sql.session;

import io.trencadis.base.Outside;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sharding.Gateway;
import io.trencadis.sql.analyze.Names;
import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.CatalogStore;
import io.trencadis.sql.catalog.DatabaseDescriptor;
import io.trencadis.sql.catalog.RoleDescriptor;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.SequenceDescriptor;
import io.trencadis.sql.catalog.StatisticsDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.execute.Helpers;
import io.trencadis.sql.execute.SpillSpace;
import io.trencadis.sql.execute.TemporaryFiles;
import io.trencadis.sql.functions.SystemView;
import io.trencadis.sql.functions.SystemViews;
import io.trencadis.sql.planning.FragmentPrograms;
import io.trencadis.sql.planning.PlanRules;
import io.trencadis.sql.rights.Roles;
import io.trencadis.sql.session.settings.ServerConfiguration;
import io.trencadis.sql.session.settings.SessionSettings;
import io.trencadis.sql.session.settings.SettingsRegistry;
import io.trencadis.txn.lock.Wanted;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// The SQL side of one node: what its sessions share. Thread-safe.
public final class LocalSqlEngine implements SqlEngine, Names.Environment {
  private final Gateway gateway;
  private final long startedMicros;
  private volatile long configuredMicros;
  private final Outside outside;
  private final SettingsRegistry settings;
  private final CatalogStore catalogStore;
  private final SystemViews systemViews;
  private final CatalogFunctions catalogFunctions;
  private final Passwords passwords;
  private final Sequences sequences;
  private final TableStatistics statistics = new TableStatistics();
  private final ActivityCounts activityCounts = new ActivityCounts();
  private final StatementTimes statementTimes = new StatementTimes();
  private final EngineCounters counters = new EngineCounters();
  private final PlanCache planCache = new PlanCache();
  private final SyntaxCache syntaxCache = new SyntaxCache();
  private final Notifications notifications = new Notifications();

  /// Null for a node on its own.
  private final NotificationQueue notificationQueue;

  private final StatementPlanner planner;
  private final Helpers helpers = new Helpers(Runtime.getRuntime().availableProcessors() - 1);

  private final LongSupplier rowIds;

  private final Map<Integer, LocalSession> sessions = new ConcurrentHashMap<>();

  private volatile TemporaryFiles temporaryFiles;

  private final AutoAnalyze autoAnalyze = new AutoAnalyze(this);

  private final ClusterSessions clusterSessions;

  /// By table.
  private final Map<Integer, MoveProgress> moves = new ConcurrentHashMap<>();

  private volatile ServerConfiguration configuration = ServerConfiguration.NONE;

  /// Says which files configure the server. Called once, before there are sessions.
  public void configuration(ServerConfiguration files) {
    configuration = files;
  }

  ServerConfiguration configuration() {
    return configuration;
  }

  /// Says where queries put what does not fit into `work_mem`; until then all of it stays in
  /// memory. Called once, before there are sessions.
  public void temporaryFiles(TemporaryFiles files) {
    temporaryFiles = files;
  }

  /// Who keeps what is known of tables fresh; not at work before it is started.
  public AutoAnalyze autoAnalyze() {
    return autoAnalyze;
  }

  /// What sessions of this node move now, by table.
  Map<Integer, MoveProgress> moves() {
    return moves;
  }

  /// A session of the server's own.
  SqlSession openInternal(
      RoleDescriptor role,
      DatabaseDescriptor database,
      int processId,
      Map<String, String> parameters) {
    LocalSession session = new LocalSession(this, role, database, processId, null, parameters);
    sessions.put(processId, session);
    return new ScopedSession(session);
  }

  /// Room for what does not fit into a session's memory; null where there is none.
  SpillSpace newSpillSpace(SessionSettings settings) {
    return temporaryFiles == null
        ? null
        : new SpillSpace(
            temporaryFiles,
            () -> settings.getLong("temp_file_limit"),
            () -> Double.parseDouble(settings.get("hash_mem_multiplier")));
  }

  /// Null for none.
  TemporaryFiles temporaryFiles() {
    return temporaryFiles;
  }

  /// Who helps sessions to read.
  Helpers helpers() {
    return helpers;
  }

  /// Whether a role is a member of another, directly or not; superusers are by grants only, too.
  public boolean isMember(String role, String group) {
    Catalog catalog = catalogStore.latest();
    RoleDescriptor member = catalog.role(role);
    RoleDescriptor other = catalog.role(group);
    return member != null
        && other != null
        && new Roles(catalog, 0).isMemberByGrant(member.oid(), other.oid());
  }

  /// Makes password verifiers. Thread-safe.
  @FunctionalInterface
  public interface Passwords {
    /// The SCRAM-SHA-256 verifier of a password, in PostgreSQL's form; a verifier is returned as it
    /// is.
    String verifier(String password);
  }

  /// @param settings the server's values
  /// @param superuserPassword what `postgres` logs in with where the store is new, or null for none
  public LocalSqlEngine(
      Gateway gateway,
      Outside outside,
      SettingsRegistry settings,
      SystemViews systemViews,
      CatalogFunctions catalogFunctions,
      Passwords passwords,
      String superuserPassword) {
    this.gateway = gateway;
    this.outside = outside;
    this.startedMicros = wallClockMicros();
    this.configuredMicros = startedMicros;
    this.notificationQueue =
        gateway.isShared() ? new NotificationQueue(gateway, outside, notifications) : null;
    this.settings = settings;
    this.systemViews = systemViews;
    this.catalogFunctions = catalogFunctions;
    this.passwords = passwords;
    this.catalogStore =
        CatalogStore.open(
            gateway,
            () ->
                InitialObjects.of(
                    superuserPassword == null ? null : passwords.verifier(superuserPassword)));
    gateway.relations(catalogStore::unreachable);
    this.sequences = new Sequences(gateway);
    // What a server left behind that was killed.
    if (!gateway.isShared()) {
      TemporaryTables.dropSchemas(gateway, catalogStore, SchemaDescriptor::isTemporary);
    }
    this.rowIds = gateway.newRowIds();
    this.clusterSessions = new ClusterSessions(this, gateway.peers());
    for (StatisticsDescriptor known : catalogStore.latest().all(StatisticsDescriptor.class)) {
      statistics.counted(known.objectOid(), (long) known.rows());
    }
    PlanRules rules = PlanRules.without(setting("trencadis.disabled_rules"));
    this.planner =
        new StatementPlanner(
            rowIds::getAsLong, statistics, gateway.isShared() ? rules : rules.onOneNode());
    gateway.fragments(new FragmentPrograms(this::temporaryFiles));
  }

  // The oid of an annotation is never seen; it only must be one that nothing else has.
  Gateway gateway() {
    return gateway;
  }

  Outside outside() {
    return outside;
  }

  CatalogStore catalogStore() {
    return catalogStore;
  }

  SystemViews systemViews() {
    return systemViews;
  }

  CatalogFunctions catalogFunctions() {
    return catalogFunctions;
  }

  Passwords passwords() {
    return passwords;
  }

  Sequences sequences() {
    return sequences;
  }

  TableStatistics statistics() {
    return statistics;
  }

  /// What is counted in the `pg_stat_…` views.
  public ActivityCounts activityCounts() {
    return activityCounts;
  }

  /// What all sessions together have done.
  public EngineCounters counters() {
    return counters;
  }

  /// How many sessions there are by their state, in the words of `pg_stat_activity`.
  public Map<String, Integer> sessionStates() {
    Map<String, Integer> states = new TreeMap<>();
    for (String state : LocalSession.STATES) {
      states.put(state, 0);
    }
    sessions.values().forEach(session -> states.merge(session.state(), 1, Integer::sum));
    return states;
  }

  StatementTimes statementTimes() {
    return statementTimes;
  }

  PlanCache planCache() {
    return planCache;
  }

  SyntaxCache syntaxCache() {
    return syntaxCache;
  }

  Notifications notifications() {
    return notifications;
  }

  /// How notifications come to other nodes; null for a node on its own.
  NotificationQueue notificationQueue() {
    return notificationQueue;
  }

  StatementPlanner planner() {
    return planner;
  }

  SettingsRegistry settingsRegistry() {
    return settings;
  }

  /// A hidden row id that no row has had.
  long newRowId() {
    return rowIds.getAsLong();
  }

  /// Microseconds since 1970 UTC. When the server was started, in microseconds since 1970.
  long startedMicros() {
    return startedMicros;
  }

  /// When its configuration was read last.
  long configuredMicros() {
    return configuredMicros;
  }

  boolean reload() {
    boolean done = configuration().reload();
    configuredMicros = wallClockMicros();
    return done;
  }

  long wallClockMicros() {
    return outside.clock().currentMillis() * 1000 + outside.clock().nanoTime() / 1000 % 1000;
  }

  String versionText() {
    return "PostgreSQL "
        + SettingsRegistry.SERVER_VERSION
        + " on "
        + System.getProperty("os.arch")
        + "-"
        + System.getProperty("os.name")
        + ", compiled by Java "
        + Runtime.version().feature()
        + ", 64-bit";
  }

  @Override
  public Credentials credentials(String role) {
    RoleDescriptor found = newestCatalog().role(role);
    return found == null
        ? null
        : new Credentials(
            found.name(), found.login(), expired(found) ? null : found.passwordVerifier());
  }

  private boolean expired(RoleDescriptor role) {
    return role.validUntilMicros() != null
        && role.validUntilMicros() < wallClockMicros() - SessionContext.EPOCH_2000_MICROS;
  }

  @Override
  public SqlSession open(Map<String, String> parameters, int processId, Endpoints endpoints) {
    String user = parameters.get("user");
    String databaseName = parameters.getOrDefault("database", user);
    Catalog catalog = newestCatalog();
    RoleDescriptor role = catalog.role(user);
    if (role == null) {
      throw new SqlException(
              SqlState.INVALID_AUTHORIZATION_SPECIFICATION, "role \"" + user + "\" does not exist")
          .asFatal();
    }
    DatabaseDescriptor database = catalog.database(databaseName);
    if (database == null) {
      throw new SqlException(
              SqlState.INVALID_CATALOG_NAME, "database \"" + databaseName + "\" does not exist")
          .asFatal();
    }
    Admission.require(catalog, role, database, sessions.values());
    try {
      LocalSession session =
          new LocalSession(this, role, database, processId, endpoints, parameters);
      sessions.put(processId, session);
      return new ScopedSession(session);
    } catch (SqlException e) {
      throw e.asFatal();
    }
  }

  /// The catalog with all that was committed before the call, on whichever node.
  private Catalog newestCatalog() {
    if (gateway.isShared()) {
      gateway.currentTimestamp();
    }
    return catalogStore.latest();
  }

  void closed(LocalSession session) {
    sessions.remove(session.processId(), session);
  }

  /// Writes down what is kept ahead of its use. Called once, when no session is left.
  public void close() {
    autoAnalyze.stop();
    sequences.giveBackReserved();
  }

  List<CatalogAccess.Activity> activity() {
    List<CatalogAccess.Activity> all = new ArrayList<>();
    sessions.values().forEach(session -> all.add(session.activity()));
    return all;
  }

  /// How this node's sessions are known to lock tables.
  List<SessionOwner> owners() {
    return sessions.values().stream().map(SessionOwner::of).toList();
  }

  /// The sessions of all nodes.
  ClusterSessions clusterSessions() {
    return clusterSessions;
  }

  String deadlockDetail(List<Wanted.Wait> circle) {
    counters.deadlocks.increment();
    return new LockList(owners(), List.of()).deadlock(circle, catalogStore.latest());
  }

  /// Whether a session other than `self` is in the database.
  boolean inUse(int databaseOid, LocalSession self) {
    return sessions.values().stream()
        .anyMatch(session -> session != self && session.database().oid() == databaseOid);
  }

  static SqlException terminated() {
    return new SqlException(
            SqlState.ADMIN_SHUTDOWN, "terminating connection due to administrator command")
        .asFatal();
  }

  boolean signal(int processId, boolean terminate) {
    LocalSession session = sessions.get(processId);
    if (session == null) {
      return false;
    }
    if (terminate) {
      session.terminate(terminated());
    } else {
      session.cancel(
          new SqlException(SqlState.QUERY_CANCELED, "canceling statement due to user request"));
    }
    return true;
  }

  @Override
  public String setting(String name) {
    return settings.serverValue(settings.require(name));
  }

  @Override
  public double estimatedRows(TableDescriptor table) {
    if (!table.isPartitioned()) {
      return statistics.estimate(table.oid());
    }
    double rows = 0;
    for (TableDescriptor partition : catalogStore.latest().partitionsOf(table.oid())) {
      rows += estimatedRows(partition);
    }
    return Math.max(1, rows);
  }

  @Override
  public SystemView sequenceView(SequenceDescriptor sequence) {
    return new SequenceView(sequence, sequences);
  }
}
