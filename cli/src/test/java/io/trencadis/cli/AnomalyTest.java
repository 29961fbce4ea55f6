package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The anomalies by name (Adya, *Weak Consistency*, 1999), each as an interleaving of real
/// connections at each level, with replay and without: what happens is exactly what
/// `docs/transactions.md` says. `-Danomaly.port=` asks a PostgreSQL instead, whose answers differ
/// nowhere but in replay.
class AnomalyTest {
  private static final Integer FOREIGN_PORT = Integer.getInteger("anomaly.port");

  private static RunningServer server;

  /// One anomaly.
  ///
  /// @param script "who statement", in order; R(x) and the like are not abbreviated
  /// @param occurred whether the history shows it
  private record Anomaly(
      String name, List<String> script, Predicate<Interleaving> occurred, Set<String> possibleAt) {}

  /// The levels, by how much they allow.
  private static final Set<String> NOWHERE = Set.of();

  private static final Set<String> READ_COMMITTED = Set.of("READ UNCOMMITTED", "READ COMMITTED");

  private static final Set<String> BELOW_SERIALIZABLE =
      Set.of("READ UNCOMMITTED", "READ COMMITTED", "REPEATABLE READ");

  private static final String X = "SELECT value FROM %t WHERE id = 1";
  private static final String Y = "SELECT value FROM %t WHERE id = 2";
  private static final String ALL = "SELECT id, value FROM %t ORDER BY id";

  private static String set(int id, int value) {
    return "UPDATE %t SET value = " + value + " WHERE id = " + id;
  }

  private static boolean allCommitted(Interleaving history, int... clients) {
    for (int client : clients) {
      if (!history.committed(client)) {
        return false;
      }
    }
    return true;
  }

  private static String value(Interleaving history, int id) {
    try {
      return history.read("SELECT value FROM " + TABLE + " WHERE id = " + id);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static final String TABLE = "anomaly";

  private static final List<Anomaly> ANOMALIES =
      List.of(
          new Anomaly(
              "G0 dirty write",
              List.of(
                  "1 " + set(1, 11),
                  "2 " + set(1, 12),
                  "1 " + set(2, 21),
                  "1 COMMIT",
                  "2 " + set(2, 22),
                  "2 COMMIT"),
              history -> !value(history, 1).substring(1).equals(value(history, 2).substring(1)),
              NOWHERE),
          new Anomaly(
              "G1a aborted read",
              List.of("1 " + set(1, 101), "2 " + X, "1 ROLLBACK", "2 " + X, "2 COMMIT"),
              history -> history.answers(2).contains("101"),
              NOWHERE),
          new Anomaly(
              "G1b intermediate read",
              List.of(
                  "1 " + set(1, 101),
                  "2 " + X,
                  "1 " + set(1, 11),
                  "1 COMMIT",
                  "2 " + X,
                  "2 COMMIT"),
              history -> history.answers(2).contains("101"),
              NOWHERE),
          new Anomaly(
              "G1c circular information flow",
              List.of(
                  "1 " + set(1, 11), "2 " + set(2, 22), "1 " + Y, "2 " + X, "1 COMMIT", "2 COMMIT"),
              history -> history.answers(1).contains("22") && history.answers(2).contains("11"),
              NOWHERE),
          new Anomaly(
              "OTV observed transaction vanishes",
              List.of(
                  "1 " + set(1, 11),
                  "1 " + set(2, 19),
                  "2 " + set(1, 12),
                  "1 COMMIT",
                  "3 " + X,
                  "2 " + set(2, 18),
                  "3 " + Y,
                  "2 COMMIT",
                  "3 " + Y,
                  "3 " + X,
                  "3 COMMIT"),
              // Once a part of T2 was seen, nothing of T1 may be.
              history -> {
                List<String> seen = history.answers(3);
                int second = firstOf(seen, "12", "18");
                return second >= 0
                    && firstOf(seen.subList(second, seen.size()), "11", "19", "10", "20") >= 0;
              },
              NOWHERE),
          new Anomaly(
              "PMP predicate-many-preceders",
              List.of(
                  "1 SELECT id FROM %t WHERE value = 30",
                  "2 INSERT INTO %t VALUES (3, 30)",
                  "2 COMMIT",
                  "1 SELECT id FROM %t WHERE value % 3 = 0",
                  "1 COMMIT"),
              history -> history.committed(1) && history.answers(1).get(1).equals("3"),
              READ_COMMITTED),
          new Anomaly(
              "PMP with a write predicate",
              List.of(
                  "1 " + X,
                  "2 UPDATE %t SET value = value + 10",
                  "2 COMMIT",
                  "1 DELETE FROM %t WHERE value = 20",
                  "1 " + ALL,
                  "1 COMMIT"),
              // X was 10 before the update, which only then has value 20.
              history -> history.committed(1) && history.answers(1).get(2).equals("2=30"),
              READ_COMMITTED),
          new Anomaly(
              "P4 lost update",
              List.of(
                  "1 " + X, "2 " + X, "1 " + set(1, 11), "2 " + set(1, 12), "1 COMMIT", "2 COMMIT"),
              history -> allCommitted(history, 1, 2),
              READ_COMMITTED),
          new Anomaly(
              "G-single read skew",
              List.of(
                  "1 " + X,
                  "2 " + X,
                  "2 " + Y,
                  "2 " + set(1, 12),
                  "2 " + set(2, 18),
                  "2 COMMIT",
                  "1 " + Y,
                  "1 COMMIT"),
              history -> history.committed(1) && history.answers(1).get(1).equals("18"),
              READ_COMMITTED),
          new Anomaly(
              "G-single through predicates",
              List.of(
                  "1 SELECT id FROM %t WHERE value % 5 = 0 ORDER BY id",
                  "2 UPDATE %t SET value = 12 WHERE value = 10",
                  "2 COMMIT",
                  "1 SELECT id FROM %t WHERE value % 3 = 0",
                  "1 COMMIT"),
              history -> history.committed(1) && !history.answers(1).get(1).isEmpty(),
              READ_COMMITTED),
          new Anomaly(
              "G2-item write skew",
              List.of(
                  "1 " + ALL,
                  "2 " + ALL,
                  "1 " + set(1, 11),
                  "2 " + set(2, 21),
                  "1 COMMIT",
                  "2 COMMIT"),
              history -> allCommitted(history, 1, 2),
              BELOW_SERIALIZABLE),
          new Anomaly(
              "G2 anti-dependency circle through predicates",
              List.of(
                  "1 SELECT id FROM %t WHERE value % 3 = 0",
                  "2 SELECT id FROM %t WHERE value % 3 = 0",
                  "1 INSERT INTO %t VALUES (3, 30)",
                  "2 INSERT INTO %t VALUES (4, 42)",
                  "1 COMMIT",
                  "2 COMMIT"),
              history -> allCommitted(history, 1, 2),
              BELOW_SERIALIZABLE),
          new Anomaly(
              "G2 through a transaction that only reads",
              List.of(
                  "1 " + ALL,
                  "2 UPDATE %t SET value = value + 5 WHERE id = 2",
                  "2 COMMIT",
                  "3 " + ALL,
                  "3 COMMIT",
                  "1 " + set(1, 0),
                  "1 COMMIT"),
              history ->
                  allCommitted(history, 1, 2, 3)
                      && history.answers(3).getFirst().equals("1=10 2=25"),
              BELOW_SERIALIZABLE),
          new Anomaly(
              "stale read",
              List.of("1 " + set(1, 11), "1 COMMIT", "2 " + X, "2 COMMIT"),
              history -> !history.answers(2).getFirst().equals("11"),
              NOWHERE));

  private static int firstOf(List<String> all, String... wanted) {
    for (int i = 0; i < all.size(); i++) {
      if (List.of(wanted).contains(all.get(i))) {
        return i;
      }
    }
    return -1;
  }

  @BeforeAll
  static void start() throws SQLException {
    server = FOREIGN_PORT == null ? RunningServer.start() : null;
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  private static Connection connect() throws SQLException {
    return server != null
        ? server.connect()
        : DriverManager.getConnection(
            "jdbc:postgresql://127.0.0.1:" + FOREIGN_PORT + "/postgres", "postgres", "");
  }

  private static void reset() throws SQLException {
    run(
        "DROP TABLE IF EXISTS " + TABLE,
        "CREATE TABLE " + TABLE + " (id int PRIMARY KEY, value int)",
        "INSERT INTO " + TABLE + " VALUES (1, 10), (2, 20)");
  }

  private static void run(String... statements) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static void client(Interleaving history, int number, String level, boolean replay)
      throws SQLException {
    history.client(
        number,
        "SET trencadis.replay = " + (replay ? "on" : "off"),
        "BEGIN ISOLATION LEVEL " + level);
  }

  @ParameterizedTest
  @ValueSource(strings = {"READ UNCOMMITTED", "READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"})
  void eachLevelPreventsWhatTheDocumentationSays(String level) throws Exception {
    Set<String> expected = new TreeSet<>();
    Set<String> happened = new TreeSet<>();
    StringBuilder histories = new StringBuilder();
    for (boolean replay : new boolean[] {false, true}) {
      for (Anomaly anomaly : ANOMALIES) {
        reset();
        String label = anomaly.name + (replay ? ", replay on" : ", replay off");
        try (Interleaving history = new Interleaving(AnomalyTest::connect)) {
          for (int number = 1; number <= 3; number++) {
            client(history, number, level, replay);
          }
          for (String line : anomaly.script) {
            int who = line.charAt(0) - '0';
            history.step(who, line.substring(2).replace("%t", TABLE));
          }
          history.finish();
          for (int number = 1; number <= 3; number++) {
            SQLException failure = history.failure(number);
            assertTrue(
                failure == null || failure.getSQLState().equals("40001"),
                () -> label + " at " + level + ": " + history + failure);
          }
          if (anomaly.possibleAt.contains(level)) {
            expected.add(label);
          }
          if (anomaly.occurred.test(history)) {
            happened.add(label);
          }
          histories.append(label).append(" — ").append(history).append('\n');
        }
      }
    }
    assertEquals(expected, happened, histories::toString);
  }

  /// What T1 read has changed in a way that no answer of its shows: without replay it fails.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aConflictThatNoAnswerShowsIsHealedByReplayOnly(boolean replay) throws Exception {
    reset();
    try (Interleaving history = new Interleaving(AnomalyTest::connect)) {
      client(history, 1, "SERIALIZABLE", replay);
      client(history, 2, "SERIALIZABLE", replay);
      history
          .step(1, "SELECT count(value) FROM " + TABLE)
          .step(2, "SELECT count(value) FROM " + TABLE)
          .step(2, "UPDATE " + TABLE + " SET value = 21 WHERE id = 2")
          .step(1, "UPDATE " + TABLE + " SET value = 11 WHERE id = 1")
          .step(2, "COMMIT")
          .step(1, "COMMIT")
          .finish();
      assertTrue(history.committed(2), history.toString());
      assertEquals(replay && server != null, history.committed(1), history.toString());
    }
  }

  /// A replay lets go of the transaction's locks. Where another takes one of them, it waits.
  @Test
  void aReplayThatHasToWaitLosesNothing() throws Exception {
    assumeTrue(server != null);
    reset();
    try (Interleaving history = new Interleaving(AnomalyTest::connect)) {
      for (int number = 1; number <= 3; number++) {
        client(history, number, "SERIALIZABLE", true);
      }
      history
          .step(1, "SELECT count(value) FROM " + TABLE)
          .step(1, "UPDATE " + TABLE + " SET value = 11 WHERE id = 1")
          .step(3, "SELECT value FROM " + TABLE + " WHERE id = 1 FOR UPDATE")
          .step(2, "UPDATE " + TABLE + " SET value = 21 WHERE id = 2")
          .step(2, "COMMIT")
          .step(1, "UPDATE " + TABLE + " SET value = 22 WHERE id = 2")
          .step(3, "COMMIT")
          .step(1, "COMMIT")
          .finish();
      assertTrue(allCommitted(history, 1, 2, 3), history.toString());
      assertEquals("10", history.answers(3).getFirst());
      assertEquals("11", value(history, 1));
      assertEquals("22", value(history, 2));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"})
  void aDeadlockHasOneVictimAndSaysWhoWaitsForWhom(String level) throws Exception {
    for (boolean replay : new boolean[] {false, true}) {
      reset();
      try (Interleaving history = new Interleaving(AnomalyTest::connect)) {
        client(history, 1, level, replay);
        client(history, 2, level, replay);
        history
            .step(1, "UPDATE " + TABLE + " SET value = 11 WHERE id = 1")
            .step(2, "UPDATE " + TABLE + " SET value = 22 WHERE id = 2")
            .step(1, "UPDATE " + TABLE + " SET value = 12 WHERE id = 2")
            .step(2, "UPDATE " + TABLE + " SET value = 21 WHERE id = 1")
            .step(1, "COMMIT")
            .step(2, "COMMIT")
            .finish();
        int victim = history.committed(1) ? 2 : 1;
        int other = 3 - victim;
        assertTrue(history.committed(other), history.toString());
        assertTrue(!history.committed(victim), history.toString());
        var message =
            ((org.postgresql.util.PSQLException) history.failure(victim)).getServerErrorMessage();
        assertEquals("40P01", message.getSQLState());
        assertEquals("deadlock detected", message.getMessage());
        assertTrue(
            message
                .getDetail()
                .matches(
                    "Process %1$d waits for ShareLock on transaction \\d+; blocked by process %2$d\\.\n"
                            .formatted(history.processId(victim), history.processId(other))
                        + "Process %2$d waits for ShareLock on transaction \\d+; blocked by process %1$d\\."
                            .formatted(history.processId(victim), history.processId(other))),
            message.getDetail());
        assertEquals("See server log for query details.", message.getHint());
      }
    }
  }

  /// What locks a row, and which of FOR KEY SHARE, SHARE, NO KEY UPDATE, UPDATE then has to wait.
  private enum Holder {
    KEY_SHARE("SELECT 1 FROM %s WHERE id = 1 FOR KEY SHARE", "---x"),
    SHARE("SELECT 1 FROM %s WHERE id = 1 FOR SHARE", "--xx"),
    NO_KEY_UPDATE("SELECT 1 FROM %s WHERE id = 1 FOR NO KEY UPDATE", "-xxx"),
    UPDATE("SELECT 1 FROM %s WHERE id = 1 FOR UPDATE", "xxxx"),
    CHANGE("UPDATE %s SET value = 11 WHERE id = 1", "-xxx"),
    CHANGE_OF_KEY("UPDATE %s SET id = 5 WHERE id = 1", "xxxx"),
    DELETION("DELETE FROM %s WHERE id = 1", "xxxx");

    final String sql;
    final String conflicts;

    Holder(String sql, String conflicts) {
      this.sql = sql;
      this.conflicts = conflicts;
    }
  }

  @ParameterizedTest
  @EnumSource(Holder.class)
  void rowLocksConflictAsInPostgres(Holder holder) throws Exception {
    reset();
    String[] modes = {"KEY SHARE", "SHARE", "NO KEY UPDATE", "UPDATE"};
    for (String level : new String[] {"READ COMMITTED", "SERIALIZABLE"}) {
      StringBuilder nowait = new StringBuilder();
      StringBuilder skipping = new StringBuilder();
      for (String mode : modes) {
        for (String wait : new String[] {"NOWAIT", "SKIP LOCKED"}) {
          try (Interleaving history = new Interleaving(AnomalyTest::connect)) {
            client(history, 1, level, true);
            client(history, 2, level, true);
            history
                .step(1, holder.sql.formatted(TABLE))
                .step(2, "SELECT id FROM " + TABLE + " ORDER BY id FOR " + mode + " " + wait)
                .step(1, "ROLLBACK")
                // A connection that is closed only may keep its locks into the next round.
                .step(2, "ROLLBACK")
                .finish();
            String answer = history.answers(2).getFirst();
            if (wait.equals("NOWAIT")) {
              nowait.append(answer.equals("55P03") ? 'x' : answer.equals("1 2") ? '-' : '?');
              if (answer.equals("55P03")) {
                assertEquals(
                    "ERROR: could not obtain lock on row in relation \"" + TABLE + "\"",
                    history.failure(2).getMessage());
              }
            } else {
              skipping.append(answer.equals("2") ? 'x' : answer.equals("1 2") ? '-' : '?');
            }
          }
        }
      }
      assertEquals(holder.conflicts, nowait.toString(), level + ", NOWAIT");
      assertEquals(holder.conflicts, skipping.toString(), level + ", SKIP LOCKED");
    }
  }

  private void waitEnds(String setup, boolean cancelled, String state, String message)
      throws Exception {
    reset();
    try (Interleaving history = new Interleaving(AnomalyTest::connect)) {
      history.client(1, "BEGIN");
      history.client(2, setup, "BEGIN");
      history
          .step(1, "UPDATE " + TABLE + " SET value = 11 WHERE id = 1")
          .step(2, "UPDATE " + TABLE + " SET value = 12 WHERE id = 1");
      if (cancelled) {
        history.cancel(2);
      }
      history.finish().step(2, "ROLLBACK").step(1, "COMMIT").finish();
      assertEquals(state, history.failure(2).getSQLState());
      assertEquals("ERROR: " + message, history.failure(2).getMessage().lines().findFirst().get());
      assertEquals("11", value(history, 1));
    }
    // Nothing is left behind of the wait.
    run("UPDATE " + TABLE + " SET value = 13 WHERE id = 1");
  }

  @Test
  void lockTimeoutEndsAWait() throws Exception {
    waitEnds("SET lock_timeout = 50", false, "55P03", "canceling statement due to lock timeout");
  }

  @Test
  void statementTimeoutEndsAWait() throws Exception {
    waitEnds(
        "SET statement_timeout = 100",
        false,
        "57014",
        "canceling statement due to statement timeout");
  }

  @Test
  void aCancelRequestEndsAWait() throws Exception {
    waitEnds("SET lock_timeout = 0", true, "57014", "canceling statement due to user request");
  }
}
