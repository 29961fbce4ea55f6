package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.sharding.local.OfflineDirectory;
import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.CatalogStore;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.storage.Keys;
import io.trencadis.storage.RowScan;
import io.trencadis.storage.ShardStore;
import io.trencadis.storage.StoredVersion;
import io.trencadis.storage.tree.LmdbSize;
import io.trencadis.storage.tree.LmdbTree;
import io.trencadis.storage.tree.TreeWriter;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What `trencadis verify` says about directories that a killed server has left, sound ones and
/// damaged ones; and that it changes nothing in them.
class VerifyTest {
  private ServerProcess server;
  private Path data;

  @BeforeEach
  void start() throws Exception {
    server = ServerProcess.start();
    data = server.data();
    sql(
        "CREATE TABLE t (id int PRIMARY KEY, code text UNIQUE, n int)",
        "CREATE INDEX t_n ON t (n)",
        "INSERT INTO t SELECT g, 'code ' || g, g % 7 FROM generate_series(1, 200) g");
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private void sql(String... statements) throws Exception {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
    }
  }

  /// Leaves all in the base tree.
  private void flushAndKill() throws Exception {
    sql("CHECKPOINT");
    server.kill();
  }

  private CommandRun verify() throws Exception {
    Map<String, String> before = picture();
    CommandRun run = CommandRun.of("verify", data);
    assertEquals(before, picture(), "verify has changed something");
    return run;
  }

  /// Every file's length, time of change and contents.
  private Map<String, String> picture() throws Exception {
    Map<String, String> picture = new TreeMap<>();
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.toList()) {
        String digest =
            Files.isDirectory(file)
                ? ""
                : HexFormat.of()
                    .formatHex(
                        MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        picture.put(file.toString(), Files.getLastModifiedTime(file) + " " + digest);
      }
    }
    return picture;
  }

  private void assertSound(String... said) throws Exception {
    CommandRun run = verify();
    assertEquals(0, run.exitCode(), run.out() + run.err());
    assertTrue(run.out().endsWith("No damage found.\n"), run.out());
    for (String each : said) {
      assertTrue(run.out().contains(each), run.out());
    }
  }

  private void assertDamaged(String... said) throws Exception {
    CommandRun run = verify();
    assertEquals(1, run.exitCode(), run.out() + run.err());
    for (String each : said) {
      assertTrue(run.out().contains(each), each + " in\n" + run.out());
    }
    assertTrue(run.out().contains("What to do: "), run.out());
  }

  @Test
  void aKilledServerLeavesASoundDirectory() throws Exception {
    TransferWorkload workload = new TransferWorkload(server::connect);
    workload.create();
    workload.begin(3, 1);
    workload.awaitMoves(50);
    sql("CHECKPOINT");
    workload.awaitMoves(100);
    server.kill();
    assertSound("tables      3 with ", " records to replay; not closed, as after a crash");
    server.restart();
    server.kill();
    assertSound();
    try {
      workload.end();
    } catch (AssertionError killed) {
      // Its clients lost their server.
    }
  }

  @Test
  void rowsAndEntriesAreCountedWhereverTheyAre() throws Exception {
    server.kill();
    assertSound(
        "base tree   0 rows", "1 with 200 rows; 2 indexes beside primary keys, with 400 entries");
    server.restart();
    flushAndKill();
    assertSound(
        "1 with 200 rows; 2 indexes beside primary keys, with 400 entries",
        ", 0 records to replay");
  }

  @Test
  void aServerInTheDirectoryIsNotDisturbed() throws Exception {
    CommandRun run = CommandRun.of("verify", data);
    assertEquals(2, run.exitCode());
    assertEquals(
        "trencadis: the data directory "
            + data
            + " is in use: stop its server first (lock file \""
            + data.resolve("trencadis.lock")
            + "\" is held by a running server)\n",
        run.err());
    assertEquals("", run.out());
    sql("INSERT INTO t VALUES (1000, 'still here', 0)");
  }

  @Test
  void whatIsNoDataDirectoryIsSaidSo() {
    CommandRun missing = CommandRun.of("verify", data.resolve("none"));
    assertEquals(2, missing.exitCode());
    assertEquals("trencadis: " + data.resolve("none") + " does not exist\n", missing.err());
    CommandRun other = CommandRun.of("verify", data.resolve("wal"));
    assertEquals(2, other.exitCode());
    assertTrue(other.err().contains("is no data directory"), other.err());
    assertEquals(2, CommandRun.of("verify").exitCode());
  }

  private Path firstSegment() {
    return data.resolve("wal").resolve("0000000000000000.wal");
  }

  private static void flip(Path file, long offset) throws IOException {
    try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
      opened.seek(offset);
      int value = opened.read();
      opened.seek(offset);
      opened.write(value ^ 0x10);
    }
  }

  private static int find(byte[] in, byte[] what) {
    for (int at = 0; at <= in.length - what.length; at++) {
      if (java.util.Arrays.equals(in, at, at + what.length, what, 0, what.length)) {
        return at;
      }
    }
    throw new AssertionError("not there");
  }

  @Test
  void aFlippedByteInTheLogIsFound() throws Exception {
    sql("INSERT INTO t VALUES (1001, 'needle in the log', 1)");
    sql("INSERT INTO t VALUES (1002, 'later', 1)", "INSERT INTO t VALUES (1003, 'last', 1)");
    server.kill();
    byte[] bytes = Files.readAllBytes(firstSegment());
    int at = find(bytes, "needle in the log".getBytes(StandardCharsets.UTF_8));
    flip(firstSegment(), at);
    assertDamaged(
        "DAMAGE: log segment \"" + firstSegment() + "\" is damaged at offset ",
        "a later record at position ");
    CommandRun run = verify();
    String offset = run.out().replaceAll("(?s).*damaged at offset ([0-9]+).*", "$1");
    // The record begins before the byte, and not far.
    assertTrue(Long.parseLong(offset) < at && at - Long.parseLong(offset) < 1000, offset);
  }

  @Test
  void aTornEndIsNoDamage() throws Exception {
    sql("INSERT INTO t VALUES (1001, 'needle in the log', 1)");
    server.kill();
    byte[] bytes = Files.readAllBytes(firstSegment());
    flip(firstSegment(), find(bytes, "needle in the log".getBytes(StandardCharsets.UTF_8)));
    assertSound("its end torn by a crash", "with 200 rows");
  }

  @Test
  void aFlippedByteInTheTreeIsFound() throws Exception {
    sql("INSERT INTO t VALUES (1001, 'needle in the tree', 1)");
    flushAndKill();
    Path file = data.resolve("tree").resolve("data.mdb");
    byte[] bytes = Files.readAllBytes(file);
    byte[] needle = "needle in the tree".getBytes(StandardCharsets.UTF_8);
    int flipped = 0;
    for (int at = 0; at <= bytes.length - needle.length; at++) {
      if (java.util.Arrays.equals(bytes, at, at + needle.length, needle, 0, needle.length)) {
        flip(file, at + 3);
        flipped++;
      }
    }
    assertTrue(flipped > 0);
    assertDamaged("DAMAGE: base tree: ");
  }

  @Test
  void aTreeThatIsCutShortIsFound() throws Exception {
    sql("INSERT INTO t SELECT g, repeat('x', 500) || g, 1 FROM generate_series(2000, 8000) g");
    flushAndKill();
    Path file = data.resolve("tree").resolve("data.mdb");
    try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
      opened.setLength(opened.length() / 4 / 4096 * 4096);
    }
    assertDamaged("DAMAGE: base tree: the base tree in " + data.resolve("tree") + " has ");
  }

  /// One entry of an index.
  private record Entry(int shard, byte[] key, byte[] value, long commitTs) {}

  private Entry firstEntry(String index) throws IOException {
    try (OfflineDirectory directory = OfflineDirectory.open(data)) {
      directory.openTree();
      directory.checkLog(_ -> {});
      long timestamp = directory.highestCommitTs();
      Catalog catalog =
          CatalogStore.read(directory.stores().get(CatalogStore.META_SHARD), timestamp);
      int relation = relation(catalog, index);
      for (int shard = 0; shard < directory.shards(); shard++) {
        ShardStore store = directory.stores().get(shard);
        RowScan scan =
            store.scan(Keys.relationStart(relation), Keys.relationEnd(relation), timestamp, false);
        if (scan.next()) {
          return new Entry(shard, scan.key(), scan.value(), scan.commitTs());
        }
      }
    }
    throw new AssertionError("index " + index + " is empty");
  }

  private static int relation(Catalog catalog, String index) {
    for (TableDescriptor table : catalog.all(TableDescriptor.class)) {
      for (IndexDescriptor each : table.indexes()) {
        if (each.name().equals(index)) {
          return each.relationId();
        }
      }
    }
    throw new AssertionError("no index " + index);
  }

  private void changeTree(Consumer<TreeWriter> change) {
    try (LmdbTree tree = LmdbTree.open(data.resolve("tree"), 4, LmdbSize.DEFAULT)) {
      tree.update(change);
    }
  }

  private void plant(String index, BiConsumer<TreeWriter, Entry> change) throws Exception {
    flushAndKill();
    Entry entry = firstEntry(index);
    changeTree(writer -> change.accept(writer, entry));
  }

  @Test
  void aMissingEntryIsFound() throws Exception {
    plant("t_n", (writer, entry) -> writer.delete(entry.shard, entry.key));
    assertDamaged("DAMAGE: index t_n of table postgres.public.t has no entry for the row (n)=(");
  }

  @Test
  void anEntryWithoutItsRowIsFound() throws Exception {
    plant(
        "t_n",
        (writer, entry) -> {
          byte[] key = entry.key.clone();
          key[key.length - 1] ^= 0x40;
          byte[] value = entry.value.clone();
          value[value.length - 1] ^= 0x40;
          writer.put(entry.shard, key, new StoredVersion(entry.commitTs, 0, value));
        });
    assertDamaged(
        "DAMAGE: index t_n of table postgres.public.t: the entry ",
        " leads to a row that is not there");
  }

  @Test
  void anEntryOfOldValuesIsFound() throws Exception {
    plant(
        "t_n",
        (writer, entry) -> {
          byte[] key = entry.key.clone();
          // The indexed value is the first column behind the relation's four bytes.
          key[8] ^= 0x40;
          writer.put(entry.shard, key, new StoredVersion(entry.commitTs, 0, entry.value));
        });
    assertDamaged("is not that of the row it leads to, which has (n)=(");
  }

  @Test
  void twoRowsWithAKeyThatIsUniqueAreFound() throws Exception {
    plant(
        "t_code_key",
        (writer, entry) -> {
          byte[] value = entry.value.clone();
          // Leads to another row than that which has this code.
          value[value.length - 1] ^= 0x01;
          writer.put(entry.shard, entry.key, new StoredVersion(entry.commitTs, 0, value));
        });
    assertDamaged(
        "DAMAGE: index t_code_key of table postgres.public.t: the entry for the row (code)=(code ",
        " leads to another row: two rows have a key that is unique");
  }

  @Test
  void misplacedRowsAndAnUnreadableBoundAreFound() throws Exception {
    plant(
        "t_pkey",
        (writer, row) ->
            writer.put(
                (row.shard + 1) % 4, row.key, new StoredVersion(row.commitTs, 0, row.value)));
    flip(data.resolve("timestamps"), 20);
    flip(data.resolve("timestamps"), 4096 + 20);
    assertDamaged(
        "DAMAGE: table postgres.public.t: the row under key ",
        " belongs in shard ",
        "DAMAGE: timestamps: " + data.resolve("timestamps") + " holds no timestamp");
  }
}
