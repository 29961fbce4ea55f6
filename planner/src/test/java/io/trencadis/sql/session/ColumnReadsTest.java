package io.trencadis.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A SERIALIZABLE transaction has read the columns that its plans look at, and is disturbed by
/// changes of no others. Without replay, which would hide it.
class ColumnReadsTest {
  private static final String CONFLICT =
      "ERROR 40001: could not serialize access due to read/write dependencies among transactions";

  private final LocalSqlEngine engine = SqlScript.engine();
  private final SqlScript ann = new SqlScript(engine);
  private final SqlScript bob = new SqlScript(engine);

  @BeforeEach
  void tables() {
    ann.run("CREATE TABLE t (id int PRIMARY KEY, a int, b int, c text)");
    ann.run("CREATE INDEX ON t (b)");
    ann.run("INSERT INTO t SELECT i, i * 10, i % 5, 'row ' || i FROM generate_series(1, 50) i");
    ann.run("CREATE TABLE log (id int PRIMARY KEY, seen text)");
    ann.run("CREATE TABLE near (id int PRIMARY KEY, t_id int)");
    ann.run("INSERT INTO near VALUES (1, 3), (2, 4)");
    ann.run("SET trencadis.replay = off");
  }

  private String commitAfter(String read, String change) {
    ann.run("BEGIN");
    ann.run(read);
    ann.run("INSERT INTO log VALUES (1, 'seen')");
    bob.run(change);
    return ann.run("COMMIT").getFirst();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "SELECT a FROM t WHERE id = 3; UPDATE t SET c = 'new' WHERE id = 3",
        "SELECT a FROM t WHERE id = 3 AND b = 3; UPDATE t SET c = 'new' WHERE id = 3",
        "SELECT a FROM t WHERE id BETWEEN 2 AND 9; UPDATE t SET c = 'new' WHERE id < 20",
        "SELECT a FROM t WHERE b = 3; UPDATE t SET c = 'new'",
        "SELECT a FROM t WHERE b = 3; UPDATE t SET a = 0 WHERE b = 4",
        "SELECT count(*) FROM t; UPDATE t SET a = 0, b = 9, c = null WHERE id = 7",
        "SELECT count(*) FROM t WHERE a > 100; UPDATE t SET b = 9 WHERE id > 10",
        "SELECT near.id, t.a FROM near JOIN t ON t.id = near.t_id; UPDATE t SET c = 'new'",
        "SELECT (SELECT a FROM t WHERE id = t_id) FROM near; UPDATE t SET b = b + 1 WHERE id = 3",
        "SELECT a FROM t WHERE id = 3; UPDATE t SET a = a WHERE id = 3",
        "SELECT a FROM t ORDER BY id DESC LIMIT 3; UPDATE t SET c = 'new'",
      })
  void changesOfOtherColumnsDoNotDisturb(String read, String change) {
    assertEquals("COMMIT", commitAfter(read, change));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "SELECT a FROM t WHERE id = 3; UPDATE t SET a = 0 WHERE id = 3",
        "SELECT a FROM t WHERE id = 3; DELETE FROM t WHERE id = 3",
        "SELECT a FROM t WHERE id = 99; INSERT INTO t VALUES (99)",
        "SELECT a FROM t WHERE id = 3 AND c LIKE 'row%'; UPDATE t SET c = 'new' WHERE id = 3",
        "SELECT id FROM t WHERE a > 100; UPDATE t SET a = 0 WHERE id = 30",
        "SELECT a FROM t WHERE b = 3; UPDATE t SET b = 3 WHERE id = 7",
        "SELECT a FROM t WHERE b = 3; UPDATE t SET b = 4 WHERE id = 3",
        "SELECT count(*) FROM t; DELETE FROM t WHERE id = 7",
        "SELECT count(*) FROM t; INSERT INTO t VALUES (77)",
        "SELECT count(c) FROM t; UPDATE t SET c = null WHERE id = 7",
        "SELECT t FROM t WHERE id = 3; UPDATE t SET c = 'new' WHERE id = 3",
        "SELECT near.id, t.a FROM near JOIN t ON t.id = near.t_id; UPDATE t SET a = 0 WHERE id = 4",
        "SELECT (SELECT b FROM t WHERE id = t_id) FROM near; UPDATE t SET b = b + 1 WHERE id = 3",
        "SELECT a FROM t WHERE id = 3; ALTER TABLE t ADD d int",
      })
  void changesOfWhatWasLookedAtDo(String read, String change) {
    assertEquals(CONFLICT, commitAfter(read, change));
  }

  @Test
  void aSnapshotMovesPastChangesOfOtherColumns() {
    ann.run("BEGIN");
    assertEquals(List.of("30"), ann.run("SELECT a FROM t WHERE id = 3"));
    bob.run("UPDATE t SET c = 'new', b = 7 WHERE id = 3");
    // Locks the row as it is now: what was read before has to be current there.
    assertEquals(List.of("7|new"), ann.run("SELECT b, c FROM t WHERE id = 3 FOR UPDATE"));
    assertEquals(List.of("UPDATE 1"), ann.run("UPDATE t SET a = a + 1 WHERE id = 3"));
    assertEquals(List.of("COMMIT"), ann.run("COMMIT"));
    assertEquals(List.of("31|7|new"), bob.run("SELECT a, b, c FROM t WHERE id = 3"));
  }

  @Test
  void columnsBehindTheSixtyThirdAreOneAnother() {
    StringBuilder columns = new StringBuilder("id int PRIMARY KEY");
    for (int i = 1; i <= 70; i++) {
      columns.append(", c").append(i).append(" int");
    }
    bob.run("CREATE TABLE wide (" + columns + ")");
    bob.run("INSERT INTO wide VALUES (1)");
    assertEquals(
        "COMMIT", commitAfter("SELECT c66 FROM wide", "UPDATE wide SET c5 = 1 WHERE id = 1"));
    ann.run("DELETE FROM log");
    assertEquals(
        CONFLICT, commitAfter("SELECT c66 FROM wide", "UPDATE wide SET c66 = 1 WHERE id = 1"));
    assertEquals(
        "COMMIT", commitAfter("SELECT c5 FROM wide", "UPDATE wide SET c66 = 2 WHERE id = 1"));
  }
}
