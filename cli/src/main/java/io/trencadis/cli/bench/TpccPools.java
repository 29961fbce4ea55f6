package io.trencadis.cli.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;

/// The connections of a benchmark: HikariCP's pool over pgjdbc.
final class TpccPools {
  private static final long WAIT_MILLIS = 30_000;

  private TpccPools() {}

  /// A pool of `size` connections that are outside of transactions until asked, with the schema as
  /// their search path. Thread-safe.
  ///
  /// @param isolation of their transactions
  /// @throws SQLException if the first connection cannot be had
  static HikariDataSource open(
      String url, String user, String password, int size, TpccIsolation isolation)
      throws SQLException {
    HikariConfig config = new HikariConfig();
    config.setPoolName("tpcc");
    config.setJdbcUrl(url);
    config.setUsername(user);
    config.setPassword(password);
    config.setMaximumPoolSize(size);
    config.setConnectionTimeout(WAIT_MILLIS);
    config.setAutoCommit(false);
    config.setTransactionIsolation(isolation.jdbcName());
    config.addDataSourceProperty("currentSchema", TpccSchema.NAME);
    config.addDataSourceProperty("ApplicationName", "trencadis bench tpcc");
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
