package io.trencadis.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Changes that do not wait for another transaction's row, as they do not find it: each answer is
/// PostgreSQL 15's.
class NotWaitedForTest {
  private final LocalSqlEngine engine = SqlScript.engine();
  private final SqlScript ann = new SqlScript(engine, 11);
  private final SqlScript bob = new SqlScript(engine, 12);

  @BeforeEach
  void tables() {
    ann.run("CREATE TABLE t (id int PRIMARY KEY, v int)");
    ann.run("CREATE TABLE u (id int PRIMARY KEY, t_id int)");
    ann.run("INSERT INTO t VALUES (1, 1), (2, 2)");
    bob.run("SET lock_timeout = 100");
  }

  @ParameterizedTest
  @ValueSource(strings = {"READ COMMITTED", "REPEATABLE READ"})
  void aRowThatIsBeingInsertedIsNotThereYet(String level) {
    bob.run("BEGIN ISOLATION LEVEL " + level);
    bob.run("SELECT 1 FROM t");
    ann.run("BEGIN");
    ann.run("INSERT INTO t VALUES (5, 5)");
    assertEquals(List.of("UPDATE 0"), bob.run("UPDATE t SET v = 0 WHERE id = 5"));
    assertEquals(List.of("DELETE 0"), bob.run("DELETE FROM t WHERE id = 5"));
    bob.run("COMMIT");
    assertEquals(List.of("COMMIT"), ann.run("COMMIT"));
    assertEquals(List.of("5"), bob.run("SELECT v FROM t WHERE id = 5"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"})
  void aRowWithoutAPartnerIsNotLocked(String level) {
    ann.run("BEGIN");
    ann.run("UPDATE t SET v = 7 WHERE id = 1");
    bob.run("BEGIN ISOLATION LEVEL " + level);
    assertEquals(
        List.of("UPDATE 0"),
        bob.run("UPDATE t SET v = u.id FROM u WHERE u.t_id = t.id AND t.id = 1"));
    assertEquals(
        List.of("DELETE 0"),
        bob.run("DELETE FROM t WHERE id = 1 AND EXISTS (SELECT FROM u WHERE t_id = t.id)"));
    assertEquals(List.of("COMMIT"), bob.run("COMMIT"));
    assertEquals(List.of("COMMIT"), ann.run("COMMIT"));
  }

  @Test
  void aRowThatIsThereIsWaitedFor() {
    ann.run("BEGIN");
    ann.run("UPDATE t SET v = 7 WHERE id = 1");
    bob.run("BEGIN ISOLATION LEVEL READ COMMITTED");
    assertEquals(
        List.of("ERROR 55P03: canceling statement due to lock timeout"),
        bob.run("UPDATE t SET v = 0 WHERE id = 1"));
  }

  @Test
  void theErrorSaysWhatHasBecomeOfTheRow() {
    for (String change : List.of("DELETE FROM t WHERE id = 1", "UPDATE t SET v = 7 WHERE id = 2")) {
      bob.run("BEGIN ISOLATION LEVEL REPEATABLE READ");
      bob.run("SELECT * FROM t");
      ann.run(change);
      assertEquals(
          List.of(
              "ERROR 40001: could not serialize access due to concurrent "
                  + change.substring(0, 6).toLowerCase(Locale.ROOT)),
          bob.run("DELETE FROM t" + change.substring(change.indexOf(" WHERE"))));
      bob.run("ROLLBACK");
    }
  }
}
