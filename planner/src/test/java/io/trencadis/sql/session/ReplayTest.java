package io.trencadis.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// When a transaction that met a conflict is run again without its client knowing, and when it is
/// not.
class ReplayTest {
  private static final String CONFLICT =
      "ERROR 40001: could not serialize access due to read/write dependencies among transactions";

  private final LocalSqlEngine engine = SqlScript.engine();
  private final SqlScript ann = new SqlScript(engine);
  private final SqlScript bob = new SqlScript(engine);

  @BeforeEach
  void tables() {
    ann.run("CREATE TABLE t (id int PRIMARY KEY, v int)");
    ann.run("INSERT INTO t VALUES (1, 10), (2, 20), (3, 30)");
  }

  @Test
  void aConflictThatChangesNoAnswerIsNotSeen() {
    ann.run("BEGIN");
    assertEquals(List.of("t"), ann.run("SELECT v > 5 FROM t WHERE id = 1"));
    assertEquals(List.of("UPDATE 1"), ann.run("UPDATE t SET v = v + 1 WHERE id = 2"));
    bob.run("UPDATE t SET v = v + 1 WHERE id = 1");
    assertEquals(List.of("COMMIT"), ann.run("COMMIT"));
    assertEquals(List.of("21"), bob.run("SELECT v FROM t WHERE id = 2"));
  }

  @Test
  void aConflictThatChangesAnAnswerIsReported() {
    ann.run("BEGIN");
    ann.run("SELECT v FROM t WHERE id = 1");
    ann.run("UPDATE t SET v = v + 1 WHERE id = 2");
    bob.run("UPDATE t SET v = 11 WHERE id = 1");
    assertEquals(List.of(CONFLICT), ann.run("COMMIT"));
    assertEquals(List.of("20"), bob.run("SELECT v FROM t WHERE id = 2"));
  }

  @Test
  void aStatementSeesTheStateThatItsReplayEndsWith() {
    ann.run("BEGIN");
    ann.run("SELECT v > 5 FROM t WHERE id = 1");
    bob.run("UPDATE t SET v = 100 WHERE id = 1");
    bob.run("UPDATE t SET v = 200 WHERE id = 2");
    // The answer that was read is the same, the value is not: what is written builds on the new
    // one.
    assertEquals(
        List.of("UPDATE 1"),
        ann.run("UPDATE t SET v = v + (SELECT v FROM t WHERE id = 1) WHERE id = 2"));
    assertEquals(List.of("COMMIT"), ann.run("COMMIT"));
    assertEquals(List.of("300"), bob.run("SELECT v FROM t WHERE id = 2"));
  }

  @Test
  void aSavepointDoesNotSaveWhatHasSeenAnotherSnapshot() {
    for (String end : List.of("COMMIT", "SELECT v FROM t WHERE id = 3")) {
      ann.run("UPDATE t SET v = 10 WHERE id = 1");
      ann.run("BEGIN");
      ann.run("SAVEPOINT s");
      assertEquals(List.of("10"), ann.run("SELECT v FROM t WHERE id = 1"));
      bob.run("UPDATE t SET v = v + 1");
      assertEquals(
          List.of("ERROR 40001: could not serialize access due to concurrent update"),
          ann.run("UPDATE t SET v = v + 1 WHERE id = 2"));
      assertEquals(List.of("ROLLBACK"), ann.run("ROLLBACK TO s"));
      assertEquals(List.of(CONFLICT), ann.run(end));
      ann.run("ROLLBACK");
      assertEquals(List.of("11"), ann.run("SELECT v FROM t WHERE id = 1"));
    }
  }

  @Test
  void itCanBeTurnedOff() {
    ann.run("SET trencadis.replay = off");
    ann.run("BEGIN");
    ann.run("SELECT v > 5 FROM t WHERE id = 1");
    ann.run("UPDATE t SET v = v + 1 WHERE id = 2");
    bob.run("UPDATE t SET v = v + 1 WHERE id = 1");
    assertEquals(List.of(CONFLICT), ann.run("COMMIT"));
  }

  @Test
  void whatARepeatedFunctionShowedEndsIt() {
    ann.run("CREATE SEQUENCE s");
    ann.run("BEGIN");
    assertEquals(List.of("1"), ann.run("SELECT nextval('s')"));
    ann.run("SELECT v > 5 FROM t WHERE id = 1");
    ann.run("UPDATE t SET v = v + 1 WHERE id = 2");
    bob.run("UPDATE t SET v = v + 1 WHERE id = 1");
    assertEquals(List.of(CONFLICT), ann.run("COMMIT"));
  }

  @Test
  void nowStaysWhatItWas() {
    ann.run("CREATE TABLE log (at timestamptz)");
    ann.run("BEGIN");
    List<String> now = ann.run("SELECT now(), statement_timestamp() > now() - interval '1 hour'");
    ann.run("SELECT v > 5 FROM t WHERE id = 1");
    ann.run("INSERT INTO log VALUES (now())");
    bob.run("UPDATE t SET v = v + 1 WHERE id = 1");
    assertEquals(List.of("COMMIT"), ann.run("COMMIT"));
    assertEquals(now, bob.run("SELECT at, true FROM log"));
  }

  @Test
  void savepointsStandWhereTheyStood() {
    ann.run("BEGIN");
    ann.run("SELECT v > 5 FROM t WHERE id = 1");
    ann.run("UPDATE t SET v = 21 WHERE id = 2");
    ann.run("SAVEPOINT a");
    ann.run("UPDATE t SET v = 31 WHERE id = 3");
    bob.run("UPDATE t SET v = v + 1 WHERE id = 1");
    // Its own row has changed, so it moves forward, and cannot but by a replay.
    bob.run("INSERT INTO t VALUES (4, 40)");
    assertEquals(List.of("UPDATE 1"), ann.run("UPDATE t SET v = v + 1 WHERE id = 4"));
    ann.run("ROLLBACK TO a");
    assertEquals(List.of("COMMIT"), ann.run("COMMIT"));
    assertEquals(List.of("1|11", "2|21", "3|30", "4|40"), bob.run("SELECT * FROM t ORDER BY id"));
  }

  @Test
  void changesOfTablesAreNotRepeatedOnANodeOfItsOwn() {
    ann.run("BEGIN");
    ann.run("SELECT v > 5 FROM t WHERE id = 1");
    ann.run("CREATE TABLE other (id int)");
    bob.run("UPDATE t SET v = v + 1 WHERE id = 1");
    assertEquals(List.of(CONFLICT), ann.run("COMMIT"));
  }

  @Test
  void whatGivesRightsIsNotRepeated() {
    ann.run("BEGIN");
    ann.run("SELECT v > 5 FROM t WHERE id = 1");
    ann.run("GRANT SELECT ON t TO PUBLIC");
    bob.run("UPDATE t SET v = v + 1 WHERE id = 1");
    assertEquals(List.of(CONFLICT), ann.run("COMMIT"));
  }

  @Test
  void aLoneStatementOfTheExtendedProtocolIsHealedAtSync() {
    SqlSession session = ann.session();
    session.parse(
        "", "UPDATE t SET v = (SELECT v + 1 FROM t WHERE id = 1) WHERE id = 2", new int[0], ann);
    session.bind("", "", new short[0], new byte[0][], new short[0], ann);
    session.execute("", 0, ann);
    bob.run("UPDATE t SET v = 50 WHERE id = 1");
    session.sync(ann);
    assertEquals(List.of("51"), bob.run("SELECT v FROM t WHERE id = 2"));
  }

  private void execute(SqlSession session, String sql) {
    session.parse("", sql, new int[0], ann);
    session.bind("", "", new short[0], new byte[0][], new short[0], ann);
    session.execute("", 0, ann);
  }

  @Test
  void aLoneChangeOfTheSchemaIsHealedAtSync() {
    SqlSession session = ann.session();
    execute(session, "CREATE TABLE copy AS SELECT sum(v) AS total FROM t");
    bob.run("UPDATE t SET v = 50 WHERE id = 1");
    session.sync(ann);
    List<String> total = bob.run("SELECT total FROM copy");
    assertEquals(List.of("100"), total);
  }

  @Test
  void whatFollowsALoneChangeOfTheSchemaEndsItsHealing() {
    SqlSession session = ann.session();
    execute(session, "CREATE TABLE copy AS SELECT sum(v) AS total FROM t");
    execute(session, "INSERT INTO copy VALUES (1)");
    bob.run("UPDATE t SET v = 50 WHERE id = 1");
    assertEquals(
        SqlState.SERIALIZATION_FAILURE,
        assertThrows(SqlException.class, () -> session.sync(ann)).state());
    assertEquals(List.of("copy"), bob.run("SELECT coalesce(to_regclass('copy')::text, 'copy')"));
  }

  @Test
  void parametersAreThoseOfTheFirstRun() {
    SqlSession session = ann.session();
    ann.run("BEGIN");
    ann.run("SELECT v > 5 FROM t WHERE id = 1");
    session.parse("", "UPDATE t SET v = $1 WHERE id = 2", new int[0], ann);
    session.bind(
        "",
        "",
        new short[0],
        new byte[][] {"77".getBytes(StandardCharsets.UTF_8)},
        new short[0],
        ann);
    session.execute("", 0, ann);
    session.sync(ann);
    bob.run("UPDATE t SET v = v + 1 WHERE id = 1");
    assertEquals(List.of("COMMIT"), ann.run("COMMIT"));
    assertEquals(List.of("77"), bob.run("SELECT v FROM t WHERE id = 2"));
  }

  @Test
  void repeatableReadIsHealedToo() {
    ann.run("BEGIN ISOLATION LEVEL REPEATABLE READ");
    ann.run("SELECT v > 5 FROM t WHERE id = 1");
    bob.run("UPDATE t SET v = 25 WHERE id = 2");
    assertEquals(List.of("UPDATE 1"), ann.run("UPDATE t SET v = v + 1 WHERE id = 2"));
    assertEquals(List.of("COMMIT"), ann.run("COMMIT"));
    assertEquals(List.of("26"), bob.run("SELECT v FROM t WHERE id = 2"));
  }

  @Test
  void whoFailsAgainAndAgainLocksWhatItReadsAndMeetsNothingElse() throws Exception {
    ann.run("INSERT INTO t SELECT i, 0 FROM generate_series(4, 40) i");
    Set<String> errors = ConcurrentHashMap.newKeySet();
    List<Future<?>> clients = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int client = 0; client < 6; client++) {
        Random random = new Random(client);
        clients.add(threads.submit(() -> readAndChange(new SqlScript(engine), random, errors)));
      }
    }
    for (Future<?> client : clients) {
      client.get();
    }
    errors.removeIf(error -> error.startsWith("ERROR 40001") || error.startsWith("ERROR 40P01"));
    assertEquals(Set.of(), errors);
  }

  private static void readAndChange(SqlScript client, Random random, Set<String> errors) {
    for (int i = 0; i < 60; i++) {
      int from = 1 + random.nextInt(30);
      client.run("BEGIN");
      List<String> answers = new ArrayList<>();
      answers.addAll(client.run("SELECT v FROM t WHERE id = " + from));
      answers.addAll(client.run("SELECT count(v) > 0 FROM t WHERE id BETWEEN " + from + " AND 40"));
      answers.addAll(
          client.run("SELECT id FROM t WHERE v >= 0 AND id BETWEEN " + from + " AND 40"));
      answers.addAll(client.run("UPDATE t SET v = v + 1 WHERE id = " + (1 + random.nextInt(40))));
      answers.addAll(client.run("COMMIT"));
      answers.stream().filter(answer -> answer.startsWith("ERROR")).forEach(errors::add);
    }
  }
}
