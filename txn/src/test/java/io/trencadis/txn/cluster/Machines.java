package io.trencadis.txn.cluster;

import io.trencadis.storage.Version;
import io.trencadis.txn.distributed.BranchEffects;
import io.trencadis.txn.distributed.BranchRecord;
import io.trencadis.txn.distributed.Branches;
import io.trencadis.txn.distributed.Message;
import io.trencadis.txn.distributed.TransactionId;
import io.trencadis.txn.lock.HeldLock;
import io.trencadis.txn.lock.WaitGraph;
import io.trencadis.txn.message.ReplyTo;
import io.trencadis.txn.message.Request;
import io.trencadis.txn.message.TimestampAnswer;
import io.trencadis.txn.message.TimestampQuestion;
import io.trencadis.txn.participant.LargeWrites;
import io.trencadis.txn.participant.Participant;
import io.trencadis.txn.participant.ShardOutbox;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The machines of whoever leads a log: what it knows of transactions, and the shards whose log it
/// is. How its records become durable is its subclass's part.
abstract class Machines implements BranchEffects, ShardOutbox {
  private static final long WAKE = 150;
  private static final long TICK = 100;
  private static final long SILENCE = 1_000;
  private static final int WINDOW_KEYS = 1000;

  final Cluster cluster;
  final int number;

  /// Outlives it.
  final RunDisk disk;

  /// Never that of an earlier life.
  long term;

  /// Null, as the rest, while it leads nothing.
  Branches branches;

  Map<Integer, Participant> shards;
  private Map<Integer, Long> lastHeard;
  private final ArrayDeque<Runnable> work = new ArrayDeque<>();

  Machines(Cluster cluster, int number, int copy) {
    this.cluster = cluster;
    this.number = number;
    disk = new RunDisk(number * 16L + copy, cluster.largeBytes);
  }

  Map<Integer, SimulatedStore> emptyStores() {
    Map<Integer, SimulatedStore> stores = new TreeMap<>();
    for (int i = 0; i < Cluster.SHARDS_A_LOG; i++) {
      stores.put(number * Cluster.SHARDS_A_LOG + i, new SimulatedStore());
    }
    return stores;
  }

  boolean leads() {
    return branches != null;
  }

  private boolean leadsIn(long life) {
    return leads() && life == term;
  }

  /// @param known it has replayed all records up to now
  void begin(Branches known, Map<Integer, SimulatedStore> stores) {
    branches = known;
    shards = new TreeMap<>();
    WaitGraph graph = new WaitGraph();
    LargeWrites writes = disk.writes();
    stores.forEach(
        (shard, store) ->
            shards.put(
                shard, new Participant(shard, store, graph, cluster.rules, WINDOW_KEYS, writes)));
    lastHeard = new HashMap<>();
    step(() -> branches.start(disk.pieces().transactions(), this));
    tick(term);
  }

  void end() {
    work.clear();
    if (leads()) {
      shards.values().forEach(Participant::abandon);
    }
    branches = null;
    shards = null;
  }

  static long commitTs(BranchRecord record) {
    return switch (record) {
      case BranchRecord.Decided decided -> decided.commitTs();
      case BranchRecord.Resolved resolved -> resolved.commitTs();
      case BranchRecord.Prepared _,
          BranchRecord.Forgotten _,
          BranchRecord.Piece _,
          BranchRecord.Dropped _ ->
          throw new IllegalStateException("installs nothing");
    };
  }

  /// Installs what a record has committed, where nobody leads who would.
  void install(
      BranchRecord record,
      List<BranchRecord.Part> parts,
      Map<Integer, SimulatedStore> stores,
      long position) {
    for (BranchRecord.Part part : parts) {
      SimulatedStore store = stores.get(part.shard());
      store.applyRuns(disk.pieces().of(record.txn(), part.shard()), commitTs(record), position);
      store.apply(part.writes(), commitTs(record), position);
    }
  }

  /// From oldest to newest.
  static List<Version> versions(SimulatedStore store, byte[] key) {
    List<Version> chain = new ArrayList<>();
    for (Version version = store.latest(key);
        version != null;
        version = store.read(key, version.commitTs() - 1)) {
      chain.addFirst(version);
    }
    return chain;
  }

  /// What should not be there when all is over.
  public String leftOver() {
    for (Participant shard : shards.values()) {
      if (shard.lockedRows() + shard.openContexts() + shard.waitingRequests() > 0) {
        return "shard "
            + shard.shard()
            + " still has "
            + shard.openContexts()
            + " contexts, "
            + shard.waitingRequests()
            + " waiting requests and locks "
            + shard.locks();
      }
    }
    if (branches.open() > 0) {
      return "log " + number + " still has " + branches.open() + " prepared";
    }
    return branches.remembered() > 0
        ? "log " + number + " still remembers " + branches.remembered() + " decisions"
        : null;
  }

  /// What large transactions have left on the disk that nobody needs; null for nothing.
  String filesLeft(Map<Integer, SimulatedStore> stores) {
    if (!disk.pieces().transactions().isEmpty()) {
      return "log " + number + " still has pieces of " + disk.pieces().transactions();
    }
    disk.flush(stores.values());
    return disk.files() == 0 ? null : "log " + number + " still has " + disk.files() + " files";
  }

  /// Looks after what waits, now and then.
  private void tick(long life) {
    if (!leadsIn(life)) {
      return;
    }
    step(() -> shards.values().forEach(shard -> shard.askAgain(this)));
    for (int gateway = 0; gateway < cluster.gateways.length; gateway++) {
      int each = gateway;
      if (cluster.now() - lastHeard.computeIfAbsent(gateway, _ -> cluster.now()) > SILENCE) {
        step(() -> branches.silent(each, this));
      }
    }
    cluster.after(TICK, () -> tick(life));
  }

  // ---- what comes in

  /// Does one thing, and all that follows from it here.
  void step(Runnable first) {
    work.add(first);
    while (!work.isEmpty()) {
      work.poll().run();
    }
  }

  /// Carries out a message.
  ///
  /// @param from its sender's node
  void carryOut(Message message, int from) {
    step(
        () -> {
          switch (message) {
            case Message.ToShard request -> branches.on(request, this);
            case Message.EndAtShard end -> branches.on(end, this);
            case Message.Prepare prepare -> branches.on(prepare, this);
            case Message.Decide decide -> branches.on(decide, this);
            case Message.Inquire inquiry -> branches.on(inquiry, this);
            case Message.Resolve resolve ->
                branches.on(resolve, from < cluster.logs.length ? from : -1, this);
            case Message.Resolved resolved -> branches.on(resolved, this);
            case Message.GatewaySays says -> branches.on(says, this);
            case Message.CancelAtShard cancel -> branches.on(cancel, this);
            case Message.FromShard _,
                Message.Prepared _,
                Message.Waits _,
                Message.Decision _,
                Message.StillThere _ ->
                throw new IllegalStateException("not for a log: " + message);
          }
        });
  }

  public void heard(int gateway, long oldestLive) {
    if (leads()) {
      lastHeard.put(gateway, cluster.now());
      step(() -> branches.heard(gateway, oldestLive, this));
    }
  }

  public void on(int shard, TimestampAnswer answer) {
    if (leads()) {
      step(() -> shards.get(shard).handle(answer, this));
    }
  }

  // ---- what the machines want

  private void handle(int shard, Request request, ReplyTo replyTo) {
    work.add(() -> shards.get(shard).handle(request, replyTo, this));
  }

  @Override
  public void run(Message.ToShard message) {
    handle(
        message.shard(),
        message.request(),
        (shard, reply) ->
            work.add(() -> branches.ran(message.txn(), shard, message.number(), reply, this)));
  }

  @Override
  public void endWait(long txn, int shard) {
    handle(shard, new Request.CancelWait(txn), ReplyTo.NOBODY);
  }

  @Override
  public void mark(int shard, Request.Prepare request) {
    handle(
        shard,
        request,
        (at, reply) -> work.add(() -> branches.marked(request.txn(), at, reply, this)));
  }

  @Override
  public List<HeldLock> locks(long txn, int shard) {
    return shards.get(shard).locksOf(txn);
  }

  @Override
  public void restore(long txn, BranchRecord.Part part) {
    shards
        .get(part.shard())
        .restorePrepared(txn, part.writes(), part.locks(), disk.pieces().of(txn, part.shard()));
  }

  @Override
  public void commit(long txn, int shard, long commitTs, long position) {
    handle(shard, new Request.Commit(txn, commitTs, position, 0, 0), ReplyTo.NOBODY);
  }

  @Override
  public void abort(long txn, int shard) {
    handle(shard, new Request.Abort(txn), ReplyTo.NOBODY);
  }

  @Override
  public void toGateway(Message message) {
    int gateway = TransactionId.gateway(message.txn());
    cluster.send(
        number,
        cluster.gatewayNode(gateway),
        describe(message),
        () -> cluster.gateways[gateway].on(message, number));
  }

  @Override
  public void toLog(int other, Message message) {
    cluster.send(number, other, describe(message), () -> cluster.logs[other].on(message, number));
  }

  static String describe(Message message) {
    return switch (message) {
      case Message.ToShard to ->
          to.request().getClass().getSimpleName()
              + " "
              + to.number()
              + " to shard "
              + to.shard()
              + " of T"
              + to.txn();
      case Message.FromShard from ->
          from.reply().getClass().getSimpleName()
              + " to "
              + from.number()
              + " of T"
              + from.txn()
              + " from shard "
              + from.shard();
      default -> message.toString();
    };
  }

  @Override
  public void later(long txn) {
    long life = term;
    cluster.after(
        WAKE + cluster.random.nextInt(50),
        () -> {
          if (leadsIn(life)) {
            step(() -> branches.wake(txn, this));
          }
        });
  }

  @Override
  public void ask(int fromShard, TimestampQuestion question) {
    int gateway = TransactionId.gateway(question.about());
    cluster.send(
        number,
        cluster.gatewayNode(gateway),
        "shard " + fromShard + " asks for the timestamp of T" + question.about(),
        () -> cluster.gateways[gateway].ask(fromShard, question));
  }

  @Override
  public void toShard(int shard, Request request) {
    handle(shard, request, ReplyTo.NOBODY);
  }
}
