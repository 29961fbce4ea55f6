package io.trencadis.sharding.local;

import io.trencadis.sharding.BackupProgress;
import io.trencadis.sharding.BackupResult;
import io.trencadis.sharding.SessionRelations;
import io.trencadis.storage.Keys;
import io.trencadis.storage.Write;
import io.trencadis.storage.disk.Disk;
import io.trencadis.storage.history.Kept;
import io.trencadis.storage.levels.Flush;
import io.trencadis.storage.levels.NodeStorage;
import io.trencadis.storage.log.LogFiles;
import io.trencadis.storage.log.WriteAheadLog;
import io.trencadis.txn.GlobalName;
import io.trencadis.txn.HeldRecord;
import io.trencadis.txn.HeldRow;
import io.trencadis.txn.codec.HeldRowCodec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/// A backup that is made of rows instead of files: what the shards of a cluster had at one
/// timestamp becomes the backup of a node on its own with as many shards. Every row's version is of
/// that timestamp; transactions that are prepared by name are so on that node.
public final class RowBackup extends BackupWork {
  /// A row has so many bytes in a memtable besides its own.
  private static final int ROW_OVERHEAD = 64;

  /// Handed over at once.
  private static final int ROWS_AT_ONCE = 1_024;

  /// Where the rows come from. Used by the thread that makes the backup.
  public interface Source {
    /// Which time they are of.
    long timestamp();

    /// Gives all rows of a shard, in key order.
    void read(int shard, BiConsumer<byte[], byte[]> row) throws IOException;
  }

  private final Disk disk;
  private final LocalConfig config;
  private final int shards;
  private final long expected;
  private final Source source;

  // Of the thread that works.
  private final Map<Long, List<HeldRow>> held = new TreeMap<>();
  private NodeStorage storage;
  private long gathered;

  private RowBackup(
      Disk disk,
      Path own,
      Path target,
      LocalConfig config,
      int shards,
      long expected,
      Source source) {
    super(disk, own, target);
    this.disk = disk;
    this.config = config;
    this.shards = shards;
    this.expected = expected;
    this.source = source;
  }

  /// Makes a backup. What was written of one that fails is removed.
  ///
  /// @param own the data directory of whoever makes it, which the backup must not lie in
  /// @param config of the node that is to use the backup
  /// @param expected about how many bytes of rows there are
  /// @throws io.trencadis.base.SqlException as [io.trencadis.sharding.Gateway#backup]
  /// @throws InterruptedException if the caller was interrupted; the backup has been given up
  public static BackupResult run(
      Disk disk,
      Path own,
      Path target,
      LocalConfig config,
      int shards,
      long expected,
      Source source,
      BackupProgress progress)
      throws InterruptedException {
    return new RowBackup(disk, own, target, config, shards, expected, source).run(progress);
  }

  @Override
  BackupResult copyAll() throws IOException {
    expect(2 * expected);
    long timestamp = source.timestamp();
    Path tree = made(data().resolve("tree"));
    disk.createDirectories(tree);
    Path file = made(tree.resolve("data.mdb"));
    Path lock = made(tree.resolve("lock.mdb"));
    storage =
        NodeStorage.open(config.tree().open(tree, shards), config.history(), config.storage());
    try {
      for (int shard = 0; shard < shards; shard++) {
        copyShard(shard, timestamp);
      }
      flush(timestamp, preparedByName());
    } finally {
      storage.close();
    }
    disk.delete(lock);
    disk.syncDirectory(tree);
    long bytes = sizeOf(file);
    add("tree/data.mdb", bytes, bytes, copy().checksum(file, bytes));
    long end = writeLog();
    writeTimestamps(timestamp);
    return complete(timestamp, end, shards);
  }

  private void copyShard(int shard, long timestamp) throws IOException {
    List<Write> batch = new ArrayList<>();
    source.read(
        shard,
        (key, value) -> {
          int relation = Keys.relationId(key);
          if (SessionRelations.has(relation)) {
            return;
          }
          if (relation == HeldRow.RELATION) {
            HeldRow row = HeldRowCodec.decode(value);
            held.computeIfAbsent(row.txn(), _ -> new ArrayList<>()).add(row);
            return;
          }
          batch.add(Write.of(key, value));
          gathered += key.length + value.length + ROW_OVERHEAD;
          if (batch.size() == ROWS_AT_ONCE) {
            apply(shard, batch, timestamp);
          }
        });
    apply(shard, batch, timestamp);
  }

  private void apply(int shard, List<Write> batch, long timestamp) {
    long bytes = 0;
    for (Write write : batch) {
      bytes += write.key().length + write.value().length;
    }
    storage.shard(shard).apply(List.copyOf(batch), timestamp, 0);
    batch.clear();
    advanced(bytes);
    if (gathered >= config.storage().memtableBytes() / 2) {
      flush(timestamp, Map.of());
    }
  }

  private void flush(long timestamp, Map<String, byte[]> metadata) {
    Flush flush = storage.beginFlush(0, Kept.from(timestamp));
    for (int shard = 0; shard < shards; shard++) {
      flush.freeze(shard);
    }
    flush.write(metadata);
    gathered = 0;
  }

  /// As the log of one node would have them. They get new ids: the old ones may come again in
  /// another cluster.
  private Map<String, byte[]> preparedByName() {
    List<List<HeldRow>> all = new ArrayList<>(held.values());
    all.sort(
        Comparator.comparingLong((List<HeldRow> rows) -> rows.getFirst().name().preparedMicros()));
    Map<String, byte[]> metadata = new LinkedHashMap<>();
    long txn = 0;
    for (List<HeldRow> rows : all) {
      GlobalName name = rows.getFirst().name();
      HeldRecord record = new HeldRecord(++txn, name, rows.stream().map(HeldRow::part).toList());
      metadata.put(HeldTable.name(txn), TxnRecords.encode(record));
    }
    return metadata;
  }

  /// A log with nothing in it.
  private long writeLog() throws IOException {
    Path making = made(data().resolve("making"));
    try {
      WriteAheadLog log =
          WriteAheadLog.open(
              disk, making, config.log(), 0, (_, _) -> {}, RowBackup::cannotBeWritten);
      log.close();
      long end = log.durable();
      Path wal = made(data().resolve("wal"));
      disk.createDirectories(wal);
      for (LogFiles.Piece piece : LogFiles.between(disk, making, 0, end)) {
        Path to = made(wal.resolve(piece.file().getFileName()));
        int checksum = copy().copy(piece.file(), to, piece.used(), piece.used());
        add("wal/" + to.getFileName(), piece.used(), piece.length(), checksum);
      }
      disk.syncDirectory(wal);
      return end;
    } finally {
      for (Path left : disk.list(making)) {
        disk.delete(left);
      }
      disk.delete(making);
    }
  }

  private static void cannotBeWritten(Throwable failure) {
    throw new IllegalStateException("the backup's log cannot be written", failure);
  }

  private void writeTimestamps(long timestamp) throws IOException {
    Path file = made(data().resolve("timestamps"));
    TimestampFile.open(disk, file, RowBackup::cannotBeWritten).close(timestamp);
    long bytes = sizeOf(file);
    add("timestamps", bytes, bytes, copy().checksum(file, bytes));
  }
}
