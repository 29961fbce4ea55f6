package io.trencadis.sql.session;

import io.trencadis.base.Outside;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sharding.BackupResult;
import io.trencadis.sharding.ClusterStatus;
import io.trencadis.sharding.NodeCounters;
import io.trencadis.sharding.PreparedTransactions;
import io.trencadis.sql.analyze.Names;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.PredefinedRoles;
import io.trencadis.sql.catalog.RoleDescriptor;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.SequenceDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.rights.Privilege;
import io.trencadis.sql.rights.Rights;
import io.trencadis.sql.rights.Target;
import io.trencadis.sql.session.settings.FileSetting;
import io.trencadis.sql.session.settings.HostRuleInfo;
import io.trencadis.sql.session.settings.SessionSettings;
import io.trencadis.sql.types.PgType;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// What functions see of the session: settings, clock, user, catalog. Confined to the session's
/// thread.
final class SessionContext implements CatalogAccess {
  /// Seconds from 1970 to 2000, where PostgreSQL's timestamps begin, in microseconds.
  static final long EPOCH_2000_MICROS = 946_684_800_000_000L;

  private final LocalSession session;
  private final Outside outside;
  private final SessionSettings settings;
  private long generation = -1;
  private ZoneId zone;
  private DateStyle dateStyle;
  private DateOrder dateOrder;
  private IntervalStyle intervalStyle;
  private int extraFloatDigits;
  private ByteaOutput byteaOutput;
  private long transactionStart;
  private long statementStart;
  private RandomGenerator random;
  private SequenceUse lastSequence;
  private final java.util.Map<Integer, SequenceUse> usedSequences = new java.util.HashMap<>();

  private record SequenceUse(int oid, long value) {}

  SessionContext(LocalSession session, Outside outside, SessionSettings settings) {
    this.session = session;
    this.outside = outside;
    this.settings = settings;
  }

  private void refresh() {
    if (generation == settings.generation()) {
      return;
    }
    zone = SessionSettings.zone(settings.get("TimeZone"));
    if (zone == null) {
      zone = ZoneOffset.UTC;
    }
    String style = settings.get("DateStyle");
    dateStyle =
        DateStyle.valueOf(
            style.substring(0, style.indexOf(',')).toUpperCase(java.util.Locale.ROOT));
    dateOrder = DateOrder.valueOf(style.substring(style.indexOf(' ') + 1));
    intervalStyle =
        IntervalStyle.valueOf(settings.get("IntervalStyle").toUpperCase(java.util.Locale.ROOT));
    extraFloatDigits = settings.getInt("extra_float_digits");
    byteaOutput =
        ByteaOutput.valueOf(settings.get("bytea_output").toUpperCase(java.util.Locale.ROOT));
    generation = settings.generation();
  }

  LocalSession session() {
    return session;
  }

  void beginTransaction() {
    transactionStart = clockTimestampMicros();
  }

  void beginStatement() {
    statementStart = clockTimestampMicros();
  }

  /// For a statement that is run as if it were at an earlier time.
  void statementTimestampMicros(long micros) {
    statementStart = micros;
  }

  @Override
  public ZoneId timeZone() {
    refresh();
    return zone;
  }

  @Override
  public DateStyle dateStyle() {
    refresh();
    return dateStyle;
  }

  @Override
  public DateOrder dateOrder() {
    refresh();
    return dateOrder;
  }

  @Override
  public IntervalStyle intervalStyle() {
    refresh();
    return intervalStyle;
  }

  @Override
  public int extraFloatDigits() {
    refresh();
    return extraFloatDigits;
  }

  @Override
  public ByteaOutput byteaOutput() {
    refresh();
    return byteaOutput;
  }

  @Override
  public long transactionTimestampMicros() {
    return transactionStart;
  }

  @Override
  public long statementTimestampMicros() {
    return statementStart;
  }

  @Override
  public long clockTimestampMicros() {
    return session.engine().wallClockMicros() - EPOCH_2000_MICROS;
  }

  @Override
  public void sleepMicros(long micros) {
    session.interrupts().check();
    if (!session.interrupts().mayBlock()) {
      throw io.trencadis.txn.WouldBlockException.INSTANCE;
    }
    try {
      Thread.sleep(micros / 1000, (int) (micros % 1000) * 1000);
    } catch (InterruptedException e) {
      session.interrupts().check();
    }
  }

  @Override
  public String currentUser() {
    return session.currentUser().name();
  }

  @Override
  public String sessionUser() {
    return session.sessionUser().name();
  }

  @Override
  public String currentDatabase() {
    return session.database().name();
  }

  @Override
  public List<String> searchPath() {
    List<String> existing = new ArrayList<>();
    for (String name : session.searchPath()) {
      if (name.equals("pg_catalog")
          || name.equals("information_schema")
          || session.catalog().schema(session.database().oid(), name)
                  instanceof SchemaDescriptor schema
              && session.names().mayUse(schema)) {
        existing.add(name);
      }
    }
    return existing;
  }

  @Override
  public String temporarySchema() {
    SchemaDescriptor schema = session.names().temporarySchema();
    return schema == null || session.searchPath().contains("pg_temp") ? null : schema.name();
  }

  @Override
  public int backendPid() {
    return session.processId();
  }

  @Override
  public String versionText() {
    return session.engine().versionText();
  }

  @Override
  public String setting(String name) {
    return settings.find(name) == null ? null : settings.show(name);
  }

  @Override
  public String setSetting(String name, String value, boolean local) {
    SettingCommands.requireAllowed(session, name);
    settings.set(name, value, local);
    return settings.show(name);
  }

  @Override
  public RandomGenerator random() {
    if (random == null) {
      random = new SplittableRandom(outside.random().nextLong());
    }
    return random;
  }

  @Override
  public void seedRandom(double seed) {
    random = new SplittableRandom(Double.doubleToLongBits(seed));
  }

  // ---- sequences

  private SequenceDescriptor sequence(long oid) {
    SequenceDescriptor sequence = session.catalog().sequence((int) oid);
    if (sequence == null) {
      Descriptor other = session.catalog().byOid((int) oid);
      throw other == null
          ? new SqlException(
              SqlState.UNDEFINED_TABLE,
              "could not open relation with OID " + Integer.toUnsignedString((int) oid))
          : new SqlException(
              SqlState.WRONG_OBJECT_TYPE, "\"" + other.name() + "\" is not a sequence");
    }
    return sequence;
  }

  /// @throws SqlException 42501 where the current user has none of the privileges
  private void requireAny(SequenceDescriptor sequence, Privilege... privileges) {
    int role = session.currentUser().oid();
    if (session.currentUser().superuser() || sequence.ownerOid() == role) {
      return;
    }
    long held = session.rights().privileges(role, Target.of(sequence));
    for (Privilege each : privileges) {
      if ((held & each.bit()) != 0) {
        return;
      }
    }
    throw Rights.denied(Target.of(sequence));
  }

  @Override
  public long nextval(long sequenceOid) {
    SequenceDescriptor sequence = sequence(sequenceOid);
    if (!sequence.identity()) {
      // Whoever may insert into a table may use what numbers its identity column.
      requireAny(sequence, Privilege.USAGE, Privilege.UPDATE);
    }
    long value = session.engine().sequences().next(sequence);
    lastSequence = new SequenceUse(sequence.oid(), value);
    usedSequences.put(sequence.oid(), lastSequence);
    return value;
  }

  @Override
  public long currval(long sequenceOid) {
    SequenceDescriptor sequence = sequence(sequenceOid);
    requireAny(sequence, Privilege.SELECT, Privilege.USAGE);
    SequenceUse use = usedSequences.get(sequence.oid());
    if (use == null) {
      throw new SqlException(
          SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
          "currval of sequence \"" + sequence.name() + "\" is not yet defined in this session");
    }
    return use.value;
  }

  @Override
  public long lastval() {
    if (lastSequence == null) {
      throw new SqlException(
          SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "lastval is not yet defined in this session");
    }
    return usedSequences.get(lastSequence.oid).value;
  }

  @Override
  public long setval(long sequenceOid, long value, boolean isCalled) {
    SequenceDescriptor sequence = sequence(sequenceOid);
    requireAny(sequence, Privilege.UPDATE);
    session.engine().sequences().set(sequence, value, isCalled);
    if (isCalled) {
      lastSequence = new SequenceUse(sequence.oid(), value);
      usedSequences.put(sequence.oid(), lastSequence);
    }
    return value;
  }

  /// DISCARD SEQUENCES.
  void forgetSequences() {
    lastSequence = null;
    usedSequences.clear();
  }

  @Override
  public InetSocketAddress clientAddress() {
    return session.endpoints().client();
  }

  @Override
  public InetSocketAddress serverAddress() {
    return session.endpoints().server();
  }

  @Override
  public Long transactionId(boolean assign) {
    return session.transactionId(assign);
  }

  @Override
  public Object checked(PgType type, Object value) {
    return session.domains().checked(type, value);
  }

  @Override
  public boolean isTransaction(long id) {
    Long own = transactionId(false);
    return own != null && own == id;
  }

  @Override
  public String snapshotText() {
    Long id = transactionId(true);
    return id + ":" + (id + 1) + ":";
  }

  @Override
  public Object catalogFunction(String prosrc, Object[] args) {
    return session.engine().catalogFunctions().call(prosrc, args, this);
  }

  @Override
  public void notice(String severity, SqlState state, String message) {
    session.notice(new Notice(severity, state, message, null, null));
  }

  // ---- names of objects

  @Override
  public long lookupReg(PgType regType, String text) {
    return session.engine().catalogFunctions().lookupReg(regType, text, this);
  }

  @Override
  public String regName(PgType regType, long oid) {
    return session.engine().catalogFunctions().regName(regType, oid, this);
  }

  @Override
  public void sendNotification(String channel, String payload) {
    if (!session.interrupts().mayBlock()) {
      // The commit that sends it waits for others that do.
      throw io.trencadis.txn.WouldBlockException.INSTANCE;
    }
    session.notifications().notify(channel, payload);
  }

  @Override
  public List<String> listeningChannels() {
    return session.notifications().channels();
  }

  @Override
  public List<HostRuleInfo> hostRules() {
    return session.engine().configuration().hostRules();
  }

  @Override
  public List<FileSetting> fileSettings() {
    return session.engine().configuration().fileSettings();
  }

  @Override
  public boolean seesConfigurationFiles() {
    int user = session.currentUser().oid();
    return session.rights().roles().has(user, PredefinedRoles.READ_ALL_SETTINGS);
  }

  @Override
  public boolean reloadConfiguration() {
    return session.engine().reload();
  }

  @Override
  public long startedMicros() {
    return session.engine().startedMicros() - EPOCH_2000_MICROS;
  }

  @Override
  public long configuredMicros() {
    return session.engine().configuredMicros() - EPOCH_2000_MICROS;
  }

  /// The names of this session at the catalog that its current transaction sees.
  @Override
  public Names names() {
    return session.names();
  }

  @Override
  public RoleDescriptor role() {
    return session.currentUser();
  }

  @Override
  public SessionSettings settings() {
    return settings;
  }

  /// Other nodes are asked, if there are any.
  private void requireMayBlock() {
    if (session.engine().gateway().isShared() && !session.interrupts().mayBlock()) {
      throw io.trencadis.txn.WouldBlockException.INSTANCE;
    }
  }

  @Override
  public Map<Integer, List<Activity>> activityByNode() {
    requireMayBlock();
    return session.engine().clusterSessions().activity();
  }

  @Override
  public List<Activity> activity() {
    requireMayBlock();
    return session.engine().clusterSessions().activity().values().stream()
        .flatMap(List::stream)
        .toList();
  }

  @Override
  public List<PreparedInfo> preparedStatements() {
    return session.preparedInfos();
  }

  @Override
  public List<CursorInfo> cursors() {
    return session.cursorInfos();
  }

  @Override
  public List<PreparedTransactions.View> preparedTransactions() {
    if (session.engine().gateway().isShared() && !session.interrupts().mayBlock()) {
      throw io.trencadis.txn.WouldBlockException.INSTANCE;
    }
    return session.engine().gateway().preparedTransactions().list();
  }

  @Override
  public ActivityCounts activityCounts() {
    return session.engine().activityCounts();
  }

  @Override
  public StatementTimes statementTimes() {
    return session.engine().statementTimes();
  }

  @Override
  public void resetCounts() {
    session.engine().activityCounts().reset();
  }

  @Override
  public long rowCount(TableDescriptor table) {
    return session.engine().statistics().count(table.oid());
  }

  @Override
  public Long sequenceLastValue(SequenceDescriptor sequence) {
    return session.engine().sequences().called(sequence)
        ? session.engine().sequences().last(sequence)
        : null;
  }

  @Override
  public List<LockInfo> locks() {
    if (!session.interrupts().mayBlock()) {
      throw io.trencadis.txn.WouldBlockException.INSTANCE;
    }
    return session.engine().clusterSessions().locks();
  }

  @Override
  public ClusterStatus clusterStatus() {
    if (!session.interrupts().mayBlock()) {
      throw io.trencadis.txn.WouldBlockException.INSTANCE;
    }
    return session.engine().gateway().status();
  }

  @Override
  public NodeCounters nodeCounters() {
    return session.engine().gateway().counters();
  }

  @Override
  public List<MoveProgress> moves() {
    return List.copyOf(session.engine().moves().values());
  }

  @Override
  public String drain(int node, boolean force) {
    if (!session.interrupts().mayBlock()) {
      throw io.trencadis.txn.WouldBlockException.INSTANCE;
    }
    // Run again, it would find the node on its way out.
    session.replay().impossible();
    return session.engine().gateway().drain(node, force);
  }

  @Override
  public String copies(int copies) {
    if (!session.interrupts().mayBlock()) {
      throw io.trencadis.txn.WouldBlockException.INSTANCE;
    }
    return session.engine().gateway().copies(copies);
  }

  @Override
  public AdvisoryLocks advisoryLocks() {
    return session.advisoryLocks();
  }

  @Override
  public BackupResult backup(Path directory) {
    session.interrupts().check();
    if (!session.interrupts().mayBlock()) {
      throw io.trencadis.txn.WouldBlockException.INSTANCE;
    }
    // Run again, it would find its own files.
    session.replay().impossible();
    try {
      return session.engine().gateway().backup(directory, new BackupNotices(this));
    } catch (InterruptedException e) {
      session.interrupts().check();
      throw new SqlException(SqlState.QUERY_CANCELED, "canceling statement due to user request", e);
    }
  }

  @Override
  public boolean signal(int processId, boolean terminate) {
    requireMayBlock();
    boolean own = processId == session.processId();
    if (own && terminate) {
      throw LocalSqlEngine.terminated();
    }
    boolean found = session.engine().clusterSessions().signal(processId, terminate);
    if (own) {
      session.interrupts().check();
    }
    return found;
  }
}
