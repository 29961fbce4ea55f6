package io.trencadis.sharding;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sharding.fragment.FragmentRequest;
import io.trencadis.txn.GlobalName;
import io.trencadis.txn.HeldRow;
import io.trencadis.txn.IsolationLevel;
import io.trencadis.txn.RelationRef;
import io.trencadis.txn.Rules;
import io.trencadis.txn.TxnRecord;
import io.trencadis.txn.WouldBlockException;
import io.trencadis.txn.coordinator.Coordinator;
import io.trencadis.txn.distributed.Commitment;
import io.trencadis.txn.distributed.Message;
import io.trencadis.txn.message.ReadPart;
import io.trencadis.txn.message.Reply;
import io.trencadis.txn.message.Request;
import io.trencadis.txn.message.TimestampAnswer;
import io.trencadis.txn.message.TimestampQuestion;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/// A transaction on the shards of a cluster, each with a log of its own: it commits in two phases
/// by a [Commitment].
///
/// What comes from the network during the commit is queued for the transaction's thread, which is
/// the only one that runs the machine.
final class ClusterTransaction extends ShardTransaction implements Commitment.Effects {
  /// The rows of transactions prepared by name.
  static final RelationRef HELD = new RelationRef(HeldRow.RELATION, 0, "prepared transactions");

  private static final long TICK_NANOS = 100_000_000;

  /// For how long nobody has to know whether it has committed before the client is told that.
  private static final long UNKNOWN_NANOS = 30_000_000_000L;

  /// A shard that waits says so whenever it is asked.
  private static final long STILL_WAITS_NANOS = 10 * TICK_NANOS;

  private final ClusterGateway gateway;
  private final Coordinator coordinator;
  private final AtomicReferenceArray<RemoteShard> links;
  private final Queue<Runnable> events = new ConcurrentLinkedQueue<>();
  private volatile Thread committer;
  private volatile Commitment commitment;
  private boolean changesCatalog;

  /// When a shard has said last that it waits; 0 for never.
  private long toldToWait;

  /// The shards that the commit goes to; they hear of its end from their logs.
  private Set<Integer> written = Set.of();

  /// Where its decision is to be; -1 for the first shard written.
  private int anchor = -1;

  ClusterTransaction(
      ClusterGateway gateway, long id, IsolationLevel level, boolean readOnly, WaitPolicy waits) {
    this(gateway, new Coordinator(id, level, readOnly, gateway.shardCount(), Rules.ALL), waits);
  }

  private ClusterTransaction(ClusterGateway gateway, Coordinator coordinator, WaitPolicy waits) {
    super(gateway, coordinator, waits, new SentAhead());
    this.gateway = gateway;
    this.coordinator = coordinator;
    this.links = new AtomicReferenceArray<>(gateway.shardCount());
  }

  // ---- while it is open

  @Override
  ShardDoor door(int shard) {
    RemoteShard link = links.get(shard);
    if (link == null) {
      link =
          new RemoteShard(id(), shard, gateway.network(), () -> coordinator.requestsAt(shard) > 0);
      links.set(shard, link);
    }
    return link;
  }

  /// Who commits at another node tells this one nothing: only the oracle knows.
  @Override
  long knownTimestamp() {
    return issueTimestamp();
  }

  @Override
  long issueTimestamp() {
    if (!waits().mayBlock()) {
      throw WouldBlockException.INSTANCE;
    }
    return gateway.awaitTimestamp(waits());
  }

  @Override
  public void changesCatalog() {
    changesCatalog = true;
  }

  @Override
  Reply follow(Reply.After early) {
    throw SqlException.internal("a replicated shard has released a lock early");
  }

  @Override
  public void awaitFollowed() {
    // What is read here is durable.
  }

  @Override
  boolean decideNext() {
    return false;
  }

  @Override
  public void decide(TxnRecord record) {
    throw SqlException.internal("a transaction of a cluster is decided by its anchor");
  }

  @Override
  public FragmentScan fragment(
      byte[] program,
      byte[] arguments,
      RelationRef rel,
      List<RelationRef> others,
      int[] shards,
      byte[] from,
      byte[] to,
      int mostRows) {
    if (locksReads()
        || program.length > FragmentRequest.MOST_BYTES
        || arguments.length > FragmentRequest.MOST_BYTES
        || others.size() > FragmentRequest.MOST_OTHERS) {
      return null;
    }
    for (int shard : shards) {
      // The end asks those to whom there is a link whether what was read has changed.
      door(shard);
    }
    return new RemoteFragment(
        this,
        gateway,
        new RemoteFragment.Work(program, arguments, rel, others, mostRows, null),
        shards,
        from,
        to);
  }

  @Override
  public ExchangeScan exchange(ExchangeScan.Work work) {
    if (locksReads() || !work.fits()) {
      return null;
    }
    for (ExchangeScan.Side side : work.sides()) {
      for (int shard : side.shards()) {
        if (coordinator().wroteAt(shard)) {
          return null;
        }
        door(shard);
      }
    }
    return new RemoteExchange(this, gateway, work);
  }

  // ---- what comes in, on any thread

  void on(Message message) {
    if (message instanceof Message.FromShard reply) {
      RemoteShard link = links.get(reply.shard());
      if (link != null) {
        link.on(reply);
      }
      return;
    }
    event(
        machine -> {
          switch (message) {
            case Message.Prepared prepared -> machine.on(prepared, this);
            case Message.Decision decision -> machine.on(decision, this);
            case Message.Waits _ -> toldToWait = gateway.outside().clock().nanoTime();
            default -> {}
          }
        });
  }

  void ask(int shard, TimestampQuestion question) {
    event(machine -> machine.on(shard, question, this));
  }

  private void event(Consumer<Commitment> step) {
    Commitment machine = commitment;
    if (machine != null) {
      events.add(() -> step.accept(machine));
      Thread waiting = committer;
      if (waiting != null) {
        LockSupport.unpark(waiting);
      }
    }
  }

  /// Time has passed: says again what was not answered.
  void again() {
    for (int shard = 0; shard < links.length(); shard++) {
      RemoteShard link = links.get(shard);
      if (link != null) {
        link.again();
      }
    }
  }

  // ---- the end

  @Override
  public void commit() {
    if (isOver()) {
      throw SqlException.internal("transaction " + id() + " is over");
    }
    try {
      collectAll();
    } catch (RuntimeException lost) {
      rollback();
      throw lost;
    }
    if (!coordinator.hasWrites()) {
      coordinator.commit(true, this);
      drive();
      boolean committed = coordinator.state() == Coordinator.State.COMMITTED;
      ended(false);
      if (!committed) {
        throw givenUp() != null ? givenUp() : Failures.dependencies();
      }
      return;
    }
    Set<Integer> wrote = new TreeSet<>();
    Map<Integer, ReadPart> reads = new TreeMap<>();
    for (int shard = 0; shard < links.length(); shard++) {
      if (links.get(shard) == null) {
        continue;
      }
      if (coordinator.wroteAt(shard)) {
        wrote.add(shard);
      }
      ReadPart read = coordinator.readsAt(shard);
      if (read != null) {
        reads.put(shard, read);
      } else if (!coordinator.wroteAt(shard) && coordinator.requestsAt(shard) > 0) {
        reads.put(shard, Commitment.onlyLocks());
      }
    }
    commit(wrote, reads);
  }

  private void commit(Set<Integer> wrote, Map<Integer, ReadPart> reads) {
    written = wrote;
    Map<Integer, List<Message.ShardState>> states = new TreeMap<>();
    for (int shard : wrote) {
      states.put(shard, List.of(links.get(shard).state(coordinator.requestsAt(shard))));
    }
    int first = anchor < 0 ? wrote.iterator().next() : anchor;
    Commitment machine =
        new Commitment(id(), states, first, reads, coordinator.waitsForReaders(), 0, Rules.ALL);
    commitment = machine;
    run(machine);
  }

  private void run(Commitment machine) {
    committer = Thread.currentThread();
    long begun = gateway.outside().clock().nanoTime();
    long said = begun;
    boolean interrupted = false;
    RuntimeException why = null;
    machine.start(this);
    while (!isOver(machine)) {
      Runnable event = events.poll();
      if (event != null) {
        event.run();
        continue;
      }
      LockSupport.parkNanos(this, TICK_NANOS);
      long now = gateway.outside().clock().nanoTime();
      if (now - said > TICK_NANOS) {
        said = now;
        machine.wake(this);
      }
      boolean undecided = machine.state() != Commitment.State.DECIDING;
      if (why == null && waitsTooLong(machine, begun, now)) {
        why = Failures.lockTimeout();
      }
      if (Thread.interrupted()) {
        interrupted = true;
        why = undecided && why == null ? interruption() : why;
      }
      if (why != null && undecided) {
        machine.abort(this);
      }
      if (!undecided && now - begun > UNKNOWN_NANOS) {
        ended(true);
        throw Failures.unknownOutcome();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    boolean committed = machine.state() == Commitment.State.COMMITTED;
    ended(committed);
    if (!committed) {
      throw why != null ? why : Failures.dependencies();
    }
  }

  /// Whether a shard waits for a transaction that is prepared by name, for longer than the session
  /// waits for a lock.
  private boolean waitsTooLong(Commitment machine, long begun, long now) {
    long most = TimeUnit.MILLISECONDS.toNanos(waits().lockTimeoutMillis());
    return most > 0
        && now - begun > most
        && machine.state() == Commitment.State.PREPARING
        && toldToWait != 0
        && now - toldToWait < STILL_WAITS_NANOS;
  }

  private RuntimeException interruption() {
    try {
      waits().checkInterrupts();
      return null;
    } catch (RuntimeException given) {
      return given;
    }
  }

  private static boolean isOver(Commitment machine) {
    return machine.state() == Commitment.State.COMMITTED
        || machine.state() == Commitment.State.ABORTED;
  }

  /// @param keepWritten whether the shards written hear of the end from their logs
  private void ended(boolean keepWritten) {
    committer = null;
    end();
    gateway.ended(this);
    for (int shard = 0; shard < links.length(); shard++) {
      if (links.get(shard) != null && !(keepWritten && written.contains(shard))) {
        gateway.network().toShard(shard, new Message.EndAtShard(id(), shard));
      }
    }
  }

  @Override
  public void rollback() {
    if (!isOver()) {
      coordinator.abort(this);
      drive();
      ended(false);
    }
  }

  @Override
  public CommitReport report() {
    int[] written = shards(true);
    Commitment machine = commitment;
    return new CommitReport(
        written,
        shards(false),
        Math.min(2, written.length),
        written.length == 1 ? 1 : 2 * written.length,
        coordinator.readTs(),
        machine == null ? coordinator.commitTs() : machine.commitTs());
  }

  // ---- prepared by name

  /// Prepares it by name: commits, in its place, the rows that say what it has done ([HeldRow]).
  ///
  /// @throws SqlException as [PreparedTransactions#prepare]
  void hold(GlobalName name, int most) {
    if (isOver()) {
      throw SqlException.internal("transaction " + id() + " is over");
    }
    Map<Integer, ReadPart> reads = new TreeMap<>();
    Set<Integer> shards = new LinkedHashSet<>();
    try {
      collectAll();
      // The one that knows all names first, and alone: another of the same name is refused there.
      shards.add(HeldRow.HOME);
      reads.putAll(coordinator.toHold());
      shards.addAll(reads.keySet());
      Request.HoldAs as = new Request.HoldAs(name, List.copyOf(shards), most);
      sendAll(Set.of(HeldRow.HOME), shard -> holdAt(shard, reads.get(shard), as), name, most);
      Set<Integer> others = new TreeSet<>(shards);
      others.remove(HeldRow.HOME);
      sendAll(others, shard -> holdAt(shard, reads.get(shard), as), name, most);
    } catch (RuntimeException refused) {
      rollback();
      throw refused;
    }
    reads.values().removeIf(Objects::isNull);
    anchor = HeldRow.HOME;
    commit(shards, reads);
  }

  private Request holdAt(int shard, ReadPart reads, Request.HoldAs as) {
    return new Request.Hold(id(), coordinator.requestsAt(shard), reads, as);
  }

  /// Has this transaction end one that is prepared by name, where that has something.
  ///
  /// @param row the key of its rows
  void finishHeld(byte[] row, GlobalName name, List<Integer> shards, boolean commit) {
    anchor = HeldRow.HOME;
    sendAll(
        shards,
        shard -> {
          coordinator.writes(shard);
          return new Request.FinishHeld(id(), row, commit, coordinator.mark(), true);
        },
        name,
        0);
  }

  private void sendAll(
      Collection<Integer> shards, IntFunction<Request> request, GlobalName name, int most) {
    Set<Integer> open = new LinkedHashSet<>(shards);
    replies().lockTimeoutMillis(waits().lockTimeoutMillis());
    open.forEach(shard -> door(shard).submit(request.apply(shard), replies()));
    try {
      for (int shard : shards) {
        open.remove(shard);
        switch (replies().await(door(shard), shard, waits())) {
          case Reply.Done _ -> {}
          case Reply.Conflict _ -> throw Failures.dependencies();
          case Reply.Failed(SqlException why) when why.state() == SqlState.DUPLICATE_OBJECT ->
              throw Failures.nameInUse(name.gid());
          case Reply.Failed(SqlException why) when why.state() == SqlState.OUT_OF_MEMORY ->
              throw Failures.tooManyPrepared(most);
          case Reply other -> {
            checked(other, HELD);
            throw SqlException.internal("unexpected reply from a shard: " + other);
          }
        }
      }
    } catch (RuntimeException failed) {
      // Nothing may come in later.
      open.forEach(shard -> replies().cancel(door(shard), shard));
      throw failed;
    }
  }

  // ---- what the commitment wants

  @Override
  public void toLog(int log, Message message) {
    gateway.network().toShard(log, message);
  }

  @Override
  public void askOracle(int number) {
    gateway
        .oracle()
        .ask(changesCatalog, ts -> event(machine -> machine.timestamp(number, ts, this)));
  }

  @Override
  public void validate(int shard, ReadPart reads, long upTo) {
    door(shard)
        .submit(
            new Request.Validate(id(), reads, coordinator.readTs(), upTo, false, true),
            (_, reply) -> event(machine -> machine.checked(shard, reply, this)));
  }

  @Override
  public void answer(int shard, TimestampAnswer answer) {
    gateway.network().answer(shard, answer);
  }

  @Override
  void answerShard(int shard, TimestampAnswer answer) {
    gateway.network().answer(shard, answer);
  }
}
