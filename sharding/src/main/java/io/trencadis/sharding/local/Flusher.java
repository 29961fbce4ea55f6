package io.trencadis.sharding.local;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sharding.Node;
import io.trencadis.storage.history.Kept;
import io.trencadis.storage.levels.Flush;
import io.trencadis.storage.levels.NodeStorage;
import io.trencadis.storage.log.LogFailedException;
import io.trencadis.storage.log.WriteAheadLog;
import io.trencadis.storage.run.RunDirectory;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/// The thread that moves memtables down to the base tree and lets the log's beginning go; then, and
/// when it has rested for a while, it removes what dropped relations have left.
///
/// A flush covers the log up to a position below which every decision has been sent to its shards.
/// That position is taken first; then each shard is frozen through its own mailbox, behind whatever
/// was sent to it: so all that the position covers is in what is frozen.
///
/// Thread-safe. One thread flushes; others ask for it.
final class Flusher {
  private static final long RETRY_MILLIS = 1_000;

  /// How long it rests before it looks whether there is something to remove.
  private static final long SWEEP_MILLIS = 60_000;

  private final Node node;
  private final NodeStorage storage;
  private final WriteAheadLog log;
  private final RunDirectory runs;
  private final HeldTable heldTransactions;
  private final long flushLogBytes;
  private final Consumer<Throwable> onFailure;
  private final Sweeper sweeper;
  private final Thread thread;
  private volatile boolean hurried;

  // Guarded by this object's monitor.
  private long asked;
  private long done;
  private SqlException failure;
  private boolean closing;

  /// Why it flushes no more.
  private Throwable broken;

  /// The log from here on is kept, by a backup that copies it.
  private long held = Long.MAX_VALUE;

  /// @param onFailure told of a write that failed for another reason than want of room
  Flusher(
      Node node,
      NodeStorage storage,
      WriteAheadLog log,
      RunDirectory runs,
      HeldTable heldTransactions,
      long flushLogBytes,
      Consumer<Throwable> onFailure) {
    this.node = node;
    this.storage = storage;
    this.log = log;
    this.runs = runs;
    this.heldTransactions = heldTransactions;
    this.flushLogBytes = flushLogBytes;
    this.onFailure = onFailure;
    this.sweeper = new Sweeper(node, storage);
    this.thread = Thread.ofPlatform().daemon().name("flush").start(this::run);
  }

  /// Whether enough has gathered for a flush.
  boolean isDue() {
    return storage.needsFlush() || log.durable() - storage.coveredPosition() > flushLogBytes;
  }

  /// Has a flush begun soon, unless one is running.
  synchronized void wake() {
    if (asked == done) {
      asked++;
      notifyAll();
    }
  }

  /// Returns when everything that was committed before the call is in the base tree.
  ///
  /// @throws SqlException 53100 if it does not fit, 58030 if the disk has failed
  void checkpoint() throws InterruptedException {
    synchronized (this) {
      // A flush that is running may have begun before.
      long mine = asked + 1;
      asked = mine;
      failure = null;
      notifyAll();
      while (done < mine) {
        if (broken != null) {
          throw new SqlException(
              SqlState.IO_ERROR, "the server is stopping: " + broken.getMessage(), broken);
        }
        if (failure != null) {
          throw failure;
        }
        wait();
      }
    }
  }

  private void run() {
    while (true) {
      long serving;
      boolean rested;
      synchronized (this) {
        try {
          if (asked == done && !closing) {
            wait(SWEEP_MILLIS);
          }
        } catch (InterruptedException e) {
          return;
        }
        if (closing) {
          return;
        }
        serving = asked;
        rested = asked == done;
      }
      try {
        if (!rested) {
          flush();
        }
        sweeper.sweep(() -> hurried || isDue());
        synchronized (this) {
          done = serving;
          failure = null;
          if (asked == done && (storage.hasRuns() || storage.needsFlush() || storage.full())) {
            // What came while a flush was running; who asked for another one meanwhile was not
            // heard, and may wait for the room.
            asked++;
          }
          notifyAll();
        }
      } catch (SqlException e) {
        if (e.state() != SqlState.DISK_FULL) {
          giveUp(e);
          return;
        }
        retryLater(e);
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException | Error e) {
        giveUp(e);
        return;
      }
    }
  }

  /// Whoever waits for a flush would wait for ever.
  private void giveUp(Throwable why) {
    synchronized (this) {
      broken = why;
      notifyAll();
    }
    storage.flushFailed(why);
    onFailure.accept(why);
  }

  private synchronized void retryLater(SqlException full) {
    failure = full;
    notifyAll();
    try {
      wait(RETRY_MILLIS);
    } catch (InterruptedException e) {
      closing = true;
    }
  }

  private void flush() throws InterruptedException {
    Flush flush = storage.runningFlush();
    if (flush == null) {
      // At the end nobody reads any more, and the next start begins history anew, so nothing old is
      // kept. Nor could it be: a version store cannot be made once the JVM has begun to end.
      Kept kept = hurried ? Kept.from(node.oracle().last()) : node.kept();
      flush = storage.beginFlush(node.coveredBelow(), kept);
      CountDownLatch frozen = new CountDownLatch(storage.shards());
      for (int shard = 0; shard < storage.shards(); shard++) {
        Flush begun = flush;
        int number = shard;
        node.inShard(
            shard,
            () -> {
              begun.freeze(number);
              frozen.countDown();
            });
      }
      frozen.await();
    }
    // What is to be written may be of commits whose records are still on their way (rule 6).
    awaitLog();
    Map<String, byte[]> metadata = heldTransactions.metadata();
    flush.write(metadata);
    heldTransactions.flushed(metadata);
    recycle();
  }

  private void awaitLog() {
    try {
      log.awaitDurable(log.end());
    } catch (LogFailedException failed) {
      throw new SqlException(SqlState.IO_ERROR, failed.getMessage(), failed);
    }
  }

  private synchronized void recycle() {
    log.recycle(Math.min(held, storage.coveredPosition()));
  }

  /// Keeps the log, from the position on that the base tree covers, and the runs, until
  /// [#releaseLog].
  ///
  /// @return that position
  /// @throws SqlException 55006 if it is held already
  synchronized long holdLog() {
    if (held != Long.MAX_VALUE) {
      throw new SqlException(SqlState.OBJECT_IN_USE, "a backup is already in progress")
          .hint("Wait for it to end.");
    }
    runs.hold();
    held = storage.coveredPosition();
    return held;
  }

  synchronized void releaseLog() {
    held = Long.MAX_VALUE;
    runs.release();
    log.recycle(storage.coveredPosition());
  }

  /// The end is near: whoever waits for a checkpoint need not wait for what is to be removed, and
  /// the past is not kept any more.
  void hurry() {
    hurried = true;
  }

  /// Ends the thread; a flush that is running is completed first.
  void close() {
    hurry();
    synchronized (this) {
      closing = true;
      notifyAll();
    }
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException later) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
