package io.trencadis.testing;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/// What tests ask the nodes of a cluster, in a line each. Stateless.
final class ClusterSql {
  private ClusterSql() {}

  static Connection connect(TrencadisCluster cluster, int node) throws SQLException {
    return DriverManager.getConnection(cluster.jdbcUrl(node) + "&socketTimeout=120");
  }

  /// The first column of the first row.
  static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  static void run(Connection connection, String... all) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : all) {
        statement.execute(sql);
      }
    }
  }

  /// The lines that an EXPLAIN gives, without their indentation.
  static List<String> plan(Connection connection, String sql) throws SQLException {
    List<String> lines = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        lines.add(rows.getString(1).strip());
      }
    }
    return lines;
  }
}
