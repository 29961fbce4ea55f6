package io.trencadis.sharding;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.txn.lock.LockView;
import io.trencadis.txn.message.Reply;
import io.trencadis.txn.message.ReplyTo;
import io.trencadis.txn.message.Request;
import io.trencadis.txn.message.TimestampAnswer;
import io.trencadis.txn.message.TimestampQuestion;
import io.trencadis.txn.participant.Participant;
import io.trencadis.txn.participant.ShardOutbox;
import io.trencadis.txn.participant.Snapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/// A shard's machine where threads meet it. Whoever comes runs the machine himself, if nobody else
/// does; else he leaves his message in the mailbox and the one inside takes it along. So an
/// uncontended request costs no hand-over, and nobody ever waits at the door holding anything.
///
/// What a step sends out is delivered after the machine has been left, so that no thread is ever
/// inside two.
final class ShardActor implements ShardDoor, ShardOutbox {
  private sealed interface Outgoing {
    record Question(int fromShard, TimestampQuestion question) implements Outgoing {}

    record ToShard(int shard, Request request) implements Outgoing {}
  }

  private static final System.Logger LOG = System.getLogger(ShardActor.class.getName());

  /// One of a request, an answer and a task.
  private record Mail(Request request, ReplyTo replyTo, TimestampAnswer answer, Runnable task) {}

  private final Node node;
  private final Participant participant;
  private final Snapshots snapshots;
  private final AtomicBoolean inside = new AtomicBoolean();
  private final Queue<Mail> mailbox = new ConcurrentLinkedQueue<>();

  /// Written by the thread inside.
  private List<Outgoing> outgoing = List.of();

  /// Whether requests wait here; written by the thread inside.
  private volatile boolean waitedAt;

  ShardActor(Node node, Participant participant) {
    this.node = node;
    this.participant = participant;
    this.snapshots = participant.snapshots();
  }

  @Override
  public Snapshots snapshots() {
    return snapshots;
  }

  /// For a task that runs inside.
  List<LockView> locks() {
    return participant.locks();
  }

  @Override
  public void submit(Request request, ReplyTo replyTo) {
    if (mailbox.isEmpty() && inside.compareAndSet(false, true)) {
      List<Outgoing> sent;
      try {
        run(request, replyTo);
      } finally {
        sent = leave();
      }
      deliver(sent);
    } else {
      mailbox.add(new Mail(request, replyTo, null, null));
    }
    runMailbox();
  }

  void submit(TimestampAnswer answer) {
    mailbox.add(new Mail(null, null, answer, null));
    runMailbox();
  }

  /// Runs something that needs the shard's store to itself, after all requests submitted before.
  void submit(Runnable task) {
    mailbox.add(new Mail(null, null, null, task));
    runMailbox();
  }

  private void runMailbox() {
    // Looks again after leaving: mail may have come while this thread still stood inside.
    while (!mailbox.isEmpty() && inside.compareAndSet(false, true)) {
      List<Outgoing> sent;
      try {
        for (Mail mail = mailbox.poll(); mail != null; mail = mailbox.poll()) {
          if (mail.answer != null) {
            participant.handle(mail.answer, this);
          } else if (mail.task != null) {
            mail.task.run();
          } else {
            run(mail.request, mail.replyTo);
          }
        }
      } finally {
        sent = leave();
      }
      deliver(sent);
    }
  }

  /// What breaks is told to the one whose request it was, not to whoever happens to run the
  /// machine.
  private void run(Request request, ReplyTo replyTo) {
    try {
      participant.handle(request, replyTo, this);
    } catch (RuntimeException | Error broken) {
      if (broken instanceof SqlException known && isExpected(known.state())) {
        replyTo.reply(participant.shard(), new Reply.Failed(known));
        return;
      }
      LOG.log(System.Logger.Level.ERROR, "a request broke its shard's machine: " + request, broken);
      replyTo.reply(participant.shard(), new Reply.Failed(broken));
    }
  }

  /// What costs the statement or the transaction, and is no fault of the machine.
  static boolean isExpected(SqlState state) {
    return state == SqlState.SNAPSHOT_TOO_OLD
        || state == SqlState.DISK_FULL
        || state == SqlState.OUT_OF_MEMORY
        || state == SqlState.IO_ERROR
        || state == SqlState.FEATURE_NOT_SUPPORTED;
  }

  /// Whether requests wait in this shard's machine, as of the moment it was left last.
  boolean isWaitedAt() {
    return waitedAt;
  }

  private List<Outgoing> leave() {
    boolean waits = participant.waitingRequests() > 0;
    if (waits != waitedAt) {
      waitedAt = waits;
    }
    List<Outgoing> sent = outgoing;
    outgoing = List.of();
    inside.set(false);
    return sent;
  }

  private void deliver(List<Outgoing> sent) {
    for (Outgoing message : sent) {
      switch (message) {
        case Outgoing.Question(int fromShard, TimestampQuestion question) ->
            node.ask(fromShard, question);
        case Outgoing.ToShard(int shard, Request request) ->
            node.shard(shard).submit(request, ReplyTo.NOBODY);
      }
    }
  }

  @Override
  public void ask(int fromShard, TimestampQuestion question) {
    send(new Outgoing.Question(fromShard, question));
  }

  @Override
  public void toShard(int shard, Request request) {
    send(new Outgoing.ToShard(shard, request));
  }

  private void send(Outgoing message) {
    if (outgoing.isEmpty()) {
      outgoing = new ArrayList<>(2);
    }
    outgoing.add(message);
  }
}
