package io.trencadis.cli.bench;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// What benchmarks of transactions have in common: which server, how many at a time, for how long.
final class BenchOptions {
  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "jdbc:postgresql://127.0.0.1:5432/postgres",
      description = {
        "JDBC URL of the server (default: ${DEFAULT-VALUE}). Of several nodes:",
        "jdbc:postgresql://a,b,c/postgres?loadBalanceHosts=true."
      })
  private String url;

  @Option(
      names = "--user",
      paramLabel = "ROLE",
      defaultValue = "postgres",
      description = "Who to log in as (default: ${DEFAULT-VALUE}).")
  private String user;

  @Option(
      names = "--terminals",
      paramLabel = "N",
      defaultValue = "4",
      description = "How many transactions at a time (default: 4).")
  int terminals;

  @Option(
      names = "--duration",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "How long to measure (default: 60).")
  int duration;

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      defaultValue = "0",
      description = "How long to run before measuring (default: 0).")
  int warmUp;

  @Option(
      names = "--progress",
      paramLabel = "SECONDS",
      defaultValue = "0",
      description = "Say every so often how far it is (default: never).")
  int progress;

  @Option(
      names = "--isolation",
      paramLabel = "LEVEL",
      defaultValue = "serializable",
      converter = IsolationConverter.class,
      description = "serializable, repeatable-read or read-committed (default: ${DEFAULT-VALUE}).")
  Isolation isolation;

  /// A level of isolation by its name on the command line.
  static final class IsolationConverter implements ITypeConverter<Isolation> {
    @Override
    public Isolation convert(String value) {
      for (Isolation level : Isolation.values()) {
        if (level.toString().equals(value)) {
          return level;
        }
      }
      throw new TypeConversionException(
          "must be serializable, repeatable-read or read-committed, not " + value);
    }
  }

  /// What is wrong with them in a line; null for nothing.
  String wrong() {
    if (!url.startsWith("jdbc:postgresql:")) {
      return "--url must begin with jdbc:postgresql:";
    }
    return terminals < 1 || duration < 1 || warmUp < 0 || progress < 0
        ? "--terminals and --duration must be 1 or more, --warm-up and --progress 0 or more"
        : null;
  }

  /// As many connections as there are terminals; see [Pools#open].
  HikariDataSource pool(String benchmark, String schema) throws SQLException {
    return Pools.open(
        benchmark, schema, url, user, System.getenv("TRENCADIS_PASSWORD"), terminals, isolation);
  }
}
