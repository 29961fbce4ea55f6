package io.trencadis.sharding.replica;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.base.Timers;
import io.trencadis.sharding.fragment.FragmentServer;
import io.trencadis.sharding.raft.NoLog;
import io.trencadis.sharding.raft.ReplicatedMachine;
import io.trencadis.sharding.raft.ReplicationLog;
import io.trencadis.storage.levels.Flush;
import io.trencadis.storage.levels.LevelledStore;
import io.trencadis.storage.run.Run;
import io.trencadis.storage.run.RunDirectory;
import io.trencadis.txn.Rules;
import io.trencadis.txn.codec.BranchRecordCodec;
import io.trencadis.txn.distributed.BranchEffects;
import io.trencadis.txn.distributed.BranchRecord;
import io.trencadis.txn.distributed.Branches;
import io.trencadis.txn.distributed.Message;
import io.trencadis.txn.distributed.Pieces;
import io.trencadis.txn.distributed.Proof;
import io.trencadis.txn.lock.HeldLock;
import io.trencadis.txn.lock.LockView;
import io.trencadis.txn.lock.WaitGraph;
import io.trencadis.txn.message.Reply;
import io.trencadis.txn.message.ReplyTo;
import io.trencadis.txn.message.Request;
import io.trencadis.txn.message.TimestampAnswer;
import io.trencadis.txn.message.TimestampQuestion;
import io.trencadis.txn.participant.LargeWrites;
import io.trencadis.txn.participant.Participant;
import io.trencadis.txn.participant.ShardOutbox;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// A node's copy of a shard. Every copy installs what the shard's log says was committed; the one
/// that leads also has the shard's participant and its locks, which last as long as its term (rule
/// 7). Thread-safe.
///
/// Two machines of [Branches] are here. One is fed by the log alone, on every node: what is
/// prepared and what was decided, for the next leader to begin with. The other lives with the term
/// and talks to gateways.
public final class ShardReplica implements ReplicatedMachine, BranchEffects, ShardOutbox {
  private static final System.Logger LOG = System.getLogger(ShardReplica.class.getName());

  private static final long WAKE_MILLIS = 500;
  private static final long RETRY_MILLIS = 20;
  private static final long SILENCE_NANOS = 3_000_000_000L;
  private static final int MOST_WAITING = 4_096;

  /// Of records of this size and more, so many wait at most.
  private static final int LARGE_RECORD = 64 << 10;

  private static final int MOST_LARGE_WAITING = 16;

  /// What a shard's copies share on their node.
  ///
  /// @param horizon the oldest snapshot that anybody still holds, as far as this node knows
  public record Surroundings(
      ReplicaNetwork network,
      WaitGraph graph,
      RunDirectory runs,
      LargeWrites writes,
      Timers timers,
      LongSupplier nanoTime,
      LongSupplier horizon,
      Checkpoint checkpoint,
      Consumer<Throwable> onFailure) {}

  /// Returns when everything that was installed before the call is in the base tree.
  @FunctionalInterface
  public interface Checkpoint {
    void run() throws InterruptedException;
  }

  private final int shard;
  private final LevelledStore store;
  private final Surroundings around;
  private final Actor actor = new Actor();
  private volatile ReplicationLog log = NoLog.INSTANCE;

  /// What the log says of large transactions that are not over.
  private final Pieces pieces;

  // All that follows belongs to whoever is inside the actor.
  private Branches replayed;
  private long applied;

  /// Reads below it find less than there was: this copy began with another one's newest rows.
  private long floor;

  private final ArrayDeque<Runnable> work = new ArrayDeque<>();
  private final Map<Integer, Long> lastHeard = new HashMap<>();
  private Branches branches;
  private Participant participant;
  private final HandOver handOver = new HandOver();
  private long term;

  /// As [#term], for those outside.
  private volatile long leads;

  /// @param kept what the last flush was given by [#freeze], or null
  /// @throws IOException if a file that it names is missing or damaged
  public ShardReplica(int shard, LevelledStore store, byte[] kept, Surroundings around)
      throws IOException {
    this.shard = shard;
    this.store = store;
    this.around = around;
    pieces = new Pieces(around.runs());
    forgetState();
    if (kept != null) {
      ByteReader in = readState(kept);
      // A flush of an earlier version ends here.
      if (in.remaining() > 0) {
        pieces.read(in);
      }
    }
  }

  /// At a start: the ids of the runs that this needs.
  public Set<Long> runs() {
    Set<Long> ids = new HashSet<>();
    for (Pieces.Written written : pieces.all()) {
      written.runs().forEach(run -> ids.add(run.summary().id()));
    }
    return ids;
  }

  /// What a flush keeps of a copy that has nothing prepared or decided.
  ///
  /// @param index up to which it has applied its log
  /// @param floor reads below it find less than there was
  public static byte[] nothingHeld(long index, long floor) {
    return new ByteWriter().putLong(index).putLong(floor).putInt(0).toByteArray();
  }

  /// The names of the files that a copy writes for others.
  public static List<String> copies() {
    return List.of(ShardSnapshot.FILE);
  }

  /// The log that feeds this, as it may have begun to. Not two at a time.
  public void attach(ReplicationLog opened) {
    log = opened;
  }

  /// This node has no copy any more; the log is closed.
  public void detach() {
    log = NoLog.INSTANCE;
    follow();
  }

  /// While no flush is running and no log attached: forgets everything but what the tree has.
  ///
  /// @param done told when it has
  public void forget(Runnable done) {
    actor.submit(
        () -> {
          forgetState();
          pieces.clear();
          store.forget();
          done.run();
        });
  }

  public int shard() {
    return shard;
  }

  public ReplicationLog log() {
    return log;
  }

  /// The node that leads the shard, as far as this one knows; -1 if it knows of none.
  public int leader() {
    return log.leader();
  }

  // ---- what the log says

  @Override
  public void apply(long index, byte[] record) {
    int most = record.length < LARGE_RECORD ? MOST_WAITING : MOST_LARGE_WAITING;
    while (actor.waiting() > most) {
      LockSupport.parkNanos(100_000);
    }
    BranchRecord decoded = BranchRecordCodec.decode(new ByteReader(record));
    actor.submit(() -> stepOfLog(() -> applied(index, decoded)));
  }

  private void stepOfLog(Runnable first) {
    try {
      step(first);
    } catch (SqlException | Error failed) {
      // Of its disk, or in the middle: what the log says is not here.
      failed(failed);
    }
  }

  private void applied(long index, BranchRecord record) {
    if (index <= applied) {
      return;
    }
    applied = index;
    List<BranchRecord.Part> installs = replayed.replay(record);
    if (branches == null) {
      for (BranchRecord.Part part : installs) {
        install(record.txn(), part, commitTs(record), index);
      }
    }
    pieces.take(record);
    if (branches != null) {
      branches.durable(record, index, this);
    }
  }

  private void install(long txn, BranchRecord.Part part, long commitTs, long index) {
    List<Run> runs = pieces.of(txn, part.shard());
    if (!runs.isEmpty() && commitTs <= floor) {
      runs = LateRuns.missing(runs, commitTs, store, around.runs(), shard);
    }
    if (!runs.isEmpty()) {
      store.applyRuns(runs, commitTs, index);
    }
    store.apply(part.writes(), commitTs, index);
  }

  private static long commitTs(BranchRecord record) {
    return switch (record) {
      case BranchRecord.Decided decided -> decided.commitTs();
      case BranchRecord.Resolved resolved -> resolved.commitTs();
      case BranchRecord.Prepared _,
          BranchRecord.Forgotten _,
          BranchRecord.Piece _,
          BranchRecord.Dropped _ ->
          throw new IllegalStateException("installs nothing: " + record);
    };
  }

  @Override
  public void lead(long begun) {
    actor.submit(
        () ->
            stepOfLog(
                () -> {
                  term = begun;
                  branches = new Branches(shard, List.of(shard), begun, Rules.ALL);
                  replayed.snapshot().forEach(branches::replay);
                  participant =
                      new Participant(shard, store, around.graph(), Rules.ALL, around.writes());
                  lastHeard.clear();
                  handOver.over();
                  // Before anything is appended: what is refused for want of room is said again as
                  // long as this term lasts.
                  leads = begun;
                  branches.start(pieces.transactions(), this);
                  LOG.log(System.Logger.Level.DEBUG, "leads shard " + shard + " in term " + begun);
                }));
  }

  @Override
  public void follow() {
    // At once for whoever asks; and again when the term's beginning is behind, which may wait
    // still.
    leads = 0;
    actor.submit(
        () -> {
          leads = 0;
          around.graph().forgetShard(shard);
          term = 0;
          branches = null;
          if (participant != null) {
            participant.abandon();
          }
          participant = null;
          handOver.over();
          work.clear();
        });
  }

  @Override
  public void failed(Throwable why) {
    around.onFailure().accept(why);
  }

  // ---- copies

  /// In a flush: puts the memtable aside.
  ///
  /// @param kept told what the flush has to keep beside it
  public void freeze(Flush flush, Consumer<byte[]> kept) {
    actor.submit(
        () -> {
          flush.freeze(shard);
          ByteWriter state = state();
          pieces.freeze(state);
          kept.accept(state.toByteArray());
        });
  }

  /// Before the flush is written, by its thread: returns when the files will last that it keeps.
  ///
  /// @throws IOException if that is not known: the node has to stop
  public void force() throws IOException {
    pieces.force();
  }

  /// The flush is written.
  public void flushed() {
    actor.submit(pieces::flushed);
  }

  /// Without what is in files.
  private ByteWriter state() {
    ByteWriter state = new ByteWriter();
    state.putLong(applied).putLong(floor);
    List<BranchRecord> records = replayed.snapshot();
    state.putInt(records.size());
    records.forEach(record -> BranchRecordCodec.encode(state, record));
    return state;
  }

  private void forgetState() {
    replayed = new Branches(shard, List.of(shard), 1, Rules.ALL);
    applied = 0;
    floor = 0;
  }

  /// What [#state] has written.
  ///
  /// @return behind it
  private ByteReader readState(byte[] state) {
    forgetState();
    ByteReader in = new ByteReader(state);
    applied = in.getLong();
    floor = in.getLong();
    for (int left = in.getInt(); left > 0; left--) {
      replayed.replay(BranchRecordCodec.decode(in));
    }
    return in;
  }

  @Override
  public void save(Path directory, Consumer<IOException> done) {
    Thread.ofVirtual()
        .name("save-shard")
        .start(
            () -> {
              try {
                around.checkpoint().run();
                done.accept(null);
              } catch (InterruptedException | RuntimeException failure) {
                done.accept(new IOException("shard " + shard + " was not flushed", failure));
              }
            });
  }

  @Override
  public List<String> copied() {
    return copies();
  }

  @Override
  public void copy(Path directory) throws IOException {
    CompletableFuture<ShardSnapshot.State> state = new CompletableFuture<>();
    actor.submit(
        () -> {
          try {
            state.complete(new ShardSnapshot.State(state().toByteArray(), pieces.all()));
          } catch (SqlException failed) {
            state.completeExceptionally(failed);
          }
        });
    // Rows that come while others are written are of records behind the state; whoever begins with
    // this installs those once more, which changes nothing. Runs that are over meanwhile can be
    // read to their end.
    try {
      ShardSnapshot.write(directory, state.join(), store);
    } catch (CompletionException failed) {
      throw new IOException(failed.getCause());
    }
  }

  @Override
  public void load(Path directory, long index) throws IOException {
    CompletableFuture<IOException> loaded = new CompletableFuture<>();
    actor.submit(() -> loaded.complete(loadInside(directory, index)));
    IOException failure = loaded.join();
    if (failure != null) {
      throw failure;
    }
  }

  private IOException loadInside(Path directory, long index) {
    if (index <= applied) {
      // A start begins with the last snapshot, but the tree is further.
      return null;
    }
    if (!ShardSnapshot.isIn(directory)) {
      // This copy's own, of which nobody wanted the rows: the tree had them before it was made. It
      // does not know the place of entries that are no records.
      applied = index;
      return null;
    }
    try {
      pieces.clear();
      readState(ShardSnapshot.load(directory, store, pieces::take));
      applied = Math.max(applied, index);
      floor = Math.max(floor, store.highestCommitTs());
      return null;
    } catch (IOException | RuntimeException broken) {
      return new IOException("a copy of shard " + shard + " cannot be read: " + broken, broken);
    }
  }

  // ---- what gateways and other logs send

  /// A message for this shard's log, or for the shard. What needs it waits for the proof that this
  /// node leads: whoever does not lead any more may not know what was prepared and decided since,
  /// and would answer "aborted" for what has committed, or "resolved" for what is still prepared.
  ///
  /// @param fromLog the log that sent it; -1 for a gateway
  public void receive(Message message, int fromLog) {
    if (leads == 0) {
      return;
    }
    if (message instanceof Message.ToShard request && Proof.isRead(request)) {
      // The round begins at once, without waiting for whoever is inside.
      takeProven(message, fromLog);
    } else {
      take(message, fromLog, false);
    }
  }

  private void takeProven(Message message, int fromLog) {
    whenProven(() -> take(message, fromLog, true));
  }

  /// Does something if this node turns out to lead still.
  private void whenProven(Runnable then) {
    log.confirm(
        proven -> {
          if (proven) {
            then.run();
          }
        });
  }

  private void take(Message message, int fromLog, boolean proven) {
    actor.submit(
        () -> {
          if (branches == null) {
            return;
          }
          if (proven || !Proof.isNeededToTake(message, branches)) {
            step(() -> dispatch(message, fromLog));
          } else {
            takeProven(message, fromLog);
          }
        });
  }

  private void dispatch(Message message, int fromLog) {
    switch (message) {
      case Message.ToShard request -> {
        if (!handOver.refusesNew() || !branches.isFirst(request)) {
          branches.on(request, this);
        }
      }
      case Message.EndAtShard end -> branches.on(end, this);
      case Message.CancelAtShard cancel -> branches.on(cancel, this);
      case Message.Prepare prepare -> branches.on(prepare, this);
      case Message.Decide decide -> branches.on(decide, this);
      case Message.Inquire inquiry -> branches.on(inquiry, this);
      case Message.Resolve resolve -> branches.on(resolve, fromLog, this);
      case Message.Resolved resolved -> branches.on(resolved, this);
      case Message.GatewaySays says -> branches.on(says, this);
      case Message.FromShard _,
          Message.Prepared _,
          Message.Waits _,
          Message.Decision _,
          Message.StillThere _ ->
          LOG.log(System.Logger.Level.WARNING, "a shard got a gateway's message: " + message);
    }
  }

  /// Has another node lead, as soon as no transaction has something here that has been here for
  /// long.
  ///
  /// @param transfer begins that
  /// @param until when to wait no longer for such a moment, by the node's clock of nanoseconds
  /// @param evenSo whether to do it then whoever is here
  public void handOver(Runnable transfer, long until, boolean evenSo) {
    actor.submit(
        () -> {
          if (participant != null) {
            long now = around.nanoTime().getAsLong();
            HandOver.Wish wish = new HandOver.Wish(until, evenSo);
            step(() -> handOver.begin(transfer, wish, branches.present(), now));
          }
        });
  }

  /// A gateway is there.
  ///
  /// @param oldestLive its oldest transaction's id
  public void heard(int gateway, long oldestLive) {
    if (leads != 0) {
      actor.submit(
          () -> {
            if (branches != null) {
              lastHeard.put(gateway, around.nanoTime().getAsLong());
              step(() -> branches.heard(gateway, oldestLive, this));
            }
          });
    }
  }

  /// A gateway answers a question of this shard's.
  public void answered(TimestampAnswer answer) {
    actor.submit(
        () -> {
          if (participant != null) {
            step(() -> participant.handle(answer, this));
          }
        });
  }

  /// Another shard of this node wants something done here.
  public void request(Request request) {
    actor.submit(
        () -> {
          if (participant != null) {
            step(() -> handle(request, ReplyTo.NOBODY));
          }
        });
  }

  /// Has a fragment read here, if this node leads.
  ///
  /// @param provenTerm the term whose leadership was proven to it before; 0 for none
  /// @param then told once how; null where this node does not lead
  public void openReads(long provenTerm, Consumer<FragmentServer.ShardReads> then) {
    if (leads == 0) {
      then.accept(null);
    } else if (provenTerm == leads) {
      openReads(then, provenTerm);
    } else {
      log.confirm(
          proven -> {
            if (proven) {
              openReads(then, 0);
            } else {
              then.accept(null);
            }
          });
    }
  }

  /// @param only the only term in which it may read; 0 for any
  private void openReads(Consumer<FragmentServer.ShardReads> then, long only) {
    actor.submit(
        () -> {
          boolean stands = participant != null && (only == 0 || only == term);
          then.accept(stands ? new FragmentReads(this, participant, term, floor) : null);
        });
  }

  boolean leadsIn(long aTerm) {
    return leads == aTerm;
  }

  /// A request to the participant of one term only.
  ///
  /// @param to takes what it replies, if it is answered
  void ask(Participant of, Request request, Consumer<Reply> to) {
    actor.submit(
        () -> {
          if (participant == of) {
            step(() -> handle(request, (_, reply) -> to.accept(reply)));
          } else {
            to.accept(Reply.Refused.INSTANCE);
          }
        });
  }

  /// Looks after what waits, and tells the copies what can be forgotten; some times a second.
  ///
  /// @param gateways those there are
  public void tick(List<Integer> gateways) {
    if (leads == 0) {
      return;
    }
    actor.submit(
        () -> {
          if (branches == null) {
            return;
          }
          step(() -> participant.askAgain(this));
          long now = around.nanoTime().getAsLong();
          for (int gateway : gateways) {
            if (now - lastHeard.computeIfAbsent(gateway, _ -> now) > SILENCE_NANOS) {
              step(() -> branches.silent(gateway, this));
            }
          }
          BranchRecord forgotten = branches.takeForgotten();
          if (forgotten != null) {
            append(forgotten);
          }
        });
  }

  /// All locks that are held or waited for here; empty where this node does not lead.
  public CompletableFuture<List<LockView>> locks() {
    CompletableFuture<List<LockView>> list = new CompletableFuture<>();
    actor.submit(() -> list.complete(participant == null ? List.of() : participant.locks()));
    return list;
  }

  // ---- what the machines want

  /// Does one thing, and all that follows from it here.
  private void step(Runnable first) {
    work.add(first);
    Thrown thrown = new Thrown();
    for (Runnable next = work.poll(); next != null; next = work.poll()) {
      thrown.by(next);
    }
    thrown.again();
    if (handOver.isOn() && branches != null) {
      handOver.look(branches::present, around.nanoTime().getAsLong());
    }
  }

  private void handle(Request request, ReplyTo replyTo) {
    work.add(
        () -> {
          try {
            participant.handle(request, replyTo, this);
          } catch (SqlException known) {
            replyTo.reply(shard, new Reply.Failed(known));
          } catch (RuntimeException broken) {
            LOG.log(
                System.Logger.Level.ERROR,
                "a request broke its shard's machine: " + request,
                broken);
            replyTo.reply(shard, new Reply.Failed(broken));
          } catch (Error broken) {
            LOG.log(System.Logger.Level.ERROR, "a request broke its shard's machine", broken);
            if (request.isAnswered()) {
              replyTo.reply(shard, new Reply.Failed(broken));
            } else {
              // What was decided is done here in part, and nobody would do the rest.
              failed(broken);
            }
          }
        });
  }

  private static long readTs(Request request) {
    return switch (request) {
      case Request.Get get -> get.readTs();
      case Request.Scan scan -> scan.readTs();
      case Request.ReadAll all -> all.readTs();
      default -> Long.MAX_VALUE;
    };
  }

  @Override
  public void run(Message.ToShard message) {
    ReplyTo replyTo =
        (_, reply) ->
            work.add(() -> branches.ran(message.txn(), shard, message.number(), reply, this));
    if (readTs(message.request()) < floor) {
      replyTo.reply(
          shard, new Reply.Failed(new SqlException(SqlState.SNAPSHOT_TOO_OLD, "snapshot too old")));
      return;
    }
    handle(message.request(), replyTo);
  }

  @Override
  public void endWait(long txn, int at) {
    handle(new Request.CancelWait(txn), ReplyTo.NOBODY);
  }

  @Override
  public void mark(int at, Request.Prepare request) {
    handle(
        request, (_, reply) -> work.add(() -> branches.marked(request.txn(), shard, reply, this)));
  }

  @Override
  public List<HeldLock> locks(long txn, int at) {
    return participant.locksOf(txn);
  }

  @Override
  public void restore(long txn, BranchRecord.Part part) {
    participant.restorePrepared(txn, part.writes(), part.locks(), pieces.of(txn, part.shard()));
  }

  @Override
  public void commit(long txn, int at, long commitTs, long position) {
    long horizon = around.horizon().getAsLong();
    // A flush before the record is there keeps the transaction as prepared, beside its rows.
    long from = position == NOT_KNOWN ? applied : position;
    handle(new Request.Commit(txn, commitTs, from, horizon, horizon), ReplyTo.NOBODY);
  }

  @Override
  public void abort(long txn, int at) {
    handle(new Request.Abort(txn), ReplyTo.NOBODY);
  }

  @Override
  public void append(BranchRecord record) {
    ByteWriter bytes = new ByteWriter(512);
    BranchRecordCodec.encode(bytes, record);
    append(bytes.toByteArray(), term);
  }

  private void append(byte[] record, long inTerm) {
    log.append(
        record,
        inTerm,
        survives -> {
          if (!survives && leads == inTerm) {
            // It was refused for want of room: else the term would be over.
            around.timers().after(RETRY_MILLIS, () -> append(record, inTerm));
          }
        });
  }

  @Override
  public void toGateway(Message message) {
    if (Proof.isNeededToSend(message, Rules.ALL)) {
      whenProven(() -> around.network().toGateway(message));
    } else {
      around.network().toGateway(message);
    }
  }

  @Override
  public void toLog(int other, Message message) {
    around.network().toLog(shard, other, message);
  }

  @Override
  public void later(long txn) {
    long mine = term;
    around
        .timers()
        .after(
            WAKE_MILLIS,
            () ->
                actor.submit(
                    () -> {
                      if (term == mine && branches != null) {
                        step(() -> branches.wake(txn, this));
                      }
                    }));
  }

  @Override
  public void ask(int fromShard, TimestampQuestion question) {
    around.network().ask(fromShard, question);
  }

  @Override
  public void toShard(int other, Request request) {
    if (other == shard) {
      handle(request, ReplyTo.NOBODY);
    } else {
      around.network().toLocalShard(other, request);
    }
  }

  /// What was committed, for tests that compare copies; consistent only while nothing commits.
  public List<byte[]> rows() {
    List<byte[]> rows = new ArrayList<>();
    var scan = store.scan(null, null, Long.MAX_VALUE, false);
    while (scan.next()) {
      rows.add(scan.key());
      rows.add(scan.value());
    }
    return rows;
  }
}
