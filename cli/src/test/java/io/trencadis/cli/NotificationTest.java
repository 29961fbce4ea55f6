package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/// LISTEN and NOTIFY through pgjdbc.
class NotificationTest {
  private static final int PATIENCE_MILLIS = 60_000;
  private static RunningServer server;

  @BeforeAll
  static void start() {
    server = RunningServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /// Waits until so many have come, and gives their texts.
  private static List<String> wait(Connection connection, int count) throws SQLException {
    List<String> texts = new ArrayList<>();
    while (texts.size() < count) {
      PGNotification[] more =
          connection.unwrap(PGConnection.class).getNotifications(PATIENCE_MILLIS);
      if (more == null || more.length == 0) {
        throw new AssertionError("only these came: " + texts);
      }
      for (PGNotification each : more) {
        texts.add(each.getName() + " " + each.getParameter());
      }
    }
    return texts;
  }

  @Test
  void anIdleClientHearsAtOnce() throws SQLException {
    try (Connection listener = server.connect();
        Connection sender = server.connect()) {
      run(listener, "LISTEN news");
      run(sender, "NOTIFY news, 'one'");
      assertEquals(List.of("news one"), wait(listener, 1));
      run(sender, "SELECT pg_notify('news', 'two')");
      assertEquals(List.of("news two"), wait(listener, 1));
      int sent = sender.unwrap(PGConnection.class).getBackendPID();
      run(sender, "NOTIFY news, 'three'");
      PGNotification[] last = listener.unwrap(PGConnection.class).getNotifications(PATIENCE_MILLIS);
      assertEquals(sent, last[0].getPID());
    }
  }

  @Test
  void aClientInATransactionHearsWithItsEnd() throws SQLException {
    try (Connection listener = server.connect();
        Connection sender = server.connect()) {
      run(listener, "LISTEN later");
      listener.setAutoCommit(false);
      run(listener, "SELECT 1");
      run(sender, "NOTIFY later, 'x'");
      run(listener, "SELECT 2");
      assertEquals(0, listener.unwrap(PGConnection.class).getNotifications().length);
      listener.commit();
      assertEquals(List.of("later x"), wait(listener, 1));
    }
  }

  @Test
  void manyCommitsComeInTheirOrder() throws SQLException {
    try (Connection listener = server.connect();
        Connection sender = server.connect()) {
      run(listener, "LISTEN many");
      run(sender, "CREATE TABLE many (a int PRIMARY KEY)");
      List<String> expected = new ArrayList<>();
      sender.setAutoCommit(false);
      for (int i = 0; i < 200; i++) {
        run(sender, "INSERT INTO many VALUES (" + i + ")");
        run(sender, "NOTIFY many, '" + i + "'");
        sender.commit();
        expected.add("many " + i);
      }
      assertEquals(expected, wait(listener, 200));
    }
  }
}
