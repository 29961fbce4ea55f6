package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/// What drivers rely on and the protocol's description does not say: which fields an error has, how
/// outputs of functions are asked for, that an idle session can be ended.
class DriverSurpriseTest {
  private static RunningServer server;

  @BeforeAll
  static void start() {
    server = RunningServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static ServerErrorMessage failure(Statement statement, String sql) {
    return assertThrows(PSQLException.class, () -> statement.execute(sql)).getServerErrorMessage();
  }

  @Test
  void errorsSayWhatTheyAreAbout() throws SQLException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA shop");
      statement.execute("CREATE DOMAIN shop.small AS int CHECK (VALUE < 10)");
      statement.execute(
          "CREATE TABLE shop.goods (id int CONSTRAINT goods_pk PRIMARY KEY, name text NOT NULL,"
              + " size shop.small, CONSTRAINT named CHECK (name <> ''))");
      statement.execute("CREATE TABLE shop.sold (id int CONSTRAINT sold_of REFERENCES shop.goods)");
      statement.execute("INSERT INTO shop.goods VALUES (1, 'a', 1)");
      ServerErrorMessage twice = failure(statement, "INSERT INTO shop.goods VALUES (1, 'a', 1)");
      assertEquals("shop", twice.getSchema());
      assertEquals("goods", twice.getTable());
      assertEquals("goods_pk", twice.getConstraint());
      ServerErrorMessage missing = failure(statement, "INSERT INTO shop.goods VALUES (2)");
      assertEquals("shop", missing.getSchema());
      assertEquals("name", missing.getColumn());
      ServerErrorMessage checked = failure(statement, "INSERT INTO shop.goods VALUES (2, '')");
      assertEquals("shop", checked.getSchema());
      assertEquals("named", checked.getConstraint());
      ServerErrorMessage domain = failure(statement, "INSERT INTO shop.goods VALUES (2, 'b', 11)");
      assertEquals("shop", domain.getSchema());
      assertEquals("small", domain.getDatatype());
      assertEquals("small_check", domain.getConstraint());
      ServerErrorMessage absent = failure(statement, "INSERT INTO shop.sold VALUES (7)");
      assertEquals("shop", absent.getSchema());
      assertEquals("sold", absent.getTable());
      assertEquals("sold_of", absent.getConstraint());
    }
  }

  @Test
  void aStatementWhoseTableChangedIsPreparedAnewByTheDriver() throws SQLException {
    try (Connection connection = server.connect("prepareThreshold", "1");
        Statement ddl = connection.createStatement()) {
      ddl.execute("CREATE TABLE widened (id int)");
      ddl.execute("INSERT INTO widened VALUES (1)");
      try (PreparedStatement select = connection.prepareStatement("SELECT * FROM widened")) {
        for (int i = 0; i < 3; i++) {
          select.executeQuery().close();
        }
        ddl.execute("ALTER TABLE widened ADD COLUMN more int DEFAULT 5");
        try (ResultSet rows = select.executeQuery()) {
          assertTrue(rows.next());
          assertEquals(5, rows.getInt("more"));
        }
      }
    }
  }

  @Test
  void outputsOfFunctionsAndProceduresAreParametersOfTypeVoid() throws SQLException {
    try (Connection connection = server.connect();
        Statement ddl = connection.createStatement()) {
      ddl.execute(
          "CREATE FUNCTION halves(a int, OUT b int, OUT c int) LANGUAGE sql AS 'SELECT a / 2, a - a / 2'");
      ddl.execute("CREATE FUNCTION plus(a int, b int) RETURNS int LANGUAGE sql AS 'SELECT a + b'");
      ddl.execute(
          "CREATE PROCEDURE twice(a int, OUT b int) LANGUAGE plpgsql AS 'BEGIN b := a * 2; END'");
      try (CallableStatement call = connection.prepareCall("{ call halves(?, ?, ?) }")) {
        call.setInt(1, 7);
        call.registerOutParameter(2, Types.INTEGER);
        call.registerOutParameter(3, Types.INTEGER);
        call.execute();
        assertEquals(3, call.getInt(2));
        assertEquals(4, call.getInt(3));
      }
      try (CallableStatement call = connection.prepareCall("{ ? = call plus(?, ?) }")) {
        call.registerOutParameter(1, Types.INTEGER);
        call.setInt(2, 7);
        call.setInt(3, 8);
        call.execute();
        assertEquals(15, call.getInt(1));
      }
      try (CallableStatement call = connection.prepareCall("call twice(?, ?)")) {
        call.setInt(1, 7);
        call.registerOutParameter(2, Types.INTEGER);
        call.execute();
        assertEquals(14, call.getInt(2));
      }
    }
  }

  @Test
  void explainFindsOutTheTypesOfParameters() throws SQLException {
    try (Connection connection = server.connect();
        PreparedStatement explain =
            connection.prepareStatement("EXPLAIN SELECT * FROM pg_class WHERE oid = ?")) {
      explain.setObject(1, "5", Types.OTHER);
      try (ResultSet rows = explain.executeQuery()) {
        assertTrue(rows.next());
      }
    }
  }

  @Test
  void whoTerminatesItselfIsToldSoAndNothingElse() throws Exception {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      SQLException cancelled =
          assertThrows(
              SQLException.class,
              () -> statement.executeQuery("SELECT pg_cancel_backend(pg_backend_pid())"));
      assertEquals("57014", cancelled.getSQLState());
      SQLException end =
          assertThrows(
              SQLException.class,
              () -> statement.executeQuery("SELECT pg_terminate_backend(pg_backend_pid())"));
      assertEquals("57P01", end.getSQLState());
      assertTrue(connection.isClosed());
    }
  }

  @Test
  void aSessionWhoseClientIsSilentEndsWhenItIsTerminated() throws Exception {
    try (Connection silent = server.connect();
        Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      int pid = silent.unwrap(PGConnection.class).getBackendPID();
      statement.execute("SELECT pg_terminate_backend(" + pid + ")");
      Instant latest = Instant.now().plus(Duration.ofSeconds(20));
      boolean there = true;
      while (there && Instant.now().isBefore(latest)) {
        try (ResultSet rows =
            statement.executeQuery("SELECT FROM pg_stat_activity WHERE pid = " + pid)) {
          there = rows.next();
        }
      }
      assertFalse(there);
      assertFalse(silent.isValid(5));
    }
  }
}
