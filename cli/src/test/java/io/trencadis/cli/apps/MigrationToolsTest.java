package io.trencadis.cli.apps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.trencadis.cli.RunningServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import liquibase.Liquibase;
import liquibase.database.Database;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.diff.compare.CompareControl;
import liquibase.resource.ClassLoaderResourceAccessor;
import liquibase.snapshot.DatabaseSnapshot;
import liquibase.snapshot.SnapshotControl;
import liquibase.snapshot.SnapshotGeneratorFactory;
import liquibase.structure.core.Table;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.junit.jupiter.api.Test;

/// Flyway and Liquibase bring a schema up to date, find it so, and take it away; HikariCP pools
/// connections.
class MigrationToolsTest {
  private interface Exercise {
    void run(String url) throws Exception;
  }

  private static void at(Exercise exercise) throws Exception {
    try (RunningServer server = RunningServer.start()) {
      exercise.run("jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres");
    }
  }

  @Test
  void flywayMigrates() throws Exception {
    at(MigrationToolsTest::flyway);
  }

  @Test
  void liquibaseMigrates() throws Exception {
    at(MigrationToolsTest::liquibase);
  }

  @Test
  void hikariPools() throws Exception {
    at(MigrationToolsTest::hikari);
  }

  static void flyway(String url) throws SQLException {
    Flyway flyway =
        Flyway.configure()
            .dataSource(url, "postgres", "")
            .locations("classpath:apps/flyway")
            .schemas("app", "extra")
            .defaultSchema("app")
            .cleanDisabled(false)
            .load();
    assertEquals(3, flyway.migrate().migrationsExecuted);
    assertEquals(0, flyway.migrate().migrationsExecuted);
    flyway.validate();
    assertEquals("2", flyway.info().current().getVersion().getVersion());
    // Several servers of an application start at once.
    List<CompletableFuture<Integer>> starts =
        IntStream.range(0, 4)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () -> with(url, "3").migrate().migrationsExecuted))
            .toList();
    assertEquals(1, starts.stream().mapToInt(CompletableFuture::join).sum());
    // A migration that fails leaves nothing.
    FlywayException failed = assertThrows(FlywayException.class, () -> with(url, "4").migrate());
    assertTrue(failed.getMessage().contains("42P01"), failed.getMessage());
    try (Connection connection = DriverManager.getConnection(url, "postgres", "");
        ResultSet rows =
            connection
                .createStatement()
                .executeQuery(
                    "SELECT (SELECT string_agg(version, ',' ORDER BY installed_rank) FROM"
                        + " app.flyway_schema_history), (SELECT count(*) FROM app.people),"
                        + " to_regclass('app.half')")) {
      rows.next();
      assertEquals("1,2,3", rows.getString(1));
      assertEquals(3, rows.getInt(2));
      assertEquals(null, rows.getString(3));
    }
    flyway.clean();
    assertEquals(3, flyway.migrate().migrationsExecuted);
    flyway.clean();
  }

  private static Flyway with(String url, String target) {
    return Flyway.configure()
        .dataSource(url, "postgres", "")
        .locations("classpath:apps/flyway", "classpath:apps/later")
        .schemas("app", "extra")
        .defaultSchema("app")
        .target(target)
        .load();
  }

  static void liquibase(String url) throws Exception {
    try (Connection connection = DriverManager.getConnection(url, "postgres", "")) {
      Database database =
          DatabaseFactory.getInstance()
              .findCorrectDatabaseImplementation(new JdbcConnection(connection));
      Liquibase liquibase =
          new Liquibase("apps/changelog.xml", new ClassLoaderResourceAccessor(), database);
      liquibase.update("");
      assertEquals(List.of(), liquibase.listUnrunChangeSets(null, null));
      liquibase.update("");
      DatabaseSnapshot snapshot =
          SnapshotGeneratorFactory.getInstance()
              .createSnapshot(database.getDefaultSchema(), database, new SnapshotControl(database));
      Table found =
          snapshot.get(Table.class).stream()
              .filter(table -> table.getName().equals("items"))
              .findFirst()
              .orElseThrow();
      assertEquals(
          List.of("id", "name", "price", "kind", "made", "label"),
          found.getColumns().stream().map(column -> column.getName()).toList());
      assertEquals("items_pk", found.getPrimaryKey().getName());
      assertEquals("items_kind", found.getOutgoingForeignKeys().getFirst().getName());
      assertEquals("what is sold", found.getRemarks());
      assertEquals(
          0,
          liquibase.diff(database, database, CompareControl.STANDARD).getMissingObjects().size());
      liquibase.tag("here");
      liquibase.rollback(2, "");
      assertEquals(2, liquibase.listUnrunChangeSets(null, null).size());
      liquibase.update("");
      liquibase.dropAll();
      assertEquals(0, tables(connection));
    }
  }

  private static int tables(Connection connection) throws SQLException {
    try (ResultSet rows =
        connection
            .createStatement()
            .executeQuery("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  static void hikari(String url) throws Exception {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setUsername("postgres");
    config.setMaximumPoolSize(3);
    config.setConnectionTimeout(1_000);
    config.setConnectionInitSql("SET application_name = 'pooled'");
    config.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
    config.setAutoCommit(false);
    config.setSchema("pg_catalog");
    config.setReadOnly(true);
    try (HikariDataSource pool = new HikariDataSource(config)) {
      try (Connection one = pool.getConnection();
          Connection two = pool.getConnection();
          Connection three = pool.getConnection()) {
        for (Connection connection : List.of(one, two, three)) {
          try (ResultSet rows =
              connection
                  .createStatement()
                  .executeQuery(
                      "SELECT current_setting('application_name'), current_schema(),"
                          + " current_setting('transaction_isolation'),"
                          + " current_setting('transaction_read_only')")) {
            rows.next();
            assertEquals("pooled", rows.getString(1));
            assertEquals("pg_catalog", rows.getString(2));
            assertEquals("repeatable read", rows.getString(3));
            assertEquals("on", rows.getString(4));
          }
          connection.commit();
          connection.setReadOnly(false);
          connection.setSchema("public");
          connection.commit();
        }
        assertThrows(SQLTransientConnectionException.class, pool::getConnection);
      }
      // What the borrower changed is as before.
      try (Connection again = pool.getConnection()) {
        assertTrue(again.isReadOnly());
        assertEquals("pg_catalog", again.getSchema());
        assertThrows(
            SQLException.class, () -> again.createStatement().execute("CREATE TABLE x (a int)"));
      }
      // An ended backend is replaced.
      try (Connection killer = DriverManager.getConnection(url, "postgres", "")) {
        killer
            .createStatement()
            .execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE application_name = 'pooled'");
      }
      pool.getHikariPoolMXBean().softEvictConnections();
      try (Connection again = pool.getConnection()) {
        assertTrue(again.isValid(5));
      }
    }
  }
}
