package io.trencadis.sharding;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.txn.DecisionLog;
import io.trencadis.txn.DecisionRecord;
import io.trencadis.txn.GlobalName;
import io.trencadis.txn.IsolationLevel;
import io.trencadis.txn.Rules;
import io.trencadis.txn.TxnRecord;
import io.trencadis.txn.WouldBlockException;
import io.trencadis.txn.coordinator.Coordinator;
import io.trencadis.txn.coordinator.Effects;
import io.trencadis.txn.message.Reply;
import io.trencadis.txn.message.ReplyTo;
import io.trencadis.txn.message.Request;
import io.trencadis.txn.message.TimestampAnswer;
import io.trencadis.txn.message.TimestampQuestion;

/// A transaction on the shards of its own process, with one log: it commits with one record.
final class LocalTransaction extends ShardTransaction {
  private static final System.Logger LOG = System.getLogger(LocalTransaction.class.getName());

  private final Node node;
  private final Coordinator coordinator;

  /// Up to where the log has to be durable before anybody outside hears of what this has seen; 0
  /// for nowhere.
  private long follows;

  /// The highest timestamp of what it has seen before that was durable; 0 for none.
  private long followsTs;

  private int unresolved;

  /// Why the log did not take the decision; null if it did.
  private SqlException refusal;

  private TxnRecord decision;

  LocalTransaction(Node node, long id, IsolationLevel level, boolean readOnly, WaitPolicy waits) {
    this(node, new Coordinator(id, level, readOnly, node.shardCount(), Rules.ALL), waits);
  }

  /// For one that is prepared by name, and now ends.
  LocalTransaction(Node node, Coordinator coordinator) {
    this(node, coordinator, WaitPolicy.PATIENT);
  }

  private LocalTransaction(Node node, Coordinator coordinator, WaitPolicy waits) {
    super(node, coordinator, waits, null);
    this.node = node;
    this.coordinator = coordinator;
  }

  @Override
  ShardDoor door(int shard) {
    return node.shard(shard);
  }

  @Override
  long issueTimestamp() {
    return node.oracle().next();
  }

  /// Not one issued now: what is being committed would have to be waited for.
  @Override
  long knownTimestamp() {
    return node.knownTimestamp();
  }

  @Override
  void answerShard(int shard, TimestampAnswer answer) {
    node.shard(shard).submit(answer);
  }

  /// What the transaction does from now on comes after a commit that may not be durable yet.
  @Override
  Reply follow(Reply.After early) {
    followsTs = Math.max(followsTs, early.commitTs());
    long position = early.position();
    if (position > follows && position > node.log().durable()) {
      if (!waits().mayBlock()) {
        throw WouldBlockException.INSTANCE;
      }
      follows = position;
    }
    return early.reply();
  }

  @Override
  public void awaitFollowed() {
    if (follows != 0) {
      node.log().awaitDurable(follows);
      follows = 0;
    }
    if (followsTs != 0) {
      node.known(followsTs);
      followsTs = 0;
    }
  }

  // ---- the end

  @Override
  public void commit() {
    if (isOver()) {
      throw SqlException.internal("transaction " + id() + " is over");
    }
    boolean writes = coordinator.hasWrites();
    if (writes) {
      enterCommit();
      node.committing(this);
    }
    synchronized (coordinator) {
      coordinator.commit(waits().mayBlock(), this);
    }
    drive();
    if (coordinator.state() == Coordinator.State.DECIDING) {
      // Nobody waits for the log. Whoever reads what was written does, until it is resolved.
      node.known(coordinator.commitTs());
      end();
      return;
    }
    if (writes) {
      leaveCommit();
    }
    switch (coordinator.state()) {
      case COMMITTED -> {
        end();
        if (!writes) {
          awaitFollowed();
        }
      }
      case ABORTED -> {
        end();
        awaitFollowed();
        throw failure();
      }
      default -> {
        if (givenUp() != null) {
          rollback();
          throw givenUp();
        }
        throw WouldBlockException.INSTANCE;
      }
    }
  }

  /// Why it has been aborted.
  private RuntimeException failure() {
    return givenUp() != null ? givenUp() : refusal != null ? refusal : Failures.dependencies();
  }

  private void enterCommit() {
    replies();
    OpenSnapshots open = node.openSnapshots();
    coordinator.horizons(open::horizon, open::keepHorizon);
    unresolved = node.unresolved().enter();
  }

  /// Prepares it by name; it is over for its session then. Waits, whatever the policy says about
  /// that.
  void hold(GlobalName name) {
    if (isOver()) {
      throw SqlException.internal("transaction " + id() + " is over");
    }
    enterCommit();
    coordinator.hold(name, this);
    drive();
    node.unresolved().leave(unresolved);
    end();
    if (coordinator.state() != Coordinator.State.HELD) {
      awaitFollowed();
      throw failure();
    }
  }

  /// Ends one that is prepared by name.
  void finishHeld(boolean commit) {
    enterCommit();
    node.committing(this);
    synchronized (coordinator) {
      if (commit) {
        coordinator.commitHeld(this);
      } else {
        coordinator.rollbackHeld(this);
      }
    }
    drive();
    leaveCommit();
    if (coordinator.state() == Coordinator.State.HELD) {
      throw refusal != null
          ? refusal
          : SqlException.internal("a shard did not take part in the end of " + id());
    }
  }

  private void leaveCommit() {
    node.committed(this);
    node.unresolved().leave(unresolved);
  }

  @Override
  public void rollback() {
    if (!isOver()) {
      synchronized (coordinator) {
        coordinator.abort(this);
      }
      drive();
      end();
      try {
        awaitFollowed();
      } catch (SqlException stopping) {
        LOG.log(System.Logger.Level.DEBUG, "the log failed under a rollback", stopping);
      }
    }
  }

  @Override
  public CommitReport report() {
    int[] written = shards(true);
    int phases = written.length > 0 ? 1 : 0;
    return new CommitReport(
        written,
        shards(false),
        phases,
        coordinator.recordsWritten(),
        coordinator.readTs(),
        coordinator.commitTs());
  }

  /// A large transaction's runs are durable before its timestamp is asked for, so that nobody who
  /// reads what it wrote waits for that.
  @Override
  Reply received(Reply reply) {
    try {
      if (reply instanceof Reply.Prepared prepared && !prepared.runs().isEmpty()) {
        node.makeDurable(prepared.runs());
      }
    } catch (SqlException full) {
      refusal = full;
      return Reply.Refused.INSTANCE;
    }
    if (reply instanceof Reply.Failed(SqlException why)) {
      refusal = why;
    }
    return reply;
  }

  @Override
  boolean decideNext() {
    TxnRecord record = decision;
    if (record == null) {
      return false;
    }
    decision = null;
    if (record instanceof DecisionRecord && !waits().waitsForDurability()) {
      node.log().append(record, new LateOutcome());
      return false;
    }
    decided(record);
    return true;
  }

  private void decided(TxnRecord record) {
    long position;
    try {
      long appended = replies().append(node.log(), record);
      if (appended != 0) {
        release(appended);
      }
      position = replies().awaitDurable();
    } catch (SqlException logRefused) {
      if (logRefused.state() == SqlState.TRANSACTION_RESOLUTION_UNKNOWN) {
        throw logRefused;
      }
      refusal = logRefused;
      synchronized (coordinator) {
        coordinator.refused(this);
      }
      return;
    }
    resolve(position);
  }

  private void resolve(long position) {
    // Whoever sees what was written, because its marks are gone, may be followed by a snapshot.
    node.known(coordinator.commitTs());
    synchronized (coordinator) {
      coordinator.decided(position, this);
    }
  }

  /// Lets those who queue for its rows go on while the log writes.
  private void release(long position) {
    synchronized (coordinator) {
      coordinator.appended(position, this);
    }
    for (Sent sent : takeSends()) {
      ShardActor shard = node.shard(sent.shard());
      if (shard.isWaitedAt()) {
        shard.submit(sent.request(), ReplyTo.NOBODY);
      }
    }
  }

  /// Ends a transaction whose client did not wait for the log: resolves it on a thread of its own,
  /// since the log's has better to do.
  private final class LateOutcome implements DecisionLog.Outcome {
    @Override
    public void appended(long position) {
      release(position);
    }

    @Override
    public void durable(long position) {
      node.later(
          () -> {
            resolve(position);
            drive();
            leaveCommit();
          });
    }

    @Override
    public void unknown(SqlException why) {
      // The node is about to stop, and nobody waits.
    }

    @Override
    public void refused(SqlException why) {
      node.later(
          () -> {
            LOG.log(
                System.Logger.Level.WARNING,
                "a transaction that did not wait for its commit is lost: " + why.getMessage());
            synchronized (coordinator) {
              coordinator.refused(LocalTransaction.this);
            }
            drive();
            leaveCommit();
          });
    }
  }

  @Override
  public void decide(TxnRecord record) {
    decision = record;
  }

  /// A shard's question, on whatever thread it comes.
  void ask(int shard, TimestampQuestion question) {
    ImmediateAnswer answer = new ImmediateAnswer();
    synchronized (coordinator) {
      coordinator.on(shard, question, answer);
    }
    if (answer.given != null) {
      node.shard(shard).submit(answer.given);
    }
  }

  /// Keeps an answer until the monitor is released. None means that the coordinator will answer
  /// later, in its own step.
  private static final class ImmediateAnswer implements Effects {
    TimestampAnswer given;

    @Override
    public void answer(int shard, TimestampAnswer answer) {
      given = answer;
    }

    @Override
    public void send(int shard, Request request) {
      throw new IllegalStateException("a question is answered, nothing else");
    }

    @Override
    public void askTimestamp() {
      throw new IllegalStateException("a question is answered, nothing else");
    }

    @Override
    public void decide(TxnRecord record) {
      throw new IllegalStateException("a question is answered, nothing else");
    }
  }
}
