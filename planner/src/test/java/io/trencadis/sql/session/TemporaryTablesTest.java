package io.trencadis.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.trencadis.sharding.NodeStore;
import java.util.List;
import org.junit.jupiter.api.Test;

class TemporaryTablesTest {
  private static final String COUNT =
      "select count(*) from pg_namespace where nspname like 'pg_temp_%'";

  @Test
  void onlyTheirSessionSeesThem() {
    LocalSqlEngine engine = SqlScript.engine();
    SqlScript one = new SqlScript(engine, 1);
    SqlScript two = new SqlScript(engine, 2);
    one.run("create table t (who text)");
    one.run("insert into t values ('all')");
    one.run("create temp table t (who text)");
    one.run("insert into t values ('one')");

    assertEquals(List.of("one"), one.run("select who from t"));
    assertEquals(List.of("all"), two.run("select who from t"));
    two.run("create temp table t (who text)");
    two.run("insert into t values ('two')");
    assertEquals(List.of("one"), one.run("select who from t"));
    assertEquals(List.of("two"), two.run("select who from t"));
    assertEquals(List.of("two"), two.run("select who from pg_temp.t"));
    assertEquals(
        List.of("ERROR 0A000: cannot access temporary tables of other sessions"),
        two.run("select who from pg_temp_1.t"));
  }

  @Test
  void aTableThatTheyInheritFromShowsEachSessionItsOwn() {
    LocalSqlEngine engine = SqlScript.engine();
    SqlScript one = new SqlScript(engine, 1);
    SqlScript two = new SqlScript(engine, 2);
    one.run("create table parent (a int)");
    one.run("insert into parent values (1)");
    one.run("create temp table child () inherits (parent)");
    one.run("insert into child values (2)");
    two.run("create temp table child () inherits (parent)");
    two.run("insert into child values (3)");

    assertEquals(List.of("1", "2"), one.run("select a from parent order by a"));
    assertEquals(List.of("1", "3"), two.run("select a from parent order by a"));
    assertEquals(List.of("UPDATE 2"), two.run("update parent set a = a + 10"));
    assertEquals(List.of("2", "11"), one.run("select a from parent order by a"));
    assertEquals(List.of("DELETE 2"), one.run("delete from parent"));
    assertEquals(List.of("13"), two.run("select a from parent"));
  }

  @Test
  void theyGoWithTheirSession() {
    LocalSqlEngine engine = SqlScript.engine();
    SqlScript one = new SqlScript(engine, 1);
    SqlScript two = new SqlScript(engine, 2);
    one.run("create temp table t (id serial)");
    one.run("create temp view v as select 1");
    one.run("create function pg_temp.f() returns int language sql as 'select 1'");
    one.run("create type pg_temp.e as enum ('a')");
    one.run("create domain pg_temp.d as int");
    assertEquals(List.of("1"), two.run(COUNT));
    assertEquals(List.of("3"), two.run("select count(*) from pg_class where relpersistence = 't'"));

    one.session().close();
    assertEquals(List.of("0"), two.run(COUNT));
    assertEquals(
        List.of("0|0"),
        two.run(
            "select (select count(*) from pg_proc where proname = 'f'),"
                + " (select count(*) from pg_type where typname in ('e', 'd'))"));
    assertEquals(List.of("0"), two.run("select count(*) from pg_class where relpersistence = 't'"));
  }

  @Test
  void aServerThatWasKilledLeavesNone() {
    NodeStore store = NodeStore.inMemory(4);
    SqlScript one = new SqlScript(SqlScript.engine(store), 1);
    one.run("create temp table t (id int)");
    one.run("create table kept (id int)");

    SqlScript again = new SqlScript(SqlScript.engine(store), 1);
    assertEquals(List.of("0"), again.run(COUNT));
    assertEquals(
        List.of("ERROR 42P01: relation \"t\" does not exist"), again.run("select * from t"));
    assertEquals(List.of("0"), again.run("select count(*) from kept"));
  }

  @Test
  void aLiteralThatAConstraintHasTooDoesNotGetIntoIt() {
    SqlScript script = new SqlScript(SqlScript.engine());
    script.run("create table t (n int check (n > 0))");
    script.run("insert into t values (0)");
    assertEquals(List.of("INSERT 0 1"), script.run("insert into t values (2)"));
  }
}
