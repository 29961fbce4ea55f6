package io.trencadis.testing;

import static io.trencadis.testing.ClusterSql.connect;
import static io.trencadis.testing.ClusterSql.number;
import static io.trencadis.testing.ClusterSql.plan;
import static io.trencadis.testing.ClusterSql.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A join for which nodes send each other rows is still a part of its transaction, and survives the
/// nodes.
class ClusterExchangesTest {
  private static final int ROWS = 40_000;

  private static final String SQL =
      "SELECT count(*), max(a.x || a.y), max(b.x || b.y) FROM big a JOIN large b ON a.k = b.k";

  @RegisterExtension
  static final TrencadisClusterExtension CLUSTER = new TrencadisClusterExtension(3);

  /// Soon nodes join: as long as one of them leads all shards, it joins alone.
  private static void awaitExchange(Connection connection) throws SQLException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    List<String> lines;
    do {
      lines = plan(connection, "EXPLAIN (ANALYZE, COSTS OFF) " + SQL);
      assertTrue(System.nanoTime() - until < 0, lines.toString());
      assertTrue(lines.contains("Exchange: hash (k = k)"), lines.toString());
    } while (lines.stream().noneMatch(line -> line.contains("Exchanged: ")));
  }

  @BeforeEach
  void fill(TrencadisCluster cluster) throws SQLException {
    try (Connection connection = connect(cluster, 0)) {
      for (String table : List.of("big", "large")) {
        run(
            connection,
            "DROP TABLE IF EXISTS " + table,
            "CREATE TABLE " + table + " (id int PRIMARY KEY, k int, x text, y text)",
            "INSERT INTO "
                + table
                + " SELECT i, i * 7 % 30000, 'x' || i, 'y' || i FROM generate_series(1, "
                + ROWS
                + ") i",
            "ANALYZE " + table);
      }
    }
  }

  @Test
  void whatSomebodyPutsAmongThePartnersFailsTheReader(TrencadisCluster cluster)
      throws SQLException {
    try (Connection reader = connect(cluster, 0);
        Connection writer = connect(cluster, 1)) {
      awaitExchange(reader);
      long expected = number(reader, SQL);
      reader.setAutoCommit(false);
      reader.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
      for (int i = 0; i < 8; i++) {
        // Each shard gets one, those where the reader writes nothing included.
        String table = i % 2 == 0 ? "big" : "large";
        assertEquals(expected, number(reader, SQL));
        run(writer, "INSERT INTO " + table + " VALUES (" + (1_000_000 + i) + ", 11, 'a', 'a')");
        run(reader, "UPDATE big SET x = 'mine' WHERE id = 1");
        SQLException why = assertThrows(SQLException.class, reader::commit, "phantom " + i);
        assertEquals("40001", why.getSQLState());
        long more = number(reader, SQL);
        assertTrue(more > expected, more + " after " + expected);
        expected = more;
        reader.rollback();
      }
      assertEquals(expected, number(reader, SQL));
      run(reader, "UPDATE big SET x = 'mine' WHERE id = 1");
      reader.commit();
    }
  }

  @Test
  void ofTwoWhoReadWhatTheOtherWritesOneIsRefused(TrencadisCluster cluster) throws SQLException {
    try (Connection one = connect(cluster, 0);
        Connection two = connect(cluster, 2)) {
      for (Connection each : List.of(one, two)) {
        each.setAutoCommit(false);
        each.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
      }
      assertEquals(number(one, SQL), number(two, SQL));
      run(one, "INSERT INTO big VALUES (2000000, 3, 'skew', 'skew')");
      run(two, "INSERT INTO large VALUES (2000000, 3, 'skew', 'skew')");
      int refused = 0;
      for (Connection each : List.of(one, two)) {
        try {
          each.commit();
        } catch (SQLException why) {
          assertEquals("40001", why.getSQLState());
          refused++;
        }
      }
      assertEquals(1, refused);
    }
  }

  @Test
  void aStatementThatIsCancelledEndsSoon(TrencadisCluster cluster) throws Exception {
    try (Connection connection = connect(cluster, 0);
        Statement slow = connection.createStatement()) {
      run(connection, "UPDATE big SET k = 5 WHERE id > 10000");
      run(connection, "UPDATE large SET k = 5 WHERE id > 10000");
      // 900 million pairs.
      CompletableFuture<SQLException> answer =
          CompletableFuture.supplyAsync(
              () ->
                  assertThrows(
                      SQLException.class, () -> slow.executeQuery(SQL + " AND a.y <> b.x")));
      while (!answer.isDone()) {
        // Nothing comes of it before the statement has begun.
        slow.cancel();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
      }
      assertEquals("57014", answer.get(60, TimeUnit.SECONDS).getSQLState());
      assertEquals(ROWS, number(connection, "SELECT count(*) FROM big"));
    }
  }

  @Test
  void readersGoOnWhenANodeIsGone(TrencadisCluster cluster) throws Exception {
    try (Connection connection = connect(cluster, 0)) {
      long expected = number(connection, SQL);
      CompletableFuture<Void> killed = null;
      int refused = 0;
      for (int answers = 0; answers < 20 || !killed.isDone(); ) {
        try {
          assertEquals(expected, number(connection, SQL));
          answers++;
        } catch (SQLException why) {
          // A node had given some rows when it went, and not all.
          assertEquals("40001", why.getSQLState(), why.getMessage());
          assertTrue(++refused < 1_000, why::getMessage);
        }
        if (killed == null && answers == 2) {
          killed = CompletableFuture.runAsync(() -> cluster.kill(2));
        }
      }
      killed.get(60, TimeUnit.SECONDS);
      awaitExchange(connection);
    } finally {
      cluster.restart(2);
      cluster.awaitReady();
    }
  }
}
