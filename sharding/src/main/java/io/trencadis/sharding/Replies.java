package io.trencadis.sharding;

import io.trencadis.base.Clock;
import io.trencadis.base.SqlException;
import io.trencadis.txn.DecisionLog;
import io.trencadis.txn.TxnRecord;
import io.trencadis.txn.message.Reply;
import io.trencadis.txn.message.ReplyTo;
import io.trencadis.txn.message.Request;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;

/// Where a transaction's thread waits for what the shards reply: one place a shard. Most replies
/// are there when submitting returns, because this very thread has run the shard's machine.
final class Replies implements ReplyTo, DecisionLog.Outcome {
  private static final int SPINS = 200;

  /// Who gives up waits so long for a shard to say what became of its request: then it may have no
  /// leader, and may have none for hours.
  private static final long SILENCE_NANOS = 1_000_000_000L;

  private final long txn;
  private final Clock clock;
  private final AtomicReferenceArray<Reply> places;
  private volatile Thread waiter;
  // The outcome of the decision: the flag is written last and read first.
  private long position;
  private long appended;
  private SqlException refusal;
  private volatile boolean outcomeKnown;
  private long lockTimeoutMillis;

  /// Whether some shard was silent when a wait was given up: nothing can be committed.
  private boolean abandoned;

  Replies(long txn, int shardCount, Clock clock) {
    this.txn = txn;
    this.clock = clock;
    this.places = new AtomicReferenceArray<>(shardCount);
  }

  /// For the next [#call]; 0 for none.
  void lockTimeoutMillis(long millis) {
    lockTimeoutMillis = millis;
  }

  @Override
  public void reply(int shard, Reply reply) {
    places.set(shard, reply);
    wake();
  }

  private void wake() {
    Thread thread = waiter;
    if (thread != null) {
      LockSupport.unpark(thread);
    }
  }

  private Reply take(int shard) {
    Reply reply = places.getAcquire(shard);
    if (reply != null) {
      places.setPlain(shard, null);
    }
    return reply;
  }

  /// Sends a request and waits for its reply.
  ///
  /// @param waits how to wait; null for a request whose reply waits for nobody
  Reply call(ShardDoor shard, int number, Request request, WaitPolicy waits) {
    shard.submit(request, this);
    Reply reply = take(number);
    if (reply != null) {
      return reply;
    }
    return waits == null ? await(shard, number) : await(shard, number, waits);
  }

  /// Sends a request that waits for no lock. The shard may have no leader, though: where the policy
  /// allows it, this wait can be given up as any other.
  Reply tell(ShardDoor shard, int number, Request request, WaitPolicy waits) {
    lockTimeoutMillis = 0;
    return call(shard, number, request, waits.mayBlock() ? waits : null);
  }

  /// Waits for what cannot take long, whatever may interrupt.
  Reply await(ShardDoor shard, int number) {
    Reply reply = spin(number);
    if (reply != null) {
      return reply;
    }
    waiter = Thread.currentThread();
    boolean interrupted = false;
    while ((reply = take(number)) == null) {
      LockSupport.park(this);
      // A set flag would keep park from parking.
      interrupted |= Thread.interrupted();
    }
    waiter = null;
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return reply;
  }

  private Reply spin(int number) {
    // The machine may be running on another thread, which has our message in its mailbox.
    for (int i = 0; i < SPINS; i++) {
      Reply reply = take(number);
      if (reply != null) {
        return reply;
      }
      Thread.onSpinWait();
    }
    return null;
  }

  /// Waits as the policy says.
  Reply await(ShardDoor shard, int number, WaitPolicy waits) {
    Reply reply = spin(number);
    if (reply != null) {
      return reply;
    }
    if (!waits.mayBlock()) {
      // A shard may have to ask for a timestamp before it can say that its request would wait.
      shard.submit(new Request.CancelWait(txn), ReplyTo.NOBODY);
      Reply left = await(shard, number);
      return left instanceof Reply.Cancelled ? Reply.WouldBlock.INSTANCE : left;
    }
    long timeout = lockTimeoutMillis;
    long deadline = timeout > 0 ? clock.nanoTime() + timeout * 1_000_000 : 0;
    waiter = Thread.currentThread();
    waits.waits(true);
    try {
      waits.checkInterrupts();
      while ((reply = take(number)) == null) {
        if (timeout > 0) {
          long left = deadline - clock.nanoTime();
          if (left <= 0) {
            throw Failures.lockTimeout();
          }
          LockSupport.parkNanos(this, left);
        } else {
          LockSupport.park(this);
        }
        if (Thread.interrupted()) {
          waits.checkInterrupts();
        }
      }
      return reply;
    } catch (RuntimeException givenUp) {
      // Whether or not the lock came meanwhile: the shard must not reply into a later request.
      cancel(shard, number);
      throw givenUp;
    } finally {
      waiter = null;
      waits.waits(false);
    }
  }

  /// Ends the wait at the shard; its reply, [Reply.Cancelled] or what came just before, is there
  /// soon. A shard that stays silent is [ShardDoor#abandon]ed.
  Reply cancel(ShardDoor shard, int number) {
    shard.submit(new Request.CancelWait(txn), ReplyTo.NOBODY);
    if (!shard.mayBeSilent()) {
      return await(shard, number);
    }
    Reply reply = spin(number);
    // Once one was silent, nobody has to know any more what the others have done.
    long deadline = clock.nanoTime() + (abandoned ? 0 : SILENCE_NANOS);
    waiter = Thread.currentThread();
    boolean interrupted = false;
    while (reply == null && (reply = take(number)) == null) {
      long left = deadline - clock.nanoTime();
      if (left <= 0) {
        abandoned = true;
        shard.abandon();
        reply = take(number);
        break;
      }
      LockSupport.parkNanos(this, left);
      interrupted |= Thread.interrupted();
    }
    waiter = null;
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return reply == null ? Reply.Cancelled.INSTANCE : reply;
  }

  /// Appends a decision.
  ///
  /// @return where it ends in the log, if it is there and its outcome not known yet; else 0
  long append(DecisionLog log, TxnRecord record) {
    outcomeKnown = false;
    refusal = null;
    appended = 0;
    log.append(record, this);
    return outcomeKnown ? 0 : appended;
  }

  /// Waits until the decision that was appended is durable.
  ///
  /// @return where it ends in the log
  /// @throws SqlException if the log does not take it: then the transaction has not happened; or
  ///   with 08007 if the log has failed
  long awaitDurable() {
    if (!outcomeKnown) {
      waiter = Thread.currentThread();
      boolean interrupted = false;
      while (!outcomeKnown) {
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      }
      waiter = null;
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    if (refusal != null) {
      throw refusal;
    }
    return position;
  }

  @Override
  public void appended(long end) {
    appended = end;
  }

  @Override
  public void durable(long end) {
    position = end;
    outcomeKnown = true;
    wake();
  }

  @Override
  public void unknown(SqlException why) {
    refused(why);
  }

  @Override
  public void refused(SqlException why) {
    refusal = why;
    outcomeKnown = true;
    wake();
  }
}
