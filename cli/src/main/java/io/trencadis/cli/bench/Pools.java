package io.trencadis.cli.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;

/// The connections of a benchmark: HikariCP's pool over pgjdbc.
final class Pools {
  private static final long WAIT_MILLIS = 30_000;

  private Pools() {}

  /// A pool of `size` connections that are outside of transactions until asked. Thread-safe.
  ///
  /// @param benchmark for the pool's name and the sessions' `application_name`
  /// @param schema their search path
  /// @param isolation of their transactions
  /// @throws SQLException if the first connection cannot be had
  static HikariDataSource open(
      String benchmark,
      String schema,
      String url,
      String user,
      String password,
      int size,
      Isolation isolation)
      throws SQLException {
    HikariConfig config = new HikariConfig();
    config.setPoolName(benchmark);
    config.setJdbcUrl(url);
    config.setUsername(user);
    config.setPassword(password);
    config.setMaximumPoolSize(size);
    config.setConnectionTimeout(WAIT_MILLIS);
    config.setAutoCommit(false);
    config.setTransactionIsolation(isolation.jdbcName());
    config.addDataSourceProperty("currentSchema", schema);
    config.addDataSourceProperty("ApplicationName", "trencadis bench " + benchmark);
    // A statement prepared for the fifth time is prepared at the server: the driver's own default,
    // said here since figures hang on it.
    config.addDataSourceProperty("prepareThreshold", "5");
    try {
      return new HikariDataSource(config);
    } catch (RuntimeException e) {
      // The pool wraps why it could not connect, by one or two exceptions of its own.
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof SQLException sql) {
          throw sql;
        }
      }
      throw e;
    }
  }
}
