package io.trencadis.sharding;

import io.trencadis.base.SqlException;
import io.trencadis.txn.IsolationLevel;
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
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// A transaction on the shards of a cluster, each with a log of its own: it commits in two phases
/// by a [Commitment].
///
/// What comes from the network during the commit is queued for the transaction's thread, which is
/// the only one that runs the machine.
final class ClusterTransaction extends ShardTransaction implements Commitment.Effects {
  private static final long TICK_NANOS = 100_000_000;

  /// For how long nobody has to know whether it has committed before the client is told that.
  private static final long UNKNOWN_NANOS = 30_000_000_000L;

  private final ClusterGateway gateway;
  private final Coordinator coordinator;
  private final AtomicReferenceArray<RemoteShard> links;
  private final Queue<Runnable> events = new ConcurrentLinkedQueue<>();
  private volatile Thread committer;
  private volatile Commitment commitment;
  private boolean changesCatalog;

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
    Map<Integer, List<Message.ShardState>> written = new TreeMap<>();
    Map<Integer, ReadPart> reads = new TreeMap<>();
    int anchor = -1;
    for (int shard = 0; shard < links.length(); shard++) {
      RemoteShard link = links.get(shard);
      if (link == null) {
        continue;
      }
      boolean wrote = coordinator.wroteAt(shard);
      if (wrote) {
        written.put(shard, List.of(link.state(coordinator.requestsAt(shard))));
        anchor = anchor < 0 ? shard : anchor;
      }
      ReadPart read = coordinator.readsAt(shard);
      if (read != null) {
        reads.put(shard, read);
      } else if (!wrote && coordinator.requestsAt(shard) > 0) {
        reads.put(shard, Commitment.onlyLocks());
      }
    }
    Commitment machine = new Commitment(id(), written, anchor, reads, 0, Rules.ALL);
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
      if (links.get(shard) != null && !(keepWritten && coordinator.wroteAt(shard))) {
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
