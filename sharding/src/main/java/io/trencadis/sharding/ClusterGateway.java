package io.trencadis.sharding;

import io.trencadis.base.Outside;
import io.trencadis.base.SqlException;
import io.trencadis.sharding.fragment.FragmentEngine;
import io.trencadis.txn.IsolationLevel;
import io.trencadis.txn.distributed.Message;
import io.trencadis.txn.distributed.TransactionId;
import io.trencadis.txn.lock.LockView;
import io.trencadis.txn.message.TimestampQuestion;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/// The gateway of a node of a cluster: begins transactions on shards that may be anywhere.
/// Thread-safe.
public final class ClusterGateway implements Gateway, TransactionHost {
  private static final long PARK_NANOS = 50_000_000;
  private static final int GATEWAY_BITS = 10;

  private final Outside outside;
  private final int gateway;
  private final int life;
  private final int shards;
  private final ClusterNetwork network;
  private final OracleClient oracle;
  private final OpenSnapshots open;
  private final AtomicLong sequence = new AtomicLong();
  private final Set<RemoteExchange> exchanges = ConcurrentHashMap.newKeySet();
  private final PreparedTransactions prepared = new ClusterPreparedTransactions(this);

  /// By id; ids grow with their begin.
  private final ConcurrentSkipListMap<Long, ClusterTransaction> live =
      new ConcurrentSkipListMap<>();

  /// @param gateway its node's number
  /// @param life never that of an earlier one
  /// @param historyMillis for how long what was overwritten can be read
  public ClusterGateway(
      Outside outside,
      int gateway,
      int life,
      int shards,
      ClusterNetwork network,
      long historyMillis) {
    this.outside = outside;
    this.gateway = gateway;
    this.life = life;
    this.shards = shards;
    this.network = network;
    this.oracle = new OracleClient(network, outside.timers());
    this.open = new OpenSnapshots(oracle::newest, historyMillis);
  }

  @Override
  public Transaction begin(IsolationLevel level, boolean readOnly, WaitPolicy waits, long issued) {
    ClusterTransaction transaction = (ClusterTransaction) begin(level, readOnly, waits);
    transaction.offer(issued);
    return transaction;
  }

  @Override
  public Transaction begin(IsolationLevel level, boolean readOnly, WaitPolicy waits) {
    long id;
    ClusterTransaction transaction;
    // Under the monitor, so that the oldest live id never lies above one that is about to live.
    synchronized (live) {
      id = TransactionId.of(gateway, life, sequence.incrementAndGet());
      transaction = new ClusterTransaction(this, id, level, readOnly, waits);
      live.put(id, transaction);
    }
    return transaction;
  }

  @Override
  public Transaction beginAt(long timestamp, WaitPolicy waits) {
    if (timestamp >= currentTimestamp()) {
      throw Failures.notYet();
    }
    ShardTransaction transaction =
        (ShardTransaction) begin(IsolationLevel.REPEATABLE_READ, true, waits);
    try {
      transaction.readPast(timestamp);
    } catch (RuntimeException tooOld) {
      transaction.rollback();
      throw tooOld;
    }
    return transaction;
  }

  /// Some times a second: tells the nodes that this one is there, and says again what was not
  /// answered.
  public void tick() {
    long oldest;
    synchronized (live) {
      // One look: a transaction may end at any moment.
      var first = live.firstEntry();
      oldest = first == null ? TransactionId.of(gateway, life, sequence.get() + 1) : first.getKey();
    }
    network.alive(oldest, open.freshKeepHorizon());
    live.values().forEach(ClusterTransaction::again);
    exchanges.forEach(RemoteExchange::again);
  }

  /// A message for one of its transactions.
  public void receive(Message message) {
    ClusterTransaction transaction = live.get(message.txn());
    if (message instanceof Message.StillThere question) {
      network.toShard(question.log(), new Message.GatewaySays(question.txn(), transaction != null));
    } else if (transaction != null) {
      transaction.on(message);
    }
  }

  /// A shard's question about one of its transactions.
  public void ask(int shard, TimestampQuestion question) {
    ClusterTransaction about = live.get(question.about());
    if (about != null) {
      about.ask(shard, question);
    }
  }

  void ended(ClusterTransaction transaction) {
    live.remove(transaction.id());
    exchanges.removeIf(each -> each.endedWith(transaction));
  }

  /// An exchange has begun: the nodes that join its rows are told that it is still wanted, until
  /// [#closed] or its transaction's end.
  void opened(RemoteExchange exchange) {
    exchanges.add(exchange);
  }

  void closed(RemoteExchange exchange) {
    exchanges.remove(exchange);
  }

  ClusterNetwork network() {
    return network;
  }

  OracleClient oracle() {
    return oracle;
  }

  /// A timestamp issued now.
  long awaitTimestamp(WaitPolicy waits) {
    Thread waiter = Thread.currentThread();
    AtomicLong issued = new AtomicLong();
    oracle.ask(
        false,
        ts -> {
          issued.set(ts);
          LockSupport.unpark(waiter);
        });
    while (issued.get() == 0) {
      LockSupport.parkNanos(this, PARK_NANOS);
      if (Thread.interrupted()) {
        waits.checkInterrupts();
      }
    }
    return issued.get();
  }

  @Override
  public long currentTimestamp() {
    return awaitTimestamp(WaitPolicy.PATIENT);
  }

  @Override
  public long catalogTimestamp() {
    return oracle.catalogTs();
  }

  @Override
  public boolean isShared() {
    return true;
  }

  @Override
  public long incarnation() {
    return TransactionId.of(gateway, life, 0);
  }

  @Override
  public boolean isGone(long incarnation) {
    return TransactionId.gateway(incarnation) == gateway
        ? incarnation != incarnation()
        : network.isGone(incarnation);
  }

  /// The gateway's number stands in the last bits, so that no two nodes make the same.
  @Override
  public LongSupplier newRowIds() {
    AtomicLong counter = new AtomicLong(currentTimestamp() >>> GATEWAY_BITS);
    return () -> counter.incrementAndGet() << GATEWAY_BITS | gateway;
  }

  @Override
  public int shardCount() {
    return shards;
  }

  @Override
  public long[] shardBytes() {
    return network.shardBytes();
  }

  @Override
  public Outside outside() {
    return outside;
  }

  @Override
  public OpenSnapshots openSnapshots() {
    return open;
  }

  @Override
  public long keepHorizon() {
    return open.keepHorizon();
  }

  @Override
  public void relations(RelationRegistry registry) {
    // What dropped relations have left is not removed in a cluster yet.
  }

  @Override
  public void fragments(FragmentEngine engine) {
    network.fragments(engine);
  }

  /// A number for a fragment that no other has had, on any node.
  long newFragment() {
    return TransactionId.of(gateway, life, sequence.incrementAndGet());
  }

  @Override
  public PreparedTransactions preparedTransactions() {
    return prepared;
  }

  @Override
  public SessionLocks sessionLocks() {
    throw SqlException.notSupported("advisory locks in a cluster");
  }

  @Override
  public List<LockView> locks() {
    return network.locks();
  }

  @Override
  public ClusterStatus status() {
    return network.status();
  }

  @Override
  public Peers peers() {
    return network.peers();
  }

  @Override
  public NodeCounters counters() {
    return network.counters();
  }

  @Override
  public String drain(int node, boolean force) {
    return network.drain(node, force);
  }

  @Override
  public String copies(int copies) {
    return network.copies(copies);
  }

  @Override
  public void checkpoint() throws InterruptedException {
    network.checkpoint();
  }

  @Override
  public BackupResult backup(Path target, BackupProgress progress) throws InterruptedException {
    return network.backup(target, progress);
  }
}
