package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.XAConnection;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.xa.PGXADataSource;

/// Distributed transactions of Java's transaction managers: pgjdbc's XA resource, which runs on
/// PREPARE TRANSACTION.
class XaTest {
  private record TestXid(int formatId, String global, String branch) implements Xid {
    @Override
    public int getFormatId() {
      return formatId;
    }

    @Override
    public byte[] getGlobalTransactionId() {
      return global.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] getBranchQualifier() {
      return branch.getBytes(StandardCharsets.UTF_8);
    }

    static TestXid copy(Xid xid) {
      return new TestXid(
          xid.getFormatId(),
          new String(xid.getGlobalTransactionId(), StandardCharsets.UTF_8),
          new String(xid.getBranchQualifier(), StandardCharsets.UTF_8));
    }
  }

  private static XAConnection connect(int port) throws SQLException {
    PGXADataSource source = new PGXADataSource();
    source.setServerNames(new String[] {"127.0.0.1"});
    source.setPortNumbers(new int[] {port});
    source.setDatabaseName("postgres");
    source.setUser("postgres");
    source.setConnectTimeout(60);
    return source.getXAConnection();
  }

  private static void run(XAConnection connection, String sql) throws SQLException {
    try (Connection handle = connection.getConnection();
        Statement statement = handle.createStatement()) {
      statement.execute(sql);
    }
  }

  private static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static List<Xid> recovered(XAResource resource) throws XAException {
    List<Xid> all = new ArrayList<>();
    for (Xid xid : resource.recover(XAResource.TMSTARTRSCAN | XAResource.TMENDRSCAN)) {
      all.add(TestXid.copy(xid));
    }
    return all;
  }

  @Test
  void aManagerPreparesRecoversAndEndsBranches() throws Exception {
    try (RunningServer server = RunningServer.start();
        Connection plain = server.connect()) {
      plain.createStatement().execute("create table t (id int primary key)");
      XAConnection first = connect(server.port());
      XAResource resource = first.getXAResource();
      Xid committed = new TestXid(1, "global", "a");
      Xid rolledBack = new TestXid(1, "global", "b");
      Xid onePhase = new TestXid(1, "global", "c");

      resource.start(committed, XAResource.TMNOFLAGS);
      run(first, "insert into t values (1)");
      resource.end(committed, XAResource.TMSUCCESS);
      assertEquals(XAResource.XA_OK, resource.prepare(committed));

      resource.start(rolledBack, XAResource.TMNOFLAGS);
      run(first, "insert into t values (2)");
      resource.end(rolledBack, XAResource.TMSUCCESS);
      assertEquals(XAResource.XA_OK, resource.prepare(rolledBack));

      resource.start(onePhase, XAResource.TMNOFLAGS);
      run(first, "insert into t values (3)");
      resource.end(onePhase, XAResource.TMSUCCESS);
      resource.commit(onePhase, true);

      assertEquals(1, number(plain, "select count(*) from t"));
      assertEquals(List.of(committed, rolledBack), recovered(resource));
      first.close();

      // The manager has lost its connection, and asks what there is.
      XAConnection second = connect(server.port());
      XAResource again = second.getXAResource();
      assertEquals(List.of(committed, rolledBack), recovered(again));
      again.commit(committed, false);
      again.rollback(rolledBack);
      assertEquals(List.of(), recovered(again));
      assertEquals(4, number(plain, "select sum(id) from t"));

      XAException unknown = assertThrows(XAException.class, () -> again.commit(committed, false));
      assertEquals(XAException.XAER_NOTA, unknown.errorCode);
      Xid failing = new TestXid(1, "global", "d");
      again.start(failing, XAResource.TMNOFLAGS);
      assertThrows(SQLException.class, () -> run(second, "insert into t values (1)"));
      again.end(failing, XAResource.TMFAIL);
      again.rollback(failing);
      assertArrayEquals(new Xid[0], again.recover(XAResource.TMSTARTRSCAN));
      second.close();
    }
  }

  /// Money goes from one table to another in two branches, while the server is killed between their
  /// steps; the manager's word, kept here, decides: all or nothing, and no lock is left.
  @Test
  void branchesOutliveKills() throws Exception {
    long seed = Long.getLong("crash.seed", System.nanoTime());
    Random random = new Random(seed);
    try (ServerProcess server = ServerProcess.start()) {
      try (Connection plain = server.connect();
          Statement statement = plain.createStatement()) {
        statement.execute("create table left_side (id int primary key, amount int)");
        statement.execute("create table right_side (id int primary key, amount int)");
        statement.execute("insert into left_side select g, 0 from generate_series(0, 9) g");
        statement.execute("insert into right_side select g, 0 from generate_series(0, 9) g");
      }
      Map<Integer, Integer> expected = new TreeMap<>();
      int number = 0;
      for (int round = 0; round < Integer.getInteger("xa.rounds", 9); round++) {
        // The last step before the kill: none, one branch prepared, both, one ended, both ended.
        int steps = round % 5;
        boolean commits = round < 5 || random.nextBoolean();
        int row = random.nextInt(10);
        Xid left = new TestXid(1, "transfer" + number, "left");
        Xid right = new TestXid(1, "transfer" + number, "right");
        number++;
        XAConnection one = connect(server.port());
        XAConnection two = connect(server.port());
        branch(one, left, "update left_side set amount = amount - 1 where id = " + row);
        branch(two, right, "update right_side set amount = amount + 1 where id = " + row);
        if (steps > 0) {
          assertEquals(XAResource.XA_OK, one.getXAResource().prepare(left));
        }
        if (steps > 1) {
          assertEquals(XAResource.XA_OK, two.getXAResource().prepare(right));
        }
        if (steps > 2) {
          checkpointNowAndThen(server, random);
          finish(one.getXAResource(), left, commits);
        }
        if (steps > 3) {
          finish(two.getXAResource(), right, commits);
        }
        boolean decided = steps > 1 && commits;
        server.kill();
        server.restart();
        // What a manager does when it starts: what is prepared and decided is ended.
        XAConnection recovery = connect(server.port());
        XAResource resource = recovery.getXAResource();
        List<Xid> found = recovered(resource);
        assertEquals(
            switch (steps) {
              case 1 -> List.of(left);
              case 2 -> List.of(left, right);
              case 3 -> List.of(right);
              default -> List.of();
            },
            found,
            "seed " + seed + ", round " + round);
        for (Xid xid : found) {
          finish(resource, xid, decided);
        }
        recovery.close();
        closeQuietly(one);
        closeQuietly(two);
        if (decided) {
          expected.merge(row, 1, Integer::sum);
        }
        try (Connection plain = server.connect();
            Statement statement = plain.createStatement()) {
          for (int id = 0; id < 10; id++) {
            int amount = expected.getOrDefault(id, 0);
            assertEquals(
                amount, number(plain, "select amount from right_side where id = " + id), "" + seed);
            assertEquals(
                -amount, number(plain, "select amount from left_side where id = " + id), "" + seed);
          }
          // No lock is left.
          statement.execute("set lock_timeout = '10s'");
          statement.execute("update left_side set amount = amount");
          statement.execute("update right_side set amount = amount");
          assertEquals(0, number(plain, "select count(*) from pg_prepared_xacts"));
        }
      }
      assertTrue(number > 0);
    }
  }

  /// Several managers at once, the server killed in the middle of whatever they do.
  @Test
  void aKillInTheMiddleOfManyBranches() throws Exception {
    long seed = Long.getLong("crash.seed", System.nanoTime());
    try (ServerProcess server = ServerProcess.start()) {
      try (Connection plain = server.connect();
          Statement statement = plain.createStatement()) {
        statement.execute("create table left_side (id int primary key, amount int)");
        statement.execute("create table right_side (id int primary key, amount int)");
        statement.execute("insert into left_side select g, 0 from generate_series(0, 9) g");
        statement.execute("insert into right_side select g, 0 from generate_series(0, 9) g");
      }
      Set<String> decided = ConcurrentHashMap.newKeySet();
      CountDownLatch ended = new CountDownLatch(40);
      List<Thread> managers = new ArrayList<>();
      for (int manager = 0; manager < 3; manager++) {
        int number = manager;
        managers.add(
            Thread.ofPlatform()
                .start(() -> transfers(server.port(), number, seed, decided, ended)));
      }
      assertTrue(ended.await(120, TimeUnit.SECONDS), "the managers have given up, seed " + seed);
      server.kill();
      for (Thread manager : managers) {
        manager.join();
      }
      server.restart();
      XAConnection recovery = connect(server.port());
      int inDoubt = 0;
      for (Xid xid : recovered(recovery.getXAResource())) {
        String global = new String(xid.getGlobalTransactionId(), StandardCharsets.UTF_8);
        finish(recovery.getXAResource(), xid, decided.contains(global));
        inDoubt++;
      }
      recovery.close();
      try (Connection plain = server.connect();
          Statement statement = plain.createStatement()) {
        long right = number(plain, "select sum(amount) from right_side");
        assertEquals(decided.size(), right, "seed " + seed);
        assertEquals(-right, number(plain, "select sum(amount) from left_side"), "seed " + seed);
        statement.execute("set lock_timeout = '10s'");
        statement.execute("update left_side set amount = amount");
        statement.execute("update right_side set amount = amount");
        System.out.println(right + " transfers happened, " + inDoubt + " branches were in doubt");
      }
    }
  }

  /// Until the server is gone.
  ///
  /// @param decided the managers' log: what both branches have promised
  private static void transfers(
      int port, int manager, long seed, Set<String> decided, CountDownLatch ended) {
    Random random = new Random(seed + manager);
    try {
      XAConnection one = connect(port);
      XAConnection two = connect(port);
      for (int i = 0; ; i++) {
        int row = random.nextInt(10);
        Xid left = new TestXid(1, "m" + manager + "n" + i, "left");
        Xid right = new TestXid(1, "m" + manager + "n" + i, "right");
        branch(one, left, "update left_side set amount = amount - 1 where id = " + row);
        branch(two, right, "update right_side set amount = amount + 1 where id = " + row);
        one.getXAResource().prepare(left);
        two.getXAResource().prepare(right);
        decided.add("m" + manager + "n" + i);
        one.getXAResource().commit(left, false);
        two.getXAResource().commit(right, false);
        ended.countDown();
      }
    } catch (Exception gone) {
      // The server.
    }
  }

  @Test
  void aBackupHasWhatIsPrepared(@TempDir Path folder) throws Exception {
    Path backup = folder.resolve("backup");
    Path data = folder.resolve("data");
    Xid early = new TestXid(1, "early", "x");
    Xid late = new TestXid(1, "late", "x");
    try (ServerProcess server = ServerProcess.start()) {
      try (Connection plain = server.connect();
          Statement statement = plain.createStatement()) {
        statement.execute("create table t (id int primary key)");
        XAConnection connection = connect(server.port());
        branch(connection, early, "insert into t values (1)");
        connection.getXAResource().prepare(early);
        // From here on only the tree has it.
        statement.execute("checkpoint");
        branch(connection, late, "insert into t values (2)");
        connection.getXAResource().prepare(late);
        connection.close();
      }
      CommandRun made = CommandRun.of("backup", "--to", backup, "--port", server.port());
      assertEquals(0, made.exitCode(), made.err());
      server.kill();
      CommandRun killed = CommandRun.of("verify", server.data());
      assertEquals(0, killed.exitCode(), killed.out() + killed.err());
      assertTrue(killed.out().contains("2 transactions prepared by name"), killed.out());
    }
    CommandRun restored = CommandRun.of("restore", "--from", backup, "--data", data);
    assertEquals(0, restored.exitCode(), restored.err());
    CommandRun verified = CommandRun.of("verify", data);
    assertEquals(0, verified.exitCode(), verified.out() + verified.err());
    try (ServerProcess copy = ServerProcess.start(data);
        Connection plain = copy.connect()) {
      XAConnection connection = connect(copy.port());
      XAResource resource = connection.getXAResource();
      assertEquals(List.of(early, late), recovered(resource));
      resource.commit(early, false);
      resource.rollback(late);
      connection.close();
      assertEquals(1, number(plain, "select sum(id) from t"));
    }
  }

  private static void branch(XAConnection connection, Xid xid, String sql) throws Exception {
    connection.getXAResource().start(xid, XAResource.TMNOFLAGS);
    run(connection, sql);
    connection.getXAResource().end(xid, XAResource.TMSUCCESS);
  }

  private static void finish(XAResource resource, Xid xid, boolean commit) throws XAException {
    if (commit) {
      resource.commit(xid, false);
    } else {
      resource.rollback(xid);
    }
  }

  /// A flush between prepare and commit: the log that has the prepare is given up.
  private static void checkpointNowAndThen(ServerProcess server, Random random)
      throws SQLException {
    if (random.nextBoolean()) {
      try (Connection plain = server.connect();
          Statement statement = plain.createStatement()) {
        statement.execute("checkpoint");
      }
    }
  }

  private static void closeQuietly(XAConnection connection) {
    try {
      connection.close();
    } catch (SQLException gone) {
      // With its server.
    }
  }
}
