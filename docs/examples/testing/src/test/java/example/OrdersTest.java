package example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.trencadis.testing.TrencadisCluster;
import io.trencadis.testing.TrencadisClusterExtension;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Takes orders while a node dies. An application does in general what `retry` does here: a
/// transaction that the server could not finish is done again from its beginning.
class OrdersTest {
  @RegisterExtension
  static final TrencadisClusterExtension CLUSTER = new TrencadisClusterExtension(3);

  private static final int ATTEMPTS = 20;

  private interface Work {
    void on(Connection connection) throws SQLException;
  }

  /// Does a transaction, again if need be. It has to be one that may be done twice, since nobody
  /// knows of a commit that was not answered whether it has happened.
  private static void retry(TrencadisCluster cluster, Work work) throws SQLException {
    SQLException last = null;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try (Connection connection = DriverManager.getConnection(cluster.jdbcUrl())) {
        connection.setAutoCommit(false);
        work.on(connection);
        connection.commit();
        return;
      } catch (SQLException e) {
        boolean again =
            e.getSQLState().startsWith("40")
                || e.getSQLState().startsWith("08")
                || e.getSQLState().startsWith("57P");
        if (!again) {
          throw e;
        }
        last = e;
      }
    }
    throw last;
  }

  @Test
  void ordersAreTakenWhileANodeIsDown(TrencadisCluster cluster) throws Exception {
    retry(
        cluster,
        connection -> {
          try (Statement statement = connection.createStatement()) {
            statement.execute(
                "CREATE TABLE IF NOT EXISTS orders (id int PRIMARY KEY, item text NOT NULL)");
          }
        });
    for (int id = 1; id <= 30; id++) {
      if (id == 10) {
        cluster.kill(0);
      }
      if (id == 20) {
        cluster.restart(0);
      }
      int order = id;
      retry(
          cluster,
          connection -> {
            try (PreparedStatement insert =
                connection.prepareStatement(
                    "INSERT INTO orders VALUES (?, 'tile') ON CONFLICT (id) DO NOTHING")) {
              insert.setInt(1, order);
              insert.executeUpdate();
            }
          });
    }
    for (int node = 0; node < cluster.size(); node++) {
      try (Connection connection = DriverManager.getConnection(cluster.jdbcUrl(node));
          Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("SELECT count(*) FROM orders")) {
        rows.next();
        assertEquals(30, rows.getInt(1));
      }
    }
  }
}
