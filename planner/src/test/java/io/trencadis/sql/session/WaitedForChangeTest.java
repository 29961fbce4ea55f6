package io.trencadis.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A statement that has waited for a change of its table works with the table as it is then.
class WaitedForChangeTest {
  private final LocalSqlEngine engine = SqlScript.engine();
  private final SqlScript changes = new SqlScript(engine, 1);
  private final SqlScript writes = new SqlScript(engine, 2);
  private final SqlScript looks = new SqlScript(engine, 3);

  private static void done(List<String> answer) {
    assertTrue(answer.stream().noneMatch(line -> line.startsWith("ERROR")), answer::toString);
  }

  /// Begins a change, has another session wait for it, and commits it.
  private List<String> whileWaiting(String change, String statement) throws Exception {
    done(changes.run("begin"));
    done(changes.run(change));
    CompletableFuture<List<String>> waiting =
        CompletableFuture.supplyAsync(
            () -> writes.run(statement), task -> Thread.ofPlatform().daemon().start(task));
    while (!looks.run("select count(*) from pg_locks where not granted").equals(List.of("1"))) {
      assertTrue(!waiting.isDone(), "it has not waited");
      Thread.onSpinWait();
    }
    done(changes.run("commit"));
    return waiting.get(60, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "alter table t alter column a type bigint | 4",
        "alter table t move partition 0 to shard 3 | 4",
        "alter table t drop constraint t_pkey | 4",
        "truncate t | 1"
      })
  void whatIsWrittenIsInTheRowsThatAreThereThen(String change, int rows) throws Exception {
    done(changes.run("create table t (id int primary key, a int)"));
    done(changes.run("create index t_a on t (a)"));
    done(changes.run("insert into t select g, g from generate_series(1, 3) g"));
    assertEquals(List.of("INSERT 0 1"), whileWaiting(change, "insert into t values (4, 40)"));
    assertEquals(List.of(rows + "|40"), looks.run("select count(*), max(a) from t"));
    assertEquals(List.of("4"), looks.run("select id from t where a = 40"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"read committed", "repeatable read", "serializable"})
  void aTransactionThatHasReadNothingYetGoesOnWithTheRowThatItHasWaitedFor(String level)
      throws Exception {
    done(changes.run("create table t (id int primary key, a int)"));
    done(changes.run("insert into t values (1, 1)"));
    done(writes.run("set trencadis.replay = off"));
    done(writes.run("begin isolation level " + level));
    assertEquals(
        List.of("UPDATE 1"),
        whileWaiting(
            "update t set a = a + 10 where id = 1", "update t set a = a + 100 where id = 1"));
    assertEquals(List.of("COMMIT"), writes.run("commit"));
    assertEquals(List.of("111"), looks.run("select a from t"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alter table t move partition 0 to shard 3",
        "alter table t alter column a type bigint",
        "begin; truncate t; insert into t values (1, 1); commit"
      })
  void whatWasReadWhereRowsWereIsNotCurrentWhenTheyHaveChangedWhereTheyAre(String change) {
    done(changes.run("create table t (id int primary key, a int)"));
    done(changes.run("create table seen (a int)"));
    done(changes.run("insert into t values (1, 1)"));
    done(writes.run("begin isolation level serializable"));
    assertEquals(List.of("1"), writes.run("select a from t where id = 1"));
    done(changes.run(change));
    assertEquals(List.of("UPDATE 1"), changes.run("update t set a = 2 where id = 1"));
    done(writes.run("insert into seen values (1)"));
    assertTrue(
        writes.run("commit").getFirst().startsWith("ERROR 40001"), "it has not seen the change");
    assertEquals(List.of("0"), looks.run("select count(*) from seen"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "read committed | alter table c attach partition c1 for values in (1)",
        "serializable | alter table c attach partition c1 for values in (1)",
        "read committed | create table c2 partition of c default; insert into c values (1)",
        "serializable | create table c2 partition of c default; insert into c values (1)"
      })
  void whatCameToReferToARowKeepsIt(String isolation, String change) throws Exception {
    done(changes.run("create table p (a int primary key)"));
    done(changes.run("insert into p values (1)"));
    done(changes.run("create table c (a int references p) partition by list (a)"));
    done(changes.run("create table c1 (a int)"));
    done(changes.run("insert into c1 values (1)"));
    done(writes.run("set default_transaction_isolation = '" + isolation + "'"));
    List<String> answer = whileWaiting(change, "delete from p where a = 1");
    assertTrue(answer.getFirst().startsWith("ERROR 23503"), answer::toString);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "serializable | alter table t alter a type bigint | ALTER TABLE | 1,1 2,null",
        "read committed | alter table t alter a type bigint | ALTER TABLE | 1,1 2,null",
        "repeatable read | alter table t alter a type bigint | ALTER TABLE | 1,1 2,null",
        "serializable | alter table t add primary key (id) | ALTER TABLE | 1,1 2,null",
        "read committed | alter table t add primary key (id) | ALTER TABLE | 1,1 2,null",
        "read committed | create index on t (id) | CREATE INDEX | 1,1 2,null",
        "read committed | alter table t alter a set not null | ERROR 23502 | 1,1 2,null",
        "serializable | alter table t alter a set not null | ERROR 23502 | 1,1 2,null",
        "read committed | alter table t add check (id < 2) | ERROR 23514 | 1,1 2,null",
        "read committed | alter table t add check (id < 2), add b int | ERROR 23514 | 1,1 2,null"
      })
  void aChangeOfATableHeedsTheRowsThatItHasWaitedFor(
      String isolation, String change, String tag, String rows) throws Exception {
    done(changes.run("create table t (id int, a int)"));
    done(changes.run("insert into t values (1, 1)"));
    done(writes.run("set default_transaction_isolation = '" + isolation + "'"));
    done(writes.run("begin"));
    done(writes.run("select 1"));
    List<String> answer = whileWaiting("insert into t values (2, null)", change);
    assertTrue(answer.getFirst().startsWith(tag), answer::toString);
    writes.run("commit");
    assertEquals(
        List.of(rows),
        looks.run(
            "select string_agg(id || ',' || coalesce(a::text, 'null'), ' ' order by id) from t"));
    assertEquals(List.of("2"), looks.run("select id from t where id = 2"));
  }

  private void rangesWithDefault() {
    done(changes.run("create table r (i int, j text) partition by range (i)"));
    done(changes.run("create table r1 partition of r for values from (0) to (100)"));
    done(changes.run("create table rest partition of r default partition by range (i)"));
    done(changes.run("create table rest_rest partition of rest default"));
    done(changes.run("create table r2 (i int, j text)"));
    done(changes.run("insert into r2 values (110, 'x')"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alter table r attach partition r2 for values from (100) to (200)",
        "create table r3 partition of r for values from (100) to (200)"
      })
  void aRowGoesToThePartitionThatIsItsOwnByThen(String change) throws Exception {
    rangesWithDefault();
    assertEquals(List.of("INSERT 0 1"), whileWaiting(change, "insert into r values (150, 'y')"));
    assertEquals(List.of("0"), looks.run("select count(*) from rest_rest"));
    assertEquals(List.of("y"), looks.run("select j from r where i = 150"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "serializable | alter table r attach partition r2 for values from (100) to (200)",
        "read committed | alter table r attach partition r2 for values from (100) to (200)",
        "serializable | create table r3 partition of r for values from (100) to (200)",
        "read committed | create table r3 partition of r for values from (100) to (200)"
      })
  void aPartitionDoesNotBeginWithoutTheRowsThatWereItsOwn(String isolation, String change)
      throws Exception {
    rangesWithDefault();
    done(writes.run("set default_transaction_isolation = '" + isolation + "'"));
    List<String> answer = whileWaiting("insert into r values (150, 'y')", change);
    assertEquals(
        List.of(
            "ERROR 23514: updated partition constraint for default partition \"rest_rest\" would"
                + " be violated by some row"),
        answer);
  }

  @Test
  void aDefaultPartitionRefusesARowThatIsNoLongerItsOwn() throws Exception {
    rangesWithDefault();
    assertEquals(
        List.of("ERROR 23514: new row for relation \"rest_rest\" violates partition constraint"),
        whileWaiting(
            "alter table r attach partition r2 for values from (100) to (200)",
            "insert into rest_rest values (150, 'y')"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"serializable", "read committed"})
  void whatIsReferredToStaysAPartition(String isolation) throws Exception {
    done(changes.run("create table p (a int primary key) partition by list (a)"));
    done(changes.run("create table p1 partition of p for values in (1)"));
    done(changes.run("create table p2 partition of p for values in (2)"));
    done(changes.run("create table c (b int references p)"));
    done(changes.run("insert into p values (1), (2)"));
    done(writes.run("set default_transaction_isolation = '" + isolation + "'"));
    assertEquals(
        List.of(
            "ERROR 23503: removing partition \"p1\" violates foreign key constraint \"c_b_fkey\""),
        whileWaiting("insert into c values (1)", "alter table p detach partition p1"));
    assertEquals(List.of("1", "2"), looks.run("select a from p order by a"));
    assertEquals(List.of("ALTER TABLE"), writes.run("alter table p detach partition p2"));
    assertEquals(List.of("1"), looks.run("select a from p"));
  }

  @Test
  void whatBecomesAPartitionRefersToWhatItsPartitionedTableSays() {
    done(changes.run("create table p (a int primary key)"));
    done(changes.run("create table c (a int references p) partition by list (a)"));
    done(changes.run("create table c1 partition of c for values in (1) partition by list (a)"));
    done(changes.run("create table c11 (a int)"));
    done(changes.run("insert into c11 values (1)"));
    List<String> answer = changes.run("alter table c1 attach partition c11 for values in (1)");
    assertTrue(answer.getFirst().startsWith("ERROR 23503"), answer::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"insert into t values (4, 40)", "update t set a = 5", "delete from t"})
  void aTableThatIsGoneIsNotThere(String statement) throws Exception {
    done(changes.run("create table t (id int primary key, a int)"));
    done(changes.run("insert into t values (1, 1)"));
    List<String> answer = whileWaiting("drop table t", statement);
    assertTrue(answer.getFirst().startsWith("ERROR 42P01"), answer::toString);
  }
}
