package io.trencadis.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Functions as parts of transactions: what they do goes and stays with the statement that calls
/// them, and is done once where that has to start again.
class RoutineTransactionsTest {
  private final LocalSqlEngine engine = SqlScript.engine();
  private final SqlScript one = new SqlScript(engine, 1);
  private final SqlScript other = new SqlScript(engine, 2);

  private void prepare() {
    one.run("create table t (id int primary key, n int)");
    one.run("insert into t values (1, 0), (2, 0)");
    one.run(
        "create function bump(i int) returns int language plpgsql as $$ begin"
            + " raise notice 'bump %', i; update t set n = n + 1 where id = i;"
            + " return (select n from t where id = i); end $$");
  }

  @Test
  void aStatementThatStartsAgainDoesItsWorkAndTellsItOnce() {
    prepare();
    one.run("begin isolation level read committed");
    assertEquals(List.of("0"), one.run("select n from t where id = 2"));
    other.run("update t set n = 10 where id = 1");
    // The row has changed since the snapshot of its transaction, not of its statement.
    assertEquals(List.of("NOTICE: bump 1", "11"), one.run("select bump(1)"));
    one.run("commit");
    assertEquals(List.of("11"), other.run("select n from t where id = 1"));
  }

  @Test
  void aSnapshotThatMovesTellsNothingTwice() {
    prepare();
    one.run("begin");
    assertEquals(List.of("0"), one.run("select n from t where id = 2"));
    other.run("update t set n = 10 where id = 1");
    assertEquals(List.of("NOTICE: bump 1", "11"), one.run("select bump(1)"));
    assertEquals(List.of("COMMIT"), one.run("commit"));
    assertEquals(List.of("11"), other.run("select n from t where id = 1"));
  }

  @Test
  void whatAFunctionWroteGoesWithItsStatement() {
    prepare();
    one.run("begin");
    assertEquals(
        List.of("NOTICE: bump 1", "ERROR 22012: division by zero"),
        one.run("select bump(1), 1 / (select count(*) from t where id > 9)"));
    one.run("rollback");
    assertEquals(List.of("0"), one.run("select n from t where id = 1"));
  }

  @Test
  void aHandlerUndoesItsBlockAndNothingElse() {
    prepare();
    one.run(
        "create function half(i int) returns text language plpgsql as $$ begin"
            + " update t set n = 5 where id = i;"
            + " begin update t set n = 6 where id = i; insert into t values (i, 1);"
            + " exception when unique_violation then return 'undone'; end; return 'no'; end $$");
    assertEquals(List.of("undone"), one.run("select half(1)"));
    assertEquals(List.of("5"), other.run("select n from t where id = 1"));
  }

  @Test
  void procedureCommitsWhatItHasDone() {
    prepare();
    one.run(
        "create procedure steps() language plpgsql as $$ begin"
            + " update t set n = 1 where id = 1; commit;"
            + " update t set n = 2 where id = 1; perform 1 / 0; end $$");
    assertEquals(List.of("ERROR 22012: division by zero"), one.run("call steps()"));
    assertEquals(List.of("1"), other.run("select n from t where id = 1"));
  }

  @Test
  void readOnlyTransactionsRefuseWhatFunctionsWrite() {
    prepare();
    one.run("begin read only");
    assertEquals(
        List.of("NOTICE: bump 1", "ERROR 25006: cannot execute UPDATE in a read-only transaction"),
        one.run("select bump(1)"));
    one.run("rollback");
  }

  @Test
  void anOlderPlanMeetsANewTrigger() {
    prepare();
    other.run("prepare p as update t set n = n + 1 where id = 1");
    other.run("execute p");
    one.run(
        "create function stop() returns trigger language plpgsql as $$ begin return null; end $$");
    one.run("create trigger s before update on t for each row execute function stop()");
    assertEquals(List.of("UPDATE 0"), other.run("execute p"));
    one.run("drop trigger s on t");
    assertEquals(List.of("UPDATE 1"), other.run("execute p"));
  }
}
