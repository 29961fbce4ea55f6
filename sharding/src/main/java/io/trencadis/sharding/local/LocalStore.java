package io.trencadis.sharding.local;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sharding.BackupProgress;
import io.trencadis.sharding.BackupResult;
import io.trencadis.sharding.Node;
import io.trencadis.sharding.NodeCounters;
import io.trencadis.sharding.NodeStore;
import io.trencadis.sharding.StoreFigures;
import io.trencadis.storage.ShardStore;
import io.trencadis.storage.Write;
import io.trencadis.storage.disk.DiskFullException;
import io.trencadis.storage.history.Kept;
import io.trencadis.storage.levels.Flush;
import io.trencadis.storage.levels.LevelledStore;
import io.trencadis.storage.levels.NodeStorage;
import io.trencadis.storage.log.LogFailedException;
import io.trencadis.storage.log.LogMetrics;
import io.trencadis.storage.log.WriteAheadLog;
import io.trencadis.storage.run.Run;
import io.trencadis.storage.run.RunDirectory;
import io.trencadis.storage.tree.BaseTree;
import io.trencadis.txn.DecisionLog;
import io.trencadis.txn.DecisionRecord;
import io.trencadis.txn.HeldRecord;
import io.trencadis.txn.HeldRow;
import io.trencadis.txn.RollbackRecord;
import io.trencadis.txn.TxnRecord;
import io.trencadis.txn.codec.HeldRowCodec;
import io.trencadis.txn.lock.HeldLock;
import io.trencadis.txn.oracle.TimestampOracle;
import io.trencadis.txn.participant.LargeWrites;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// A node's data on its own disk, unreplicated: a decision is one record of the write-ahead log,
/// and one fsync, shared with whoever commits at the same moment (rule 3).
///
/// Thread-safe once opened.
public final class LocalStore implements NodeStore, DecisionLog, StoreFigures, Closeable {
  private static final System.Logger LOG = System.getLogger(LocalStore.class.getName());

  /// A flush is thought of once in so many decisions, or with one of so many bytes.
  private static final int LOOK_EVERY = 64;

  private static final int LARGE_RECORD = 1 << 16;

  /// Of one decision, so that it fits a log record.
  private static final long MOST_BYTES = 1_000_000_000;

  private static final int WRITE_OVERHEAD = 8;
  private static final int LOCK_OVERHEAD = 12;

  private final DataDirectory directory;
  private final LocalConfig config;
  private final Consumer<Throwable> onFailure;
  private final NodeStorage storage;
  private final TimestampFile timestamps;
  private final long lastTimestamp;
  private final HeldTable held;
  private final WriteAheadLog log;
  private final RunDirectory runs;
  private final LargeWrites largeWrites;
  private final List<HeldRecord> heldAtStart;
  private Node node;
  private volatile Flusher flusher;
  private int appends;

  private LocalStore(
      DataDirectory directory, int shards, LocalConfig config, Consumer<Throwable> onFailure)
      throws IOException {
    this.directory = directory;
    this.config = config;
    this.onFailure = onFailure;
    timestamps = TimestampFile.open(directory.disk(), directory.timestamps(), onFailure::accept);
    storage =
        NodeStorage.open(
            config.tree().open(directory.tree(), shards), config.history(), config.storage());
    runs = new RunDirectory(directory.disk(), directory.runs());
    storage.heldRuns().forEach(runs::taken);
    largeWrites = new LargeWrites(runs, config.largeBytes(), config.largeBytesTogether());
    Set<Long> named = new HashSet<>();
    held = new HeldTable(storage);
    log =
        WriteAheadLog.open(
            directory.disk(),
            directory.log(),
            config.log(),
            storage.coveredPosition(),
            (end, body) -> replay(storage, held, runs, named, end, body),
            onFailure::accept);
    runs.retain(named);
    heldAtStart = held.records();
    lastTimestamp = Math.max(timestamps.bound(), storage.highestCommitTs());
  }

  /// Opens the directory's data and recovers what the log has of it.
  ///
  /// @param shards how many a new directory gets; one that exists keeps what it has
  /// @param onFailure told that the disk failed: the node must stop at once, for nobody knows what
  ///   of its last writes is there
  /// @throws IOException if the data cannot be read; its message names file and place
  public static LocalStore open(
      DataDirectory directory, int shards, LocalConfig config, Consumer<Throwable> onFailure)
      throws IOException {
    int count = directory.isNew() ? shards : directory.shards();
    LocalStore store = new LocalStore(directory, count, config, onFailure);
    if (directory.isNew()) {
      directory.create(count);
    } else {
      directory.upgrade();
    }
    return store;
  }

  /// Applies a record of the log to the stores, and to the table of those prepared by name.
  ///
  /// @param named gets the ids of the runs that the stores need from now on
  static void replay(
      NodeStorage storage,
      HeldTable held,
      RunDirectory runs,
      Set<Long> named,
      long end,
      ByteBuffer body)
      throws IOException {
    ByteBuffer whole = body.duplicate();
    TxnRecord record =
        TxnRecords.decode(
            body,
            id -> {
              runs.taken(id);
              if (storage.heldRuns().contains(id)) {
                return null;
              }
              named.add(id);
              return runs.open(id);
            });
    byte[] copy = null;
    if (record instanceof HeldRecord) {
      copy = new byte[whole.remaining()];
      whole.get(copy);
    }
    held.apply(record, copy);
    if (record instanceof DecisionRecord decision) {
      replay(storage, end, decision);
    }
  }

  private static void replay(NodeStorage storage, long end, DecisionRecord record)
      throws IOException {
    for (DecisionRecord.ShardWrites shard : record.writes()) {
      if (shard.shard() >= storage.shards()) {
        throw new IOException(
            "the log names shard "
                + shard.shard()
                + " of "
                + storage.shards()
                + ": this directory's"
                + " files do not belong together");
      }
      LevelledStore store = storage.shard(shard.shard());
      if (!shard.runs().isEmpty()) {
        store.applyRuns(shard.runs(), record.commitTs(), end);
      }
      store.apply(shard.writes(), record.commitTs(), end);
    }
  }

  @Override
  public int shardCount() {
    return storage.shards();
  }

  @Override
  public ShardStore shard(int shard) {
    return storage.shard(shard);
  }

  @Override
  public DecisionLog log() {
    return this;
  }

  @Override
  public LargeWrites largeWrites() {
    return largeWrites;
  }

  @Override
  public void makeDurable(List<Run> written) {
    try {
      for (Run run : written) {
        run.force();
      }
    } catch (DiskFullException full) {
      throw full.toSqlException();
    } catch (IOException e) {
      onFailure.accept(e);
      throw new SqlException(SqlState.IO_ERROR, "the server is stopping: " + e.getMessage(), e);
    }
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
  public List<HeldRecord> held() {
    return heldAtStart;
  }

  @Override
  public TimestampOracle.BoundKeeper boundKeeper() {
    return timestamps;
  }

  @Override
  public void attached(Node server) {
    node = server;
    flusher = new Flusher(server, storage, log, runs, held, config.flushLogBytes(), onFailure);
    storage.onRuns(flusher::wake);
    if (flusher.isDue()) {
      // What this start had to replay, the next one should not have to again.
      flusher.wake();
    }
  }

  @Override
  public void checkpoint() throws InterruptedException {
    flusher.checkpoint();
  }

  @Override
  public BackupResult backup(Path target, BackupProgress progress) throws InterruptedException {
    return new Backup(directory, node, storage, log, runs, flusher, target).run(progress);
  }

  @Override
  public NodeCounters counters() {
    return NodeCounters.of(0, 0, logMetrics());
  }

  @Override
  public LogMetrics logMetrics() {
    return log.metrics();
  }

  @Override
  public long uncoveredLogBytes() {
    return Math.max(0, log.durable() - storage.coveredPosition());
  }

  @Override
  public NodeStorage storage() {
    return storage;
  }

  /// Lets a flush begin where one is due, and waits where memory is full.
  private void makeRoom(int bytes) throws InterruptedException {
    // A lost update of the counter only shifts when it is looked.
    if (++appends % LOOK_EVERY != 0 && bytes < LARGE_RECORD) {
      return;
    }
    if (flusher.isDue()) {
      flusher.wake();
    }
    if (storage.full()) {
      storage.awaitRoom();
    }
  }

  @Override
  public void append(TxnRecord record, Outcome outcome) {
    long position;
    byte[] body;
    try {
      requireLoggable(record);
      body = TxnRecords.encode(record);
      makeRoom(body.length);
      position = log.append(body);
    } catch (SqlException refused) {
      outcome.refused(refused);
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      outcome.refused(
          new SqlException(SqlState.QUERY_CANCELED, "canceling statement due to user request"));
      return;
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
    outcome.appended(position);
    byte[] kept = record instanceof HeldRecord ? body : null;
    log.whenDurable(
        position,
        failure -> {
          if (failure == null) {
            held.apply(record, kept);
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

  @Override
  public long durable() {
    return log.durable();
  }

  @Override
  public void awaitDurable(long position) {
    try {
      log.awaitDurable(position);
    } catch (LogFailedException failed) {
      throw new SqlException(
          SqlState.IO_ERROR, "the server is stopping: " + failed.getMessage(), failed);
    }
  }

  /// Ends its threads and leaves the files as they are, as a crash would.
  void abandon() {
    if (flusher != null) {
      flusher.close();
    }
    try {
      log.close();
    } catch (IOException expected) {
      // What could not be written is lost, as in a crash.
    }
  }

  /// A record is one piece of bounded length, and the tree takes keys up to a limit: what does not
  /// fit is refused while nothing of it is written.
  private static void requireLoggable(TxnRecord record) {
    long bytes = 0;
    switch (record) {
      case DecisionRecord decision -> {
        for (DecisionRecord.ShardWrites shard : decision.writes()) {
          bytes += requireLoggable(shard.writes());
        }
      }
      case HeldRecord held -> {
        for (HeldRecord.Part part : held.parts()) {
          bytes += requireLoggable(part.writes());
          for (HeldLock lock : part.locks()) {
            bytes += LOCK_OVERHEAD + (lock.key() == null ? 0 : lock.key().length);
          }
          bytes += part.reads() == null ? 0 : part.reads().bytes();
        }
      }
      case RollbackRecord _ -> {}
    }
    if (bytes > MOST_BYTES) {
      throw new SqlException(
              SqlState.PROGRAM_LIMIT_EXCEEDED,
              "the transaction has written " + bytes + " bytes, more than one may")
          .detail("At most " + MOST_BYTES + " bytes can be committed at once.")
          .hint("Commit in smaller pieces.");
    }
  }

  private static long requireLoggable(Collection<? extends Write> writes) {
    long bytes = 0;
    for (Write write : writes) {
      bytes += WRITE_OVERHEAD + write.key().length;
      bytes += write.value() == null ? 0 : write.value().length;
      if (write.key().length > BaseTree.MAX_KEY_BYTES) {
        throw new SqlException(
            SqlState.PROGRAM_LIMIT_EXCEEDED,
            "a key of " + write.key().length + " bytes is longer than " + BaseTree.MAX_KEY_BYTES);
      }
    }
    return bytes;
  }

  /// Moves all that the log has down to the base tree, of a store that no node serves, and leaves
  /// it as that of a cluster's node: what is prepared by name becomes rows.
  ///
  /// @param beside what the tree is to hold besides rows, by name
  public void flushAll(Map<String, byte[]> beside) throws IOException, InterruptedException {
    for (HeldRecord record : heldAtStart) {
      for (HeldRow row : HeldRow.of(record)) {
        Write write = Write.of(HeldRow.key(row.name().gid()), HeldRowCodec.encode(row));
        storage.shard(row.part().shard()).apply(List.of(write), lastTimestamp, log.end());
      }
    }
    Map<String, byte[]> metadata = new HashMap<>(beside);
    metadata.putAll(held.removal());
    do {
      Flush flush = storage.beginFlush(log.end(), Kept.from(lastTimestamp));
      for (int shard = 0; shard < storage.shards(); shard++) {
        flush.freeze(shard);
      }
      flush.write(metadata);
    } while (storage.hasRuns());
    log.recycle(storage.coveredPosition());
  }

  /// Leaves everything so that the next start has nothing to do. Called once, when no transaction
  /// runs any more.
  @Override
  public void close() throws IOException {
    if (flusher != null) {
      flusher.hurry();
      try {
        flusher.checkpoint();
      } catch (SqlException diskFull) {
        // The log has it all.
        LOG.log(
            System.Logger.Level.WARNING, "stopping without a checkpoint: " + diskFull.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      flusher.close();
    }
    log.close();
    storage.close();
    timestamps.close(node == null ? lastTimestamp : node.oracle().last());
    directory.close();
  }
}
