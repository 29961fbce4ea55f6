package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/// What pgjdbc does, done against a running server.
class JdbcTest {
  private static RunningServer server;

  @BeforeAll
  static void start() {
    server = RunningServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void preparedStatementsKeepWorkingWhenTheDriverSwitchesToNamedOnesAndBinary()
      throws SQLException {
    try (Connection connection = server.connect("prepareThreshold", "3");
        Statement ddl = connection.createStatement()) {
      ddl.execute(
          "CREATE TABLE prepared (id int PRIMARY KEY, v numeric(8,2), t text, at timestamp, d date, u uuid)");
      UUID uuid = UUID.randomUUID();
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO prepared VALUES (?, ?, ?, ?, ?, ?)")) {
        for (int i = 0; i < 12; i++) {
          insert.setInt(1, i);
          insert.setBigDecimal(2, new BigDecimal("1.25"));
          insert.setString(3, "t" + i);
          insert.setObject(4, LocalDateTime.of(2026, 1, 2, 3, 4, 5));
          insert.setObject(5, LocalDate.of(2026, 1, i + 1));
          insert.setObject(6, uuid);
          assertEquals(1, insert.executeUpdate());
        }
      }
      try (PreparedStatement select =
          connection.prepareStatement("SELECT v, t, at, d, u FROM prepared WHERE id = ?")) {
        for (int i = 0; i < 12; i++) {
          select.setInt(1, i);
          try (ResultSet rows = select.executeQuery()) {
            assertTrue(rows.next());
            assertEquals(new BigDecimal("1.25"), rows.getBigDecimal(1));
            assertEquals("t" + i, rows.getString(2));
            assertEquals(
                LocalDateTime.of(2026, 1, 2, 3, 4, 5), rows.getObject(3, LocalDateTime.class));
            assertEquals(LocalDate.of(2026, 1, i + 1), rows.getObject(4, LocalDate.class));
            assertEquals(uuid, rows.getObject(5));
            assertFalse(rows.next());
          }
        }
      }
    }
  }

  @Test
  void batchesInsertAllTheirRows() throws SQLException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE batched (id int PRIMARY KEY, v text)");
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO batched VALUES (?, ?)")) {
        for (int i = 0; i < 500; i++) {
          insert.setInt(1, i);
          insert.setString(2, "v" + i);
          insert.addBatch();
        }
        assertEquals(500, insert.executeBatch().length);
      }
      try (ResultSet count = statement.executeQuery("SELECT count(*) FROM batched")) {
        assertTrue(count.next());
        assertEquals(500, count.getInt(1));
      }
    }
  }

  @Test
  void aFailedBatchUndoesItsTransaction() throws SQLException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE half (id int PRIMARY KEY)");
      try (PreparedStatement insert = connection.prepareStatement("INSERT INTO half VALUES (?)")) {
        for (int id : new int[] {1, 2, 1}) {
          insert.setInt(1, id);
          insert.addBatch();
        }
        SQLException error = assertThrows(SQLException.class, insert::executeBatch);
        assertEquals("23505", error.getSQLState());
      }
      try (ResultSet count = statement.executeQuery("SELECT count(*) FROM half")) {
        assertTrue(count.next());
        assertEquals(0, count.getInt(1));
      }
    }
  }

  @Test
  void fetchSizeReadsThroughAPortalPieceByPiece() throws SQLException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.setFetchSize(7);
      try (ResultSet rows = statement.executeQuery("SELECT g FROM generate_series(1, 100) g")) {
        int sum = 0;
        while (rows.next()) {
          sum += rows.getInt(1);
        }
        assertEquals(5050, sum);
      }
      connection.commit();
    }
  }

  @Test
  void copyManagerCopiesInAndOut() throws Exception {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE copied (a int, b text)");
      var copy = connection.unwrap(PGConnection.class).getCopyAPI();
      long in =
          copy.copyIn(
              "COPY copied FROM STDIN", new StringReader("1\tone\n2\t\\N\n3\ttab\\there\n"));
      assertEquals(3, in);
      StringWriter out = new StringWriter();
      copy.copyOut(
          "COPY (SELECT * FROM copied ORDER BY a) TO STDOUT WITH (FORMAT csv, HEADER)", out);
      assertEquals("a,b\n1,one\n2,\n3,tab\there\n", out.toString());
      SQLException error =
          assertThrows(
              SQLException.class,
              () -> copy.copyIn("COPY copied FROM STDIN", new StringReader("x\ty\n")));
      assertEquals("22P02", error.getSQLState());
    }
  }

  @Test
  void aCancelledStatementEndsWithItsOwnError() throws Exception {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      CompletableFuture<Void> cancel =
          CompletableFuture.runAsync(
              () -> {
                try {
                  String active =
                      "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)' AND state = 'active'";
                  try (Connection other = server.connect();
                      Statement watch = other.createStatement()) {
                    boolean running = false;
                    while (!running) {
                      try (ResultSet rows = watch.executeQuery(active)) {
                        running = rows.next() && rows.getInt(1) == 1;
                      }
                    }
                  }
                  statement.cancel();
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              });
      SQLException error =
          assertThrows(SQLException.class, () -> statement.execute("SELECT pg_sleep(60)"));
      assertEquals("57014", error.getSQLState());
      cancel.get();
      try (ResultSet alive = statement.executeQuery("SELECT 1")) {
        assertTrue(alive.next());
      }
    }
  }

  @Test
  void transactionsCommitAndRollBackWithSavepoints() throws SQLException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE points (id int PRIMARY KEY)");
      connection.setAutoCommit(false);
      statement.execute("INSERT INTO points VALUES (1)");
      var savepoint = connection.setSavepoint();
      statement.execute("INSERT INTO points VALUES (2)");
      connection.rollback(savepoint);
      connection.commit();
      try (ResultSet rows = statement.executeQuery("SELECT id FROM points")) {
        assertTrue(rows.next());
        assertEquals(1, rows.getInt(1));
        assertFalse(rows.next());
      }
      connection.rollback();
    }
  }

  @Test
  void arraysTravelBothWays() throws SQLException {
    try (Connection connection = server.connect();
        PreparedStatement select =
            connection.prepareStatement("SELECT ?::int[], array['a', null, 'b']")) {
      select.setArray(1, connection.createArrayOf("int4", new Integer[] {1, 2, 3}));
      try (ResultSet rows = select.executeQuery()) {
        assertTrue(rows.next());
        Array numbers = rows.getArray(1);
        assertArrayEquals(new Integer[] {1, 2, 3}, (Integer[]) numbers.getArray());
        assertArrayEquals(new String[] {"a", null, "b"}, (String[]) rows.getArray(2).getArray());
      }
    }
  }

  @Test
  void metadataDescribesTablesColumnsAndKeys() throws SQLException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE described (id int PRIMARY KEY, name varchar(20) NOT NULL, v numeric(7,3))");
      var metadata = connection.getMetaData();
      try (ResultSet tables =
          metadata.getTables(null, "public", "described", new String[] {"TABLE"})) {
        assertTrue(tables.next());
        assertEquals("described", tables.getString("TABLE_NAME"));
        assertFalse(tables.next());
      }
      StringBuilder columns = new StringBuilder();
      try (ResultSet rows = metadata.getColumns(null, "public", "described", null)) {
        while (rows.next()) {
          columns
              .append(rows.getString("COLUMN_NAME"))
              .append(' ')
              .append(rows.getString("TYPE_NAME"))
              .append(' ')
              .append(rows.getInt("COLUMN_SIZE"))
              .append(' ')
              .append(rows.getString("IS_NULLABLE"))
              .append(';');
        }
      }
      assertEquals("id int4 10 NO;name varchar 20 NO;v numeric 7 YES;", columns.toString());
      try (ResultSet keys = metadata.getPrimaryKeys(null, "public", "described")) {
        assertTrue(keys.next());
        assertEquals("id", keys.getString("COLUMN_NAME"));
        assertEquals("described_pkey", keys.getString("PK_NAME"));
      }
    }
  }

  @Test
  void errorsCarryStatePositionAndConstraint() throws SQLException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE strict_one (id int PRIMARY KEY CONSTRAINT small CHECK (id < 10))");
      SQLException syntax =
          assertThrows(SQLException.class, () -> statement.execute("SELECT 1 FRM x"));
      assertEquals("42601", syntax.getSQLState());
      var check =
          assertThrows(
              org.postgresql.util.PSQLException.class,
              () -> statement.execute("INSERT INTO strict_one VALUES (11)"));
      assertEquals("23514", check.getSQLState());
      assertEquals("small", check.getServerErrorMessage().getConstraint());
      assertEquals("strict_one", check.getServerErrorMessage().getTable());
      var column =
          assertThrows(
              org.postgresql.util.PSQLException.class,
              () -> statement.execute("SELECT nope FROM strict_one"));
      assertEquals(8, column.getServerErrorMessage().getPosition());
    }
  }
}
