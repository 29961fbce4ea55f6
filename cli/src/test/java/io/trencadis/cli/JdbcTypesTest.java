package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/// Types that users make, as pgjdbc reads and writes them.
class JdbcTypesTest {
  private static RunningServer server;

  @BeforeAll
  static void start() {
    server = RunningServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static List<String> texts(Statement statement, String query) throws SQLException {
    List<String> all = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        all.add(rows.getString(1));
      }
    }
    return all;
  }

  @Test
  void enumsAreWrittenAndReadInTextAndBinary() throws Exception {
    try (Connection connection = server.connect("prepareThreshold", "2");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')");
      statement.execute("CREATE TABLE moods (m mood PRIMARY KEY, all_of mood[])");
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO moods VALUES (?, ?)")) {
        for (String label : List.of("happy", "sad", "ok")) {
          insert.setObject(1, label, Types.OTHER);
          insert.setArray(2, connection.createArrayOf("mood", new String[] {label, null, "ok"}));
          assertEquals(1, insert.executeUpdate());
        }
        insert.setObject(1, "angry", Types.OTHER);
        assertEquals("22P02", assertThrows(SQLException.class, insert::execute).getSQLState());
      }
      try (PreparedStatement select =
          connection.prepareStatement("SELECT m, all_of FROM moods WHERE m > ?::mood ORDER BY m")) {
        for (int i = 0; i < 6; i++) {
          select.setString(1, "sad");
          try (ResultSet rows = select.executeQuery()) {
            assertEquals("mood", rows.getMetaData().getColumnTypeName(1));
            assertEquals("_mood", rows.getMetaData().getColumnTypeName(2));
            assertTrue(rows.next());
            assertEquals("ok", rows.getString(1));
            assertTrue(rows.next());
            assertEquals("happy", rows.getObject(1));
            assertArrayEquals(
                new Object[] {"happy", null, "ok"}, (Object[]) rows.getArray(2).getArray());
          }
        }
      }
      StringWriter out = new StringWriter();
      var copies = connection.unwrap(PGConnection.class).getCopyAPI();
      copies.copyOut("COPY (SELECT m FROM moods ORDER BY m) TO STDOUT", out);
      assertEquals("sad\nok\nhappy\n", out.toString());
      statement.execute("ALTER TYPE mood ADD VALUE 'meh' BEFORE 'ok'");
      assertEquals(1, copies.copyIn("COPY moods (m) FROM STDIN", new StringReader("meh\n")));
      assertEquals(
          List.of("sad", "meh", "ok", "happy"), texts(statement, "SELECT m FROM moods ORDER BY m"));
      statement.execute("DROP TYPE mood CASCADE");
    }
  }

  @Test
  void domainsAreTheirBaseTypesToClientsAndCheckedOnTheWayIn() throws Exception {
    try (Connection connection = server.connect("prepareThreshold", "2");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DOMAIN positive AS int NOT NULL CHECK (VALUE > 0)");
      statement.execute("CREATE TABLE counted (n positive, m positive DEFAULT 7)");
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO counted (n) VALUES (?)")) {
        for (int i = 1; i <= 4; i++) {
          insert.setInt(1, i);
          assertEquals(1, insert.executeUpdate());
        }
        insert.setInt(1, -1);
        assertEquals("23514", assertThrows(SQLException.class, insert::execute).getSQLState());
        insert.setNull(1, Types.INTEGER);
        assertEquals("23502", assertThrows(SQLException.class, insert::execute).getSQLState());
      }
      var copies = connection.unwrap(PGConnection.class).getCopyAPI();
      assertEquals(1, copies.copyIn("COPY counted (n) FROM STDIN", new StringReader("5\n")));
      SQLException refused =
          assertThrows(
              SQLException.class,
              () -> copies.copyIn("COPY counted (n) FROM STDIN", new StringReader("0\n")));
      assertEquals("23514", refused.getSQLState());
      assertEquals(List.of("5"), texts(statement, "SELECT count(*) FROM counted WHERE m = 7"));
      try (ResultSet rows = statement.executeQuery("SELECT n FROM counted ORDER BY n")) {
        assertEquals("int4", rows.getMetaData().getColumnTypeName(1));
        assertTrue(rows.next());
        assertEquals(1, rows.getInt(1));
      }
    }
  }

  @Test
  void partsOfArraysBitStringsAndAddressesGoBothWays() throws Exception {
    try (Connection connection = server.connect("prepareThreshold", "2");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE parts (id int PRIMARY KEY, a int[], b bit varying, i inet, m macaddr)");
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO parts VALUES (?, ?, ?, ?, ?)")) {
        for (int i = 1; i <= 4; i++) {
          insert.setInt(1, i);
          insert.setArray(2, connection.createArrayOf("int4", new Integer[][] {{1, 2}, {null, i}}));
          insert.setObject(3, "10" + Integer.toBinaryString(i), Types.OTHER);
          insert.setObject(4, "10.0.0." + i + "/24", Types.OTHER);
          insert.setObject(5, "08:00:2b:01:02:0" + i, Types.OTHER);
          assertEquals(1, insert.executeUpdate());
        }
      }
      try (PreparedStatement update =
          connection.prepareStatement("UPDATE parts SET a[?][2] = ? WHERE id = 4")) {
        update.setInt(1, 1);
        update.setInt(2, 20);
        assertEquals(1, update.executeUpdate());
      }
      try (PreparedStatement select =
          connection.prepareStatement("SELECT a, b, i, m FROM parts WHERE i << ? AND id = 4")) {
        for (int i = 0; i < 5; i++) {
          select.setObject(1, "10.0.0.0/8", Types.OTHER);
          try (ResultSet rows = select.executeQuery()) {
            assertTrue(rows.next());
            assertArrayEquals(
                new Integer[][] {{1, 20}, {null, 4}}, (Integer[][]) rows.getArray(1).getArray());
            assertEquals("10100", rows.getString(2));
            assertEquals("10.0.0.4/24", rows.getString(3));
            assertEquals("08:00:2b:01:02:04", rows.getString(4));
          }
        }
      }
    }
  }
}
