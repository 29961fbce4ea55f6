package io.trencadis.txn.participant;

import io.trencadis.storage.ShardStore;
import io.trencadis.storage.Version;
import io.trencadis.storage.Write;
import io.trencadis.storage.run.Run;
import io.trencadis.storage.run.RunStore;
import io.trencadis.txn.HeldRecord;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.Mutation;
import io.trencadis.txn.MutationResult;
import io.trencadis.txn.RelationLock;
import io.trencadis.txn.RowLock;
import io.trencadis.txn.Rule;
import io.trencadis.txn.Rules;
import io.trencadis.txn.lock.HeldLock;
import io.trencadis.txn.lock.LockReply;
import io.trencadis.txn.lock.LockTable;
import io.trencadis.txn.lock.LockView;
import io.trencadis.txn.lock.WaitGraph;
import io.trencadis.txn.lock.Waiter;
import io.trencadis.txn.message.Reply;
import io.trencadis.txn.message.ReplyTo;
import io.trencadis.txn.message.Request;
import io.trencadis.txn.message.TimestampAnswer;
import io.trencadis.txn.message.TimestampQuestion;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One shard's machine: requests in, replies and questions out. Single-threaded; no clock, thread
/// or socket.
///
/// A transaction is, at this shard, in one of these states:
/// - *unknown*: no [Context]. It may read.
/// - *open*: a context with locks and writes that nobody else sees.
/// - *held*: prepared by name, or about to be (rule 14). Its context does not change any more; what
///   it has read is kept from writers, who wait. Readers do not notice.
/// - *prepared*: the keys it wrote are marked. Its context does not change. Readers and validators
///   whose timestamp may lie at or above its own wait, or learn that it does not.
/// - *released*: its record is in the log, but may not be durable yet (rule 6). Its writes are
///   installed, its locks free; its marks stand, so that readers and validators wait on. Who locks
///   one of its rows sees it, and is told after what.
/// - and unknown again, its writes installed (committed) or dropped (aborted).
///
/// Invariants:
/// - a key is written by one context at a time: its writer has it locked, or vouches for it
///   ([Mutation#unlocked])
/// - marks are set before the writer's timestamp is asked for, and go after its writes are in store
///   and window
/// - a request that has not been answered is in `waiting`, and has either a place in one lock's
///   queue, or marks in doubt, or a transaction prepared by name in its way
/// - who is held waits for nobody but one that was settled before; who is settled, for nobody
/// - nothing runs twice at once: what a step sets free is run within the step, after it
public final class Participant {
  private static final int WINDOW_KEYS = 1 << 20;

  private final int shard;
  private final ShardStore store;
  private final Rules rules;
  private final LockTable locks;
  private final ConflictWindow window;
  private final Snapshots snapshots;
  private final SchemaGuard schemas;
  private final Map<Long, Context> contexts = new HashMap<>();
  private final Map<Long, Pending> waiting = new HashMap<>();
  private final ArrayDeque<Pending> runnable = new ArrayDeque<>();
  private final List<Waiter> granted = new ArrayList<>();

  private final LargeContexts large;
  private final Holds holds;

  /// The highest timestamp that came with any request: whoever prepares from now on gets a higher
  /// one.
  private long highestSeen;

  /// How many transactions are released.
  private int released;

  private ShardOutbox out;

  public Participant(int shard, ShardStore store, WaitGraph graph, Rules rules) {
    this(shard, store, graph, rules, WINDOW_KEYS, null);
  }

  /// @param largeWrites null to keep in memory what transactions write, however much it is; where
  ///   it has runs, the store is a [RunStore]
  public Participant(
      int shard, ShardStore store, WaitGraph graph, Rules rules, LargeWrites largeWrites) {
    this(shard, store, graph, rules, WINDOW_KEYS, largeWrites);
  }

  /// @param windowKeys how many written keys the conflict window remembers at most
  public Participant(
      int shard,
      ShardStore store,
      WaitGraph graph,
      Rules rules,
      int windowKeys,
      LargeWrites largeWrites) {
    this.shard = shard;
    this.store = store;
    this.rules = rules;
    this.locks = new LockTable(shard, graph);
    this.large = new LargeContexts(shard, store, locks, largeWrites);
    // A store that was there before: what was committed to it is in no window.
    this.window = new ConflictWindow(rules, windowKeys, store.highestCommitTs());
    this.snapshots = new Snapshots(store);
    this.schemas = new SchemaGuard(snapshots, store, rules);
    schemas.restore();
    this.holds = new Holds(shard, rules, locks, snapshots, large, contexts, runnable);
    holds.restore(store);
  }

  /// Its number.
  public int shard() {
    return shard;
  }

  /// Reads that need no step. Thread-safe.
  public Snapshots snapshots() {
    return snapshots;
  }

  /// Rows locked or waited for, transactions with something here, requests that wait: for tests and
  /// metrics.
  public int lockedRows() {
    return locks.lockedRows();
  }

  /// All locks that are held or waited for here.
  public List<LockView> locks() {
    return locks.list();
  }

  public int openContexts() {
    return contexts.size();
  }

  public int waitingRequests() {
    return waiting.size();
  }

  public int windowSize() {
    return window.size();
  }

  /// Takes one request, and answers it now or in a later step.
  public void handle(Request request, ReplyTo replyTo, ShardOutbox outbox) {
    out = outbox;
    switch (request) {
      case Request.CancelWait cancel ->
          endWait(waiting.get(cancel.txn()), Reply.Cancelled.INSTANCE);
      case Request.BreakDeadlock deadlock -> breakDeadlock(deadlock);
      case Request.Prepare prepare when holds.isEmpty() ->
          replyTo.reply(shard, prepare(null, prepare));
      case Request.Settle settle -> holds.settle(contexts.get(settle.txn()));
      case Request.Release release -> release(release);
      case Request.Unprepare unprepare -> unprepare(contexts.get(unprepare.txn()));
      case Request.Commit commit -> commit(commit);
      case Request.Abort abort -> abort(abort.txn());
      case Request.UnlockForSession unlock ->
          locks.releaseSession(unlock.txn(), unlock.key(), unlock.mode(), granted);
      case Request.Get _,
          Request.Scan _,
          Request.ReadAll _,
          Request.Validate _,
          Request.LockForSession _,
          Request.Prepare _,
          Request.Hold _ ->
          run(new Pending(request, replyTo));
      case Request.LockRow _,
          Request.Mutate _,
          Request.LockRelation _,
          Request.SetSchema _,
          Request.FinishHeld _,
          Request.Undo _ -> {
        Context context = context(request.txn());
        if (context.hold == null) {
          context.requests++;
          run(new Pending(request, replyTo));
        } else {
          // A late copy, to a leader that has not heard of what came before it.
          replyTo.reply(shard, Reply.Refused.INSTANCE);
        }
      }
    }
    runOthers();
    breakCircles();
    out = null;
  }

  /// Takes a coordinator's answer to a question of this shard.
  public void handle(TimestampAnswer answer, ShardOutbox outbox) {
    Context context = contexts.get(answer.about());
    Prepared marks = context == null ? null : context.prepared;
    if (marks == null
        || marks.attempt != answer.attempt()
        || answer.commitTs() == TimestampAnswer.ENDED) {
      // Resolved meanwhile, or about to be: those who wait for it run then.
      return;
    }
    out = outbox;
    if (answer.commitTs() == TimestampAnswer.NOT_ASKED) {
      marks.above = Math.max(marks.above, answer.askerTs());
    } else {
      marks.commitTs = answer.commitTs();
    }
    marks.waiters.removeIf(
        pending -> {
          boolean known = marks.commitTs != 0 || pending.doubtTs <= marks.above;
          if (known) {
            pending.doubt = null;
            runnable.add(pending);
          }
          return known;
        });
    runOthers();
    breakCircles();
    out = null;
  }

  private Context context(long txn) {
    Context context = contexts.get(txn);
    if (context == null) {
      context = new Context(txn);
      contexts.put(txn, context);
    }
    return context;
  }

  private void runOthers() {
    while (true) {
      for (Waiter waiter : granted) {
        Pending pending = (Pending) waiter.owner();
        if (!(pending.request instanceof Request.LockForSession)) {
          LockTable.granted(waiter, context(waiter.txn()).locks, markOf(pending.request));
        }
        pending.waiter = null;
        runnable.add(pending);
      }
      granted.clear();
      Pending next = runnable.poll();
      if (next == null) {
        return;
      }
      waiting.remove(next.request.txn());
      run(next);
    }
  }

  /// Circles that this step has closed. Their victims may wait here or elsewhere.
  private void breakCircles() {
    for (List<WaitGraph.Wait> victims = locks.takeVictims();
        !victims.isEmpty();
        victims = locks.takeVictims()) {
      for (WaitGraph.Wait victim : victims) {
        var end = new Request.BreakDeadlock(victim.owner(), victim.waitNumber(), victim.circle());
        if (victim.shard() == shard) {
          breakDeadlock(end);
        } else {
          out.toShard(victim.shard(), end);
        }
      }
      runOthers();
    }
  }

  private static int markOf(Request request) {
    return switch (request) {
      case Request.LockRow lock -> lock.mark();
      case Request.Mutate mutate -> mutate.mark();
      case Request.LockRelation lock -> lock.mark();
      case Request.FinishHeld finish -> finish.mark();
      default -> throw new IllegalStateException("not a request that locks: " + request);
    };
  }

  private void run(Pending pending) {
    Reply reply = attempt(pending);
    if (reply == null) {
      waiting.put(pending.request.txn(), pending);
    } else {
      long after = pending.after;
      pending.replyTo.reply(
          shard, after == 0 ? reply : new Reply.After(after, pending.afterTs, reply));
    }
  }

  /// @return null if it has to wait
  private Reply attempt(Pending pending) {
    return switch (pending.request) {
      case Request.Get get -> get(pending, get);
      case Request.Scan scan -> scan(pending, scan);
      case Request.ReadAll all ->
          ManyReads.of(all, get -> get(pending, get), scan -> scan(pending, scan));
      case Request.LockRow lock -> lockRow(pending, lock);
      case Request.Mutate mutate -> mutate(pending, mutate);
      case Request.LockRelation lock -> {
        Context context = context(lock.txn());
        boolean mayWait = lock.mayWait();
        yield lockRelation(
            pending,
            context,
            lock.relationId(),
            lock.mode(),
            lock.lockWait(),
            lock.mark(),
            mayWait);
      }
      case Request.LockForSession lock -> {
        boolean waits = lock.lockWait() == LockWait.WAIT && lock.mayWait();
        yield afterLock(
            pending,
            locks.lockForSession(
                lock.txn(), lock.running(), lock.key(), lock.mode(), waits ? pending : null),
            lock.lockWait());
      }
      case Request.SetSchema set -> {
        Context context = context(set.txn());
        context.wroteSchema = true;
        context
            .writes()
            .put(
                SchemaTable.key(set.relationId()),
                SchemaTable.encode(set.version()),
                set.mark(),
                false);
        yield Reply.Done.INSTANCE;
      }
      case Request.Undo undo -> undo(undo);
      case Request.Validate validate -> validate(pending, validate);
      case Request.Prepare prepare -> prepare(pending, prepare);
      case Request.Hold hold -> holds.hold(pending, hold);
      case Request.FinishHeld finish -> {
        Context context = context(finish.txn());
        Reply locked =
            lockKey(
                pending,
                context,
                finish.row(),
                RowLock.UPDATE,
                LockWait.WAIT,
                finish.mark(),
                finish.mayWait());
        yield locked == Reply.Done.INSTANCE ? holds.finish(pending, context, finish) : locked;
      }
      default -> throw new IllegalStateException("not a request that can wait: " + pending.request);
    };
  }

  // ---- reads

  private Reply get(Pending pending, Request.Get get) {
    highestSeen = Math.max(highestSeen, get.readTs());
    Context context = contexts.get(get.txn());
    Prepared schemaDoubt = schemas.inDoubt(get.rel(), get.txn(), get.readTs());
    if (schemaDoubt != null) {
      return doubt(pending, schemaDoubt, get.readTs(), get.mayWait());
    }
    Reply refused = schemas.check(context, get.rel(), get.readTs());
    if (refused != null) {
      return refused;
    }
    OwnWrite own = context == null ? null : context.write(get.key());
    if (own != null) {
      return new Reply.Row(own.value(), true);
    }
    Prepared marks = marksOn(get.key(), get.txn(), get.readTs());
    if (marks != null) {
      return doubt(pending, marks, get.readTs(), get.mayWait());
    }
    return Reply.Row.of(store.get(get.key(), get.readTs()));
  }

  private Reply scan(Pending pending, Request.Scan scan) {
    highestSeen = Math.max(highestSeen, scan.readTs());
    Context context = contexts.get(scan.txn());
    Prepared schemaDoubt = schemas.inDoubt(scan.rel(), scan.txn(), scan.readTs());
    if (schemaDoubt != null) {
      return doubt(pending, schemaDoubt, scan.readTs(), scan.mayWait());
    }
    Reply refused = schemas.check(context, scan.rel(), scan.readTs());
    if (refused != null) {
      return refused;
    }
    ClearRange clear =
        rules.has(Rule.READERS_HEED_MARKS)
            ? ClearRange.of(scan, snapshots)
            : ClearRange.whole(scan);
    byte[] from = clear.from();
    byte[] to = clear.to();
    Reply.Rows rows =
        context == null || !context.mayHaveWritten(from, to)
            ? snapshots.read(from, to, scan.reverse(), scan.readTs(), scan.limit())
            : new OwnScan(store, context, from, to, scan.reverse(), scan.readTs(), scan.ownBefore())
                .batch(scan.limit());
    if (clear.nearest() == null) {
      return rows;
    }
    if (rows.count() == 0) {
      return doubt(pending, clear.nearest(), scan.readTs(), scan.mayWait());
    }
    return new Reply.Rows(rows.rows(), false);
  }

  /// Marks of others on a key whose timestamp may be at or below `ts`.
  private Prepared marksOn(byte[] key, long txn, long ts) {
    Prepared[] prepared = snapshots.prepared();
    if (prepared.length == 0 || !rules.has(Rule.READERS_HEED_MARKS)) {
      return null;
    }
    long bit = MarkedKeys.bit(key);
    for (Prepared marks : prepared) {
      if (marks.txn != txn && marks.mayBeAtOrBelow(ts) && marks.keys.has(key, bit)) {
        return marks;
      }
    }
    return null;
  }

  /// Puts a request to wait for what it has to know about some marks.
  private Reply doubt(Pending pending, Prepared marks, long ts, boolean mayWait) {
    boolean ask = marks.commitTs == 0 && rules.has(Rule.ASK_FOR_TIMESTAMP);
    if (!ask && !mayWait) {
      return Reply.WouldBlock.INSTANCE;
    }
    pending.doubt = marks;
    pending.doubtTs = ts;
    marks.waiters.add(pending);
    if (ask) {
      out.ask(shard, new TimestampQuestion(marks.txn, marks.attempt, ts));
    }
    return null;
  }

  // ---- locks and writes

  /// @return null if it has to wait, [Reply.Done] if the lock is held
  private Reply lockRelation(
      Pending pending,
      Context context,
      int relationId,
      RelationLock mode,
      LockWait wait,
      int mark,
      boolean mayWait) {
    if (context.holdsRelation(relationId, mode)) {
      return Reply.Done.INSTANCE;
    }
    Object owner = wait == LockWait.WAIT && mayWait ? pending : null;
    LockReply reply = locks.lockRelation(context.txn, context.locks, relationId, mode, mark, owner);
    if (reply instanceof LockReply.Granted) {
      context.noteRelation(relationId, mode);
    }
    return afterLock(pending, reply, wait);
  }

  private Reply lockKey(
      Pending pending,
      Context context,
      byte[] key,
      RowLock mode,
      LockWait wait,
      int mark,
      boolean mayWait) {
    large.showLock(context, key);
    Object owner = wait == LockWait.WAIT && mayWait ? pending : null;
    return afterLock(
        pending, locks.lockRow(context.txn, context.locks, key, mode, mark, owner), wait);
  }

  private Reply afterLock(Pending pending, LockReply reply, LockWait wait) {
    return switch (reply) {
      case LockReply.Granted _ -> Reply.Done.INSTANCE;
      case LockReply.Unavailable _ ->
          switch (wait) {
            case WAIT -> Reply.WouldBlock.INSTANCE;
            case NOWAIT -> Reply.Unavailable.INSTANCE;
            case SKIP_LOCKED -> Reply.Skipped.INSTANCE;
          };
      case LockReply.Queued(Waiter waiter) -> {
        pending.waiter = waiter;
        yield null;
      }
    };
  }

  private Reply lockRow(Pending pending, Request.LockRow lock) {
    highestSeen = Math.max(highestSeen, lock.readTs());
    Context context = context(lock.txn());
    Reply reply =
        lockRelation(
            pending,
            context,
            lock.rel().relationId(),
            RelationLock.ROW_SHARE,
            LockWait.WAIT,
            lock.mark(),
            lock.mayWait());
    if (reply == Reply.Done.INSTANCE) {
      reply = schemas.checkLocked(context, lock.rel(), lock.readTs());
    }
    if (reply == Reply.Done.INSTANCE) {
      reply =
          lockKey(
              pending,
              context,
              lock.key(),
              lock.mode(),
              lock.lockWait(),
              lock.mark(),
              lock.mayWait());
    }
    if (reply != Reply.Done.INSTANCE) {
      return reply;
    }
    follow(pending, context, lock.key());
    OwnWrite own = context.write(lock.key());
    if (own != null) {
      return new Reply.Row(own.value(), true);
    }
    if (lock.mode() == RowLock.KEY_SHARE && !lock.newest()) {
      // The one mode that is granted beside somebody who writes the row.
      Prepared marks = marksOn(lock.key(), lock.txn(), lock.readTs());
      if (marks != null) {
        return doubt(pending, marks, lock.readTs(), lock.mayWait());
      }
    }
    Version newest = store.latest(lock.key());
    if (newest != null && newest.commitTs() > lock.readTs() && !lock.newest()) {
      return new Reply.Changed(newest.value(), newest.commitTs());
    }
    return Reply.Row.of(newest == null ? null : newest.value());
  }

  private Reply mutate(Pending pending, Request.Mutate mutate) {
    highestSeen = Math.max(highestSeen, mutate.readTs());
    Context context = context(mutate.txn());
    Reply reply =
        lockRelation(
            pending,
            context,
            mutate.rel().relationId(),
            RelationLock.ROW_EXCLUSIVE,
            LockWait.WAIT,
            mutate.mark(),
            mutate.mayWait());
    if (reply == Reply.Done.INSTANCE) {
      reply = schemas.checkLocked(context, mutate.rel(), mutate.readTs());
    }
    if (reply != Reply.Done.INSTANCE) {
      return reply;
    }
    List<Mutation> ops = mutate.ops();
    List<MutationResult> results = pending.results(ops.size());
    while (pending.nextOp < ops.size()) {
      Mutation op = ops.get(pending.nextOp);
      boolean keepsKey = op instanceof Mutation.Put && !op.unlocked();
      RowLock mode = keepsKey ? RowLock.NO_KEY_UPDATE : RowLock.UPDATE;
      boolean byWriting = !op.unlocked() && large.needsNoEntry(context, op.key());
      if (!op.unlocked() && !byWriting) {
        reply =
            lockKey(
                pending, context, op.key(), mode, LockWait.WAIT, mutate.mark(), mutate.mayWait());
        if (reply != Reply.Done.INSTANCE) {
          if (reply == Reply.WouldBlock.INSTANCE) {
            // A request that may not wait has a mark of its own, so that this takes back its writes
            // only.
            context.undoFrom(mutate.mark(), large.runs());
          }
          return reply;
        }
      }
      follow(pending, context, op.key());
      Hold reader = holds.readerOf(op.key(), context.txn);
      if (reader != null) {
        if (!mutate.mayWait()) {
          context.undoFrom(mutate.mark(), large.runs());
        }
        return Holds.await(pending, reader, mutate.mayWait());
      }
      switch (op) {
        case Mutation.Put put ->
            context.writes().put(put.key(), put.value(), mutate.mark(), keepsKey);
        case Mutation.Delete delete ->
            context.writes().put(delete.key(), null, mutate.mark(), false);
        case Mutation.Insert insert -> {
          byte[] existing = null;
          OwnWrite own = context.write(insert.key());
          if (own != null) {
            existing = own.value();
          } else {
            Version newest = newest(context, insert.key(), mutate.readTs());
            if (newest != null && newest.value() != null) {
              if (byWriting) {
                // There is nothing to write: only the lock keeps it so.
                locks.lockRow(context.txn, context.locks, insert.key(), mode, mutate.mark(), null);
              }
              if (newest.commitTs() > mutate.readTs() && !insert.unlocked()) {
                return Reply.Restart.INSTANCE;
              }
              existing = newest.value();
            }
          }
          if (existing != null) {
            results.add(new MutationResult(existing));
            pending.nextOp++;
            continue;
          }
          context.writes().put(insert.key(), insert.value(), mutate.mark(), false);
        }
      }
      results.add(MutationResult.APPLIED);
      pending.nextOp++;
    }
    large.wrote(context);
    return new Reply.Mutated(results);
  }

  /// Notes after whom the reply comes to a request that has a key locked.
  private void follow(Pending pending, Context context, byte[] key) {
    if (released == 0 || !rules.has(Rule.ANSWERS_FOLLOW)) {
      return;
    }
    long bit = MarkedKeys.bit(key);
    for (Prepared marks : snapshots.prepared()) {
      if (marks.position > 0 && marks.txn != context.txn && marks.keys.has(key, bit)) {
        pending.after = Math.max(pending.after, marks.position);
        pending.afterTs = Math.max(pending.afterTs, marks.commitTs);
      }
    }
  }

  private Version newest(Context context, byte[] key, long readTs) {
    if (!rules.has(Rule.INSERT_LOOKS_AT_NEWEST)) {
      return store.read(key, readTs);
    }
    return large.newest(context, key);
  }

  private Reply undo(Request.Undo undo) {
    Context context = context(undo.txn());
    context.undoFrom(undo.fromMark(), large.runs());
    if (undo.releaseLocks()) {
      context.forgetRelation();
      locks.releaseFrom(undo.fromMark(), context.txn, context.locks, granted);
    }
    return Reply.Done.INSTANCE;
  }

  // ---- waits that are ended from outside

  private void endWait(Pending pending, Reply reply) {
    if (pending == null) {
      return;
    }
    waiting.remove(pending.request.txn());
    if (pending.waiter != null) {
      locks.cancel(pending.waiter, granted);
      pending.waiter = null;
    }
    if (pending.doubt != null) {
      pending.doubt.waiters.remove(pending);
      pending.doubt = null;
    }
    if (pending.hold != null) {
      pending.hold.waiters.remove(pending);
      pending.hold = null;
    }
    pending.replyTo.reply(shard, reply);
  }

  private void breakDeadlock(Request.BreakDeadlock deadlock) {
    Pending pending = waiting.get(deadlock.txn());
    if (pending != null
        && pending.waiter != null
        && pending.waiter.waitNumber() == deadlock.waitNumber()) {
      endWait(pending, new Reply.Deadlock(deadlock.circle()));
    }
  }

  /// Asks once more about all marks that requests wait to learn of: a question or its answer may
  /// have been lost.
  public void askAgain(ShardOutbox outbox) {
    for (Pending pending : waiting.values()) {
      Prepared doubt = pending.doubt;
      if (doubt != null && doubt.commitTs == 0 && rules.has(Rule.ASK_FOR_TIMESTAMP)) {
        outbox.ask(shard, new TimestampQuestion(doubt.txn, doubt.attempt, pending.doubtTs));
      }
    }
  }

  // ---- commit

  /// @param pending null if it cannot have to wait
  private Reply prepare(Pending pending, Request.Prepare prepare) {
    Context context = contexts.get(prepare.txn());
    boolean whole =
        context != null && (context.hold != null || context.requests == prepare.requests());
    if (!whole && rules.has(Rule.PREPARE_COUNTS_REQUESTS)) {
      return Reply.Refused.INSTANCE;
    }
    if (context == null) {
      return new Reply.Prepared(List.of(), List.of());
    }
    if (!context.runs().isEmpty()) {
      large.moveToRun(context);
    }
    MarkedKeys keys = context.writtenKeys();
    Hold reader = holds.readerOfAny(keys, context);
    if (reader != null) {
      return Holds.await(pending, reader, prepare.mayWait());
    }
    context.prepared =
        new Prepared(context.txn, prepare.attempt(), keys, context.wroteSchema, highestSeen);
    snapshots.addMarks(context.prepared);
    return new Reply.Prepared(context.installs(), List.copyOf(context.runs()));
  }

  private void unprepare(Context context) {
    if (context != null && context.prepared != null) {
      dropMarks(context);
    }
  }

  private void dropMarks(Context context) {
    Prepared marks = context.prepared;
    context.prepared = null;
    snapshots.dropMarks(marks);
    for (Pending pending : marks.waiters) {
      pending.doubt = null;
      runnable.add(pending);
    }
    marks.waiters.clear();
  }

  private Reply validate(Pending pending, Request.Validate validate) {
    highestSeen = Math.max(highestSeen, validate.upTo());
    Validation validation = new Validation(validate, store, rules);
    // A conflict that is there already need not wait for another one.
    if (validation.conflicts(window)) {
      return Reply.Conflict.INSTANCE;
    }
    for (Prepared marks : snapshots.prepared()) {
      if (validation.isInDoubt(marks, contexts.get(marks.txn))) {
        return doubt(pending, marks, validate.upTo(), validate.mayWait());
      }
    }
    return Reply.Valid.INSTANCE;
  }

  // ---- transactions that are prepared by name

  /// Brings back what a transaction of an earlier life, prepared by name, has here. Before anything
  /// else is served.
  public void restore(long txn, HeldRecord.Part part) {
    holds.restore(txn, part, null);
  }

  /// What a transaction holds here, for writing it down.
  public List<HeldLock> locksOf(long txn) {
    Context context = contexts.get(txn);
    return context == null ? List.of() : holds.locksOf(context);
  }

  /// Brings back what a transaction that is prepared in several logs has here: its locks, and marks
  /// of which nobody knows the timestamp. Before anything else is served.
  ///
  /// @param runs what it had written besides, oldest first; empty unless it was large
  public void restorePrepared(
      long txn, Collection<? extends Write> writes, List<HeldLock> held, List<Run> runs) {
    Context context = context(txn);
    large.restore(context, runs);
    for (Write write : writes) {
      if (!holds.restorePrepared(context, write)) {
        context.writes().put(write.key(), write.value(), 0, false);
      }
      context.wroteSchema |= SchemaTable.isSchemaKey(write.key());
    }
    for (HeldLock lock : held) {
      locks.restore(txn, context.locks, lock);
    }
    context.prepared = new Prepared(txn, 1, context.writtenKeys(), context.wroteSchema, 0);
    snapshots.addMarks(context.prepared);
  }

  /// The term is over, and nobody calls this any more: lets go of what is not in memory.
  public void abandon() {
    for (Context context : contexts.values()) {
      if (context.hasWrites()) {
        context.writes().drop();
      }
      large.ended(context);
    }
  }

  /// Rows only, and what is in memory: changes of schemas, large transactions and those prepared by
  /// name are not what others queue behind in microseconds.
  private void release(Request.Release release) {
    Context context = contexts.get(release.txn());
    if (context == null
        || context.prepared == null
        || context.wroteSchema
        || context.hold != null
        || !context.runs().isEmpty()) {
      return;
    }
    Prepared marks = context.prepared;
    marks.commitTs = release.commitTs();
    marks.position = release.position();
    context.released = true;
    released++;
    store.apply(context.writes().inMemory().values(), release.commitTs(), release.position());
    window.add(release.commitTs(), marks);
    if (!rules.has(Rule.APPENDED_STAYS_IN_DOUBT)) {
      dropMarks(context);
    }
    locks.releaseAll(context.txn, context.locks, granted);
  }

  private void commit(Request.Commit commit) {
    Context context = contexts.remove(commit.txn());
    if (context == null) {
      return;
    }
    if (context.released) {
      released--;
      large.ended(context);
      if (context.prepared != null) {
        dropMarks(context);
      }
      forget(commit);
      return;
    }
    if (context.isOnItsWayToARow()) {
      becomeHeld(context, commit);
      return;
    }
    holds.drop(context);
    if (!context.runs().isEmpty()) {
      ((RunStore) store).applyRuns(context.runs(), commit.commitTs(), commit.position());
    }
    store.apply(context.writes().inMemory().values(), commit.commitTs(), commit.position());
    large.ended(context);
    if (context.wroteSchema) {
      schemas.installed(context, commit.commitTs());
    }
    if (context.prepared != null) {
      window.add(commit.commitTs(), context.prepared);
      dropMarks(context);
    }
    locks.releaseAll(context.txn, context.locks, granted);
    if (context.ends != null) {
      holds.ended(context.ends, granted);
    }
    forget(commit);
  }

  /// PREPARE TRANSACTION is what has committed: the row is installed, and all that it stands for
  /// stays as it is, without marks, until another commit deletes it.
  private void becomeHeld(Context context, Request.Commit commit) {
    contexts.put(context.txn, context);
    store.apply(context.writes().inMemory().values(), commit.commitTs(), commit.position());
    window.add(commit.commitTs(), context.prepared);
    dropMarks(context);
    context.isARow();
    holds.settle(context);
    forget(commit);
  }

  private void forget(Request.Commit commit) {
    window.forgetBelow(commit.horizon());
    store.discardBelow(commit.keepHorizon());
  }

  /// Who still waits has not asked for this: it is a live transaction that was taken for dead.
  private void abort(long txn) {
    endWait(waiting.get(txn), Reply.Refused.INSTANCE);
    Context context = contexts.get(txn);
    if (context == null || Holds.isKept(context)) {
      // What was said to it before it was prepared by name may come late.
      return;
    }
    contexts.remove(txn);
    holds.drop(context);
    if (context.prepared != null) {
      dropMarks(context);
    }
    if (context.hasWrites()) {
      context.writes().drop();
    }
    large.ended(context);
    locks.releaseAll(txn, context.locks, granted);
  }
}
