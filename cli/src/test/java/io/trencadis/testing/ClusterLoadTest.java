package io.trencadis.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/// Loads of data while leaders die: whoever loads does not notice.
class ClusterLoadTest {
  private static final int ROWS = 30_000;

  @RegisterExtension
  static final TrencadisClusterExtension CLUSTER = new TrencadisClusterExtension(3);

  private static Connection connect(TrencadisCluster cluster, int node) throws SQLException {
    return DriverManager.getConnection(cluster.jdbcUrl(node) + "&socketTimeout=180");
  }

  private static void run(Connection connection, String... all) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : all) {
        statement.execute(sql);
      }
    }
  }

  private static String text(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  @BeforeEach
  void empty(TrencadisCluster cluster) throws SQLException {
    try (Connection connection = connect(cluster, 0)) {
      run(connection, "DROP TABLE IF EXISTS load, beside, seen");
    }
  }

  private static CopyIn copy(Connection connection) throws SQLException {
    return connection
        .unwrap(PGConnection.class)
        .getCopyAPI()
        .copyIn("COPY load (id, what) FROM STDIN");
  }

  private static void send(CopyIn copy, int from, int to) throws SQLException {
    StringBuilder rows = new StringBuilder();
    for (int id = from; id < to; id++) {
      rows.append(id).append("\twhat ").append(id).append('\n');
    }
    byte[] bytes = rows.toString().getBytes(StandardCharsets.UTF_8);
    copy.writeToCopy(bytes, 0, bytes.length);
    copy.flushCopy();
  }

  /// A node that leads shards and is not the one given.
  private static int leader(Connection connection, int not) throws SQLException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
    while (true) {
      String found =
          text(
              connection,
              "SELECT min(leader) FROM trencadis_shards WHERE kind <> 'oracle' AND leader <> "
                  + not);
      if (found != null) {
        return Integer.parseInt(found);
      }
      assertTrue(System.nanoTime() < end, "one node leads everything");
      LockSupport.parkNanos(50_000_000);
    }
  }

  private static void check(TrencadisCluster cluster, int node, int rows) throws SQLException {
    try (Connection connection = connect(cluster, node)) {
      assertEquals(
          rows + ", " + (long) rows * (rows - 1) / 2,
          text(connection, "SELECT count(*) || ', ' || coalesce(sum(id), 0) FROM load"));
    }
  }

  @Test
  void aBlockThatMakesTablesAndCopiesIntoThemOutlivesALeader(TrencadisCluster cluster)
      throws Exception {
    try (Connection loader = connect(cluster, 0)) {
      run(loader, "CREATE TABLE load (id int, what text)", "INSERT INTO load VALUES (-1, 'old')");
      // Before it begins: leaders do not come to a node while it has something at their shards.
      int dies = leader(loader, 0);
      loader.setAutoCommit(false);
      run(loader, "TRUNCATE load", "CREATE TABLE beside (id int PRIMARY KEY)");
      run(loader, "INSERT INTO beside SELECT i FROM generate_series(1, 100) i");
      run(loader, "SAVEPOINT before_copy");
      CopyIn copy = copy(loader);
      send(copy, 0, ROWS);
      assertEquals(ROWS, copy.endCopy());
      cluster.kill(dies);
      run(loader, "ALTER TABLE load ADD PRIMARY KEY (id)", "CREATE INDEX ON load (what)");
      loader.commit();
      check(cluster, 0, ROWS);
      cluster.restart(dies);
      check(cluster, dies, ROWS);
      assertEquals("100", text(loader, "SELECT count(*) FROM beside"));
      assertEquals("77", text(loader, "SELECT id FROM load WHERE what = 'what 77'"));
      assertThrows(SQLException.class, () -> run(loader, "INSERT INTO load VALUES (5, 'twice')"));
      loader.rollback();
    }
  }

  @Test
  void aCopyWhoseShardsLoseTheirLeaderOnTheWayGoesOn(TrencadisCluster cluster) throws Exception {
    try (Connection loader = connect(cluster, 0)) {
      run(loader, "CREATE TABLE load (id int PRIMARY KEY, what text)");
      for (boolean block : new boolean[] {false, true}) {
        loader.setAutoCommit(!block);
        int dies;
        try (Connection other = connect(cluster, 0)) {
          dies = leader(other, 0);
        }
        CopyIn copy = copy(loader);
        send(copy, 0, ROWS / 2);
        cluster.kill(dies);
        send(copy, ROWS / 2, ROWS);
        assertEquals(ROWS, copy.endCopy());
        if (block) {
          loader.commit();
        }
        check(cluster, 0, ROWS);
        cluster.restart(dies);
        run(loader, "TRUNCATE load");
        if (block) {
          loader.commit();
        }
      }
    }
  }

  @Test
  void whatAClientHasReadDecidesWhetherABlockCanBeRunAgain(TrencadisCluster cluster)
      throws Exception {
    try (Connection loader = connect(cluster, 0);
        Connection other = connect(cluster, 0)) {
      run(loader, "CREATE TABLE load (id int PRIMARY KEY, what text)");
      run(
          loader,
          "CREATE TABLE seen (id int PRIMARY KEY, n int)",
          "INSERT INTO seen VALUES (1, 1)");
      loader.setAutoCommit(false);
      assertEquals("1", text(loader, "SELECT n FROM seen WHERE id = 1"));
      CopyIn copy = copy(loader);
      send(copy, 0, 100);
      copy.endCopy();
      run(other, "UPDATE seen SET n = 2 WHERE id = 1");
      SQLException failed = assertThrows(SQLException.class, loader::commit);
      assertEquals("40001", failed.getSQLState());
      check(cluster, 0, 0);

      assertEquals("2", text(loader, "SELECT n FROM seen WHERE id = 1"));
      copy = copy(loader);
      send(copy, 0, 100);
      copy.endCopy();
      run(other, "UPDATE seen SET n = 3 WHERE id = 1", "UPDATE seen SET n = 2 WHERE id = 1");
      loader.commit();
      check(cluster, 0, 100);
    }
  }
}
