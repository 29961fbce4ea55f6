package io.trencadis.sharding;

import io.trencadis.base.SqlException;
import io.trencadis.storage.Memtable;
import io.trencadis.storage.ShardStore;
import io.trencadis.storage.run.Run;
import io.trencadis.txn.DecisionLog;
import io.trencadis.txn.HeldRecord;
import io.trencadis.txn.oracle.TimestampOracle;
import io.trencadis.txn.participant.LargeWrites;
import java.nio.file.Path;
import java.util.List;

/// What a node keeps its data in: one store a shard, and the log before them. Thread-safe.
public interface NodeStore {
  int shardCount();

  /// A shard's data, with all that the log has on it.
  ShardStore shard(int shard);

  DecisionLog log();

  /// Where transactions that are too large for memory go; null if all stay in memory.
  default LargeWrites largeWrites() {
    return null;
  }

  /// Returns when runs survive a loss of power.
  ///
  /// @throws io.trencadis.base.SqlException 53100 if there is no room, 58030 if that is not known
  default void makeDurable(List<Run> runs) {
    throw new UnsupportedOperationException("runs");
  }

  /// Where the log's next record begins at the earliest.
  long logEnd();

  /// Every timestamp of an earlier life is at or below this one.
  long lastTimestamp();

  /// The transactions of earlier lives that are prepared by name, in the order of their
  /// preparation.
  default List<HeldRecord> held() {
    return List.of();
  }

  /// Where the oracle keeps its bound; null if there is no later life.
  TimestampOracle.BoundKeeper boundKeeper();

  /// Returns when everything that was committed before the call would be found without the log.
  ///
  /// @throws io.trencadis.base.SqlException 53100 if there is no room
  void checkpoint() throws InterruptedException;

  /// Copies all data, while transactions go on, into a directory of this machine; see
  /// [io.trencadis.sharding.local.Restore] for the way back. Waits; one backup at a time.
  ///
  /// @param target absolute; a directory that is empty, or does not exist
  /// @throws io.trencadis.base.SqlException 58P02 if the directory is not empty, 55006 if a backup
  ///   is running, 53100 or 58030 if writing fails, 0A000 for data in memory
  /// @throws InterruptedException if the thread is interrupted: the backup is given up
  default BackupResult backup(Path target, BackupProgress progress) throws InterruptedException {
    throw SqlException.notSupported("a backup of data in memory");
  }

  /// What it has written so far.
  default NodeCounters counters() {
    return NodeCounters.NONE;
  }

  /// The node serves from now on, and this is how the store reaches it.
  void attached(Node node);

  /// All in memory, gone with the process.
  static NodeStore inMemory(int shards) {
    ShardStore[] stores = new ShardStore[shards];
    for (int i = 0; i < shards; i++) {
      stores[i] = new Memtable();
    }
    return new NodeStore() {
      @Override
      public int shardCount() {
        return stores.length;
      }

      @Override
      public ShardStore shard(int shard) {
        return stores[shard];
      }

      @Override
      public DecisionLog log() {
        return DecisionLog.IN_MEMORY;
      }

      @Override
      public long logEnd() {
        return 0;
      }

      @Override
      public long lastTimestamp() {
        return 0;
      }

      @Override
      public TimestampOracle.BoundKeeper boundKeeper() {
        return null;
      }

      @Override
      public void checkpoint() {}

      @Override
      public void attached(Node node) {}
    };
  }
}
