package io.trencadis.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What an application's tests do with nodes; see also the project in `docs/examples/`.
class TrencadisClusterTest {
  @RegisterExtension
  static final TrencadisClusterExtension CLUSTER = new TrencadisClusterExtension(3);

  private static void execute(TrencadisCluster cluster, int node, String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(cluster.jdbcUrl(node) + "&socketTimeout=30");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static long number(String url, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url + "&socketTimeout=30");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static void awaitNotReady(TrencadisCluster cluster, int node) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
    while (cluster.isReady(node)) {
      assertTrue(System.nanoTime() < end, "node " + node + " does not notice that it is alone");
      LockSupport.parkNanos(10_000_000);
    }
  }

  @Test
  void majoritiesGoOnAndNobodyForgets(TrencadisCluster cluster) throws Exception {
    execute(cluster, 0, "CREATE TABLE seen (id int PRIMARY KEY)");
    execute(cluster, 1, "INSERT INTO seen VALUES (1)");

    cluster.kill(0);
    execute(cluster, 1, "INSERT INTO seen VALUES (2)");
    assertEquals(2, number(cluster.jdbcUrl(), "SELECT count(*) FROM seen"));
    assertThrows(SQLException.class, () -> execute(cluster, 0, "SELECT 1"));
    cluster.restart(0);
    assertEquals(2, number(cluster.jdbcUrl(0), "SELECT count(*) FROM seen"));

    cluster.partition(1);
    execute(cluster, 2, "INSERT INTO seen VALUES (3)");
    awaitNotReady(cluster, 1);
    cluster.heal();
    cluster.awaitReady();
    assertEquals(3, number(cluster.jdbcUrl(1), "SELECT count(*) FROM seen"));

    cluster.pause(2);
    execute(cluster, 0, "INSERT INTO seen VALUES (4)");
    cluster.resume(2);
    cluster.awaitReady();
    assertEquals(4, number(cluster.jdbcUrl(2), "SELECT count(*) FROM seen"));
    assertEquals(
        3, number(cluster.jdbcUrl(2), "SELECT count(*) FROM trencadis_nodes WHERE reachable"));
  }

  @Test
  void aClusterHasOneToSevenNodes() {
    assertThrows(IllegalArgumentException.class, () -> TrencadisCluster.inProcess(0));
    assertThrows(IllegalArgumentException.class, () -> TrencadisCluster.inProcess(8));
  }
}
