package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Backups of a working server, and what is restored from them.
class BackupTest {
  private static final int BACKUPS = 3;

  @TempDir Path folder;

  @Test
  void aBackupUnderLoadIsWholeAndHasAllThatWasAcknowledgedBefore() throws Exception {
    long seed = Long.getLong("backup.seed", System.nanoTime());
    try (ServerProcess server = ServerProcess.start()) {
      TransferWorkload workload = new TransferWorkload(server::connect);
      workload.create();
      workload.begin(4, seed);
      AtomicBoolean done = new AtomicBoolean();
      Thread checkpoints = Thread.ofPlatform().start(() -> checkpoint(server, done));
      List<Path> backups =
          Stream.iterate(0, i -> i + 1).limit(BACKUPS).map(i -> folder.resolve("b" + i)).toList();
      List<Set<Long>> expected = new java.util.ArrayList<>();
      for (Path backup : backups) {
        workload.awaitMoves(100);
        expected.add(workload.acknowledged());
        CommandRun made = CommandRun.of("backup", "--to", backup, "--port", server.port());
        assertEquals(0, made.exitCode(), made.err());
        assertTrue(made.out().startsWith("Backup complete in " + backup + ": "), made.out());
      }
      done.set(true);
      checkpoints.join();
      workload.end();
      for (int i = 0; i < BACKUPS; i++) {
        Path data = folder.resolve("restored" + i);
        CommandRun restored = CommandRun.of("restore", "--from", backups.get(i), "--data", data);
        assertEquals(0, restored.exitCode(), restored.err());
        CommandRun verified = CommandRun.of("verify", data);
        assertEquals(0, verified.exitCode(), verified.out() + verified.err());
        try (ServerProcess copy = ServerProcess.start(data);
            Connection connection = copy.connect()) {
          String fault = TransferWorkload.check(connection, expected.get(i));
          assertNull(fault, () -> fault + " (seed " + seed + ")");
          try (Statement statement = connection.createStatement()) {
            // It is a server like any other: it takes writes, under keys that are new.
            statement.execute("CREATE TABLE later (v int)");
            statement.execute("INSERT INTO later VALUES (1)");
            statement.execute("INSERT INTO move VALUES (-1, 1, 2, 0, 'after the restore')");
            SQLException taken =
                assertThrows(
                    SQLException.class,
                    () -> statement.execute("INSERT INTO move VALUES (-2, 1, 2, 0, 'move 0')"));
            assertEquals("23505", taken.getSQLState());
          }
          copy.kill();
          CommandRun killed = CommandRun.of("verify", data);
          assertEquals(0, killed.exitCode(), killed.out() + killed.err());
        }
      }
    }
  }

  private static void checkpoint(ServerProcess server, AtomicBoolean done) {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      while (!done.get()) {
        statement.execute("CHECKPOINT");
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static String said(CommandRun run) {
    assertEquals("", run.out());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().startsWith("trencadis: "), run.err());
    return run.err().substring("trencadis: ".length()).strip();
  }

  private Path backup(int port, String name) {
    Path backup = folder.resolve(name);
    CommandRun made = CommandRun.of("backup", "--to", backup, "--port", port);
    assertEquals(0, made.exitCode(), made.err());
    return backup;
  }

  @Test
  void whatCannotBeBackedUpIsRefusedInALine() throws Exception {
    try (RunningServer server = RunningServer.start();
        Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      Path full = Files.createDirectory(folder.resolve("full"));
      Files.createFile(full.resolve("something"));
      CommandRun notEmpty = CommandRun.of("backup", "--to", full, "--port", server.port());
      assertEquals(1, notEmpty.exitCode());
      assertEquals(
          "directory \""
              + full
              + "\" exists but is not empty. "
              + "Give a directory that is empty, or one that does not exist.",
          said(notEmpty));
      assertEquals(1, Files.list(full).count());
      statement.execute("CREATE ROLE plain LOGIN");
      CommandRun plain =
          CommandRun.of(
              "backup", "--to", folder.resolve("p"), "--port", server.port(), "--user", "plain");
      assertEquals(1, plain.exitCode());
      assertEquals("permission denied for function trencadis_backup", said(plain));
      assertFalse(Files.exists(folder.resolve("p")));
      CommandRun nobody =
          CommandRun.of(
              "backup", "--to", folder.resolve("p"), "--port", server.port(), "--user", "nobody");
      assertEquals("role \"nobody\" does not exist", said(nobody));
      SQLException relative =
          assertThrows(SQLException.class, () -> statement.execute("SELECT trencadis_backup('b')"));
      assertEquals("42602", relative.getSQLState());
      // Nothing of these tries is left, so that the next one succeeds.
      backup(server.port(), "good");
    }
  }

  @Test
  void noServerIsSaidSo() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    CommandRun run = CommandRun.of("backup", "--to", folder.resolve("b"), "--port", port);
    assertEquals(1, run.exitCode());
    assertEquals(
        "no server answers at 127.0.0.1:" + port + ". Start it, or give its --host and --port.",
        said(run));
  }

  @Test
  void onlyACompleteAndSoundBackupIsRestored() throws Exception {
    Path backup;
    try (RunningServer server = RunningServer.start()) {
      try (Connection connection = server.connect();
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE t (id int PRIMARY KEY)");
      }
      backup = backup(server.port(), "backup");
    }
    Path data = folder.resolve("data");
    Path manifest = backup.resolve("manifest");
    String text = Files.readString(manifest);

    // Interrupted: no manifest.
    Files.delete(manifest);
    assertRefused(
        backup + " is a backup that was never completed: it has no manifest. Make a new one",
        backup,
        data);
    Path nothing = Files.createDirectory(folder.resolve("nothing"));
    assertRefused(nothing + " is no backup: it has no manifest", nothing, data);

    Files.writeString(manifest, text.replaceFirst("shards = 4", "shards = 5"));
    assertRefused(manifest + " is damaged: use another backup", backup, data);
    Files.writeString(manifest, text);

    Path tree = backup.resolve("data/tree/data.mdb");
    byte[] bytes = Files.readAllBytes(tree);
    bytes[bytes.length / 2] ^= 1;
    Files.write(tree, bytes);
    assertRefused(
        tree + " is damaged: its checksum is not the manifest's. Use another backup", backup, data);
    assertEquals(0, Files.list(data).count(), "nothing is left of the try");
    bytes[bytes.length / 2] ^= 1;
    Files.write(tree, java.util.Arrays.copyOf(bytes, bytes.length - 1));
    assertRefused(
        tree
            + " has "
            + (bytes.length - 1)
            + " bytes, the manifest says "
            + bytes.length
            + ": use another backup",
        backup,
        data);
    Files.write(tree, bytes);

    Path full = Files.createDirectory(folder.resolve("full"));
    Files.createFile(full.resolve("something"));
    assertRefused(
        "the directory "
            + full
            + " is not empty (something): give an empty one, or one that does not exist, with --data",
        backup,
        full);

    // A server starts neither in a backup nor in a restore that was interrupted.
    CommandRun inBackup = CommandRun.of("start", "--port", "0", "--data", backup);
    assertEquals(1, inBackup.exitCode());
    assertTrue(said(inBackup).contains("holds files that are not Trencadis's"), inBackup.err());
    assertEquals(0, CommandRun.of("restore", "--from", backup, "--data", data).exitCode());
    Files.delete(data.resolve("trencadis.format"));
    Files.createFile(data.resolve("restore-unfinished"));
    CommandRun unfinished = CommandRun.of("start", "--port", "0", "--data", data);
    assertEquals(1, unfinished.exitCode());
    assertEquals(
        "a restore into the directory "
            + data
            + " was not finished: empty it and restore again, or give another with --data",
        said(unfinished));
  }

  private static void assertRefused(String message, Path backup, Path data) {
    CommandRun run = CommandRun.of("restore", "--from", backup, "--data", data);
    assertEquals(1, run.exitCode());
    assertEquals(message, said(run));
  }

  @Test
  void thePlainClientTellsValuesFromErrors() throws Exception {
    try (RunningServer server = RunningServer.start();
        Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE ROLE operator SUPERUSER LOGIN");
      try (PlainClient client =
          PlainClient.connect(
              java.net.InetAddress.getLoopbackAddress(),
              server.port(),
              "operator",
              "postgres",
              null,
              _ -> {})) {
        assertEquals("42", client.query("SELECT 6 * 7"));
        assertNull(client.query("SELECT NULL"));
        PlainClient.ServerError error =
            assertThrows(PlainClient.ServerError.class, () -> client.query("SELECT 1/0"));
        assertEquals("division by zero", error.getMessage());
        assertEquals("1", client.query("SELECT 1"));
      }
    }
  }
}
