package io.trencadis.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// LISTEN and NOTIFY between two sessions of a server.
class NotifyTest {
  private final LocalSqlEngine engine = SqlScript.engine();
  private final SqlScript sender = new SqlScript(engine, 1);
  private final SqlScript listener = new SqlScript(engine, 2);
  private final AtomicInteger wakes = new AtomicInteger();

  @BeforeEach
  void listen() {
    listener.session().whenNotified(wakes::incrementAndGet);
    assertEquals(List.of("LISTEN"), listener.run("LISTEN news"));
  }

  /// What has arrived and may be delivered now.
  private List<String> delivered(SqlScript to) {
    return to.deliver();
  }

  @Test
  void aNotificationIsThereWhenItsStatementHasCommitted() {
    assertEquals(List.of("NOTIFY"), sender.run("NOTIFY news, 'first'"));
    assertEquals(1, wakes.get());
    assertEquals(List.of("1 news first"), delivered(listener));
    assertEquals(List.of(), delivered(listener));
  }

  @Test
  void nothingIsSentBeforeTheTransactionCommits() {
    sender.run("BEGIN");
    sender.run("NOTIFY news, 'later'");
    assertEquals(List.of(), delivered(listener));
    sender.run("COMMIT");
    assertEquals(List.of("1 news later"), delivered(listener));
  }

  @Test
  void aRollbackSendsNothingAndSoDoesASavepoint() {
    sender.run("BEGIN");
    sender.run("NOTIFY news, 'kept'");
    sender.run("SAVEPOINT s");
    sender.run("NOTIFY news, 'undone'");
    sender.run("ROLLBACK TO s");
    sender.run("COMMIT");
    sender.run("BEGIN");
    sender.run("NOTIFY news, 'lost'");
    sender.run("ROLLBACK");
    assertEquals(List.of("1 news kept"), delivered(listener));
  }

  @Test
  void equalNotificationsOfATransactionAreOne() {
    sender.run("BEGIN");
    for (String payload : List.of("a", "b", "a", "a", "c")) {
      sender.run("NOTIFY news, '" + payload + "'");
    }
    sender.run("SELECT pg_notify('news', 'b')");
    sender.run("NOTIFY other, 'a'");
    sender.run("COMMIT");
    assertEquals(List.of("1 news a", "1 news b", "1 news c"), delivered(listener));
  }

  @Test
  void aListenerInATransactionHearsAfterIt() {
    listener.run("BEGIN");
    listener.run("SELECT 1");
    sender.run("NOTIFY news");
    assertEquals(List.of(), delivered(listener));
    listener.run("COMMIT");
    assertEquals(List.of("1 news "), delivered(listener));
  }

  @Test
  void listeningBeginsAndEndsWithACommit() {
    listener.run("BEGIN");
    listener.run("LISTEN more");
    assertEquals(List.of("news"), listener.run("SELECT pg_listening_channels()"));
    listener.run("ROLLBACK");
    sender.run("NOTIFY more");
    assertEquals(List.of(), delivered(listener));
    listener.run("LISTEN more");
    assertEquals(
        List.of("more", "news"), listener.run("SELECT * FROM pg_listening_channels() ORDER BY 1"));
    listener.run("UNLISTEN news");
    sender.run("NOTIFY news");
    sender.run("NOTIFY more, 'x'");
    assertEquals(List.of("1 more x"), delivered(listener));
    assertEquals(List.of("UNLISTEN"), listener.run("UNLISTEN *"));
    sender.run("NOTIFY more, 'y'");
    assertEquals(List.of(), delivered(listener));
    assertEquals(List.of(), listener.run("SELECT pg_listening_channels()"));
  }

  @Test
  void aSessionHearsItself() {
    sender.run("LISTEN own");
    sender.run("NOTIFY own, 'me'");
    assertEquals(List.of("1 own me"), delivered(sender));
  }

  @Test
  void notificationsComeInTheOrderOfCommits() {
    List<String> expected = new ArrayList<>();
    sender.run("CREATE TABLE t (a int)");
    SqlScript other = new SqlScript(engine, 3);
    for (int i = 0; i < 20; i++) {
      SqlScript each = i % 3 == 0 ? other : sender;
      each.run("BEGIN");
      each.run("INSERT INTO t VALUES (" + i + ")");
      each.run("NOTIFY news, '" + i + "'");
      each.run("COMMIT");
      expected.add((each == other ? "3 news " : "1 news ") + i);
    }
    assertEquals(expected, delivered(listener));
  }

  @Test
  void payloadsAndNamesHaveLimits() {
    assertEquals(
        List.of("ERROR 22023: payload string too long"),
        sender.run("SELECT pg_notify('news', repeat('x', 8000))"));
    assertEquals(List.of(""), sender.run("SELECT pg_notify('news', repeat('x', 7999))"));
    assertEquals(
        List.of("ERROR 22023: channel name cannot be empty"),
        sender.run("SELECT pg_notify('', 'x')"));
    assertEquals(
        List.of("ERROR 22023: channel name cannot be empty"),
        sender.run("SELECT pg_notify(NULL, 'x')"));
    assertEquals(
        List.of("ERROR 22023: channel name too long"),
        sender.run("SELECT pg_notify(repeat('c', 64), 'x')"));
    assertEquals(List.of("0"), sender.run("SELECT pg_notification_queue_usage()"));
  }

  @Test
  void aClosedSessionIsForgotten() {
    listener.session().close();
    sender.run("NOTIFY news");
    assertEquals(0, wakes.get());
  }
}
