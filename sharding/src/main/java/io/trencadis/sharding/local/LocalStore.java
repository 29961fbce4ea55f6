package io.trencadis.sharding.local;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sharding.Node;
import io.trencadis.sharding.NodeStore;
import io.trencadis.storage.Memtable;
import io.trencadis.storage.ShardStore;
import io.trencadis.storage.disk.DiskFullException;
import io.trencadis.storage.log.LogConfig;
import io.trencadis.storage.log.LogFailedException;
import io.trencadis.storage.log.WriteAheadLog;
import io.trencadis.txn.DecisionLog;
import io.trencadis.txn.DecisionRecord;
import io.trencadis.txn.oracle.TimestampOracle;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/// A node's data on its own disk, unreplicated: a decision is one record of the write-ahead log,
/// and one fsync, shared with whoever commits at the same moment (rule 3).
///
/// Thread-safe once opened.
public final class LocalStore implements NodeStore, DecisionLog, Closeable {
  private final DataDirectory directory;
  private final ShardStore[] stores;
  private final TimestampFile timestamps;
  private final long lastTimestamp;
  private final WriteAheadLog log;
  private Node node;

  private LocalStore(
      DataDirectory directory, int shards, LogConfig config, Consumer<Throwable> onFailure)
      throws IOException {
    this.directory = directory;
    stores = new ShardStore[shards];
    for (int i = 0; i < shards; i++) {
      stores[i] = new Memtable();
    }
    timestamps = TimestampFile.open(directory.disk(), directory.timestamps(), onFailure::accept);
    log =
        WriteAheadLog.open(
            directory.disk(), directory.log(), config, 0, this::replay, onFailure::accept);
    long highest = timestamps.bound();
    for (ShardStore store : stores) {
      highest = Math.max(highest, store.highestCommitTs());
    }
    lastTimestamp = highest;
  }

  /// Opens the directory's data and recovers what the log has of it.
  ///
  /// @param shards how many a new directory gets; one that exists keeps what it has
  /// @param onFailure told that the disk failed: the node must stop at once, for nobody knows what
  ///   of its last writes is there
  /// @throws IOException if the data cannot be read; its message names file and place
  public static LocalStore open(
      DataDirectory directory, int shards, LogConfig config, Consumer<Throwable> onFailure)
      throws IOException {
    int count = directory.isNew() ? shards : directory.shards();
    LocalStore store = new LocalStore(directory, count, config, onFailure);
    if (directory.isNew()) {
      directory.create(count);
    }
    return store;
  }

  private void replay(long end, ByteBuffer body) throws IOException {
    DecisionRecord record = CommitRecord.decode(body);
    for (DecisionRecord.ShardWrites shard : record.writes()) {
      if (shard.shard() >= stores.length) {
        throw new IOException(
            "the log names shard "
                + shard.shard()
                + " of "
                + stores.length
                + ": this directory's"
                + " files do not belong together");
      }
      stores[shard.shard()].apply(shard.writes(), record.commitTs(), end);
    }
  }

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
    return this;
  }

  @Override
  public long logEnd() {
    return log.end();
  }

  @Override
  public long lastTimestamp() {
    return lastTimestamp;
  }

  @Override
  public TimestampOracle.BoundKeeper boundKeeper() {
    return timestamps;
  }

  @Override
  public void attached(Node server) {
    node = server;
  }

  @Override
  public void append(DecisionRecord record, Outcome outcome) {
    long position;
    try {
      position = log.append(CommitRecord.encode(record));
    } catch (DiskFullException full) {
      outcome.refused(full.toSqlException());
      return;
    } catch (LogFailedException failed) {
      outcome.refused(
          new SqlException(SqlState.IO_ERROR, "the server is stopping: " + failed.getMessage()));
      return;
    } catch (IOException e) {
      throw new IllegalStateException("the log broke its word", e);
    }
    log.whenDurable(
        position,
        failure -> {
          if (failure == null) {
            outcome.durable(position);
          } else {
            outcome.unknown(
                new SqlException(
                    SqlState.TRANSACTION_RESOLUTION_UNKNOWN,
                    "the server stops, and does not know whether the transaction has committed",
                    failure));
          }
        });
  }

  /// Leaves everything so that the next start has nothing to do. Called once, when no transaction
  /// runs any more.
  @Override
  public void close() throws IOException {
    log.close();
    timestamps.close(node == null ? lastTimestamp : node.oracle().last());
    directory.close();
  }
}
