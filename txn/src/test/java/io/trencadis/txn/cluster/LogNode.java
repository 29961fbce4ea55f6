package io.trencadis.txn.cluster;

import io.trencadis.storage.Memtable;
import io.trencadis.storage.Version;
import io.trencadis.storage.Write;
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
import io.trencadis.txn.participant.Participant;
import io.trencadis.txn.participant.ShardOutbox;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A node with a log, and the shards whose log it is. Its disk outlives it: what was flushed, and
/// of the log what was fsynced, with a part of what was not.
final class LogNode implements BranchEffects, ShardOutbox {
  private static final long WAKE = 150;
  private static final long TICK = 100;
  private static final long SILENCE = 1_000;
  private static final int WINDOW_KEYS = 1000;

  private record Logged(BranchRecord record, long position) {}

  /// What a version of a row was installed with.
  private record Installed(int shard, byte[] key, byte[] row, long commitTs) {}

  private final Cluster cluster;
  private final int number;

  // The disk.
  private final List<Logged> log = new ArrayList<>();
  private List<Installed> flushedRows = List.of();
  private List<BranchRecord> flushedBranches = List.of();
  private long nextPosition = 1;
  private long term;

  // What a crash takes.
  private boolean up;
  private final List<Logged> unsynced = new ArrayList<>();
  private Map<Integer, Memtable> stores;
  private Map<Integer, Participant> shards;
  private Branches branches;
  private Map<Integer, Long> lastHeard;
  private final ArrayDeque<Runnable> work = new ArrayDeque<>();

  LogNode(Cluster cluster, int number) {
    this.cluster = cluster;
    this.number = number;
    start();
  }

  // ---- lives

  void crash(long down) {
    if (!up) {
      return;
    }
    up = false;
    // Of what was on its way to the disk a part may have arrived.
    int kept = cluster.random.nextInt(unsynced.size() + 1);
    log.addAll(unsynced.subList(0, kept));
    unsynced.clear();
    work.clear();
    cluster.note("CRASH of log " + number + " for " + down);
    long life = term;
    cluster.after(
        down,
        () -> {
          if (life == term) {
            ensureUp();
          }
        });
  }

  void ensureUp() {
    if (!up) {
      start();
    }
  }

  private void start() {
    term++;
    up = true;
    cluster.note("log " + number + " starts its life " + term);
    stores = new TreeMap<>();
    for (int i = 0; i < Cluster.SHARDS_A_LOG; i++) {
      stores.put(number * Cluster.SHARDS_A_LOG + i, new Memtable());
    }
    branches = new Branches(number, stores.keySet(), term, cluster.rules);
    for (Installed row : flushedRows) {
      stores.get(row.shard).apply(List.of(Write.of(row.key, row.row)), row.commitTs, 0);
    }
    flushedBranches.forEach(record -> replay(record, 0));
    log.forEach(logged -> replay(logged.record, logged.position));
    shards = new TreeMap<>();
    WaitGraph graph = new WaitGraph();
    stores.forEach(
        (shard, store) ->
            shards.put(
                shard, new Participant(shard, store, graph, cluster.rules, WINDOW_KEYS, null)));
    lastHeard = new HashMap<>();
    step(() -> branches.start(this));
    tick(term);
  }

  private void replay(BranchRecord record, long position) {
    for (BranchRecord.Part part : branches.replay(record)) {
      long commitTs =
          switch (record) {
            case BranchRecord.Decided decided -> decided.commitTs();
            case BranchRecord.Resolved resolved -> resolved.commitTs();
            case BranchRecord.Prepared _, BranchRecord.Forgotten _ ->
                throw new IllegalStateException("installs nothing");
          };
      stores.get(part.shard()).apply(part.writes(), commitTs, position);
    }
  }

  /// Moves everything down, and lets the log go.
  void flush() {
    if (!up) {
      return;
    }
    cluster.note("log " + number + " is flushed");
    List<Installed> rows = new ArrayList<>();
    stores.forEach(
        (shard, store) -> {
          for (int key = 0; key < 64; key++) {
            for (Version version : versions(shard, key)) {
              rows.add(new Installed(shard, Cluster.key(key), version.value(), version.commitTs()));
            }
          }
        });
    rows.sort(java.util.Comparator.comparingLong(Installed::commitTs));
    flushedRows = rows;
    flushedBranches = branches.snapshot();
    log.clear();
  }

  /// From oldest to newest.
  List<Version> versions(int shard, int key) {
    List<Version> chain = new ArrayList<>();
    Memtable store = stores.get(shard);
    for (Version version = store.latest(Cluster.key(key));
        version != null;
        version = store.read(Cluster.key(key), version.commitTs() - 1)) {
      chain.addFirst(version);
    }
    return chain;
  }

  /// What should not be there when all is over.
  String leftOver() {
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

  /// Looks after what waits, now and then.
  private void tick(long life) {
    if (!up || life != term) {
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
  private void step(Runnable first) {
    work.add(first);
    while (!work.isEmpty()) {
      work.poll().run();
    }
  }

  /// A message has arrived.
  ///
  /// @param from its sender's node
  void on(Message message, int from) {
    if (!up) {
      return;
    }
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
            case Message.CancelAtShard cancel ->
                handle(cancel.shard(), new Request.CancelWait(cancel.txn()), ReplyTo.NOBODY);
            case Message.FromShard _,
                Message.Prepared _,
                Message.Decision _,
                Message.StillThere _ ->
                throw new IllegalStateException("not for a log: " + message);
          }
        });
  }

  void heard(int gateway, long oldestLive) {
    if (up) {
      lastHeard.put(gateway, cluster.now());
      step(() -> branches.heard(gateway, oldestLive, this));
    }
  }

  void on(int shard, TimestampAnswer answer) {
    if (up) {
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
    shards.get(part.shard()).restorePrepared(txn, part.writes(), part.locks());
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
  public void append(BranchRecord record) {
    unsynced.add(new Logged(record, nextPosition++));
    long life = term;
    cluster.after(
        1 + cluster.random.nextInt(8),
        () -> {
          if (up && life == term) {
            synced(record);
          }
        });
  }

  /// All up to the record is durable.
  private void synced(BranchRecord record) {
    while (unsynced.stream().anyMatch(logged -> logged.record == record)) {
      Logged first = unsynced.removeFirst();
      log.add(first);
      cluster.note(
          "log "
              + number
              + " has "
              + first.record.getClass().getSimpleName()
              + " of T"
              + first.record.txn());
      step(() -> branches.durable(first.record, first.position, this));
    }
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
          if (up && life == term) {
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
