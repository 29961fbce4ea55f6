package io.trencadis.sharding;

import io.trencadis.base.Outside;
import io.trencadis.storage.history.Kept;
import io.trencadis.storage.run.Run;
import io.trencadis.txn.DecisionLog;
import io.trencadis.txn.HeldRecord;
import io.trencadis.txn.IsolationLevel;
import io.trencadis.txn.Rules;
import io.trencadis.txn.lock.LockView;
import io.trencadis.txn.lock.WaitGraph;
import io.trencadis.txn.message.TimestampAnswer;
import io.trencadis.txn.message.TimestampQuestion;
import io.trencadis.txn.oracle.TimestampOracle;
import io.trencadis.txn.participant.Participant;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// One process: its shards, the oracle, and the gateway that begins transactions on them.
/// Thread-safe.
public final class Node implements Gateway, TransactionHost {
  /// What a node has if nobody says otherwise.
  public static final int DEFAULT_SHARDS = 4;

  private static final long SETTLE_NANOS = 200_000;

  private final Outside outside;
  private final NodeStore store;
  private final DecisionLog log;
  private final TimestampOracle oracle;
  private final OpenSnapshots open;

  /// At or above the timestamp of every commit that anybody outside has been told of, or has seen
  /// something of.
  private final AtomicLong known;

  private final Unresolved unresolved;
  private final WaitGraph graph = new WaitGraph();
  private final ShardActor[] shards;
  private volatile RelationRegistry relations;
  private final AtomicLong transactionIds = new AtomicLong();
  private final NodePreparedTransactions prepared = new NodePreparedTransactions(this);

  /// Transactions with marks somewhere: those a shard may ask about.
  private final Map<Long, LocalTransaction> committing = new ConcurrentHashMap<>();

  /// A node whose data lives in memory, and that keeps no past.
  public Node(Outside outside, int shardCount) {
    this(outside, NodeStore.inMemory(shardCount));
  }

  /// A node that keeps no past.
  public Node(Outside outside, NodeStore store) {
    this(outside, store, 0);
  }

  /// @param historyMillis for how long what was overwritten can be read by [#beginAt]; less where
  ///   memory is short
  public Node(Outside outside, NodeStore store, long historyMillis) {
    this.outside = outside;
    this.store = store;
    this.log = store.log();
    this.oracle = new TimestampOracle(outside.clock(), store.lastTimestamp(), store.boundKeeper());
    this.known = new AtomicLong(knownBefore());
    this.open = new OpenSnapshots(known::get, historyMillis);
    this.unresolved = new Unresolved(store::logEnd);
    shards = new ShardActor[store.shardCount()];
    for (int i = 0; i < shards.length; i++) {
      Participant participant =
          new Participant(i, store.shard(i), graph, Rules.ALL, store.largeWrites());
      restoreHeld(participant);
      shards[i] = new ShardActor(this, participant);
    }
    for (HeldRecord record : store.held()) {
      prepared.restored(record);
      // Nobody gets the id of one that lives on.
      transactionIds.accumulateAndGet(record.txn(), Math::max);
    }
    store.attached(this);
  }

  /// At or above all timestamps of earlier lives; never 0, which stands for none.
  private long knownBefore() {
    long known = Math.max(1, oracle.last());
    for (int i = 0; i < store.shardCount(); i++) {
      known = Math.max(known, store.shard(i).highestCommitTs());
    }
    return known;
  }

  /// Whoever is prepared by name holds its locks again before anybody is served (rule 7).
  private void restoreHeld(Participant participant) {
    for (HeldRecord record : store.held()) {
      for (HeldRecord.Part part : record.parts()) {
        if (part.shard() == participant.shard()) {
          participant.restore(record.txn(), part);
        }
      }
    }
  }

  @Override
  public PreparedTransactions preparedTransactions() {
    return prepared;
  }

  @Override
  public Transaction begin(IsolationLevel level, boolean readOnly, WaitPolicy waits) {
    return new LocalTransaction(this, transactionIds.incrementAndGet(), level, readOnly, waits);
  }

  @Override
  public Transaction beginAt(long timestamp, WaitPolicy waits) {
    // Rule 19: what lies below an issued timestamp can get no new commits but those that are
    // marked.
    if (timestamp >= oracle.next()) {
      throw Failures.notYet();
    }
    freshKeepHorizon();
    LocalTransaction transaction =
        new LocalTransaction(
            this, transactionIds.incrementAndGet(), IsolationLevel.REPEATABLE_READ, true, waits);
    transaction.readPast(timestamp);
    return transaction;
  }

  @Override
  public void relations(RelationRegistry registry) {
    relations = registry;
  }

  /// Null until it is known.
  public RelationRegistry relations() {
    return relations;
  }

  @Override
  public SessionLocks sessionLocks() {
    return new SessionLocks(this, transactionIds.incrementAndGet());
  }

  @Override
  public List<LockView> locks() {
    List<CompletableFuture<List<LockView>>> lists = new ArrayList<>();
    for (ShardActor shard : shards) {
      CompletableFuture<List<LockView>> list = new CompletableFuture<>();
      shard.submit(() -> list.complete(shard.locks()));
      lists.add(list);
    }
    return lists.stream().flatMap(list -> list.join().stream()).toList();
  }

  @Override
  public NodeCounters counters() {
    return store.counters();
  }

  @Override
  public int shardCount() {
    return shards.length;
  }

  @Override
  public long currentTimestamp() {
    return oracle.next();
  }

  public TimestampOracle oracle() {
    return oracle;
  }

  @Override
  public void checkpoint() throws InterruptedException {
    store.checkpoint();
  }

  @Override
  public BackupResult backup(Path target, BackupProgress progress) throws InterruptedException {
    return store.backup(target, progress);
  }

  /// Issues a timestamp and waits until every transaction that commits at or below it is decided,
  /// and its record durable. Commits that begin meanwhile get later ones, and are not waited for.
  ///
  /// @param stop asked now and then whether to wait no longer
  public long settledTimestamp(BooleanSupplier stop) {
    long timestamp = oracle.next();
    // Whoever has a lower commit timestamp was entered here before it was taken.
    Set<Long> undecided = new HashSet<>(committing.keySet());
    while (!undecided.isEmpty() && !stop.getAsBoolean()) {
      undecided.removeIf(id -> !committing.containsKey(id));
      LockSupport.parkNanos(SETTLE_NANOS);
    }
    return timestamp;
  }

  /// Which times can still be read, as of now.
  public Kept kept() {
    knowPresent();
    return open.kept();
  }

  /// No open snapshot lies below this, nor ever will; nor is the past kept any further.
  public long freshKeepHorizon() {
    knowPresent();
    return open.freshKeepHorizon();
  }

  /// What is older than this may be gone.
  @Override
  public long keepHorizon() {
    return open.keepHorizon();
  }

  /// A log position below which every decision has been sent to all its shards.
  public long coveredBelow() {
    return unresolved.coveredBelow();
  }

  /// Runs something that needs a shard's store to itself, after all that was sent to it before.
  public void inShard(int shard, Runnable task) {
    shards[shard].submit(task);
  }

  /// Transactions that wait for a lock now.
  public int waitingForLocks() {
    return graph.size();
  }

  WaitGraph graph() {
    return graph;
  }

  @Override
  public Outside outside() {
    return outside;
  }

  DecisionLog log() {
    return log;
  }

  /// Returns when runs survive a loss of power.
  void makeDurable(List<Run> runs) {
    store.makeDurable(runs);
  }

  @Override
  public OpenSnapshots openSnapshots() {
    return open;
  }

  Unresolved unresolved() {
    return unresolved;
  }

  /// Runs something soon, on a thread that may wait.
  void later(Runnable task) {
    Thread.ofVirtual().name("resolve").start(task);
  }

  ShardActor shard(int shard) {
    return shards[shard];
  }

  /// What a snapshot has to be at or above for its reader to see all that anybody knew before.
  long knownTimestamp() {
    return known.get();
  }

  /// A commit is about to be known outside; 0 for none.
  void known(long commitTs) {
    if (commitTs > known.get()) {
      known.accumulateAndGet(commitTs, Math::max);
    }
  }

  /// Snapshots are taken now while nothing is being committed that would have to be waited for:
  /// what the last commit has overwritten need not be kept until there is another.
  private void knowPresent() {
    if (committing.isEmpty()) {
      known(oracle.next());
    }
  }

  void committing(LocalTransaction transaction) {
    committing.put(transaction.id(), transaction);
  }

  void committed(LocalTransaction transaction) {
    committing.remove(transaction.id());
  }

  /// Takes a shard's question to the transaction it is about.
  void ask(int fromShard, TimestampQuestion question) {
    LocalTransaction about = committing.get(question.about());
    if (about != null) {
      about.ask(fromShard, question);
    } else {
      shards[fromShard].submit(
          new TimestampAnswer(
              question.about(), question.attempt(), question.askerTs(), TimestampAnswer.ENDED));
    }
  }
}
