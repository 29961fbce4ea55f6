package io.trencadis.cli;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/// What a busy server does most, done for a few seconds: rows loaded with COPY, keys made, short
/// transactions and point reads from several connections, and sums over many rows. The JVM keeps
/// which methods that calls and how (JEP 515), so that a server started later compiles them at once
/// rather than after its first half minute.
///
/// Bounded by amounts, not by time.
final class WarmUpLoad {
  private static final int TELLERS = 20;
  private static final int CONNECTIONS = 4;
  private static final int CHUNK = 1 << 16;

  private final String url;
  private final int accounts;
  private final int transactions;
  private final int reads;
  private final int sums;

  private WarmUpLoad(
      InetAddress address, int port, int accounts, int transactions, int reads, int sums) {
    this.url =
        "jdbc:postgresql://" + address.getHostAddress() + ":" + port + "/postgres?user=postgres";
    this.accounts = accounts;
    this.transactions = transactions;
    this.reads = reads;
    this.sums = sums;
  }

  /// @param port of a server that trusts this machine
  static void run(InetAddress address, int port)
      throws SQLException, InterruptedException, ExecutionException {
    new WarmUpLoad(address, port, 200_000, 2_500, 5_000, 10).run();
  }

  /// As [#run] where each transaction costs messages and other nodes' disks.
  static void runSmall(InetAddress address, int port)
      throws SQLException, InterruptedException, ExecutionException {
    new WarmUpLoad(address, port, 2_000, 150, 1_000, 2).run();
  }

  private void run() throws SQLException, InterruptedException, ExecutionException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("DROP TABLE IF EXISTS warm_accounts, warm_tellers, warm_history");
      statement.execute(
          "CREATE TABLE warm_accounts (aid int NOT NULL, bid int, abalance int, filler char(84))");
      statement.execute(
          "CREATE TABLE warm_tellers (tid int PRIMARY KEY, bid int, tbalance int, filler char(84))");
      statement.execute(
          "CREATE TABLE warm_history (tid int, bid int, aid int, delta int, mtime timestamp, filler char(22))");
      statement.execute(
          "INSERT INTO warm_tellers SELECT i, i / 10, 0 FROM generate_series(1, "
              + TELLERS
              + ") i");
      load(connection);
      statement.execute("ALTER TABLE warm_accounts ADD PRIMARY KEY (aid)");
      statement.execute("VACUUM ANALYZE warm_accounts");
      statement.execute("CREATE INDEX ON warm_accounts (bid)");
      for (int i = 0; i < sums; i++) {
        statement.execute("SELECT count(*), sum(abalance) FROM warm_accounts WHERE bid <> " + i);
        statement.execute(
            "SELECT t.bid, count(*), max(a.aid) FROM warm_accounts a JOIN warm_tellers t USING (bid)"
                + " GROUP BY t.bid ORDER BY 2 DESC LIMIT 5");
      }
    }
    List<Future<?>> workers = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS)) {
      for (int worker = 0; worker < CONNECTIONS; worker++) {
        int seed = worker;
        workers.add(
            threads.submit(
                () -> {
                  work(new SplittableRandom(seed));
                  return null;
                }));
      }
      for (Future<?> worker : workers) {
        worker.get();
      }
    }
  }

  private void load(Connection connection) throws SQLException {
    CopyIn copy =
        connection.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY warm_accounts FROM STDIN");
    StringBuilder text = new StringBuilder();
    for (int aid = 1; aid <= accounts; aid++) {
      text.append(aid).append('\t').append(aid / 100_000 + 1).append("\t0\t\n");
      if (text.length() > CHUNK || aid == accounts) {
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        copy.writeToCopy(bytes, 0, bytes.length);
        text.setLength(0);
      }
    }
    copy.endCopy();
  }

  private void work(SplittableRandom random) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        PreparedStatement credit =
            connection.prepareStatement(
                "UPDATE warm_accounts SET abalance = abalance + ? WHERE aid = ?");
        PreparedStatement teller =
            connection.prepareStatement(
                "UPDATE warm_tellers SET tbalance = tbalance + ? WHERE tid = ?");
        PreparedStatement record =
            connection.prepareStatement(
                "INSERT INTO warm_history (tid, bid, aid, delta, mtime) VALUES (?, ?, ?, ?, now())");
        PreparedStatement read =
            connection.prepareStatement("SELECT abalance FROM warm_accounts WHERE aid = ?")) {
      for (int i = 0; i < reads; i++) {
        read(read, 1 + random.nextInt(accounts));
      }
      connection.setAutoCommit(false);
      for (int i = 0; i < transactions; i++) {
        int aid = 1 + random.nextInt(accounts);
        int tid = 1 + random.nextInt(TELLERS);
        int delta = random.nextInt(-5000, 5000);
        try {
          change(credit, delta, aid);
          read(read, aid);
          change(teller, delta, tid);
          record.setInt(1, tid);
          record.setInt(2, tid / 10);
          record.setInt(3, aid);
          record.setInt(4, delta);
          record.executeUpdate();
          connection.commit();
        } catch (SQLException lost) {
          if (!lost.getSQLState().startsWith("40")) {
            throw lost;
          }
          connection.rollback();
        }
      }
    }
  }

  private static void change(PreparedStatement update, int delta, int key) throws SQLException {
    update.setInt(1, delta);
    update.setInt(2, key);
    update.executeUpdate();
  }

  private static void read(PreparedStatement read, int key) throws SQLException {
    read.setInt(1, key);
    try (var rows = read.executeQuery()) {
      rows.next();
    }
  }
}
