package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.trencadis.wire.RawClient;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Sessions whose clients are silent for too long, with the messages that PostgreSQL 15 sends.
class IdleTimeoutTest {
  private static final String IN_TRANSACTION =
      "E:FATAL 25P03 terminating connection due to idle-in-transaction timeout";
  private static final String IDLE =
      "E:FATAL 57P05 terminating connection due to idle-session timeout";

  private static RunningServer server;

  @BeforeAll
  static void start() {
    server = RunningServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static RawClient connect() throws IOException {
    RawClient client = RawClient.connect(server.port());
    client.patience(60_000);
    return client;
  }

  @Test
  void aSilentTransactionIsRolledBackAndItsLocksAreFree() throws IOException, SQLException {
    try (RawClient silent = connect();
        Connection other = server.connect();
        Statement statement = other.createStatement()) {
      statement.execute("CREATE TABLE held (id int PRIMARY KEY, v int)");
      statement.execute("INSERT INTO held VALUES (1, 1)");
      silent.query("SET idle_in_transaction_session_timeout = 50");
      assertEquals(List.of("C:SET", "ZI"), silent.untilReady());
      silent.query("BEGIN; UPDATE held SET v = 2 WHERE id = 1");
      assertEquals(List.of("C:BEGIN", "C:UPDATE 1", "ZT"), silent.untilReady());
      // It waits for the lock that nobody gives back but the timeout.
      assertEquals(1, statement.executeUpdate("UPDATE held SET v = v + 10 WHERE id = 1"));
      assertEquals(List.of(IN_TRANSACTION, "EOF"), silent.untilReady());
      try (var rows = statement.executeQuery("SELECT v FROM held")) {
        rows.next();
        assertEquals(11, rows.getInt(1));
      }
    }
  }

  @Test
  void aFailedTransactionIsOneTooAndTheOtherLimitDoesNotCountInIt() throws IOException {
    try (RawClient silent = connect()) {
      silent.query("SET idle_in_transaction_session_timeout = 400");
      assertEquals(List.of("C:SET", "ZI"), silent.untilReady());
      silent.query("BEGIN");
      assertEquals(List.of("C:BEGIN", "ZT"), silent.untilReady());
      silent.query("SET idle_session_timeout = 50");
      assertEquals(List.of("C:SET", "ZT"), silent.untilReady());
      silent.query("SELECT 1/0");
      assertEquals(List.of("E:ERROR 22012 division by zero", "ZE"), silent.untilReady());
      assertEquals(List.of(IN_TRANSACTION, "EOF"), silent.untilReady());
    }
  }

  @Test
  void aSilentSessionIsEndedButNotOneThatWorks() throws IOException {
    try (RawClient silent = connect()) {
      silent.query("SET idle_session_timeout = 100; SET idle_in_transaction_session_timeout = 1");
      assertEquals(List.of("C:SET", "C:SET", "ZI"), silent.untilReady());
      silent.query("SELECT 1 FROM pg_sleep(0.4)");
      assertEquals(List.of("T", "D:[1]", "C:SELECT 1", "ZI"), silent.untilReady());
      assertEquals(List.of(IDLE, "EOF"), silent.untilReady());
    }
  }

  @Test
  void theLimitCountsFromTheStartWhereTheClientBringsIt() throws IOException {
    try (RawClient silent = new RawClient(server.port())) {
      silent.patience(60_000);
      silent.startup("user", "postgres", "idle_session_timeout", "50");
      silent.untilReady();
      assertEquals(List.of(IDLE, "EOF"), silent.untilReady());
    }
  }
}
