package io.trencadis.sharding.replica;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.trencadis.base.ByteWriter;
import io.trencadis.storage.Write;
import io.trencadis.storage.disk.RealDisk;
import io.trencadis.storage.history.HeapVersions;
import io.trencadis.storage.history.Kept;
import io.trencadis.storage.levels.Flush;
import io.trencadis.storage.levels.NodeStorage;
import io.trencadis.storage.levels.StorageConfig;
import io.trencadis.storage.run.Run;
import io.trencadis.storage.run.RunDirectory;
import io.trencadis.storage.run.RunEntry;
import io.trencadis.storage.run.RunWriter;
import io.trencadis.storage.tree.LmdbSize;
import io.trencadis.storage.tree.LmdbTree;
import io.trencadis.txn.codec.BranchRecordCodec;
import io.trencadis.txn.distributed.BranchRecord;
import io.trencadis.txn.distributed.Message;
import io.trencadis.txn.distributed.Pieces;
import io.trencadis.txn.lock.WaitGraph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A copy of a shard that is told by its log what a large transaction has written, piece by piece,
/// and what becomes of it, through flushes, crashes and copies of the copy.
class PiecesTest {
  private static final long TXN = 77;
  private static final int OTHER_LOG = 5;
  private static final int ROWS = 200;

  @TempDir Path folder;
  private final List<NodeStorage> open = new ArrayList<>();

  @AfterEach
  void close() {
    open.forEach(NodeStorage::close);
  }

  /// One node's copy in one life.
  private final class Life {
    final Path directory;
    final NodeStorage storage;
    final RunDirectory runs;
    final ShardReplica replica;
    final AtomicReference<Throwable> failed = new AtomicReference<>();
    byte[] kept;

    Life(String name) throws IOException {
      directory = folder.resolve(name);
      Files.createDirectories(directory);
      storage =
          NodeStorage.open(
              LmdbTree.open(directory.resolve("tree"), 1, LmdbSize.DEFAULT),
              _ -> new HeapVersions(),
              new StorageConfig(1 << 22, 1 << 20, 100));
      open.add(storage);
      runs = new RunDirectory(new RealDisk(), directory.resolve("runs"));
      replica =
          new ShardReplica(
              0,
              storage.shard(0),
              storage.meta("replica/0"),
              new ShardReplica.Surroundings(
                  null, new WaitGraph(), runs, null, null, null, null, null, failed::set));
      runs.retain(replica.runs());
    }

    /// What was not flushed is lost.
    Life crash() throws IOException {
      storage.close();
      open.remove(storage);
      return new Life(directory.getFileName().toString());
    }

    void apply(long index, BranchRecord record) {
      ByteWriter bytes = new ByteWriter();
      BranchRecordCodec.encode(bytes, record);
      replica.apply(index, bytes.toByteArray());
      assertNull(failed.get());
    }

    void flush() throws IOException {
      Map<String, byte[]> states = new HashMap<>();
      Flush flush = storage.beginFlush(0, Kept.from(0));
      replica.freeze(flush, state -> kept = state);
      states.put("replica/0", kept);
      replica.force();
      flush.write(states);
      replica.flushed();
    }

    int files() throws IOException {
      return runs.files().size();
    }

    void assertRows(int count, int value) {
      List<byte[]> rows = replica.rows();
      assertEquals(count, rows.size() / 2);
      for (int i = 1; i < rows.size(); i += 2) {
        assertArrayEquals(row(value), rows.get(i));
      }
    }
  }

  private static byte[] key(int n) {
    return new byte[] {0, 0, 0, 70, (byte) (n >>> 8), (byte) n};
  }

  private static byte[] row(int value) {
    return new byte[] {1, (byte) value};
  }

  private static List<RunEntry> entries(int from, int to, int value) {
    List<RunEntry> entries = new ArrayList<>();
    for (int n = from; n < to; n++) {
      entries.add(new RunEntry(key(n), 0, true, row(value)));
    }
    return entries;
  }

  private static BranchRecord piece(int from, int to) {
    return new BranchRecord.Piece(TXN, 0, entries(from, to, 1));
  }

  private static BranchRecord prepared() {
    BranchRecord.Part part = new BranchRecord.Part(0, List.of(), List.of());
    return new BranchRecord.Prepared(TXN, OTHER_LOG, List.of(0, OTHER_LOG), List.of(part));
  }

  private static BranchRecord committedRow(long txn, int n, int value, long commitTs) {
    BranchRecord.Part part =
        new BranchRecord.Part(0, List.of(Write.of(key(n), row(value))), List.of());
    return new BranchRecord.Decided(txn, commitTs, List.of(0), List.of(part));
  }

  @Test
  void piecesSurviveFlushesAndCrashesAndAreRowsWhenItCommits() throws IOException {
    Life copy = new Life("copy");
    copy.apply(1, piece(0, 60));
    copy.apply(2, piece(60, 100));
    copy.flush();
    copy.apply(3, piece(100, 150));
    copy = copy.crash();
    // Of what the flush has covered nothing comes again.
    copy.apply(3, piece(100, 150));
    copy.apply(4, piece(150, ROWS));
    copy.apply(5, prepared());
    copy.flush();
    copy = copy.crash();
    copy.assertRows(0, 1);
    copy.apply(6, new BranchRecord.Resolved(TXN, 100));
    copy.assertRows(ROWS, 1);
    copy = copy.crash();
    copy.assertRows(0, 1);
    copy.apply(6, new BranchRecord.Resolved(TXN, 100));
    copy.flush();
    assertEquals(0, copy.files());
    copy = copy.crash();
    copy.assertRows(ROWS, 1);
  }

  @Test
  void whatIsGivenUpLeavesNothing() throws IOException {
    for (BranchRecord end :
        List.of(
            new BranchRecord.Dropped(TXN),
            new BranchRecord.Decided(TXN, Message.ABORTED, List.of(), List.of()),
            new BranchRecord.Resolved(TXN, Message.ABORTED))) {
      Life copy = new Life(end.getClass().getSimpleName());
      copy.apply(1, piece(0, 100));
      copy.flush();
      copy.apply(2, piece(100, ROWS));
      copy.apply(3, end);
      // The flush that names the file counts until the next one.
      copy = copy.crash();
      assertEquals(1, copy.files());
      copy.apply(2, piece(100, ROWS));
      copy.apply(3, end);
      copy.flush();
      copy.assertRows(0, 1);
      assertEquals(0, copy.files());
      copy.crash();
    }
  }

  @Test
  void whoBeginsWithACopyHasThePiecesToo() throws IOException {
    Life from = new Life("from");
    from.apply(1, committedRow(1, ROWS, 1, 50));
    from.apply(2, piece(0, 100));
    from.flush();
    from.apply(3, piece(100, ROWS));
    from.apply(4, prepared());
    Path snapshot = Files.createDirectories(folder.resolve("snapshot"));
    from.replica.copy(snapshot);

    Life to = new Life("to");
    to.apply(1, new BranchRecord.Piece(8, 0, entries(0, 10, 9)));
    to.replica.load(snapshot, 4);
    to.assertRows(1, 1);
    to = reloadedAfterACrash(to, snapshot);
    for (Life each : List.of(from, to)) {
      each.apply(5, new BranchRecord.Resolved(TXN, 100));
      each.assertRows(ROWS + 1, 1);
      each.flush();
      assertEquals(0, each.files());
    }
  }

  /// As a start does that finds the snapshot ahead of the tree.
  private static Life reloadedAfterACrash(Life life, Path snapshot) throws IOException {
    Life next = life.crash();
    next.replica.load(snapshot, 4);
    next.assertRows(1, 1);
    next.flush();
    next = next.crash();
    next.assertRows(1, 1);
    return next;
  }

  @Test
  void aSnapshotOfItsOwnWhoseRowsNobodyWantedIsInTheTree() throws IOException {
    Life copy = new Life("own");
    copy.apply(2, committedRow(1, 0, 1, 50));
    copy.flush();
    copy = copy.crash();
    // Of an entry that is no record, behind the last one.
    copy.replica.load(Files.createDirectories(folder.resolve("empty")), 3);
    copy.assertRows(1, 1);
    copy.apply(4, committedRow(2, 1, 1, 60));
    copy.assertRows(2, 1);
  }

  @Test
  void rowsThatWereCopiedWhileCommitsWentOnAreNotHiddenByAnEarlierCommit() throws IOException {
    Life from = new Life("from");
    from.apply(1, piece(0, ROWS));
    from.apply(2, prepared());
    from.flush();
    byte[] known = from.kept;
    Run run;
    try (RunWriter writer = from.runs.create(0)) {
      for (RunEntry entry : entries(0, ROWS, 1)) {
        writer.add(entry.key(), 0, true, entry.value());
      }
      run = writer.finish();
    }
    from.apply(3, new BranchRecord.Resolved(TXN, 100));
    from.apply(4, committedRow(2, 7, 2, 110));
    from.apply(5, new BranchRecord.Decided(3, 120, List.of(0), deletionOf(8)));
    // As if all of that had come between the state and the rows.
    Path snapshot = Files.createDirectories(folder.resolve("snapshot"));
    ShardSnapshot.write(
        snapshot,
        new ShardSnapshot.State(known, List.of(new Pieces.Written(TXN, 0, List.of(run)))),
        from.storage.shard(0));

    Life to = new Life("to");
    to.replica.load(snapshot, 2);
    to.apply(3, new BranchRecord.Resolved(TXN, 100));
    to.apply(4, committedRow(2, 7, 2, 110));
    to.apply(5, new BranchRecord.Decided(3, 120, List.of(0), deletionOf(8)));
    for (int round = 0; round < 2; round++) {
      assertEquals(ROWS - 1, to.replica.rows().size() / 2);
      assertArrayEquals(row(2), to.storage.shard(0).latest(key(7)).value());
      assertNull(to.storage.shard(0).latest(key(8)).value());
      assertArrayEquals(row(1), to.storage.shard(0).latest(key(9)).value());
      to.flush();
    }
    assertEquals(0, to.files());
  }

  private static List<BranchRecord.Part> deletionOf(int n) {
    return List.of(new BranchRecord.Part(0, List.of(Write.of(key(n), null)), List.of()));
  }
}
