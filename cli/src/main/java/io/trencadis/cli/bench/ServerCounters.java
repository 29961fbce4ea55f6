package io.trencadis.cli.bench;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/// What a server counts: all nodes of a cluster together, or PostgreSQL's write-ahead log.
///
/// @param messages sent between nodes; 0 where there is one
/// @param messageBytes their bytes
/// @param walBytes written to logs
/// @param walFsyncs of logs
record ServerCounters(long messages, long messageBytes, long walBytes, long walFsyncs) {
  /// PostgreSQL's sessions tell what they have counted when they end, or rest for long.
  private static final long SETTLE_MILLIS = 1_000;

  private static final String OURS =
      "SELECT sum(messages)::int8, sum(message_bytes)::int8, sum(wal_bytes)::int8,"
          + " sum(wal_fsyncs)::int8 FROM pg_catalog.trencadis_stat_nodes";
  private static final String POSTGRES =
      "SELECT 0, 0, wal_bytes::int8, wal_sync FROM pg_catalog.pg_stat_wal";

  /// Asks on a connection of its own. Ends the pool's connections that rest, where the server
  /// counts by session; the pool makes others.
  ///
  /// @return null if the server does not count
  static ServerCounters read(HikariDataSource pool) throws SQLException, InterruptedException {
    Properties properties = new Properties();
    properties.setProperty("user", pool.getUsername());
    if (pool.getPassword() != null) {
      properties.setProperty("password", pool.getPassword());
    }
    try (Connection connection = DriverManager.getConnection(pool.getJdbcUrl(), properties);
        Statement statement = connection.createStatement()) {
      if (isThere(statement, "pg_catalog.trencadis_stat_nodes")) {
        return ask(statement, OURS);
      }
      if (!isThere(statement, "pg_catalog.pg_stat_wal")) {
        return null;
      }
      pool.getHikariPoolMXBean().softEvictConnections();
      TimeUnit.MILLISECONDS.sleep(SETTLE_MILLIS);
      return ask(statement, POSTGRES);
    }
  }

  private static boolean isThere(Statement statement, String relation) throws SQLException {
    try (ResultSet answer =
        statement.executeQuery("SELECT to_regclass('" + relation + "') IS NOT NULL")) {
      answer.next();
      return answer.getBoolean(1);
    }
  }

  private static ServerCounters ask(Statement statement, String sql) throws SQLException {
    try (ResultSet answer = statement.executeQuery(sql)) {
      answer.next();
      return new ServerCounters(
          answer.getLong(1), answer.getLong(2), answer.getLong(3), answer.getLong(4));
    }
  }

  /// What was counted since.
  ServerCounters minus(ServerCounters before) {
    return new ServerCounters(
        messages - before.messages,
        messageBytes - before.messageBytes,
        walBytes - before.walBytes,
        walFsyncs - before.walFsyncs);
  }
}
