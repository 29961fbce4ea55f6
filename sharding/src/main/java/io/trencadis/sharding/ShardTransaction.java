package io.trencadis.sharding;

import io.trencadis.base.SqlException;
import io.trencadis.storage.Keys;
import io.trencadis.storage.RowBlock;
import io.trencadis.txn.IsolationLevel;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.Mutation;
import io.trencadis.txn.MutationResult;
import io.trencadis.txn.RelationLock;
import io.trencadis.txn.RelationRef;
import io.trencadis.txn.RowLock;
import io.trencadis.txn.StatementRestartException;
import io.trencadis.txn.coordinator.Coordinator;
import io.trencadis.txn.coordinator.Effects;
import io.trencadis.txn.coordinator.ReadRange;
import io.trencadis.txn.message.ReadPart;
import io.trencadis.txn.message.Reply;
import io.trencadis.txn.message.Request;
import io.trencadis.txn.message.TimestampAnswer;
import io.trencadis.txn.participant.Snapshots;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// A transaction as long as it is open, wherever its shards are: runs a [Coordinator] on the
/// caller's thread. How it commits is its subclass's part.
///
/// Other threads come in at two points only: shards leave replies in [Replies], and ask about the
/// timestamp. The coordinator's steps during commit and its answers to questions exclude each other
/// by its monitor, which nobody holds while he sends anything.
abstract class ShardTransaction implements Transaction, Effects {
  record Sent(int shard, Request request) {}

  /// For failures that name no relation.
  private static final RelationRef NOBODYS = new RelationRef(0, 0, "");

  private final TransactionHost host;
  private final Coordinator coordinator;
  private final WaitPolicy waits;

  private int slot = Integer.MIN_VALUE;
  private int openCursors;

  private boolean skipped;

  /// Whether the change for which the statement has to restart took the row away.
  private boolean metDeletion;

  /// Whether it reads at other times than its snapshot's.
  private boolean readsFresh;

  private boolean locksReads;
  private boolean over;

  /// A timestamp for the first snapshot, which spares asking for one; 0 for none.
  private long offered;

  /// Where the snapshot was last; 0 for nowhere.
  private long lastSnapshot;

  /// Whether the snapshot is not held open.
  private boolean past;

  /// Null where requests are carried out as they are sent.
  private final SentAhead ahead;

  /// Null until a request goes through a shard's machine: a snapshot reader needs none.
  private Replies replies;

  // What the coordinator's last step wants done.
  private List<Sent> sends = List.of();
  private boolean timestampWanted;

  /// What ended a wait for transactions prepared by name; null if nothing did.
  private RuntimeException givenUp;

  private List<Integer> answerShards;
  private List<TimestampAnswer> answers;

  /// @param ahead null where requests are carried out as they are sent
  ShardTransaction(
      TransactionHost host, Coordinator coordinator, WaitPolicy waits, SentAhead ahead) {
    this.host = host;
    this.waits = waits;
    this.coordinator = coordinator;
    this.ahead = ahead;
  }

  /// The way to a shard.
  abstract ShardDoor door(int shard);

  /// A timestamp issued now.
  abstract long issueTimestamp();

  /// A timestamp at or above those of all commits that anybody has been told of.
  abstract long knownTimestamp();

  /// A reply that comes of a commit which may not be durable yet.
  ///
  /// @return what it replies
  abstract Reply follow(Reply.After early);

  /// What a shard replies to a step of the commit, before the coordinator hears it.
  Reply received(Reply reply) {
    return reply;
  }

  /// Does what the coordinator's last step wants done beyond messages and timestamps.
  ///
  /// @return whether there was anything
  abstract boolean decideNext();

  @Override
  public long id() {
    return coordinator.id();
  }

  @Override
  public IsolationLevel isolation() {
    return coordinator.level();
  }

  @Override
  public boolean readOnly() {
    return coordinator.readOnly();
  }

  Coordinator coordinator() {
    return coordinator;
  }

  WaitPolicy waits() {
    return waits;
  }

  boolean isOver() {
    return over;
  }

  RuntimeException givenUp() {
    return givenUp;
  }

  // ---- snapshot and statements

  /// Has the first snapshot be at a timestamp that was issued after the client's statement had
  /// come.
  void offer(long issued) {
    offered = issued;
  }

  /// Reads at a timestamp that is not held open for it.
  void readPast(long timestamp) {
    past = true;
    coordinator.snapshotAt(timestamp);
    requirePast();
  }

  /// After a read of the past: was it still all there?
  void requirePast() {
    if (past && coordinator.readTs() < host.keepHorizon()) {
      throw Failures.tooOld();
    }
  }

  @Override
  public long readTimestamp() {
    long ts = coordinator.readTs();
    return ts != 0 ? ts : takeSnapshot();
  }

  private long takeSnapshot() {
    if (over) {
      throw SqlException.internal("transaction " + id() + " is over");
    }
    long ts = offered;
    offered = 0;
    if (slot == Integer.MIN_VALUE && ts != 0) {
      slot = host.openSnapshots().openAt(ts);
    }
    if (slot == Integer.MIN_VALUE) {
      slot = host.openSnapshots().open();
      ts = 0;
    }
    if (ts == 0) {
      host.openSnapshots().unsettle(slot);
      ts = Math.max(knownTimestamp(), lastSnapshot);
    }
    coordinator.snapshotAt(ts);
    snapshotMoved();
    return ts;
  }

  private void snapshotMoved() {
    lastSnapshot = coordinator.readTs();
    // A cursor of an earlier READ COMMITTED statement still reads at the earlier snapshot.
    if (openCursors == 0 || isolation() != IsolationLevel.READ_COMMITTED) {
      OpenSnapshots open = host.openSnapshots();
      if (readsFresh) {
        open.raise(slot, coordinator.readTs());
      } else {
        open.settle(slot, coordinator.readTs());
      }
    }
  }

  /// A timestamp to read at, later than the snapshot's.
  long nextSnapshot() {
    host.openSnapshots().unsettle(slot);
    return issueTimestamp();
  }

  void cursorOpened() {
    openCursors++;
  }

  void cursorClosed() {
    openCursors--;
  }

  @Override
  public void beginStatement() {
    coordinator.beginStatement();
    if (isolation() == IsolationLevel.READ_COMMITTED) {
      coordinator.snapshotAt(0);
    }
  }

  @Override
  public void undoStatement() {
    undo(coordinator.statementMark(), false);
    coordinator.forgetStatementReads();
  }

  @Override
  public void restartStatement() {
    boolean deleted = metDeletion;
    metDeletion = false;
    undoStatement();
    if (!coordinator.mayRefresh()) {
      throw deleted ? Failures.concurrentDelete() : Failures.concurrentUpdate();
    }
    refresh();
  }

  private void refresh() {
    collectAll();
    coordinator.refresh(this);
    drive();
    if (coordinator.state() != Coordinator.State.OPEN) {
      throw Failures.concurrentUpdate();
    }
    snapshotMoved();
  }

  private void undo(int fromMark, boolean releaseLocks) {
    if (releaseLocks && ahead != null) {
      ahead.forgetLocks();
    }
    Request[] requests = coordinator.undo(fromMark, releaseLocks);
    for (int shard = 0; shard < requests.length; shard++) {
      if (requests[shard] != null) {
        collect(shard, fromMark);
        Reply reply = replies().tell(door(shard), shard, requests[shard], waits);
        // A shard that has lost the transaction refuses its commit, too. One that could not take
        // back what is in files would commit it.
        if (reply != Reply.Refused.INSTANCE) {
          checked(reply, NOBODYS);
        }
      }
    }
    if (ahead != null) {
      ahead.tookBack(fromMark);
    }
  }

  @Override
  public int savepoint() {
    return coordinator.savepoint();
  }

  @Override
  public void rollbackTo(int savepoint) {
    if (coordinator.state() == Coordinator.State.REFRESH_FAILED) {
      // What was read before the savepoint has changed: nothing that follows could commit.
      throw Failures.concurrentUpdate();
    }
    undo(savepoint, true);
    coordinator.rolledBackTo(savepoint);
  }

  @Override
  public void release(int savepoint) {
    coordinator.release(savepoint);
  }

  // ---- reads

  @Override
  public void lockReads() {
    locksReads = !readOnly() && isolation() == IsolationLevel.SERIALIZABLE;
  }

  @Override
  public boolean locksReads() {
    return locksReads;
  }

  /// Locks a row that a cursor is about to stand on, if this attempt does that.
  void lockIfWanted(int shard, RelationRef rel, RowBlock rows, int row) {
    if (locksReads) {
      byte[] key = rows.key(row);
      if (lock(shard, rel, key, RowLock.SHARE, LockWait.WAIT, false) instanceof Reply.Changed) {
        throw new StatementRestartException();
      }
    }
  }

  @Override
  public byte[] get(int shard, RelationRef rel, byte[] key) {
    if (locksReads) {
      return lockAndGet(shard, rel, key, RowLock.SHARE, LockWait.WAIT);
    }
    long ts = readTimestamp();
    Snapshots direct = coordinator.wroteAt(shard) ? null : door(shard).snapshots();
    if (direct != null) {
      byte[] row = direct.get(rel, key, ts);
      if (row != Snapshots.IN_DOUBT) {
        requirePast();
        coordinator.reads(shard, key, rel.columns());
        return row;
      }
    }
    Reply reply = call(shard, new Request.Get(id(), rel, key, ts, waits.mayBlock()), rel, false);
    Reply.Row row = (Reply.Row) reply;
    requirePast();
    if (!row.own()) {
      coordinator.reads(shard, key, rel.columns());
    }
    return row.value();
  }

  @Override
  public void get(int shard, RelationRef rel, byte[][] keys, int count, byte[][] rows) {
    long ts = readTimestamp();
    Snapshots direct = locksReads || coordinator.wroteAt(shard) ? null : door(shard).snapshots();
    if (direct == null || !direct.get(rel, keys, count, ts, rows)) {
      Transaction.super.get(shard, rel, keys, count, rows);
      return;
    }
    requirePast();
    for (int i = 0; i < count; i++) {
      coordinator.reads(shard, keys[i], rel.columns());
    }
  }

  @Override
  public boolean looksUpTogether() {
    return ahead != null && !locksReads;
  }

  @Override
  public List<RowBlock[]> lookUp(
      RelationRef rel, List<Lookup> lookups, int mostEach, int writeMark) {
    if (!looksUpTogether()) {
      return null;
    }
    long ts = readTimestamp();
    Deque<Integer> open = new ArrayDeque<>();
    replies().lockTimeoutMillis(0);
    List<RowBlock[]> found = new ArrayList<>();
    try {
      for (Lookup each : lookups) {
        collect(each.shard());
        door(each.shard())
            .submit(
                new Request.ReadAll(
                    id(), rel, each.froms(), each.tos(), ts, writeMark, mostEach, waits.mayBlock()),
                replies);
        open.add(each.shard());
      }
      for (Lookup each : lookups) {
        open.remove();
        Reply reply = checked(replies.await(door(each.shard()), each.shard(), waits), rel);
        found.add(FoundRanges.of(coordinator, rel, each, (Reply.Ranges) reply));
      }
    } catch (RuntimeException failed) {
      // Nothing may come in later.
      open.forEach(shard -> replies.cancel(door(shard), shard));
      throw failed;
    }
    requirePast();
    return found;
  }

  @Override
  public RowCursor scan(int shard, RelationRef rel, byte[] from, byte[] to, boolean reverse) {
    return scan(shard, rel, from, to, reverse, coordinator.nextMark());
  }

  @Override
  public int writeMark() {
    return coordinator.nextMark();
  }

  @Override
  public RowCursor scan(
      int shard, RelationRef rel, byte[] from, byte[] to, boolean reverse, int writeMark) {
    return LocalCursor.tracked(this, shard, rel, from, to, reverse, writeMark);
  }

  @Override
  public SharedScan shareScan(int shard, RelationRef rel, byte[] from, byte[] to) {
    Snapshots direct = door(shard).snapshots();
    if (locksReads || direct == null || coordinator.wroteAt(shard)) {
      return null;
    }
    long ts = readTimestamp();
    byte[] end = to == null ? Keys.relationEnd(Keys.relationId(from)) : to;
    ReadRange range = coordinator.readsRange(shard, from, end, false, rel.columns());
    if (range != null) {
      range.exhausted();
    }
    return new SharedScan(direct, rel, from, end, ts);
  }

  @Override
  public void endSharedScans() {
    requirePast();
  }

  @Override
  public SharedReads shareReads() {
    if (locksReads) {
      return null;
    }
    Snapshots[] direct = new Snapshots[host.shardCount()];
    for (int shard = 0; shard < direct.length; shard++) {
      direct[shard] = coordinator.wroteAt(shard) ? null : door(shard).snapshots();
    }
    return new SharedReads(direct, readTimestamp());
  }

  @Override
  public void endSharedReads(SharedReads reads) {
    reads.join(coordinator);
    requirePast();
  }

  @Override
  public RowCursor scanUntracked(
      int shard, RelationRef rel, byte[] from, byte[] to, boolean reverse, int writeMark) {
    return LocalCursor.untracked(this, shard, rel, from, to, reverse, writeMark);
  }

  @Override
  public long freshTimestamp() {
    readTimestamp();
    coordinator.readsFresh();
    readsFresh = true;
    return nextSnapshot();
  }

  @Override
  public byte[] getAt(int shard, RelationRef rel, byte[] key, long timestamp) {
    Snapshots direct = coordinator.wroteAt(shard) ? null : door(shard).snapshots();
    if (direct != null) {
      byte[] row = direct.get(rel, key, timestamp);
      if (row != Snapshots.IN_DOUBT) {
        return row;
      }
    }
    Request request = new Request.Get(id(), rel, key, timestamp, waits.mayBlock());
    return ((Reply.Row) call(shard, request, rel, false)).value();
  }

  @Override
  public RowCursor scanAt(int shard, RelationRef rel, byte[] from, byte[] to, long timestamp) {
    return LocalCursor.at(this, shard, rel, from, to, coordinator.nextMark(), timestamp);
  }

  /// A batch for a cursor.
  Reply.Rows fetch(
      int shard,
      RelationRef rel,
      byte[] from,
      byte[] to,
      boolean reverse,
      long ts,
      int ownBefore,
      int limit) {
    Snapshots direct = coordinator.wroteAt(shard) ? null : door(shard).snapshots();
    if (direct != null) {
      Reply.Rows rows = direct.scan(rel, from, to, reverse, ts, limit);
      if (rows != null) {
        requirePast();
        return rows;
      }
    }
    Request.Scan request =
        new Request.Scan(id(), rel, from, to, reverse, ts, ownBefore, limit, waits.mayBlock());
    Reply early = fetchedAhead(shard, request);
    Reply.Rows rows =
        (Reply.Rows) (early == null ? call(shard, request, rel, false) : checked(early, rel));
    requirePast();
    return rows;
  }

  /// Asks for a batch that a cursor will want next, where that takes a while and no other cursor
  /// has done so.
  ///
  /// @return what was asked for; null for nothing
  FetchAhead fetchAhead(
      int shard,
      RelationRef rel,
      byte[] from,
      byte[] to,
      boolean reverse,
      long ts,
      int ownBefore,
      int limit) {
    if (ahead == null || ahead.isFetching(shard)) {
      return null;
    }
    collect(shard);
    Request.Scan request =
        new Request.Scan(id(), rel, from, to, reverse, ts, ownBefore, limit, waits.mayBlock());
    door(shard).submit(request, replies());
    FetchAhead asked = new FetchAhead(request);
    ahead.fetches(shard, asked);
    return asked;
  }

  /// @return null if it was not asked for
  private Reply fetchedAhead(int shard, Request.Scan request) {
    FetchAhead asked = ahead == null ? null : ahead.takeFetch(shard, request);
    if (asked == null) {
      return null;
    }
    collect(shard);
    awaitFetch(shard, asked);
    return asked.reply();
  }

  private void awaitFetch(int shard, FetchAhead asked) {
    if (asked.reply() == null) {
      replies.lockTimeoutMillis(0);
      try {
        asked.came(replies.await(door(shard), shard, waits));
      } catch (RuntimeException givenUp) {
        ahead.forget(shard, asked);
        throw givenUp;
      }
    }
  }

  // ---- locks and writes

  @Override
  public byte[] lockAndGet(int shard, RelationRef rel, byte[] key, RowLock mode, LockWait wait) {
    Reply reply = lock(shard, rel, key, mode, wait, false);
    return switch (reply) {
      case Reply.Row(byte[] value, boolean _) -> {
        if (ahead != null) {
          ahead.locked(shard, key, mode);
        }
        coordinator.readsLocked(shard, key, mode);
        yield value;
      }
      case Reply.Skipped _ -> {
        skipped = true;
        yield null;
      }
      case Reply.Changed(byte[] value, long _) -> {
        if (!coordinator.canMoveFreely(mode)) {
          metDeletion = value == null;
          throw new StatementRestartException();
        }
        // The row is locked, so what is there now is there at any later snapshot too.
        coordinator.snapshotAt(nextSnapshot());
        snapshotMoved();
        coordinator.readsLocked(shard, key, mode);
        yield value;
      }
      default -> throw Failures.unexpected(reply);
    };
  }

  @Override
  public boolean skipped() {
    return skipped;
  }

  @Override
  public byte[] lockAndGetNewest(
      int shard, RelationRef rel, byte[] key, RowLock mode, LockWait wait) {
    Reply reply = lock(shard, rel, key, mode, wait, true);
    if (reply == Reply.Skipped.INSTANCE) {
      skipped = true;
      return null;
    }
    // That the row is there is what was asked; any lock keeps that true.
    coordinator.readsNewest(shard, key);
    return ((Reply.Row) reply).value();
  }

  private Reply lock(
      int shard, RelationRef rel, byte[] key, RowLock mode, LockWait wait, boolean newest) {
    checkWritable();
    skipped = false;
    long ts = readTimestamp();
    coordinator.affects(shard);
    boolean mayBlock = waits.mayBlock();
    return call(
        shard,
        new Request.LockRow(id(), rel, key, mode, wait, newest, ts, coordinator.mark(), mayBlock),
        rel,
        true);
  }

  @Override
  public List<MutationResult> mutate(int shard, RelationRef rel, List<Mutation> ops) {
    Request request = mutation(shard, rel, ops);
    if (ahead != null && ahead.areSure(shard, ops)) {
      return sendAhead(shard, request, ops);
    }
    return ((Reply.Mutated) call(shard, request, rel, true)).results();
  }

  private List<MutationResult> sendAhead(int shard, Request request, List<Mutation> ops) {
    collect(shard);
    door(shard).submit(request, replies());
    ahead.sent(shard, ((Request.Mutate) request).mark());
    return Collections.nCopies(ops.size(), MutationResult.APPLIED);
  }

  @Override
  public List<List<MutationResult>> mutateAll(Collection<Writes> all) {
    if (ahead == null || all.size() == 1) {
      return Transaction.super.mutateAll(all);
    }
    List<List<MutationResult>> results = new ArrayList<>(all.size());
    // By shard, what has to be looked at: its place among the results, and the relation's name.
    Map<Integer, Integer> open = new LinkedHashMap<>();
    List<Writes> in = List.copyOf(all);
    try {
      for (Writes each : in) {
        if (open.containsKey(each.shard())) {
          await(open, each.shard(), in, results);
        }
        Request request = mutation(each.shard(), each.rel(), each.ops());
        if (ahead.areSure(each.shard(), each.ops())) {
          results.add(sendAhead(each.shard(), request, each.ops()));
        } else {
          collect(each.shard());
          replies().lockTimeoutMillis(waits.lockTimeoutMillis());
          door(each.shard()).submit(request, replies());
          open.put(each.shard(), results.size());
          results.add(null);
        }
      }
      for (int shard : List.copyOf(open.keySet())) {
        await(open, shard, in, results);
      }
    } catch (RuntimeException failed) {
      // The statement or the transaction will be undone; nothing may come in later.
      open.keySet().forEach(shard -> replies.cancel(door(shard), shard));
      throw failed;
    }
    return results;
  }

  private void await(
      Map<Integer, Integer> open, int shard, List<Writes> in, List<List<MutationResult>> results) {
    int at = open.remove(shard);
    Reply reply = checked(replies.await(door(shard), shard, waits), in.get(at).rel());
    results.set(at, ((Reply.Mutated) reply).results());
  }

  private Request mutation(int shard, RelationRef rel, List<Mutation> ops) {
    checkWritable();
    long ts = readTimestamp();
    boolean mayBlock = waits.mayBlock();
    // With a mark of its own, the shard can take back what it had done of it when it comes to a
    // wait.
    int mark = mayBlock ? coordinator.mark() : coordinator.nextMark();
    coordinator.writes(shard);
    for (Mutation op : ops) {
      if (op instanceof Mutation.Insert insert && !insert.unlocked()) {
        coordinator.locks(shard, insert.key());
      }
    }
    return new Request.Mutate(id(), rel, ops, ts, mark, mayBlock);
  }

  /// Waits for the reply to what is under way to a shard, so that the next request can follow.
  private void collect(int shard) {
    collect(shard, Integer.MAX_VALUE);
  }

  /// @param undoneFrom the mark of the first write that is about to be taken back
  private void collect(int shard, int undoneFrom) {
    if (ahead != null) {
      ahead.collect(
          shard, each -> awaitSentAhead(each, ahead.markAt(each) >= undoneFrom), this::awaitFetch);
    }
  }

  /// Waits for all replies that are owed.
  ///
  /// @throws SqlException 40001 if a shard has lost what was sent, or may have
  void collectAll() {
    if (ahead != null) {
      ahead.collectAll(shard -> awaitSentAhead(shard, false), this::awaitFetch);
      if (ahead.hasLost()) {
        throw Failures.concurrentUpdate();
      }
    }
  }

  private void awaitSentAhead(int shard, boolean undone) {
    replies.lockTimeoutMillis(waits.lockTimeoutMillis());
    Reply reply;
    try {
      reply = replies.await(door(shard), shard, waits);
    } catch (RuntimeException givenUp) {
      // The row is locked; its relation may be locked against writes.
      ahead.gaveUp(shard);
      throw givenUp;
    }
    // The relation's schema is another one there, and the statement that has sent it may be over.
    boolean outdated = reply == Reply.Restart.INSTANCE || reply instanceof Reply.SchemaChanged;
    if (outdated && !undone) {
      throw Failures.schemaChanged();
    } else if (!outdated) {
      checked(reply, NOBODYS);
    }
  }

  @Override
  public void lockRelation(RelationRef rel, int[] shards, RelationLock mode, LockWait wait) {
    for (int shard : shards) {
      coordinator.affects(shard);
      boolean mayBlock = waits.mayBlock();
      collect(shard);
      Request request =
          new Request.LockRelation(
              id(), rel.relationId(), mode, wait, coordinator.mark(), mayBlock);
      replies().lockTimeoutMillis(waits.lockTimeoutMillis());
      Reply reply = replies().call(door(shard), shard, request, waits);
      if (reply == Reply.Unavailable.INSTANCE) {
        throw Failures.relationNotAvailable(rel.name());
      }
      checked(reply, rel);
    }
  }

  @Override
  public boolean catchUp() {
    readTimestamp();
    if (isolation() == IsolationLevel.READ_COMMITTED) {
      coordinator.snapshotAt(nextSnapshot());
      snapshotMoved();
      return true;
    }
    if (coordinator.mayRefresh()) {
      refresh();
      return true;
    }
    return false;
  }

  @Override
  public void requireUnchanged(RelationRef rel, int[] shards) {
    long after = readTimestamp();
    long upTo = issueTimestamp();
    byte[][] from = {Keys.relationStart(rel.relationId())};
    byte[][] to = {Keys.relationEnd(rel.relationId())};
    for (int shard : shards) {
      Request request =
          new Request.Validate(
              id(), new ReadPart(new byte[0][], from, to), after, upTo, true, waits.mayBlock());
      collect(shard);
      Reply reply = replies().call(door(shard), shard, request, waits);
      if (reply == Reply.Conflict.INSTANCE) {
        throw Failures.concurrentUpdate();
      }
      if (reply != Reply.Valid.INSTANCE) {
        throw Failures.unexpected(checked(reply, rel));
      }
    }
  }

  @Override
  public void setSchemaVersion(int shard, int relationId, long version) {
    checkWritable();
    readTimestamp();
    coordinator.writes(shard);
    // Everybody who plans a statement waits while a change of the schema commits.
    coordinator.refuseToWaitForReaders();
    Request set = new Request.SetSchema(id(), relationId, version, coordinator.mark());
    collect(shard);
    checked(replies().tell(door(shard), shard, set, waits), NOBODYS);
  }

  private void checkWritable() {
    if (readOnly()) {
      throw Failures.readOnly();
    }
  }

  // ---- requests and replies

  Replies replies() {
    if (replies == null) {
      replies = new Replies(id(), host.shardCount(), host.outside().clock());
    }
    return replies;
  }

  private Reply call(int shard, Request request, RelationRef rel, boolean locks) {
    collect(shard);
    Replies mine = replies();
    mine.lockTimeoutMillis(locks ? waits.lockTimeoutMillis() : 0);
    Reply reply = mine.call(door(shard), shard, request, waits);
    return checked(reply instanceof Reply.After early ? follow(early) : reply, rel);
  }

  /// Turns replies that are failures into exceptions.
  Reply checked(Reply reply, RelationRef rel) {
    return Failures.checked(reply, rel, waits);
  }

  // ---- the end

  void end() {
    over = true;
    if (slot != Integer.MIN_VALUE) {
      host.openSnapshots().close(slot);
      slot = Integer.MIN_VALUE;
    }
  }

  int[] shards(boolean written) {
    return IntStream.range(0, host.shardCount())
        .filter(shard -> written ? coordinator.wroteAt(shard) : coordinator.readAt(shard))
        .toArray();
  }

  // ---- running the coordinator

  /// Does what the coordinator wants, and tells it what came of it, until it wants nothing more.
  void drive() {
    do {
      deliverAnswers();
      if (!sends.isEmpty()) {
        List<Sent> batch = takeSends();
        for (Sent sent : batch) {
          door(sent.shard).submit(sent.request, replies());
        }
        switch (batch.getFirst().request) {
          case Request.Validate _ -> await(batch, false);
          case Request.Prepare _, Request.Hold _ -> await(batch, true);
          default -> {}
        }
      } else if (timestampWanted) {
        timestampWanted = false;
        long ts = nextSnapshot();
        synchronized (coordinator) {
          coordinator.timestamp(ts, this);
        }
      }
    } while (!sends.isEmpty() || timestampWanted || answers != null || decideNext());
  }

  /// What the coordinator's last step wants to be sent.
  List<Sent> takeSends() {
    List<Sent> batch = sends;
    sends = List.of();
    return batch;
  }

  /// Tells the coordinator what the shards reply.
  ///
  /// @param patience whether a reply may wait for a transaction prepared by name: then this wait
  ///   can be given up
  private void await(List<Sent> batch, boolean patience) {
    if (patience) {
      replies.lockTimeoutMillis(waits.lockTimeoutMillis());
    }
    for (Sent sent : batch) {
      ShardDoor shard = door(sent.shard);
      Reply reply;
      if (!patience) {
        reply = replies.await(shard, sent.shard);
      } else if (givenUp != null) {
        reply = replies.cancel(shard, sent.shard);
      } else {
        try {
          reply = replies.await(shard, sent.shard, waits);
        } catch (RuntimeException interrupted) {
          givenUp = interrupted;
          reply = Reply.Cancelled.INSTANCE;
        }
      }
      reply = received(reply);
      synchronized (coordinator) {
        coordinator.on(sent.shard, reply, this);
      }
    }
  }

  @Override
  public void send(int shard, Request request) {
    if (sends.isEmpty()) {
      sends = new ArrayList<>(4);
    }
    sends.add(new Sent(shard, request));
  }

  @Override
  public void askTimestamp() {
    timestampWanted = true;
  }

  @Override
  public void answer(int shard, TimestampAnswer answer) {
    if (answers == null) {
      answers = new ArrayList<>();
      answerShards = new ArrayList<>();
    }
    answers.add(answer);
    answerShards.add(shard);
  }

  private void deliverAnswers() {
    if (answers != null) {
      List<TimestampAnswer> batch = answers;
      List<Integer> to = answerShards;
      answers = null;
      for (int i = 0; i < batch.size(); i++) {
        answerShard(to.get(i), batch.get(i));
      }
    }
  }

  /// Sends a shard the answer to its question.
  abstract void answerShard(int shard, TimestampAnswer answer);
}
