package io.trencadis.sharding.cluster;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sharding.raft.RaftHost;
import io.trencadis.sharding.replica.ShardReplica;
import io.trencadis.storage.history.Kept;
import io.trencadis.storage.levels.Flush;
import io.trencadis.storage.levels.NodeStorage;
import io.trencadis.storage.log.WriteAheadLog;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The thread that moves the memtables of a node's replicas down to the base tree, with what is
/// prepared and decided beside them (rule 10), and then lets the logs' beginnings go.
final class ReplicaFlusher {
  private static final long LOOK_MILLIS = 100;
  private static final long RETRY_MILLIS = 1_000;

  private final NodeStorage storage;
  private final List<ShardReplica> replicas;
  private final RaftHost host;
  private final WriteAheadLog log;
  private final long flushLogBytes;
  private final Supplier<Kept> kept;
  private final Consumer<Throwable> onFailure;
  private final Thread thread;

  /// What the running flush keeps beside the rows.
  private Map<String, byte[]> states;

  // Guarded by this object's monitor.
  private long asked;
  private long done;
  private boolean closing;
  private Throwable broken;
  private final Set<Integer> erasing = new TreeSet<>();

  /// Of which shard a piece is gone; -1 for none. Used by the thread only.
  private int begun = -1;

  ReplicaFlusher(
      NodeStorage storage,
      List<ShardReplica> replicas,
      RaftHost host,
      WriteAheadLog log,
      long flushLogBytes,
      Supplier<Kept> kept,
      Consumer<Throwable> onFailure) {
    this.storage = storage;
    this.replicas = replicas;
    this.host = host;
    this.log = log;
    this.flushLogBytes = flushLogBytes;
    this.kept = kept;
    this.onFailure = onFailure;
    thread = Thread.ofPlatform().daemon().name("flush").start(this::run);
  }

  static String metaName(int shard) {
    return "replica/" + shard;
  }

  /// Returns when everything that was installed before the call is in the base tree.
  ///
  /// @throws SqlException 58030 if the disk has failed, 57P03 if the node stops
  void checkpoint() throws InterruptedException {
    synchronized (this) {
      long mine = ++asked;
      notifyAll();
      while (done < mine) {
        requireRunning();
        wait();
      }
    }
  }

  /// Returns when nothing of a shard is in memory or in the base tree. Its log is closed.
  ///
  /// @throws SqlException as [#checkpoint]
  void erase(int shard) throws InterruptedException {
    synchronized (this) {
      erasing.add(shard);
      notifyAll();
      while (erasing.contains(shard)) {
        requireRunning();
        wait();
      }
    }
  }

  private void requireRunning() {
    if (closing) {
      throw new SqlException(SqlState.CANNOT_CONNECT_NOW, "the node is shutting down");
    }
    if (broken != null) {
      throw new SqlException(
          SqlState.IO_ERROR, "the server is stopping: " + broken.getMessage(), broken);
    }
  }

  /// A piece at a time, so that a flush that is due need not wait for a large shard to be gone.
  private void eraseNext() throws InterruptedException {
    int shard;
    synchronized (this) {
      if (erasing.isEmpty() || storage.runningFlush() != null) {
        return;
      }
      shard = begun >= 0 ? begun : erasing.iterator().next();
    }
    if (begun < 0) {
      CountDownLatch forgotten = new CountDownLatch(1);
      replicas.get(shard).forget(forgotten::countDown);
      forgotten.await();
      begun = shard;
    }
    if (storage.erase(shard, metaName(shard))) {
      begun = -1;
      synchronized (this) {
        erasing.remove(shard);
        notifyAll();
      }
    }
  }

  private void run() {
    while (true) {
      long serving;
      synchronized (this) {
        try {
          if (asked == done && !closing && erasing.isEmpty()) {
            wait(LOOK_MILLIS);
          }
        } catch (InterruptedException e) {
          return;
        }
        if (closing) {
          return;
        }
        serving = asked;
      }
      try {
        boolean due =
            serving != done
                || storage.needsFlush()
                || storage.full()
                || log.durable() - storage.coveredPosition() > flushLogBytes;
        if (due) {
          flush();
        }
        eraseNext();
        synchronized (this) {
          done = Math.max(done, serving);
          notifyAll();
        }
      } catch (SqlException e) {
        if (e.state() != SqlState.DISK_FULL) {
          giveUp(e);
          return;
        }
        rest();
      } catch (InterruptedException e) {
        return;
      } catch (IOException | RuntimeException | Error e) {
        giveUp(e);
        return;
      }
    }
  }

  private synchronized void rest() {
    try {
      wait(RETRY_MILLIS);
    } catch (InterruptedException e) {
      closing = true;
    }
  }

  private void giveUp(Throwable why) {
    synchronized (this) {
      broken = why;
      notifyAll();
    }
    storage.flushFailed(why);
    onFailure.accept(why);
  }

  private void flush() throws IOException, InterruptedException {
    Flush flush = storage.runningFlush();
    if (flush == null) {
      states = new ConcurrentHashMap<>();
      flush = storage.beginFlush(host.logFloor(), kept.get());
      freeze(flush, states);
    }
    for (ShardReplica replica : replicas) {
      replica.force();
    }
    flush.write(states);
    replicas.forEach(ShardReplica::flushed);
    log.recycle(storage.coveredPosition());
    // What the tree has, the groups' logs need only for nodes that lag.
    if (host.entryBytes() > flushLogBytes) {
      replicas.forEach(replica -> replica.log().compact());
    }
  }

  private void freeze(Flush flush, Map<String, byte[]> into) throws InterruptedException {
    CountDownLatch frozen = new CountDownLatch(replicas.size());
    for (ShardReplica replica : replicas) {
      replica.freeze(
          flush,
          state -> {
            into.put(metaName(replica.shard()), state);
            frozen.countDown();
          });
    }
    frozen.await();
  }

  /// Ends the thread; a flush that is running is completed first.
  void close() throws InterruptedException {
    synchronized (this) {
      closing = true;
      notifyAll();
    }
    thread.join();
  }
}
