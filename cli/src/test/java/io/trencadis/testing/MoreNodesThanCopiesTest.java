package io.trencadis.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/// Five nodes with three copies of each shard: whatever a client asks of any node works, also where
/// that has nothing of the shards in question.
class MoreNodesThanCopiesTest {
  private static final int NODES = 5;
  private static final int ROWS = 100;

  @RegisterExtension
  static final TrencadisClusterExtension CLUSTER = new TrencadisClusterExtension(NODES);

  private static Connection connect(TrencadisCluster cluster, int node) throws SQLException {
    return DriverManager.getConnection(cluster.jdbcUrl(node) + "&socketTimeout=120");
  }

  private static void execute(TrencadisCluster cluster, int node, String... statements)
      throws SQLException {
    try (Connection connection = connect(cluster, node);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static String value(TrencadisCluster cluster, int node, String sql) throws SQLException {
    try (Connection connection = connect(cluster, node);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static void await(TrencadisCluster cluster, int node, String expected, String sql)
      throws SQLException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
    String found = value(cluster, node, sql);
    while (!expected.equals(found)) {
      assertTrue(System.nanoTime() < end, sql + ": " + found);
      LockSupport.parkNanos(50_000_000);
      found = value(cluster, node, sql);
    }
  }

  @Test
  void everyNodeAnswersForShardsThatItDoesNotHave(TrencadisCluster cluster) throws Exception {
    await(
        cluster,
        0,
        "3 3 3 5",
        "SELECT string_agg(cardinality(string_to_array(nodes, ','))::text, ' ' ORDER BY shard)"
            + " FROM trencadis_shards WHERE target IS NULL");
    for (int node = 0; node < NODES; node++) {
      String t = "t" + node;
      execute(
          cluster,
          node,
          "CREATE TABLE " + t + " (id serial PRIMARY KEY, k int, note text)",
          "INSERT INTO " + t + " (k, note) SELECT g, 'n' || g FROM generate_series(1, 100) g",
          "CREATE UNIQUE INDEX " + t + "_k ON " + t + " (k)",
          "ALTER TABLE " + t + " ADD COLUMN more int NOT NULL DEFAULT 7",
          "ANALYZE " + t);
      int other = (node + 1) % NODES;
      assertEquals(
          "100 5050 700",
          value(
              cluster,
              other,
              "SELECT count(*) || ' ' || sum(a.k) || ' ' || sum(b.more) FROM "
                  + t
                  + " a JOIN "
                  + t
                  + " b USING (id)"));
      assertEquals("n42", value(cluster, other, "SELECT note FROM " + t + " WHERE k = 42"));
      assertEquals(
          "23505",
          assertThrows(
                  SQLException.class,
                  () -> execute(cluster, other, "INSERT INTO " + t + " (k) VALUES (42)"))
              .getSQLState());
      execute(cluster, other, "BEGIN", "UPDATE " + t + " SET k = -k", "COMMIT");
      assertEquals(
          "-1",
          value(cluster, (node + 2) % NODES, "SELECT k FROM " + t + " ORDER BY k DESC LIMIT 1"));
    }
    numbersAreGivenOnce(cluster);
    listenersHear(cluster);
    moreCopies(cluster);
  }

  private static void numbersAreGivenOnce(TrencadisCluster cluster) throws SQLException {
    execute(cluster, 0, "CREATE SEQUENCE numbers");
    Set<String> given = new HashSet<>();
    for (int round = 0; round < 2 * NODES; round++) {
      assertTrue(given.add(value(cluster, round % NODES, "SELECT nextval('numbers')")));
    }
  }

  private static void listenersHear(TrencadisCluster cluster) throws SQLException {
    for (int node = 0; node < NODES; node++) {
      try (Connection listener = connect(cluster, node);
          Statement statement = listener.createStatement()) {
        statement.execute("LISTEN news");
        execute(cluster, (node + 2) % NODES, "NOTIFY news, 'of " + node + "'");
        PGNotification[] heard =
            listener
                .unwrap(PGConnection.class)
                .getNotifications((int) TimeUnit.MINUTES.toMillis(2));
        assertEquals("of " + node, heard[0].getParameter());
      }
    }
  }

  private static void moreCopies(TrencadisCluster cluster) throws SQLException {
    SQLException refused =
        assertThrows(
            SQLException.class,
            () -> execute(cluster, 1, "SELECT trencadis_replication_factor(6)"));
    assertEquals("55000", refused.getSQLState());
    assertEquals(
        "each shard is to have 5 copies now, no more 3",
        value(cluster, 1, "SELECT trencadis_replication_factor(5)"));
    await(
        cluster,
        2,
        "5 5 5 5",
        "SELECT string_agg(cardinality(string_to_array(nodes, ','))::text, ' ' ORDER BY shard)"
            + " FROM trencadis_shards WHERE target IS NULL");
    // Now two can be spared.
    cluster.kill(3);
    cluster.kill(4);
    assertEquals(ROWS + "", value(cluster, 0, "SELECT count(*) FROM t4"));
    execute(cluster, 1, "DELETE FROM t4");
    assertEquals("0", value(cluster, 2, "SELECT count(*) FROM t4"));
  }
}
