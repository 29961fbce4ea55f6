package io.trencadis.txn.coordinator;

import io.trencadis.storage.encoding.ColumnBits;
import io.trencadis.txn.DecisionRecord;
import io.trencadis.txn.GlobalName;
import io.trencadis.txn.HeldRecord;
import io.trencadis.txn.IsolationLevel;
import io.trencadis.txn.RollbackRecord;
import io.trencadis.txn.RowLock;
import io.trencadis.txn.Rule;
import io.trencadis.txn.Rules;
import io.trencadis.txn.message.ReadPart;
import io.trencadis.txn.message.Reply;
import io.trencadis.txn.message.Request;
import io.trencadis.txn.message.TimestampAnswer;
import io.trencadis.txn.message.TimestampQuestion;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/// One transaction's machine. Single-threaded; no clock, thread or socket. It knows what the
/// transaction has touched and read, moves its snapshot (rules 4 and 16) and commits it (rules 3
/// and 5).
///
/// ```
/// OPEN ──refresh──► REFRESH_ASKING ──timestamp──► REFRESHING ──all valid──► OPEN
///   │ commit                                          └──a conflict──► REFRESH_FAILED (then abort)
///   ├─ nothing written ──────────────────────────────────────────────► COMMITTED
///   ▼
/// PREPARING ──all marked──► ASKING ──timestamp──► VALIDATING ──all valid──► DECIDING ──durable──► COMMITTED
///   └──refused──► ABORTED ◄──────── a conflict ───────┘ │        (or ABORTED, if the log refuses)
///   OPEN ◄──── a shard would have to wait, and may not ─┘   (marks are taken back)
///
/// OPEN ──hold──► HOLDING ──all held──► HOLD_ASKING ──timestamp──► HOLD_VALIDATING ──all valid──► LOGGING
///                   └──refused──► ABORTED ◄──────────────── a conflict ────┘           │ durable
///   COMMITTED ◄── DECIDING ◄── ASKING ◄── PREPARING ◄── commitHeld ── HELD ◄───────────┘
///   ABORTED ◄── ROLLING_BACK ◄────────────────────── rollbackHeld ──────┘
/// ```
///
/// The lower half is `PREPARE TRANSACTION` (rule 14): validated once, while all that was read and
/// written is held against others, it can commit later without being asked again. A log that
/// refuses what ends it leaves it HELD.
///
/// Invariants:
/// - the commit timestamp is asked for after every shard written has confirmed its marks, and what
///   was read is validated after it is known
/// - nothing is installed before the decision is durable, and then at every shard written
/// - a question about the timestamp is answered "not asked for" only while the oracle has not been
///   asked; while it is being asked, the question waits for its answer
/// - the snapshot only moves forward, and only over ground on which nothing that was read has
///   changed
public final class Coordinator {
  /// Where the machine stands; see the class.
  public enum State {
    OPEN,
    REFRESH_ASKING,
    REFRESHING,
    REFRESH_FAILED,
    PREPARING,
    ASKING,
    VALIDATING,
    DECIDING,
    HOLDING,
    HOLD_ASKING,
    HOLD_VALIDATING,
    LOGGING,
    HELD,
    ROLLING_BACK,
    COMMITTED,
    ABORTED
  }

  private record Question(int shard, TimestampQuestion question) {}

  private final long id;
  private final IsolationLevel level;
  private final boolean readOnly;
  private final Rules rules;
  private final Touched[] shards;
  private State state = State.OPEN;
  private long readTs;
  private long refreshTs;
  private long commitTs;
  private boolean timestampAsked;
  private boolean mayWait;
  private boolean wouldBlock;
  private int attempt;
  private int mark;
  private int statementMark;
  private List<Integer> savepoints = List.of();

  /// READ COMMITTED and REPEATABLE READ keep no read set, only whether anything was read without a
  /// lock.
  private boolean readInStatement;

  private boolean readBefore;

  private boolean readNewest;

  private int awaited;
  private boolean failed;
  private int recordsWritten;

  /// What it is known by once it is prepared by name, or on its way there; else null.
  private GlobalName name;

  /// Whether it was, or is, in HELD.
  private boolean held;

  private boolean waitsForReaders = true;
  private List<Question> questions;
  private LongSupplier horizon = () -> 0;
  private LongSupplier keepHorizon = () -> 0;

  public Coordinator(long id, IsolationLevel level, boolean readOnly, int shardCount, Rules rules) {
    this.id = id;
    this.level = level;
    this.readOnly = readOnly;
    this.rules = rules;
    this.shards = new Touched[shardCount];
  }

  public long id() {
    return id;
  }

  public IsolationLevel level() {
    return level;
  }

  public boolean readOnly() {
    return readOnly;
  }

  public State state() {
    return state;
  }

  /// The snapshot; 0 before there is one.
  public long readTs() {
    return readTs;
  }

  /// The place in the order; 0 until there is one.
  public long commitTs() {
    return commitTs;
  }

  /// Whether the last commit came back to OPEN because a shard would have had to wait.
  public boolean wouldBlock() {
    return wouldBlock;
  }

  public int recordsWritten() {
    return recordsWritten;
  }

  /// Where commits learn the oldest snapshot anybody holds, and from where on the past is kept; 0
  /// unless set.
  public void horizons(LongSupplier oldestSnapshot, LongSupplier kept) {
    horizon = oldestSnapshot;
    keepHorizon = kept;
  }

  private Touched shard(int shard) {
    Touched touched = shards[shard];
    if (touched == null) {
      touched = new Touched();
      shards[shard] = touched;
    }
    return touched;
  }

  /// Whether own writes may be waiting at a shard, so that its reads have to go through its
  /// machine.
  public boolean wroteAt(int shard) {
    return shards[shard] != null && shards[shard].wrote;
  }

  /// How many requests with an effect it has sent to a shard.
  public int requestsAt(int shard) {
    return shards[shard] == null ? 0 : shards[shard].requests;
  }

  /// What has to be valid at a shard when it commits; null for nothing.
  public ReadPart readsAt(int shard) {
    return shards[shard] == null || !shards[shard].hasReads() ? null : shards[shard].reads.part();
  }

  public boolean readAt(int shard) {
    return shards[shard] != null && shards[shard].read;
  }

  // ---- statements, savepoints, marks

  /// The first snapshot, or READ COMMITTED's next.
  public void snapshotAt(long ts) {
    readTs = ts;
  }

  /// A point that own writes lie before or after.
  public int nextMark() {
    return ++mark;
  }

  public int mark() {
    return mark;
  }

  public int statementMark() {
    return statementMark;
  }

  public void beginStatement() {
    statementMark = ++mark;
    readBefore |= readInStatement;
    readInStatement = false;
    if (tracksReads()) {
      for (Touched touched : shards) {
        if (touched != null && touched.reads != null) {
          touched.statementKeys = touched.reads.keyCount();
          touched.statementRanges = touched.reads.rangeCount();
        }
      }
    }
  }

  /// @return the mark that later writes and locks are told by
  public int savepoint() {
    if (savepoints.isEmpty()) {
      savepoints = new ArrayList<>();
    }
    savepoints.add(++mark);
    return mark;
  }

  public void release(int savepoint) {
    while (!savepoints.isEmpty() && savepoints.getLast() >= savepoint) {
      savepoints.removeLast();
    }
  }

  /// What was read under locks that go with the savepoint joins the read set.
  public void rolledBackTo(int savepoint) {
    release(savepoint + 1);
    for (Touched touched : shards) {
      if (touched != null && touched.lockedReads != null) {
        for (int i = touched.lockedReads.size() - 1; i >= 0; i--) {
          if (touched.lockedReadMarks.get(i) >= savepoint) {
            byte[] key = touched.lockedReads.remove(i);
            touched.lockedReadMarks.remove(i);
            readInStatement = true;
            if (tracksReads()) {
              touched.reads().add(key, ColumnBits.ALL);
              // Not a read of the running statement: undoing that must not forget it.
              touched.statementKeys = touched.reads.keyCount();
              touched.statementRanges = touched.reads.rangeCount();
            }
          }
        }
      }
    }
  }

  /// Requests that take back all written at `fromMark` or later, by shard; null where there is
  /// nothing.
  ///
  /// @param releaseLocks also lets go of locks got since then
  public Request[] undo(int fromMark, boolean releaseLocks) {
    Request[] requests = new Request[shards.length];
    for (int i = 0; i < shards.length; i++) {
      Touched touched = shards[i];
      if (touched != null
          && touched.requests > 0
          && (releaseLocks || (touched.wrote && touched.lastWriteMark >= fromMark))) {
        touched.requests++;
        requests[i] = new Request.Undo(id, fromMark, releaseLocks);
      }
    }
    return requests;
  }

  /// Forgets what the statement has read, whose writes the caller has undone: it will run again.
  public void forgetStatementReads() {
    readInStatement = false;
    for (Touched touched : shards) {
      if (touched != null && touched.reads != null) {
        touched.reads.truncate(touched.statementKeys, touched.statementRanges);
      }
    }
  }

  // ---- what is sent and read

  private boolean tracksReads() {
    return level == IsolationLevel.SERIALIZABLE && !readOnly;
  }

  /// A key is read without a lock.
  ///
  /// @param columns of its row, those that are looked at ([ColumnBits])
  public void reads(int shard, byte[] key, long columns) {
    Touched touched = shard(shard);
    touched.read = true;
    readInStatement = true;
    if (tracksReads()) {
      touched.reads().add(key, columns);
    }
  }

  /// A scan is opened; the range returned grows with it. Null where nobody needs to know.
  ///
  /// @param columns of its rows, those that are looked at ([ColumnBits])
  public ReadRange readsRange(int shard, byte[] from, byte[] to, boolean reverse, long columns) {
    Touched touched = shard(shard);
    touched.read = true;
    readInStatement = true;
    if (!tracksReads()) {
      return null;
    }
    ReadRange range = new ReadRange(from, to, reverse, columns);
    touched.reads().add(range);
    return range;
  }

  /// A range was read to its end.
  public void readsWholeRange(int shard, byte[] from, byte[] to, long columns) {
    ReadRange range = readsRange(shard, from, to, false, columns);
    if (range != null) {
      range.exhausted();
    }
  }

  /// A request with an effect other than a write goes to a shard.
  public void affects(int shard) {
    shard(shard).requests++;
  }

  /// A write goes to a shard.
  public void writes(int shard) {
    Touched touched = shard(shard);
    touched.requests++;
    touched.wrote = true;
    touched.lastWriteMark = mark;
  }

  /// A key is read under a lock, which keeps it as it is: all but KEY SHARE, which keeps the key
  /// only, and so leaves the row among what has to be validated.
  public void readsLocked(int shard, byte[] key, RowLock mode) {
    if (mode == RowLock.KEY_SHARE) {
      reads(shard, key, ColumnBits.ALL);
    } else {
      shard(shard).read = true;
      locks(shard, key);
    }
  }

  /// A key is locked and its newest version read, whatever the snapshot. Together with reads at the
  /// snapshot that is no single moment any more, so even a transaction without writes then
  /// validates at a timestamp of its own.
  public void readsNewest(int shard, byte[] key) {
    shard(shard).read = true;
    readNewest = true;
    locks(shard, key);
  }

  /// Rows are read at a timestamp later than the snapshot's, under locks. As with [#readsNewest],
  /// the reads are of no single moment any more.
  public void readsFresh() {
    readNewest = true;
  }

  /// A key is locked, and somebody may learn from the outcome what was there: an Insert does.
  public void locks(int shard, byte[] key) {
    Touched touched = shard(shard);
    if (!savepoints.isEmpty()) {
      touched.lockedRead(key, mark);
    }
  }

  // ---- the snapshot moves

  /// Whether the snapshot may move forward with nothing to check, to where a row is locked and
  /// read: all that it was used for is under locks, and so is that row. (KEY SHARE does not keep it
  /// as it is.)
  public boolean canMoveFreely(RowLock mode) {
    return mode != RowLock.KEY_SHARE
        && switch (level) {
          case READ_COMMITTED -> !readInStatement;
          case REPEATABLE_READ -> !readInStatement && !readBefore;
          case SERIALIZABLE -> !hasReads();
        };
  }

  private boolean hasReads() {
    for (Touched touched : shards) {
      if (touched != null && touched.hasReads()) {
        return true;
      }
    }
    return false;
  }

  /// Whether a statement that is undone and run again may do so at a later snapshot, as far as the
  /// level goes.
  public boolean mayRefresh() {
    return level != IsolationLevel.REPEATABLE_READ || !readBefore;
  }

  /// Moves the snapshot of a statement that has been undone. Ends in OPEN or REFRESH_FAILED.
  public void refresh(Effects effects) {
    state = State.REFRESH_ASKING;
    effects.askTimestamp();
  }

  private void refreshAt(long ts, Effects effects) {
    refreshTs = ts;
    state = State.REFRESHING;
    failed = false;
    awaited = 0;
    if (rules.has(Rule.REFRESH_VALIDATES)) {
      for (Touched touched : shards) {
        if (touched != null && touched.hasReads()) {
          awaited++;
        }
      }
    }
    if (awaited == 0) {
      refreshed();
      return;
    }
    for (int i = 0; i < shards.length; i++) {
      if (shards[i] != null && shards[i].hasReads()) {
        effects.send(i, new Request.Validate(id, shards[i].reads.part(), readTs, ts, true, true));
      }
    }
  }

  private void refreshed() {
    readTs = refreshTs;
    state = State.OPEN;
  }

  // ---- commit

  /// Whether anything may be installed.
  public boolean hasWrites() {
    for (Touched touched : shards) {
      if (touched != null && touched.wrote) {
        return true;
      }
    }
    return false;
  }

  /// A commit is refused rather than that it waits for one prepared by name, which may take as long
  /// as its client likes.
  public void refuseToWaitForReaders() {
    waitsForReaders = false;
  }

  /// Unless [#refuseToWaitForReaders].
  public boolean waitsForReaders() {
    return waitsForReaders;
  }

  /// Starts to commit. Ends in COMMITTED or ABORTED, or with `mayWait` false in OPEN, see
  /// [#wouldBlock].
  public void commit(boolean mayWaitForOthers, Effects effects) {
    mayWait = mayWaitForOthers;
    wouldBlock = false;
    if (!hasWrites() && !(readNewest && hasReads())) {
      commitTs = readTs;
      state = State.COMMITTED;
      letGo(effects);
      return;
    }
    startCommit(effects);
  }

  private void startCommit(Effects effects) {
    timestampAsked = false;
    commitTs = 0;
    attempt++;
    if (!rules.has(Rule.MARKS_BEFORE_TIMESTAMP)) {
      askCommitTimestamp(effects);
      return;
    }
    prepare(effects);
  }

  private void prepared(Effects effects) {
    if (rules.has(Rule.MARKS_BEFORE_TIMESTAMP)) {
      askCommitTimestamp(effects);
    } else {
      validate(effects);
    }
  }

  private void askCommitTimestamp(Effects effects) {
    state = State.ASKING;
    timestampAsked = true;
    effects.askTimestamp();
  }

  private void prepare(Effects effects) {
    state = State.PREPARING;
    failed = false;
    awaited = countWritten();
    if (awaited == 0) {
      prepared(effects);
      return;
    }
    for (int i = 0; i < shards.length; i++) {
      if (shards[i] != null && shards[i].wrote) {
        effects.send(
            i, new Request.Prepare(id, shards[i].requests, attempt, mayWait && waitsForReaders));
      }
    }
  }

  private int countWritten() {
    int count = 0;
    for (Touched touched : shards) {
      if (touched != null && touched.wrote) {
        count++;
      }
    }
    return count;
  }

  /// What the oracle has issued.
  public void timestamp(long ts, Effects effects) {
    switch (state) {
      case REFRESH_ASKING -> refreshAt(ts, effects);
      case HOLD_ASKING -> validateHeld(ts, effects);
      case ASKING -> {
        commitTs = ts;
        answerQuestions(ts, effects);
        if (rules.has(Rule.MARKS_BEFORE_TIMESTAMP)) {
          validate(effects);
        } else {
          prepare(effects);
        }
      }
      default ->
          throw new IllegalStateException(
              "a timestamp for transaction " + id + " in state " + state);
    }
  }

  private void validate(Effects effects) {
    if (held) {
      // What was read has been valid once, and nobody could change it since.
      decide(effects);
      return;
    }
    state = State.VALIDATING;
    failed = false;
    wouldBlock = false;
    awaited = 0;
    if (rules.has(Rule.VALIDATE_AT_COMMIT)) {
      for (Touched touched : shards) {
        if (touched != null && touched.hasReads()) {
          awaited++;
        }
      }
    }
    if (awaited == 0) {
      decide(effects);
      return;
    }
    for (int i = 0; i < shards.length; i++) {
      if (shards[i] != null && shards[i].hasReads()) {
        effects.send(
            i, new Request.Validate(id, shards[i].reads.part(), readTs, commitTs, false, mayWait));
      }
    }
  }

  private void decide(Effects effects) {
    if (!hasWrites() && !held) {
      state = State.COMMITTED;
      letGo(effects);
      return;
    }
    state = State.DECIDING;
    List<DecisionRecord.ShardWrites> writes = new ArrayList<>(countWritten());
    for (int i = 0; i < shards.length; i++) {
      if (shards[i] != null && shards[i].wrote) {
        writes.add(new DecisionRecord.ShardWrites(i, shards[i].prepared, shards[i].runs));
      }
    }
    effects.decide(new DecisionRecord(id, commitTs, writes));
  }

  /// The record is in the log, and not durable yet: what it says happens unless the node stops
  /// before (rule 6).
  ///
  /// @param position where it ends in the log
  public void appended(long position, Effects effects) {
    if (state != State.DECIDING || held) {
      return;
    }
    for (int i = 0; i < shards.length; i++) {
      if (shards[i] != null && shards[i].wrote) {
        effects.send(i, new Request.Release(id, commitTs, position));
      }
    }
  }

  /// The record is durable: what it says has happened.
  ///
  /// @param position where it ends in the log
  public void decided(long position, Effects effects) {
    switch (state) {
      case DECIDING -> install(position, effects);
      case LOGGING -> {
        state = State.HELD;
        held = true;
        sendToHeld(new Request.Settle(id), effects);
      }
      case ROLLING_BACK -> {
        state = State.ABORTED;
        letGo(effects);
      }
      default ->
          throw new IllegalStateException(
              "a decision for transaction " + id + " in state " + state);
    }
  }

  private void install(long position, Effects effects) {
    state = State.COMMITTED;
    recordsWritten = 1;
    long oldest = horizon.getAsLong();
    long kept = keepHorizon.getAsLong();
    for (int i = 0; i < shards.length; i++) {
      if (shards[i] != null && shards[i].wrote) {
        effects.send(i, new Request.Commit(id, commitTs, position, oldest, kept));
      } else if (shards[i] != null && (shards[i].requests > 0 || shards[i].held)) {
        effects.send(i, new Request.Abort(id));
      }
    }
  }

  /// The log did not take the record: what it says has not happened.
  public void refused(Effects effects) {
    switch (state) {
      case DECIDING, LOGGING -> {
        if (held) {
          unprepare(effects);
          state = State.HELD;
        } else {
          state = State.ABORTED;
          letGo(effects);
        }
        questions = null;
      }
      case ROLLING_BACK -> state = State.HELD;
      default ->
          throw new IllegalStateException("a refusal for transaction " + id + " in state " + state);
    }
  }

  // ---- prepared by name

  /// What it is known by; null unless it is prepared by name, or was on the way there.
  public GlobalName name() {
    return name;
  }

  /// Starts to prepare the transaction by name. Ends in HELD or ABORTED. Nothing more is done in it
  /// but [#commitHeld] or [#rollbackHeld].
  public void hold(GlobalName itsName, Effects effects) {
    name = itsName;
    mayWait = true;
    state = State.HOLDING;
    failed = false;
    wouldBlock = false;
    boolean keepsReads = keepsReads();
    awaited = 0;
    for (Touched touched : shards) {
      if (touched != null && (touched.requests > 0 || (keepsReads && touched.hasReads()))) {
        touched.held = true;
        awaited++;
      }
    }
    if (awaited == 0) {
      logHeld(effects);
      return;
    }
    for (int i = 0; i < shards.length; i++) {
      if (shards[i] != null && shards[i].held) {
        ReadPart reads = keepsReads ? heldReads(shards[i]) : null;
        effects.send(i, new Request.Hold(id, shards[i].requests, reads, null));
      }
    }
  }

  /// Without writes it is where its snapshot is, and nothing that comes later changes that.
  private boolean keepsReads() {
    return hasWrites() || readNewest;
  }

  /// The shards that have to hold something of it if it is prepared by name, each with what it has
  /// read there and nobody may change; null for nothing. For whoever commits in another way.
  public SortedMap<Integer, ReadPart> toHold() {
    SortedMap<Integer, ReadPart> parts = new TreeMap<>();
    for (int i = 0; i < shards.length; i++) {
      Touched touched = shards[i];
      if (touched != null && (touched.requests > 0 || (keepsReads() && touched.hasReads()))) {
        parts.put(i, keepsReads() ? heldReads(touched) : null);
      }
    }
    return parts;
  }

  private static ReadPart heldReads(Touched touched) {
    return touched.hasReads() ? touched.reads.part() : null;
  }

  private void allHeld(Effects effects) {
    if (hasReads() && keepsReads()) {
      state = State.HOLD_ASKING;
      effects.askTimestamp();
    } else {
      logHeld(effects);
    }
  }

  private void validateHeld(long ts, Effects effects) {
    state = State.HOLD_VALIDATING;
    awaited = 0;
    for (Touched touched : shards) {
      if (touched != null && touched.hasReads()) {
        awaited++;
      }
    }
    for (int i = 0; i < shards.length; i++) {
      if (shards[i] != null && shards[i].hasReads()) {
        effects.send(i, new Request.Validate(id, heldReads(shards[i]), readTs, ts, false, true));
      }
    }
  }

  private void logHeld(Effects effects) {
    state = State.LOGGING;
    boolean keepsReads = keepsReads();
    List<HeldRecord.Part> parts = new ArrayList<>();
    for (int i = 0; i < shards.length; i++) {
      Touched touched = shards[i];
      if (touched != null && touched.held) {
        ReadPart reads = keepsReads ? heldReads(touched) : null;
        parts.add(new HeldRecord.Part(i, touched.prepared, touched.locks, reads));
      }
    }
    effects.decide(new HeldRecord(id, name, parts));
  }

  private void sendToHeld(Request request, Effects effects) {
    for (int i = 0; i < shards.length; i++) {
      if (shards[i] != null && shards[i].held) {
        effects.send(i, request);
      }
    }
  }

  /// The machine of a transaction that the log has as prepared by name.
  public static Coordinator restored(HeldRecord record, int shardCount, Rules rules) {
    Coordinator coordinator =
        new Coordinator(record.txn(), IsolationLevel.SERIALIZABLE, false, shardCount, rules);
    coordinator.name = record.name();
    coordinator.held = true;
    coordinator.state = State.HELD;
    for (HeldRecord.Part part : record.parts()) {
      Touched touched = coordinator.shard(part.shard());
      touched.held = true;
      touched.wrote = !part.writes().isEmpty();
    }
    return coordinator;
  }

  /// Commits a transaction in HELD. Ends in COMMITTED, or in HELD if the log refuses.
  public void commitHeld(Effects effects) {
    requireHeld();
    startCommit(effects);
  }

  /// Rolls a transaction in HELD back. Ends in ABORTED, or in HELD if the log refuses.
  public void rollbackHeld(Effects effects) {
    requireHeld();
    state = State.ROLLING_BACK;
    effects.decide(new RollbackRecord(id));
  }

  private void requireHeld() {
    if (state != State.HELD) {
      throw new IllegalStateException("transaction " + id + " is not held, but " + state);
    }
  }

  /// Gives up, in any state before DECIDING.
  public void abort(Effects effects) {
    if (state == State.COMMITTED || state == State.ABORTED) {
      return;
    }
    if (state == State.DECIDING || state == State.LOGGING || held) {
      throw new IllegalStateException("transaction " + id + " has been decided");
    }
    state = State.ABORTED;
    letGo(effects);
    // Whoever still asks hears that it is over from the one who runs the machine.
    questions = null;
  }

  private void letGo(Effects effects) {
    for (int i = 0; i < shards.length; i++) {
      if (shards[i] != null && (shards[i].requests > 0 || shards[i].held)) {
        effects.send(i, new Request.Abort(id));
      }
    }
  }

  /// A reply that this machine has waited for: to Prepare, Validate and Hold.
  public void on(int shard, Reply reply, Effects effects) {
    switch (reply) {
      case Reply.Prepared marked -> {
        shards[shard].prepared = marked.writes();
        shards[shard].runs = marked.runs();
      }
      case Reply.Held mine -> {
        shards[shard].prepared = mine.writes();
        shards[shard].locks = mine.locks();
      }
      case Reply.Valid _ -> {}
      case Reply.Refused _, Reply.Conflict _, Reply.Failed _ -> failed = true;
      case Reply.WouldBlock _, Reply.Cancelled _ -> wouldBlock = true;
      default ->
          throw new IllegalStateException(reply + " from shard " + shard + " in state " + state);
    }
    if (--awaited > 0) {
      return;
    }
    switch (state) {
      case REFRESHING -> {
        if (failed || wouldBlock) {
          state = State.REFRESH_FAILED;
        } else {
          refreshed();
        }
      }
      case PREPARING -> {
        if (failed && held) {
          unprepare(effects);
          state = State.HELD;
        } else if (failed || (wouldBlock && !waitsForReaders)) {
          abort(effects);
        } else if (wouldBlock) {
          unprepare(effects);
        } else {
          prepared(effects);
        }
      }
      case HOLDING, HOLD_VALIDATING -> {
        if (failed || wouldBlock) {
          abort(effects);
        } else if (state == State.HOLDING) {
          allHeld(effects);
        } else {
          logHeld(effects);
        }
      }
      case VALIDATING -> {
        if (failed) {
          abort(effects);
        } else if (wouldBlock) {
          unprepare(effects);
        } else {
          decide(effects);
        }
      }
      default ->
          throw new IllegalStateException("a reply from shard " + shard + " in state " + state);
    }
  }

  private void unprepare(Effects effects) {
    state = State.OPEN;
    for (int i = 0; i < shards.length; i++) {
      if (shards[i] != null && shards[i].wrote) {
        effects.send(i, new Request.Unprepare(id));
      }
    }
  }

  /// A shard asks for the timestamp.
  public void on(int shard, TimestampQuestion question, Effects effects) {
    if (question.attempt() != attempt) {
      effects.answer(shard, answer(question, TimestampAnswer.ENDED));
    } else if (!timestampAsked) {
      effects.answer(shard, answer(question, TimestampAnswer.NOT_ASKED));
    } else if (commitTs != 0) {
      effects.answer(shard, answer(question, commitTs));
    } else if (!rules.has(Rule.IN_FLIGHT_COUNTS)) {
      effects.answer(shard, answer(question, TimestampAnswer.NOT_ASKED));
    } else {
      if (questions == null) {
        questions = new ArrayList<>();
      }
      questions.add(new Question(shard, question));
    }
  }

  private static TimestampAnswer answer(TimestampQuestion question, long commitTs) {
    return new TimestampAnswer(question.about(), question.attempt(), question.askerTs(), commitTs);
  }

  private void answerQuestions(long ts, Effects effects) {
    if (questions != null) {
      for (Question asked : questions) {
        effects.answer(asked.shard, answer(asked.question, ts));
      }
      questions = null;
    }
  }
}
