package io.trencadis.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.base.Clock;
import io.trencadis.base.Outside;
import io.trencadis.sharding.NodeStore;
import java.util.List;
import org.junit.jupiter.api.Test;

/// `AS OF SYSTEM TIME` on a clock that the test moves, with a minute of history.
class AsOfTest {
  private static final String BLOCK =
      "ERROR 25001: SELECT ... AS OF SYSTEM TIME cannot run inside a transaction block";
  private static final String TOO_OLD = "ERROR 72000: snapshot too old";

  private long millis = 1_800_000_000_000L;
  private final LocalSqlEngine engine = engine();
  private final SqlScript sql = new SqlScript(engine);

  private LocalSqlEngine engine() {
    Outside real = Outside.real();
    Clock clock =
        new Clock() {
          @Override
          public long currentMillis() {
            return millis;
          }

          @Override
          public long nanoTime() {
            return millis * 1_000_000;
          }
        };
    return SqlScript.engine(
        NodeStore.inMemory(4), new Outside(clock, real.timers(), real.random()), 60_000);
  }

  private List<String> run(String text) {
    return sql.run(text);
  }

  /// A second passes before each statement.
  private void seconds(String... statements) {
    for (String statement : statements) {
      millis += 1_000;
      List<String> answer = run(statement);
      assertTrue(answer.stream().noneMatch(line -> line.startsWith("ERROR")), answer::toString);
    }
    millis += 1_000;
  }

  @Test
  void readsRowsAsTheyWere() {
    seconds(
        "CREATE TABLE t (id int PRIMARY KEY, v int)",
        "INSERT INTO t VALUES (1, 10), (2, 20)",
        "UPDATE t SET v = 11 WHERE id = 1",
        "DELETE FROM t WHERE id = 2");
    // The first of 2027-01-15 08:00:00 UTC and four seconds more.
    assertEquals(List.of("1|11"), run("SELECT * FROM t"));
    assertEquals(
        List.of("1|11", "2|20"), run("SELECT * FROM t AS OF SYSTEM TIME '-1.5s' ORDER BY id"));
    assertEquals(
        List.of("1|10", "2|20"), run("SELECT * FROM t ORDER BY id AS OF SYSTEM TIME '-2.5s'"));
    assertEquals(List.of(), run("SELECT * FROM t AS OF SYSTEM TIME '-3500 ms'"));
    // The time is the beginning of its millisecond, so what was committed in it is not there.
    assertEquals(List.of(), run("SELECT v FROM t WHERE id = 2 AS OF SYSTEM TIME '-3s'"));
    assertEquals(List.of("1|11", "2|20"), run("SELECT * FROM t AS OF SYSTEM TIME '-1s'"));
  }

  @Test
  void takesTimesAndIntervalsOfAllKinds() {
    seconds(
        "CREATE TABLE t (id int PRIMARY KEY)",
        "INSERT INTO t VALUES (1)",
        "INSERT INTO t VALUES (2)");
    String count = "SELECT count(*) FROM t AS OF SYSTEM TIME ";
    assertEquals(List.of("1"), run(count + "'2027-01-15 08:00:02.5+00'"));
    assertEquals(List.of("1"), run(count + "'2027-01-15 08:00:02.5'"));
    assertEquals(List.of("1"), run(count + "timestamptz '2027-01-15 09:00:02.5+01'"));
    assertEquals(List.of("1"), run(count + "timestamp '2027-01-15 08:00:02.5'"));
    assertEquals(List.of("1"), run(count + "now() - interval '1500 ms'"));
    assertEquals(List.of("1"), run(count + "interval '-1.5s'"));
    assertEquals(List.of("1"), run(count + "-(interval '1 s' * 1.5)"));
    run("SET TimeZone = 'Asia/Tokyo'");
    assertEquals(List.of("1"), run(count + "timestamp '2027-01-15 17:00:02.5'"));
    assertEquals(List.of("1"), run(count + "'2027-01-15 17:00:02.5'"));
  }

  @Test
  void refusesWhatIsNoTimeInThePast() {
    seconds("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
    String select = "SELECT id FROM t AS OF SYSTEM TIME ";
    String past = "ERROR 22023: AS OF SYSTEM TIME must be a time in the past";
    assertEquals(List.of(past), run(select + "'0s'"));
    assertEquals(List.of(past), run(select + "'1s'"));
    assertEquals(List.of(past), run(select + "now()"));
    assertEquals(List.of(past), run(select + "'infinity'"));
    assertEquals(List.of(TOO_OLD), run(select + "'-infinity'"));
    assertEquals(
        List.of("ERROR 22007: invalid input for AS OF SYSTEM TIME: \"yesteryear\""),
        run(select + "'yesteryear'"));
    assertEquals(
        List.of(
            "ERROR 42804: argument of AS OF SYSTEM TIME must be type interval or timestamp with"
                + " time zone"),
        run(select + "3"));
    assertEquals(
        List.of("ERROR 22023: argument of AS OF SYSTEM TIME must not be null"),
        run(select + "NULL::interval"));
    assertEquals(List.of("ERROR 42703: column \"id\" does not exist"), run(select + "id"));
    assertEquals(
        List.of("ERROR 0A000: a table in AS OF SYSTEM TIME is not supported yet"),
        run(select + "(SELECT now() FROM t)"));
  }

  @Test
  void goesBackAsFarAsTheRetentionDoes() {
    seconds("CREATE TABLE t (id int PRIMARY KEY, v int)", "INSERT INTO t VALUES (1, 0)");
    for (int i = 1; i <= 100; i++) {
      seconds("UPDATE t SET v = " + i);
    }
    // Every update stood for two seconds, and the last was made a second ago.
    for (int back = 1; back < 59; back += 2) {
      assertEquals(
          List.of("" + (99 - back / 2)),
          run("SELECT v FROM t AS OF SYSTEM TIME '-" + back + ".5s'"));
    }
    assertEquals(List.of(TOO_OLD), run("SELECT v FROM t AS OF SYSTEM TIME '-60.5s'"));
    assertEquals(List.of(TOO_OLD), run("SELECT v FROM t AS OF SYSTEM TIME '-120s'"));
  }

  @Test
  void readsWithTheDefinitionsOfTheTime() {
    seconds(
        "CREATE TABLE t (id int PRIMARY KEY, v int)",
        "INSERT INTO t VALUES (1, 10)",
        "ALTER TABLE t ADD COLUMN w text DEFAULT 'new'",
        "TRUNCATE t",
        "DROP TABLE t",
        "CREATE TABLE t (other text PRIMARY KEY)",
        "INSERT INTO t VALUES ('x')",
        "ALTER TABLE t RENAME TO u");
    assertEquals(List.of("x"), run("SELECT * FROM u"));
    assertEquals(List.of("ERROR 42P01: relation \"t\" does not exist"), run("SELECT * FROM t"));
    assertEquals(List.of("x"), run("SELECT * FROM t AS OF SYSTEM TIME '-1.5s'"));
    assertEquals(List.of(), run("SELECT * FROM t AS OF SYSTEM TIME '-2.5s'"));
    String gone = "ERROR 42P01: relation \"t\" does not exist";
    assertEquals(List.of(gone), run("SELECT * FROM t AS OF SYSTEM TIME '-3.5s'"));
    assertEquals(List.of(), run("SELECT * FROM t AS OF SYSTEM TIME '-4.5s'"));
    assertEquals(List.of("1|10|new"), run("SELECT * FROM t AS OF SYSTEM TIME '-5.5s'"));
    assertEquals(List.of("1|10"), run("SELECT * FROM t AS OF SYSTEM TIME '-6.5s'"));
    assertEquals(List.of(gone), run("SELECT * FROM t AS OF SYSTEM TIME '-8.5s'"));
    assertEquals(
        List.of("ERROR 42P01: relation \"u\" does not exist"),
        run("SELECT * FROM u AS OF SYSTEM TIME '-1.5s'"));
    assertEquals(
        List.of("1"),
        run("SELECT count(*) FROM pg_class WHERE relname = 't' AS OF SYSTEM TIME '-1.5s'"));
  }

  @Test
  void findsDefinitionsOfWhichThereWereManySince() {
    seconds("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
    for (int i = 0; i < 300; i++) {
      run("ALTER TABLE t RENAME TO t" + i);
      run("ALTER TABLE t" + i + " RENAME TO t");
    }
    seconds("DROP TABLE t");
    assertEquals(List.of("1"), run("SELECT * FROM t AS OF SYSTEM TIME '-2.5s'"));
  }

  @Test
  void joinsAndSubSelectsReadTheSameTime() {
    seconds(
        "CREATE TABLE a (id int PRIMARY KEY, v int)",
        "CREATE TABLE b (id int PRIMARY KEY, a int)",
        "CREATE INDEX ON b (a)",
        "CREATE VIEW joined AS SELECT b.id, v FROM a, b WHERE a.id = b.a",
        "INSERT INTO a VALUES (1, 10), (2, 20)",
        "INSERT INTO b VALUES (1, 1), (2, 2)",
        "UPDATE b SET a = 1",
        "UPDATE a SET v = v + 1");
    String back = " AS OF SYSTEM TIME '-2.5s'";
    assertEquals(List.of("1|11", "2|11"), run("SELECT * FROM joined ORDER BY id"));
    assertEquals(List.of("1|10", "2|20"), run("SELECT * FROM joined ORDER BY id" + back));
    assertEquals(
        List.of("20"), run("SELECT v FROM a WHERE id IN (SELECT a FROM b WHERE id = 2)" + back));
    assertEquals(
        List.of("30"), run("WITH x AS (SELECT sum(v) FROM joined) SELECT * FROM x" + back));
    assertEquals(
        List.of("1", "1", "2", "2"),
        run("SELECT id FROM a UNION ALL SELECT a FROM b ORDER BY 1" + back));
    assertEquals(
        List.of("2"), run("SELECT b.id FROM a, b" + back + " WHERE a.id = b.a AND v = 20"));
    assertEquals(List.of("1"), run("SELECT count(*) FROM b WHERE a = 2" + back));
    assertEquals(List.of("0"), run("SELECT count(*) FROM b WHERE a = 2"));
  }

  @Test
  void standsOnlyInASelectOfItsOwn() {
    seconds("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
    String t = "t AS OF SYSTEM TIME '-0.5s'";
    String elsewhere =
        "ERROR 0A000: AS OF SYSTEM TIME anywhere but in a SELECT of its own is not supported yet";
    for (String text :
        List.of(
            "SELECT * FROM (SELECT * FROM " + t + ") x",
            "SELECT (SELECT id FROM " + t + ")",
            "SELECT id FROM " + t + " UNION SELECT id FROM t",
            "INSERT INTO t SELECT id + 1 FROM " + t,
            "UPDATE t SET id = 2 FROM (SELECT 1) y" + t.substring(1),
            "CREATE VIEW v AS SELECT * FROM " + t,
            "WITH x AS (SELECT * FROM " + t + ") SELECT * FROM x",
            "DECLARE c CURSOR FOR SELECT * FROM " + t,
            "EXPLAIN SELECT * FROM " + t,
            "PREPARE p AS SELECT * FROM " + t)) {
      assertEquals(List.of(elsewhere), run(text), text);
    }
    assertEquals(
        List.of("ERROR 0A000: locking rows with AS OF SYSTEM TIME is not supported yet"),
        run("SELECT * FROM t FOR UPDATE AS OF SYSTEM TIME '-0.5s'"));
    assertEquals(
        List.of("ERROR 0A000: changing data with AS OF SYSTEM TIME is not supported yet"),
        run("WITH x AS (DELETE FROM t RETURNING id) SELECT * FROM x AS OF SYSTEM TIME '-0.5s'"));
    assertEquals(
        List.of("ERROR 0A000: SELECT INTO with AS OF SYSTEM TIME is not supported yet"),
        run("SELECT * INTO u FROM " + t));
    assertEquals(
        List.of("ERROR 42601: multiple AS OF SYSTEM TIME clauses not allowed"),
        run("SELECT * FROM " + t + " ORDER BY id AS OF SYSTEM TIME '-1s'"));
    assertEquals(
        List.of("ERROR 42601: syntax error at or near \"AS\""),
        run("DELETE FROM t WHERE id = 1 AS OF SYSTEM TIME '-1s'"));
  }

  @Test
  void theWordsAreStillNames() {
    seconds("CREATE TABLE t (id int PRIMARY KEY, time int)", "INSERT INTO t VALUES (1, 2)");
    assertEquals(List.of("1|2"), run("SELECT of.* FROM t AS of"));
    assertEquals(List.of("1|2"), run("SELECT of.id, system.time FROM t AS of, t AS system"));
    assertEquals(List.of("2"), run("SELECT system.time FROM t system"));
    assertEquals(List.of("1"), run("SELECT of.id FROM t AS of AS OF SYSTEM TIME '-0.5s'"));
    assertEquals(List.of("1"), run("SELECT of.id AS of FROM t AS of AS OF SYSTEM TIME '-0.5s'"));
  }

  @Test
  void isATransactionOfItsOwn() {
    seconds("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
    String past = "SELECT count(*) FROM t AS OF SYSTEM TIME '-1.5s'";
    run("BEGIN");
    assertEquals(List.of(BLOCK), run(past));
    assertEquals(SqlSession.TransactionStatus.FAILED, sql.session().status());
    run("ROLLBACK");
    assertEquals(
        List.of(
            "1",
            "ERROR 25001: SELECT ... AS OF SYSTEM TIME cannot run in one transaction with other"
                + " statements"),
        run("SELECT count(*) FROM t; " + past));
    // What follows reads and writes the present.
    assertEquals(List.of("0", "INSERT 0 1"), run(past + "; INSERT INTO t VALUES (2)"));
    assertEquals(List.of("0", "2"), run(past + "; SELECT count(*) FROM t"));
    assertEquals(SqlSession.TransactionStatus.IDLE, sql.session().status());
  }

  @Test
  void theSameTextAgainReadsAnotherTime() {
    seconds("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
    String past = "SELECT count(*) FROM t AS OF SYSTEM TIME '-1.5s'";
    assertEquals(List.of("0"), run(past));
    seconds("INSERT INTO t VALUES (2)");
    assertEquals(List.of("1"), run(past));
    assertEquals(List.of("2"), run("SELECT count(*) FROM t AS OF SYSTEM TIME '-0.5s'"));
    assertEquals(List.of("2"), run("SELECT count(*) FROM t"));
  }
}
