package io.trencadis.txn.distributed;

import io.trencadis.base.SqlException;
import io.trencadis.storage.Write;
import io.trencadis.storage.run.Run;
import io.trencadis.txn.Rule;
import io.trencadis.txn.Rules;
import io.trencadis.txn.message.Reply;
import io.trencadis.txn.message.Request;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What one log's node knows of transactions that other nodes have begun: which of their messages
/// it carries out, what it has prepared for them, and, where it is their anchor, what was decided
/// (rules 7, 9 and 10). Single-threaded; no clock, thread or socket.
///
/// A transaction is, at this log, in one of these states:
///
/// ```
/// unknown ──Prepare──► MARKING ──all marked──► LOGGING ──durable──► PREPARED
///    ▲                    │ refused │         ▲  (one log: no record) │
///    │                    │   large ▼         │ all pieces durable    │
///    │                    │         STREAMING ┘                       │
///    │◄───────────────────┘                                          │
///    │        at the anchor:  DECIDING ◄── Decide, Inquire or an abort ┤
///    │◄──────── durable ─────────┘                                   │
///    │        elsewhere:     RESOLVING ◄── Resolve ───────────────────┘
///    │◄──────── durable ─────────┘
/// ```
///
/// Beside it, at the anchor, its outcome: there from the moment the record is appended, told to
/// others once that is durable, forgotten when nobody can ask any more.
///
/// Invariants:
/// - one outcome for an id: the first decision that was appended; later ones are answered with it
/// - a commit is decided only while the anchor has the transaction PREPARED
/// - an abort that somebody was told of is a tombstone in the log, or is of an id that lies below
///   its gateway's oldest live one, of which nothing is accepted any more
/// - an outcome is forgotten when all logs have resolved durably, and its gateway has heard of it
/// - of a large transaction one piece after the other is appended, each when the one before it is
///   durable; all are before its prepare record, or the anchor's decision where there is none; and
///   those of whoever gets no further are declared void, by the next leader if need be
/// - who is PREPARED in several logs holds its marks and locks in every life until it is RESOLVING;
///   whoever locks one of its rows from then on is logged when that resolution is durable
public final class Branches {
  /// See the class.
  public enum State {
    MARKING,
    /// What it wrote goes into the log in pieces.
    STREAMING,
    LOGGING,
    PREPARED,
    DECIDING,
    RESOLVING
  }

  /// So much of a large transaction is in one record.
  private static final long PIECE_BYTES = 256 << 10;

  /// How often a gateway is asked before it counts as silent.
  private static final int PATIENCE = 3;

  private static final class Branch {
    final long txn;
    final int anchor;
    final List<Integer> logs;
    List<BranchRecord.Part> parts = List.of();
    final Map<Integer, Collection<? extends Write>> marked = new TreeMap<>();
    final Map<Integer, List<Run>> runs = new TreeMap<>();

    /// What is to be appended yet of what is in runs.
    PieceReader pieces;

    /// Whether some of it was, and whether that may not be durable yet.
    boolean inPieces;

    boolean pieceUnderWay;
    List<Message.ShardState> shards = List.of();
    State state;
    int awaited;
    boolean refused;

    /// Whether an abort came while its record was on its way into the log.
    boolean doomed;

    /// The last resolution that was acted on before it was marked everywhere.
    long behind;

    /// Its own resolution's number.
    long resolution;

    int asked;

    Branch(long txn, int anchor, List<Integer> logs, State state) {
      this.txn = txn;
      this.anchor = anchor;
      this.logs = logs;
      this.state = state;
    }

    boolean isPrepared() {
      return state.compareTo(State.PREPARED) >= 0;
    }

    /// Whether no record says anything of it that counts.
    boolean isNotLogged() {
      return state == State.MARKING || state == State.STREAMING;
    }

    /// One log alone needs no record before its decision.
    boolean only() {
      return logs.size() == 1;
    }
  }

  private static final class Outcome {
    final long commitTs;
    final Set<Integer> unresolved;
    final Set<Integer> askers = new TreeSet<>();
    boolean gatewayAsks;
    boolean durable;

    Outcome(long commitTs, Collection<Integer> unresolved) {
      this.commitTs = commitTs;
      this.unresolved = new TreeSet<>(unresolved);
    }
  }

  private final int log;
  private final Rules rules;
  private final long pieceBytes;
  private final Map<Integer, Channels> channels = new LinkedHashMap<>();
  private final Map<Long, Branch> branches = new LinkedHashMap<>();
  private final Map<Long, Outcome> outcomes = new LinkedHashMap<>();

  /// How many resolutions were acted on in this life.
  private long resolutions;

  /// Those of them that are not durable yet, by their number.
  private final TreeSet<Long> acted = new TreeSet<>();

  /// Who is marked everywhere, and not in the log yet.
  private final Queue<Branch> held = new ArrayDeque<>();

  /// Whose reads are carried out.
  private record Reader(long txn, int shard) {}

  /// Reads that are numbered downwards and are being carried out, one for each reader.
  private final Map<Reader, Integer> reads = new HashMap<>();

  /// Since the last [#takeForgotten].
  private final List<Long> forgotten = new ArrayList<>();

  /// Of each gateway, its oldest live id: all below are over.
  private final Map<Integer, Long> oldest = new HashMap<>();

  /// @param log its number in the cluster
  /// @param shards those whose log it is
  /// @param term never that of an earlier life; greater than 0
  public Branches(int log, Collection<Integer> shards, long term, Rules rules) {
    this(log, shards, term, rules, PIECE_BYTES);
  }

  /// @param pieceBytes about how much of a large transaction is in one record
  public Branches(int log, Collection<Integer> shards, long term, Rules rules, long pieceBytes) {
    this.log = log;
    this.rules = rules;
    this.pieceBytes = pieceBytes;
    shards.forEach(shard -> channels.put(shard, new Channels(term, rules)));
  }

  /// Transactions that are prepared here or on the way there; decisions remembered: for tests and
  /// metrics.
  public int open() {
    return branches.size();
  }

  public int remembered() {
    return outcomes.size();
  }

  Rules rules() {
    return rules;
  }

  /// Whether the transaction is prepared here, or its outcome is known here: both stand in the log,
  /// or are about to, and no other leader's log says otherwise.
  boolean holds(long txn) {
    Branch branch = branches.get(txn);
    return outcomes.containsKey(txn) || branch != null && branch.isPrepared();
  }

  private boolean isOver(long txn) {
    return txn < oldest.getOrDefault(TransactionId.gateway(txn), 0L);
  }

  // ---- requests for shards

  public void on(Message.ToShard message, BranchEffects out) {
    if (isOver(message.txn())) {
      return;
    }
    Channels own = channels.get(message.shard());
    if (message.number() < 0) {
      read(message, own, out);
      return;
    }
    switch (own.judge(message)) {
      case APPLY -> {
        if (reads.containsKey(new Reader(message.txn(), message.shard()))) {
          endLateRead(message.txn(), message.shard(), out);
        }
        out.run(message);
      }
      case REPEAT ->
          reply(
              message.txn(), message.shard(), message.number(), own.lastReply(message.txn()), out);
      case REFUSE ->
          reply(message.txn(), message.shard(), message.number(), Reply.Refused.INSTANCE, out);
      case IGNORE -> {}
    }
  }

  /// Its gateway has one request out, and the shard's machine keeps one that waits: so a read that
  /// comes late, behind the request that has followed it, is not carried out, and one that waits
  /// when the next request comes is ended.
  private void read(Message.ToShard message, Channels own, BranchEffects out) {
    Reader reader = new Reader(message.txn(), message.shard());
    Integer known = reads.get(reader);
    if (!rules.has(Rule.LATE_COPIES_END_NO_WAIT)) {
      if (known == null) {
        reads.put(reader, message.number());
        out.run(message);
      }
      return;
    }
    if (own.isBusy(message.txn()) || known != null && known <= message.number()) {
      return;
    }
    if (known != null) {
      endLateRead(message.txn(), message.shard(), out);
    }
    reads.put(reader, message.number());
    out.run(message);
  }

  private void endLateRead(long txn, int shard, BranchEffects out) {
    if (rules.has(Rule.LATE_COPIES_END_NO_WAIT)) {
      out.endWait(txn, shard);
    }
  }

  public void on(Message.CancelAtShard cancel, BranchEffects out) {
    Integer reading = reads.get(new Reader(cancel.txn(), cancel.shard()));
    boolean isOut =
        cancel.number() < 0
            ? reading != null && reading == cancel.number()
            : channels.get(cancel.shard()).isBusyWith(cancel.txn(), cancel.number());
    if (isOut || !rules.has(Rule.LATE_COPIES_END_NO_WAIT)) {
      out.endWait(cancel.txn(), cancel.shard());
    }
  }

  /// Whether a message is the first that a transaction sends here with an effect: it may be lost,
  /// and is said again.
  public boolean isFirst(Message.ToShard message) {
    return channels.get(message.shard()).opens(message);
  }

  private void reply(long txn, int shard, int number, Reply reply, BranchEffects out) {
    long term = channels.get(shard).term();
    out.toGateway(new Message.FromShard(txn, shard, term, number, reply));
  }

  /// The transactions that have something here which a change of the leader would lose, or whose
  /// end is not known here yet.
  public Set<Long> present() {
    Set<Long> present = new HashSet<>();
    channels.values().forEach(own -> own.addOpen(present));
    return present;
  }

  /// A shard has carried out a request.
  public void ran(long txn, int shard, int number, Reply reply, BranchEffects out) {
    if (number < 0) {
      Reader reader = new Reader(txn, shard);
      if (rules.has(Rule.LATE_COPIES_END_NO_WAIT)) {
        reads.remove(reader, number);
      } else {
        reads.remove(reader);
      }
    }
    channels.get(shard).replied(txn, number, reply);
    reply(txn, shard, number, reply, out);
  }

  public void on(Message.EndAtShard end, BranchEffects out) {
    if (!hasBranchAt(end.txn(), end.shard())) {
      dropAt(end.txn(), end.shard(), out);
    }
  }

  /// Whether a shard is among those that a transaction prepares here; others may have locks of it.
  private boolean hasBranchAt(long txn, int shard) {
    Branch branch = branches.get(txn);
    return branch != null && branch.shards.stream().anyMatch(state -> state.shard() == shard);
  }

  private void dropAt(long txn, int shard, BranchEffects out) {
    close(txn, shard);
    out.abort(txn, shard);
  }

  private void close(long txn, int shard) {
    channels.get(shard).close(txn);
    if (isOver(txn)) {
      channels.get(shard).forgetBelow(TransactionId.gateway(txn), txn + 1);
    }
  }

  // ---- prepare

  public void on(Message.Prepare prepare, BranchEffects out) {
    long txn = prepare.txn();
    Branch known = branches.get(txn);
    if (known != null) {
      if (known.isPrepared()) {
        out.toGateway(new Message.Prepared(txn, log, true));
      } else if (known.state == State.MARKING) {
        out.toGateway(new Message.Waits(txn, log));
      }
      return;
    }
    boolean agrees =
        prepare.shards().stream().allMatch(s -> channels.get(s.shard()).agrees(txn, s));
    if (isOver(txn) || outcomes.containsKey(txn) || !agrees) {
      out.toGateway(new Message.Prepared(txn, log, false));
      return;
    }
    Branch branch = new Branch(txn, prepare.anchor(), prepare.logs(), State.MARKING);
    branch.shards = prepare.shards();
    branch.awaited = prepare.shards().size();
    branches.put(txn, branch);
    for (Message.ShardState state : prepare.shards()) {
      out.mark(state.shard(), new Request.Prepare(txn, state.requests(), 1, prepare.mayWait()));
    }
  }

  /// A shard has marked what the transaction wrote there, or refused.
  public void marked(long txn, int shard, Reply reply, BranchEffects out) {
    Branch branch = branches.get(txn);
    if (branch == null || branch.state != State.MARKING) {
      return;
    }
    if (reply instanceof Reply.Prepared marks) {
      branch.marked.put(shard, marks.writes());
      if (!marks.runs().isEmpty()) {
        branch.runs.put(shard, marks.runs());
      }
    } else {
      branch.refused = true;
    }
    if (--branch.awaited > 0) {
      return;
    }
    if (branch.refused) {
      drop(branch, out);
      out.toGateway(new Message.Prepared(txn, log, false));
      return;
    }
    branch.parts = new ArrayList<>();
    branch.marked.forEach(
        (at, writes) -> branch.parts.add(new BranchRecord.Part(at, writes, out.locks(txn, at))));
    if (branch.runs.isEmpty()) {
      log(branch, out);
    } else {
      branch.state = State.STREAMING;
      branch.pieces = new PieceReader(txn, branch.runs, pieceBytes);
      appendPiece(branch, out);
    }
  }

  private void appendPiece(Branch branch, BranchEffects out) {
    BranchRecord.Piece next;
    try {
      next = branch.pieces.next();
    } catch (SqlException unreadable) {
      // It is this node's disk that has lost it, and nobody was promised anything.
      drop(branch, out);
      out.toGateway(new Message.Prepared(branch.txn, log, false));
      return;
    }
    if (next == null) {
      log(branch, out);
    } else {
      branch.inPieces = true;
      branch.pieceUnderWay = true;
      out.append(next);
    }
  }

  /// Nothing is prepared as long as the resolution of an earlier writer of its rows may be lost.
  private void log(Branch branch, BranchEffects out) {
    branch.state = State.LOGGING;
    branch.behind = resolutions;
    held.add(branch);
    logHeld(out);
  }

  private void logHeld(BranchEffects out) {
    while (!held.isEmpty() && (acted.isEmpty() || acted.first() > held.peek().behind)) {
      Branch branch = held.poll();
      if (branch.doomed) {
        drop(branch, out);
      } else if (branch.only()) {
        prepared(branch, out);
      } else {
        out.append(new BranchRecord.Prepared(branch.txn, branch.anchor, branch.logs, branch.parts));
        if (!rules.has(Rule.PREPARES_ARE_DURABLE)) {
          out.toGateway(new Message.Prepared(branch.txn, log, true));
        }
      }
    }
  }

  private void prepared(Branch branch, BranchEffects out) {
    branch.state = State.PREPARED;
    out.toGateway(new Message.Prepared(branch.txn, log, true));
    out.later(branch.txn);
  }

  /// Forgets what no record says, or only pieces do.
  private void drop(Branch branch, BranchEffects out) {
    branches.remove(branch.txn);
    if (branch.inPieces && !branch.pieceUnderWay) {
      out.append(new BranchRecord.Dropped(branch.txn));
    }
    for (Message.ShardState state : branch.shards) {
      dropAt(branch.txn, state.shard(), out);
    }
  }

  // ---- the decision, at the anchor

  public void on(Message.Decide decide, BranchEffects out) {
    long txn = decide.txn();
    Outcome known = outcomes.get(txn);
    if (known != null) {
      known.gatewayAsks = true;
      tell(txn, known, out);
      return;
    }
    Branch branch = branches.get(txn);
    boolean holds = branch != null && branch.state == State.PREPARED;
    if (!holds && rules.has(Rule.COMMIT_NEEDS_PREPARED)) {
      out.toGateway(new Message.Decision(txn, Message.ABORTED));
      return;
    }
    decide(txn, branch, decide.commitTs(), out).gatewayAsks = true;
  }

  public void on(Message.Inquire inquiry, BranchEffects out) {
    long txn = inquiry.txn();
    Outcome outcome = outcomes.get(txn);
    if (outcome == null) {
      Branch branch = branches.get(txn);
      boolean nothingComes = isOver(txn) && branch == null;
      if (nothingComes || !rules.has(Rule.ABORTS_LEAVE_TOMBSTONES)) {
        out.toLog(inquiry.log(), new Message.Resolve(txn, Message.ABORTED));
        return;
      }
      outcome = decide(txn, branch, Message.ABORTED, out);
    }
    outcome.askers.add(inquiry.log());
    tell(txn, outcome, out);
  }

  /// Whether no record of it is in the log, nor on its way there.
  private boolean isNotLogged(Branch branch) {
    return branch.isNotLogged() || held.remove(branch);
  }

  private Outcome decide(long txn, Branch found, long commitTs, BranchEffects out) {
    Branch branch = found;
    if (branch != null && commitTs == Message.ABORTED && isNotLogged(branch)) {
      // Its marks may wait for long; nothing is to be left when they are set.
      drop(branch, out);
      out.toGateway(new Message.Prepared(txn, log, false));
      branch = null;
    }
    List<Integer> others = new ArrayList<>();
    List<BranchRecord.Part> parts = List.of();
    List<Integer> logs = List.of();
    if (branch != null) {
      branch.state = State.DECIDING;
      if (commitTs != Message.ABORTED) {
        logs = branch.logs;
        others.addAll(branch.logs);
        others.remove((Integer) log);
        parts = branch.only() ? branch.parts : List.of();
      }
    }
    Outcome outcome = new Outcome(commitTs, others);
    outcomes.put(txn, outcome);
    out.append(new BranchRecord.Decided(txn, commitTs, logs, parts));
    if (!rules.has(Rule.TOLD_WHEN_DURABLE)) {
      outcome.durable = true;
      outcome.gatewayAsks = true;
      tell(txn, outcome, out);
      push(txn, outcome, out);
    }
    return outcome;
  }

  /// Answers those who have asked.
  private void tell(long txn, Outcome outcome, BranchEffects out) {
    if (!outcome.durable) {
      return;
    }
    if (outcome.gatewayAsks) {
      outcome.gatewayAsks = false;
      out.toGateway(new Message.Decision(txn, outcome.commitTs));
    }
    for (int asker : outcome.askers) {
      out.toLog(asker, new Message.Resolve(txn, outcome.commitTs));
    }
    outcome.askers.clear();
  }

  private void push(long txn, Outcome outcome, BranchEffects out) {
    for (int other : outcome.unresolved) {
      out.toLog(other, new Message.Resolve(txn, outcome.commitTs));
    }
    if (!outcome.unresolved.isEmpty()) {
      out.later(txn);
    }
  }

  public void on(Message.Resolved resolved, BranchEffects out) {
    Outcome outcome = outcomes.get(resolved.txn());
    if (outcome != null) {
      outcome.unresolved.remove(resolved.log());
      forget(resolved.txn(), outcome);
    }
  }

  private void forget(long txn, Outcome outcome) {
    boolean resolved = outcome.unresolved.isEmpty() || !rules.has(Rule.FORGET_WHEN_RESOLVED);
    boolean heard = isOver(txn) || !rules.has(Rule.FORGET_WHEN_HEARD);
    if (outcome.durable && resolved && heard) {
      outcomes.remove(txn);
      forgotten.add(txn);
    }
  }

  // ---- the end, elsewhere

  /// @param from the log that says so; -1 for the gateway
  public void on(Message.Resolve resolve, int from, BranchEffects out) {
    long txn = resolve.txn();
    boolean aborts = resolve.commitTs() == Message.ABORTED;
    Branch branch = branches.get(txn);
    if (branch == null) {
      if (aborts) {
        channels.keySet().forEach(shard -> dropAt(txn, shard, out));
      } else if (from >= 0) {
        // It was resolved before, durably: that is how it became unknown.
        out.toLog(from, new Message.Resolved(txn, log));
      }
      return;
    }
    switch (branch.state) {
      case MARKING, STREAMING -> {
        if (aborts) {
          drop(branch, out);
        }
      }
      case LOGGING -> branch.doomed |= aborts;
      case PREPARED -> resolve(branch, resolve.commitTs(), out);
      case DECIDING, RESOLVING -> {}
    }
  }

  private void resolve(Branch branch, long commitTs, BranchEffects out) {
    if (branch.anchor != log) {
      branch.state = State.RESOLVING;
      out.append(new BranchRecord.Resolved(branch.txn, commitTs));
      branch.resolution = ++resolutions;
      if (rules.has(Rule.PREPARES_FOLLOW_RESOLUTIONS)) {
        acted.add(branch.resolution);
      }
      // The decision is durable where it was made: nobody can take back what others see from now
      // on.
      end(branch, commitTs, BranchEffects.NOT_KNOWN, out);
    } else if (branch.only()) {
      drop(branch, out);
    } else {
      decide(branch.txn, branch, Message.ABORTED, out);
    }
  }

  // ---- the log

  /// A record that was appended would survive.
  ///
  /// @param position where it ends
  public void durable(BranchRecord record, long position, BranchEffects out) {
    switch (record) {
      case BranchRecord.Prepared prepared -> {
        Branch branch = branches.get(prepared.txn());
        if (branch.doomed) {
          branch.state = State.PREPARED;
          resolve(branch, Message.ABORTED, out);
        } else {
          prepared(branch, out);
        }
      }
      case BranchRecord.Decided decided -> {
        Branch branch = branches.remove(decided.txn());
        if (branch != null) {
          end(branch, decided.commitTs(), position, out);
        }
        Outcome outcome = outcomes.get(decided.txn());
        if (outcome != null) {
          outcome.durable = true;
          tell(decided.txn(), outcome, out);
          push(decided.txn(), outcome, out);
          forget(decided.txn(), outcome);
        }
      }
      case BranchRecord.Resolved resolved -> {
        Branch branch = branches.remove(resolved.txn());
        acted.remove(branch.resolution);
        out.toLog(branch.anchor, new Message.Resolved(resolved.txn(), log));
        logHeld(out);
      }
      case BranchRecord.Piece piece -> {
        Branch branch = branches.get(piece.txn());
        if (branch != null && branch.state == State.STREAMING) {
          branch.pieceUnderWay = false;
          appendPiece(branch, out);
        } else {
          // It was given up while this was on its way.
          out.append(new BranchRecord.Dropped(piece.txn()));
        }
      }
      case BranchRecord.Dropped _, BranchRecord.Forgotten _ -> {}
    }
  }

  private void end(Branch branch, long commitTs, long position, BranchEffects out) {
    for (BranchRecord.Part part : branch.parts) {
      close(branch.txn, part.shard());
      if (commitTs == Message.ABORTED) {
        out.abort(branch.txn, part.shard());
      } else {
        out.commit(branch.txn, part.shard(), commitTs, position);
      }
    }
  }

  // ---- who is not heard of

  /// A gateway is there, and this is its oldest live id: what is older is over, whether or not a
  /// message said so.
  public void heard(int gateway, long oldestLive, BranchEffects out) {
    if (oldestLive <= oldest.getOrDefault(gateway, 0L)) {
      return;
    }
    oldest.put(gateway, oldestLive);
    dropUnprepared(gateway, oldestLive, out);
    channels.values().forEach(own -> own.forgetBelow(gateway, oldestLive));
    for (long txn : List.copyOf(outcomes.keySet())) {
      if (TransactionId.gateway(txn) == gateway) {
        forget(txn, outcomes.get(txn));
      }
    }
  }

  /// Nothing has been heard of a gateway for long: what it has prepared nowhere is given up. Should
  /// it come back, it finds its messages refused.
  public void silent(int gateway, BranchEffects out) {
    dropUnprepared(gateway, Long.MAX_VALUE, out);
  }

  private void dropUnprepared(int gateway, long below, BranchEffects out) {
    channels.forEach(
        (shard, own) -> {
          for (long txn : own.openBelow(gateway, below)) {
            Branch branch = branches.get(txn);
            if (branch != null && branch.isNotLogged()) {
              drop(branch, out);
            } else if (!hasBranchAt(txn, shard)) {
              dropAt(txn, shard, out);
            }
          }
        });
  }

  /// Time has passed for a transaction: for its prepare, of which nothing was heard since, or for
  /// its decision, which some have not resolved.
  public void wake(long txn, BranchEffects out) {
    Branch branch = branches.get(txn);
    if (branch != null && branch.state == State.PREPARED) {
      if (isOver(txn) || branch.asked >= PATIENCE) {
        findOut(branch, out);
      } else {
        branch.asked++;
        out.toGateway(new Message.StillThere(txn, log));
      }
      out.later(txn);
      return;
    }
    Outcome outcome = outcomes.get(txn);
    if (outcome != null && outcome.durable) {
      push(txn, outcome, out);
    }
  }

  public void on(Message.GatewaySays says, BranchEffects out) {
    Branch branch = branches.get(says.txn());
    if (branch == null || branch.state != State.PREPARED) {
      return;
    }
    if (says.alive()) {
      branch.asked = 0;
    } else {
      findOut(branch, out);
    }
  }

  private void findOut(Branch branch, BranchEffects out) {
    if (branch.anchor == log) {
      resolve(branch, Message.ABORTED, out);
    } else {
      out.toLog(branch.anchor, new Message.Inquire(branch.txn, log));
    }
  }

  /// What has been forgotten since the last call, for the copies of the log to do the same; null
  /// for nothing.
  public BranchRecord.Forgotten takeForgotten() {
    if (forgotten.isEmpty()) {
      return null;
    }
    BranchRecord.Forgotten taken = new BranchRecord.Forgotten(List.copyOf(forgotten));
    forgotten.clear();
    return taken;
  }

  // ---- lives

  /// What a flush has to keep, so that the log up to now can go (rule 10).
  public List<BranchRecord> snapshot() {
    List<BranchRecord> kept = new ArrayList<>();
    if (rules.has(Rule.FLUSH_KEEPS_PREPARED)) {
      for (Branch branch : branches.values()) {
        if (branch.isPrepared() && !branch.only()) {
          kept.add(new BranchRecord.Prepared(branch.txn, branch.anchor, branch.logs, branch.parts));
        }
      }
    }
    if (rules.has(Rule.FLUSH_KEEPS_DECISIONS)) {
      outcomes.forEach(
          (txn, outcome) -> {
            if (outcome.durable) {
              List<Integer> logs = new ArrayList<>(outcome.unresolved);
              kept.add(new BranchRecord.Decided(txn, outcome.commitTs, logs, List.of()));
            }
          });
    }
    return kept;
  }

  /// A record of an earlier life, in the order of the log; those of [#snapshot] come first.
  ///
  /// @return what it installs: nothing, unless it is a commit
  public List<BranchRecord.Part> replay(BranchRecord record) {
    switch (record) {
      case BranchRecord.Prepared prepared -> {
        Branch branch =
            new Branch(prepared.txn(), prepared.anchor(), prepared.logs(), State.PREPARED);
        branch.parts = prepared.parts();
        branch.shards =
            prepared.parts().stream()
                .map(part -> new Message.ShardState(part.shard(), 0, 0, 0))
                .toList();
        branches.put(prepared.txn(), branch);
        return List.of();
      }
      case BranchRecord.Decided decided -> {
        List<Integer> others = new ArrayList<>(decided.logs());
        others.remove((Integer) log);
        Outcome outcome = new Outcome(decided.commitTs(), others);
        outcome.durable = true;
        outcomes.put(decided.txn(), outcome);
        return installed(decided.txn(), decided.commitTs(), decided.parts());
      }
      case BranchRecord.Resolved resolved -> {
        return installed(resolved.txn(), resolved.commitTs(), List.of());
      }
      case BranchRecord.Forgotten gone -> {
        gone.txns().forEach(outcomes::remove);
        return List.of();
      }
      case BranchRecord.Piece _, BranchRecord.Dropped _ -> {
        // The host has them in its [Pieces].
        return List.of();
      }
    }
  }

  private List<BranchRecord.Part> installed(
      long txn, long commitTs, List<BranchRecord.Part> parts) {
    Branch branch = branches.remove(txn);
    if (commitTs == Message.ABORTED) {
      return List.of();
    }
    return branch == null ? parts : branch.parts;
  }

  /// All records are replayed: what was prepared holds its locks and marks again. Before anything
  /// is served.
  ///
  /// @param inPieces the transactions of which there are pieces
  public void start(Set<Long> inPieces, BranchEffects out) {
    for (long txn : inPieces) {
      // Their leader got no further, and no piece of an earlier term comes any more.
      if (!branches.containsKey(txn)) {
        out.append(new BranchRecord.Dropped(txn));
      }
    }
    for (Branch branch : branches.values()) {
      // A copy of its first message, which names no term, must not change what is prepared.
      branch.parts.forEach(part -> close(branch.txn, part.shard()));
      if (rules.has(Rule.PREPARED_LOCK_AGAIN)) {
        branch.parts.forEach(part -> out.restore(branch.txn, part));
      }
      out.later(branch.txn);
    }
    outcomes.forEach((txn, _) -> out.later(txn));
  }
}
