package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sharding.Failures;
import io.trencadis.sharding.SessionLocks;
import io.trencadis.sharding.Transaction;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.ddl.TableLocks;
import io.trencadis.sql.execute.Execution;
import io.trencadis.sql.session.settings.SessionSettings;
import io.trencadis.txn.IsolationLevel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/// The transaction that a session is in.
///
/// States: *idle* (no transaction), *implicit* (one that ends with the statement or at Sync),
/// *block* (BEGIN was said), *failed* (a block after an error: only its end or ROLLBACK TO gets
/// out). The store's transaction begins with the first statement that needs it, so that SET
/// TRANSACTION may come first. Confined to the session's thread.
final class TransactionControl {
  private enum State {
    IDLE,
    IMPLICIT,
    BLOCK,
    FAILED
  }

  private final LocalSqlEngine engine;
  private final SessionSettings settings;
  private final Interrupts interrupts;
  private final SessionContext context;
  private final SessionNotifications notifications;
  private State state = State.IDLE;

  /// The last transaction that was asked for its id; one that only reads shows none before.
  private long givenId = -1;

  private Transaction transaction;

  /// Issued since the client's message came; 0 for none.
  private long freshTimestamp;

  private Map<Integer, Descriptor> changes;
  private Catalog changed;
  private final List<Savepoint> savepoints = new ArrayList<>();
  private final List<Runnable> afterCommit = new ArrayList<>();
  private final DeferredConstraints deferred = new DeferredConstraints();
  private Function<Transaction, Execution> executions;
  private Runnable beforeCommit;

  /// After so many failures to serialize an attempt locks what it reads.
  private static final int FAILURES_UNTIL_LOCKS = 3;

  private boolean usedByStatement;

  /// Attempts of this transaction, or of this lone statement, that failed to serialize.
  private int failures;

  /// Whether what the client was told cannot come true any more: a block that goes back to a
  /// savepoint does not get away from that.
  private boolean doomed;

  private boolean usedTemporary;
  private final List<Portal> holdables = new ArrayList<>();

  /// The statement for which the transaction reads the past; null if it does not.
  private PreparedStatement pastFor;

  private Catalog pastCatalog;
  private Replay replay;

  /// Null until the first advisory lock.
  private volatile SessionLocks locks;

  /// The store's transaction, for other threads; 0 for none.
  private volatile long runningId;

  /// Whether that may write, likewise.
  private volatile boolean runningWrites;

  /// A savepoint of the session.
  static final class Savepoint {
    private final String name;
    private final int settingsMark;
    private Begun before;
    private final int lockMark;
    private final java.util.Set<Portal> portals;

    /// `transaction_read_only` at the savepoint: what is set later ends with it, on either way.
    private final String readOnly;

    /// In the store's transaction, or -1 where it had not begun.
    private int storePoint;

    private Savepoint(
        String name,
        int storePoint,
        int settingsMark,
        Begun before,
        int lockMark,
        java.util.Set<Portal> portals,
        String readOnly) {
      this.name = name;
      this.readOnly = readOnly;
      this.portals = portals;
      this.storePoint = storePoint;
      this.settingsMark = settingsMark;
      this.before = before;
      this.lockMark = lockMark;
    }
  }

  TransactionControl(
      LocalSqlEngine engine,
      SessionSettings settings,
      Interrupts interrupts,
      SessionContext context,
      SessionNotifications notifications) {
    this.notifications = notifications;
    this.engine = engine;
    this.settings = settings;
    this.interrupts = interrupts;
    this.context = context;
  }

  /// @param maker makes runs for the checks at a transaction's end
  void executions(Function<Transaction, Execution> maker) {
    executions = maker;
  }

  /// @param work of a transaction that wrote, as the last before it commits
  void beforeCommit(Runnable work) {
    beforeCommit = work;
  }

  DeferredConstraints deferred() {
    return deferred;
  }

  /// Called once, before the first transaction.
  void replay(Replay healer) {
    replay = healer;
  }

  SqlSession.TransactionStatus status() {
    return switch (state) {
      case IDLE, IMPLICIT -> SqlSession.TransactionStatus.IDLE;
      case BLOCK -> SqlSession.TransactionStatus.IN_TRANSACTION;
      case FAILED -> SqlSession.TransactionStatus.FAILED;
    };
  }

  boolean inBlock() {
    return state == State.BLOCK || state == State.FAILED;
  }

  boolean failed() {
    return state == State.FAILED;
  }

  /// Whether ending the transaction may take time.
  boolean holdsWrites() {
    return notifications.pending() || transaction != null && !transaction.readOnly();
  }

  boolean active() {
    return state != State.IDLE;
  }

  Long id(boolean assign) {
    if (transaction == null && assign && state != State.IDLE) {
      return transaction(false).id();
    }
    if (transaction == null || transaction.readOnly() && !assign && givenId != transaction.id()) {
      return null;
    }
    givenId = transaction.id();
    return givenId;
  }

  /// Begins an implicit transaction unless there is one.
  void beginImplicit() {
    if (state == State.IDLE) {
      state = State.IMPLICIT;
      context.beginTransaction();
    }
  }

  /// Before a statement is looked at that has no snapshot yet: learns of the changes of the catalog
  /// that other nodes have acknowledged by now (rule 13). Within a snapshot it is known already.
  void freshen() {
    if (transaction == null && engine.gateway().isShared()) {
      freshTimestamp = engine.gateway().currentTimestamp();
    }
  }

  /// What [#freshen] has learnt is good for the first snapshot of the transaction that begins with
  /// the same message, and for nothing that comes later.
  private long takeFresh() {
    long fresh = freshTimestamp;
    freshTimestamp = 0;
    return fresh;
  }

  /// The client's message has been dealt with.
  void messageEnded() {
    freshTimestamp = 0;
  }

  /// The store's transaction, begun now if need be.
  ///
  /// @param readOnly whether this statement is all of an implicit transaction and changes nothing
  Transaction transaction(boolean readOnly) {
    requireHope();
    if (transaction == null) {
      boolean promised =
          settings.getBoolean("transaction_read_only") || (readOnly && state == State.IMPLICIT);
      transaction = engine.gateway().begin(isolation(), promised, interrupts, takeFresh());
      began();
      for (Savepoint point : savepoints) {
        point.storePoint = transaction.savepoint();
      }
    } else if (transaction.readOnly()
        && !readOnly
        && !settings.getBoolean("transaction_read_only")) {
      // An implicit transaction that only read so far goes on to write: nothing was promised to the
      // client.
      transaction.rollback();
      transaction = engine.gateway().begin(isolation(), false, interrupts, takeFresh());
      began();
    }
    return transaction;
  }

  boolean readsPastFor(PreparedStatement statement) {
    return pastFor == statement;
  }

  boolean readsPast() {
    return pastFor != null;
  }

  /// Has an implicit transaction read the past, for one statement.
  void readPast(PreparedStatement statement, long timestamp) {
    leavePast();
    if (transaction != null) {
      throw new SqlException(
          SqlState.ACTIVE_SQL_TRANSACTION,
          "SELECT ... AS OF SYSTEM TIME cannot run in one transaction with other statements");
    }
    Transaction past = engine.gateway().beginAt(timestamp, interrupts);
    pastCatalog = engine.catalogStore().at(past);
    transaction = past;
    pastFor = statement;
    began();
  }

  /// Another statement follows in the implicit transaction. Rows of the past that are still to come
  /// need nothing that a commit would take from them.
  void leavePast() {
    if (pastFor != null) {
      transaction = null;
      runningId = 0;
      pastFor = null;
      pastCatalog = null;
    }
  }

  private void began() {
    if (failures >= FAILURES_UNTIL_LOCKS) {
      transaction.lockReads();
    }
    runningId = transaction.id();
    runningWrites = !transaction.readOnly();
    if (locks != null) {
      locks.runs(transaction.id());
    }
  }

  /// The session's advisory locks, made now if need be.
  SessionLocks locks() {
    if (locks == null) {
      locks = engine.gateway().sessionLocks();
    }
    return locks;
  }

  /// The session's advisory locks, or null if it never had any. For any thread.
  SessionLocks locksIfAny() {
    return locks;
  }

  /// The store's transaction now, or 0. For any thread.
  long runningId() {
    return runningId;
  }

  boolean runningWrites() {
    return runningWrites;
  }

  private IsolationLevel isolation() {
    return switch (settings.get("transaction_isolation")) {
      case "serializable" -> IsolationLevel.SERIALIZABLE;
      case "repeatable read" -> IsolationLevel.REPEATABLE_READ;
      default -> IsolationLevel.READ_COMMITTED;
    };
  }

  /// The catalog that the next statement is planned with.
  Catalog catalog() {
    if (changed != null) {
      return changed;
    }
    if (pastFor != null) {
      return pastCatalog;
    }
    return transaction == null
        ? engine.catalogStore().latest()
        : engine.catalogStore().at(transaction.readTimestamp());
  }

  boolean hasCatalogChanges() {
    return changed != null;
  }

  /// Changes the catalog for this transaction, and for others when it commits. Null removes.
  void change(Map<Integer, Descriptor> direct) {
    Map<Integer, Descriptor> more = catalog().withOrphans(direct);
    Transaction store = transaction(false);
    engine.catalogStore().write(store, more);
    Map<Integer, Descriptor> all =
        changes == null ? new LinkedHashMap<>() : new LinkedHashMap<>(changes);
    all.putAll(more);
    changed = catalog().changed(more, engine.catalogStore().newPrivateVersion());
    changes = all;
  }

  /// Whether this transaction made the table or gave it new, empty relations, so that nobody else
  /// can reach it.
  boolean createdHere(int tableOid) {
    return changes != null
        && changes.get(tableOid) instanceof TableDescriptor now
        && (!(engine.catalogStore().latest().byOid(tableOid) instanceof TableDescriptor before)
            || before.relationId() != now.relationId());
  }

  /// Something to do once the transaction has committed.
  void afterCommit(Runnable action) {
    afterCommit.add(action);
  }

  void statementRan() {
    usedByStatement = true;
  }

  /// A statement reads or writes temporary tables.
  void temporaryUsed() {
    usedTemporary = true;
  }

  boolean usedTemporary() {
    return usedTemporary
        || (changes != null && changes.values().stream().anyMatch(this::isTemporary));
  }

  private boolean isTemporary(Descriptor made) {
    return made instanceof SchemaDescriptor schema
        ? schema.isTemporary()
        : made instanceof TableDescriptor table
            && changed.byOid(table.schemaOid()) instanceof SchemaDescriptor within
            && within.isTemporary();
  }

  /// A cursor WITH HOLD was made.
  void holdableOpened(Portal portal) {
    holdables.add(portal);
  }

  /// Whether one that was made in this transaction is still open.
  boolean openedHoldable(Map<String, Portal> portals) {
    return holdables.stream().anyMatch(portals::containsValue);
  }

  // ---- statements of transaction control

  void begin(Statement.TransactionModes modes, ResponseSink sink) {
    if (state == State.BLOCK) {
      sink.notice(
          Notice.warning(
              SqlState.ACTIVE_SQL_TRANSACTION, "there is already a transaction in progress"));
    } else {
      if (state == State.IDLE) {
        context.beginTransaction();
      }
      state = State.BLOCK;
      applyDefaults();
    }
    setModes(modes);
  }

  private void applyDefaults() {
    settings.setInternal("transaction_isolation", settings.get("default_transaction_isolation"));
    settings.setInternal("transaction_read_only", settings.get("default_transaction_read_only"));
    settings.setInternal("transaction_deferrable", settings.get("default_transaction_deferrable"));
  }

  void setModes(Statement.TransactionModes modes) {
    if (modes.isolation() != null) {
      String level = modes.isolation().name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
      if (usedByStatement && !level.equals(settings.get("transaction_isolation"))) {
        throw new SqlException(
            SqlState.ACTIVE_SQL_TRANSACTION,
            "SET TRANSACTION ISOLATION LEVEL must be called before any query");
      }
      if (!savepoints.isEmpty() && !level.equals(settings.get("transaction_isolation"))) {
        throw new SqlException(
            SqlState.ACTIVE_SQL_TRANSACTION,
            "SET TRANSACTION ISOLATION LEVEL must not be called in a subtransaction");
      }
      settings.setInternal("transaction_isolation", level);
    }
    if (modes.readOnly() != null) {
      boolean opens = !modes.readOnly() && settings.getBoolean("transaction_read_only");
      if (opens && !savepoints.isEmpty()) {
        throw new SqlException(
            SqlState.ACTIVE_SQL_TRANSACTION,
            "cannot set transaction read-write mode inside a read-only transaction");
      }
      if (!modes.readOnly() && usedByStatement && settings.getBoolean("transaction_read_only")) {
        throw new SqlException(
            SqlState.ACTIVE_SQL_TRANSACTION,
            "transaction read-write mode must be set before any query");
      }
      settings.setInternal("transaction_read_only", modes.readOnly() ? "on" : "off");
    }
    if (modes.deferrable() != null) {
      if (!savepoints.isEmpty()) {
        throw new SqlException(
            SqlState.ACTIVE_SQL_TRANSACTION,
            "SET TRANSACTION [NOT] DEFERRABLE cannot be called within a subtransaction");
      }
      if (usedByStatement) {
        throw new SqlException(
            SqlState.ACTIVE_SQL_TRANSACTION,
            "SET TRANSACTION [NOT] DEFERRABLE must be called before any query");
      }
      settings.setInternal("transaction_deferrable", modes.deferrable() ? "on" : "off");
    }
  }

  /// COMMIT. Returns the tag: a failed block ends with ROLLBACK.
  String commit(boolean chain, ResponseSink sink) {
    if (state == State.IDLE || state == State.IMPLICIT) {
      refuseChain(chain, "COMMIT");
      sink.notice(
          Notice.warning(
              SqlState.NO_ACTIVE_SQL_TRANSACTION, "there is no transaction in progress"));
      if (state == State.IMPLICIT) {
        finish(true);
      }
      return "COMMIT";
    }
    ChainedModes modes = new ChainedModes(settings, readOnlyOutside());
    if (state == State.FAILED) {
      rollback();
      chain(chain, modes);
      return "ROLLBACK";
    }
    finish(true);
    chain(chain, modes);
    return "COMMIT";
  }

  private static void refuseChain(boolean chain, String command) {
    if (chain) {
      throw new SqlException(
          SqlState.NO_ACTIVE_SQL_TRANSACTION,
          command + " AND CHAIN can only be used in transaction blocks");
    }
  }

  private void chain(boolean chain, ChainedModes modes) {
    if (chain) {
      context.beginTransaction();
      state = State.BLOCK;
      modes.apply(settings);
    }
  }

  /// What `transaction_read_only` is outside of all savepoints.
  private String readOnlyOutside() {
    return savepoints.isEmpty()
        ? settings.get("transaction_read_only")
        : savepoints.getFirst().readOnly;
  }

  /// Commits whatever transaction there is.
  ///
  /// @param heal whether a failure to serialize may be healed by running all its statements again
  void finish(boolean heal) {
    try {
      replay.takeUp();
      for (int attempt = 1; ; attempt++) {
        try {
          commitStore();
          break;
        } catch (SqlException e) {
          if (!heal || !replay.healCommit(e, attempt)) {
            throw e;
          }
        }
      }
      settings.commit();
      context.session().counts().commits.increment();
      List<Runnable> actions = List.copyOf(afterCommit);
      clear();
      actions.forEach(Runnable::run);
    } catch (io.trencadis.txn.WouldBlockException e) {
      throw e;
    } catch (RuntimeException e) {
      if (transaction != null) {
        // A replay that failed has left a transaction that stands, with its locks.
        transaction.rollback();
      }
      closeHoldables();
      settings.rollback();
      clear();
      context.session().counts().rollbacks.increment();
      throw e;
    }
  }

  /// PREPARE TRANSACTION. Returns the tag: where there is nothing to prepare it is ROLLBACK.
  ///
  /// @param several whether the statement is one of several that were sent together, and so are a
  ///   block
  /// @param work prepares the store's transaction
  String prepare(boolean several, ResponseSink sink, Consumer<Transaction> work) {
    if (state == State.FAILED) {
      rollback();
      return "ROLLBACK";
    }
    if (state != State.BLOCK) {
      sink.notice(
          Notice.warning(
              SqlState.NO_ACTIVE_SQL_TRANSACTION, "there is no transaction in progress"));
      if (!several) {
        return "ROLLBACK";
      }
    }
    try {
      replay.takeUp();
      for (int attempt = 1; ; attempt++) {
        try {
          Transaction store = transaction(false);
          if (!deferred.isEmpty()) {
            checkDeferred();
          }
          work.accept(store);
          break;
        } catch (SqlException e) {
          if (!replay.healCommit(e, attempt)) {
            throw e;
          }
        }
      }
      settings.commit();
      clear();
      return "PREPARE TRANSACTION";
    } catch (io.trencadis.txn.WouldBlockException e) {
      throw e;
    } catch (RuntimeException e) {
      rollback();
      throw e;
    }
  }

  private void checkDeferred() {
    try {
      deferred.runAll(executions.apply(transaction));
    } catch (io.trencadis.txn.WouldBlockException e) {
      throw e;
    } catch (io.trencadis.txn.SchemaChangedException e) {
      transaction.rollback();
      throw Failures.schemaChanged();
    } catch (RuntimeException e) {
      transaction.rollback();
      throw e;
    }
  }

  private void commitStore() {
    requireHope();
    NotificationQueue queue = engine.notificationQueue();
    if (notifications.pending() && queue != null) {
      notifications.commit(queue, this::writing, this::commitData);
    } else if (notifications.pending()) {
      notifications.commit(this::commitData);
    } else {
      commitData();
    }
  }

  /// The store's transaction at its end, which has something more to write.
  private Transaction writing() {
    if (transaction == null || !transaction.readOnly()) {
      return transaction(false);
    }
    // It has only read: nothing is lost if that is over, and another one writes.
    transaction.commit();
    transaction = engine.gateway().begin(isolation(), false, interrupts);
    return transaction;
  }

  private void commitData() {
    if (transaction != null) {
      if (!deferred.isEmpty()) {
        checkDeferred();
      }
      if (!transaction.readOnly()) {
        beforeCommit.run();
      }
      interrupts.changesSchema(changes != null);
      if (changes != null) {
        TableLocks.retire(transaction, engine.catalogStore().latest(), changes);
        engine.catalogStore().commit(transaction, changes);
      } else {
        transaction.commit();
      }
    }
  }

  /// Whether the store's transaction could be begun anew with nothing lost but what statements did.
  boolean canRestart() {
    return state != State.FAILED;
  }

  /// A lone statement that has failed to serialize is about to be tried again.
  void triesAgain(int attempt) {
    failures = attempt;
  }

  /// Begins the store's transaction anew. The session's part stays, but for what statements do
  /// again that are run again.
  void restart() {
    changes = null;
    changed = null;
    afterCommit.clear();
    notifications.rollbackTo(0);
    deferred.beginAgain();
    failures++;
    if (transaction != null) {
      transaction.rollback();
      transaction =
          engine
              .gateway()
              .begin(isolation(), settings.getBoolean("transaction_read_only"), interrupts);
      began();
    }
  }

  /// A transaction that was begun anew has not answered what the client was told before.
  void doom() {
    doomed = true;
    if (transaction != null) {
      transaction.rollback();
      transaction = null;
      runningId = 0;
    }
  }

  private void requireHope() {
    if (doomed) {
      SqlException why =
          isolation() == IsolationLevel.SERIALIZABLE
              ? Failures.dependencies()
              : Failures.concurrentUpdate();
      throw why.hint("The transaction might succeed if retried.");
    }
  }

  /// Sets a savepoint in a transaction that was begun anew, where it had stood.
  void placeAgain(Savepoint point) {
    point.storePoint = transaction == null ? -1 : transaction.savepoint();
    point.before = new Begun(changes, changed, point.before.notificationMark, deferred.mark());
  }

  String rollback(boolean chain, ResponseSink sink) {
    if (state == State.IDLE || state == State.IMPLICIT) {
      refuseChain(chain, "ROLLBACK");
      sink.notice(
          Notice.warning(
              SqlState.NO_ACTIVE_SQL_TRANSACTION, "there is no transaction in progress"));
    }
    ChainedModes modes = new ChainedModes(settings, readOnlyOutside());
    rollback();
    chain(chain, modes);
    return "ROLLBACK";
  }

  /// Returns when what the open transaction may have seen is durable.
  void awaitFollowed() {
    if (transaction != null) {
      transaction.awaitFollowed();
    }
  }

  /// Undoes everything. Never throws.
  void rollback() {
    if (state != State.IDLE) {
      context.session().counts().rollbacks.increment();
    }
    if (transaction != null) {
      transaction.rollback();
    }
    closeHoldables();
    settings.rollback();
    clear();
  }

  /// A cursor WITH HOLD outlives a transaction that commits.
  private void closeHoldables() {
    if (!holdables.isEmpty()) {
      context.session().portals().values().removeAll(holdables);
      holdables.forEach(Portal::close);
    }
  }

  private void clear() {
    state = State.IDLE;
    transaction = null;
    pastFor = null;
    pastCatalog = null;
    runningId = 0;
    if (locks != null) {
      locks.releaseFrom(0);
    }
    changes = null;
    changed = null;
    savepoints.clear();
    notifications.rollbackTo(0);
    afterCommit.clear();
    deferred.clear();
    replay.clear();
    usedByStatement = false;
    usedTemporary = false;
    failures = 0;
    doomed = false;
    holdables.forEach(Portal::heldOver);
    holdables.clear();
    applyDefaults();
  }

  /// An error has happened: a block becomes failed, anything else is undone.
  void fail() {
    if (state == State.BLOCK || state == State.FAILED) {
      replay.impossible();
      state = State.FAILED;
      if (transaction != null && savepoints.isEmpty()) {
        transaction.rollback();
        transaction = null;
        runningId = 0;
      } else if (transaction != null) {
        undoTo(savepoints.getLast());
      }
      if (locks != null) {
        locks.releaseFrom(savepoints.isEmpty() ? 0 : savepoints.getLast().lockMark);
      }
    } else {
      rollback();
    }
  }

  /// Gives the store's transaction of a lone statement back, as if it had never begun.
  void abandon() {
    if (state == State.IMPLICIT) {
      rollback();
    }
  }

  // ---- savepoints

  private void requireBlock(String what) {
    if (!inBlock()) {
      throw new SqlException(
          SqlState.NO_ACTIVE_SQL_TRANSACTION, what + " can only be used in transaction blocks");
    }
  }

  /// @param portals those that are open
  void savepoint(String name, java.util.Set<Portal> portals) {
    requireBlock("SAVEPOINT");
    Savepoint point = point(name, transaction == null ? -1 : transaction.savepoint(), portals);
    savepoints.add(point);
    replay.savepoint(point);
  }

  private Savepoint point(String name, int storePoint, java.util.Set<Portal> portals) {
    return new Savepoint(
        name,
        storePoint,
        settings.mark(),
        begun(),
        locks == null ? 0 : locks.mark(),
        portals,
        settings.get("transaction_read_only"));
  }

  boolean hasSavepoints() {
    return inBlock() && !savepoints.isEmpty();
  }

  private int find(String name) {
    for (int i = savepoints.size() - 1; i >= 0; i--) {
      if (savepoints.get(i).name.equals(name)) {
        return i;
      }
    }
    throw new SqlException(
        SqlState.S_E_INVALID_SPECIFICATION, "savepoint \"" + name + "\" does not exist");
  }

  void release(String name) {
    requireBlock("RELEASE SAVEPOINT");
    int index = find(name);
    if (transaction != null && savepoints.get(index).storePoint >= 0) {
      transaction.release(savepoints.get(index).storePoint);
    }
    settings.setInternal("transaction_read_only", savepoints.get(index).readOnly);
    savepoints.subList(index, savepoints.size()).clear();
  }

  /// Goes back, and returns the portals that were open at the savepoint: others are to be closed.
  java.util.Set<Portal> rollbackTo(String name) {
    requireBlock("ROLLBACK TO SAVEPOINT");
    int index = find(name);
    replay.impossible();
    savepoints.subList(index + 1, savepoints.size()).clear();
    Savepoint point = savepoints.get(index);
    undoTo(point);
    settings.rollbackTo(point.settingsMark);
    settings.setInternal("transaction_read_only", point.readOnly);
    state = State.BLOCK;
    return point.portals;
  }

  /// A savepoint without a name, for a block of a routine's body that handles errors.
  Savepoint innerSavepoint(java.util.Set<Portal> portals) {
    return point("", transaction(false).savepoint(), portals);
  }

  /// Goes back to it, and returns the portals that were open.
  java.util.Set<Portal> innerRollback(Savepoint point) {
    undoTo(point);
    settings.rollbackTo(point.settingsMark);
    settings.setInternal("transaction_read_only", point.readOnly);
    return point.portals;
  }

  void innerRelease(Savepoint point) {
    if (transaction != null) {
      transaction.release(point.storePoint);
    }
  }

  /// COMMIT or ROLLBACK in a procedure or DO block outside of any transaction block: what follows
  /// is in a new transaction.
  void endInside(boolean commits, boolean chain) {
    ChainedModes modes = new ChainedModes(settings, readOnlyOutside());
    context.session().closeTransactionPortals();
    if (commits) {
      finish(false);
    } else {
      rollback();
    }
    beginImplicit();
    if (chain) {
      modes.apply(settings);
    }
  }

  /// What is outside of the store, and taken back with it: where a statement has to begin again, or
  /// a savepoint is gone back to.
  record Begun(
      Map<Integer, Descriptor> changes,
      Catalog changed,
      int notificationMark,
      DeferredConstraints.Mark deferredMark) {}

  Begun begun() {
    return new Begun(changes, changed, notifications.mark(), deferred.mark());
  }

  /// Takes back what was done since; the store does so for itself.
  void beginAgain(Begun begun) {
    changes = begun.changes;
    changed = begun.changed;
    notifications.rollbackTo(begun.notificationMark);
    deferred.undoTo(begun.deferredMark);
  }

  private void undoTo(Savepoint point) {
    if (transaction != null && point.storePoint >= 0) {
      transaction.rollbackTo(point.storePoint);
    }
    beginAgain(point.before);
    if (locks != null) {
      locks.releaseFrom(point.lockMark);
    }
  }
}
