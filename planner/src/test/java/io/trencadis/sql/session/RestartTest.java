package io.trencadis.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.trencadis.sharding.NodeStore;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a server finds again in the store that an earlier one left: catalog, sequences, rows.
class RestartTest {
  private final NodeStore store = NodeStore.inMemory(4);
  private LocalSqlEngine engine = SqlScript.engine(store);

  private List<String> run(String sql) {
    return new SqlScript(engine).run(sql);
  }

  /// The server ends without a word.
  private void crash() {
    engine = SqlScript.engine(store);
  }

  private void stop() {
    engine.close();
    crash();
  }

  @Test
  void tablesRolesAndRowsAreThere() {
    run("CREATE ROLE ann LOGIN PASSWORD 'secret'");
    run("CREATE DATABASE shop");
    run(
        "CREATE TABLE item (id int PRIMARY KEY, name text UNIQUE, price numeric CHECK (price > 0))");
    run("INSERT INTO item VALUES (1, 'one', 1.50), (2, 'two', 2)");
    crash();
    assertEquals(List.of("1|one|1.50", "2|two|2"), run("SELECT * FROM item ORDER BY id"));
    assertEquals(List.of("2"), run("SELECT id FROM item WHERE name = 'two'"));
    assertEquals(
        List.of("ERROR 23505: duplicate key value violates unique constraint \"item_name_key\""),
        run("INSERT INTO item VALUES (3, 'one', 3)"));
    assertEquals(
        List.of(
            "ERROR 23514: new row for relation \"item\" violates check constraint"
                + " \"item_price_check\""),
        run("INSERT INTO item VALUES (3, 'three', 0)"));
    assertEquals(List.of("ERROR 42710: role \"ann\" already exists"), run("CREATE ROLE ann"));
    assertEquals(
        List.of("ERROR 42P04: database \"shop\" already exists"), run("CREATE DATABASE shop"));
  }

  @Test
  void compositeTypesAndTheirValuesAreThere() {
    run("CREATE TYPE pair AS (n int, t text)");
    run("CREATE TABLE held (k pair PRIMARY KEY, many pair[], whole pair)");
    run("INSERT INTO held VALUES (ROW(2, 'b'), ARRAY[ROW(1, NULL)::pair], NULL)");
    run("INSERT INTO held VALUES (ROW(NULL, 'a'), NULL, ROW(NULL, NULL))");
    run("ALTER TYPE pair RENAME ATTRIBUTE t TO u");
    crash();
    assertEquals(List.of("(2,b)|{\"(1,)\"}|", "(,a)||(,)"), run("SELECT * FROM held ORDER BY k"));
    assertEquals(List.of("2"), run("SELECT (k).n FROM held WHERE k = ROW(2, 'b')::pair"));
    assertEquals(List.of("b"), run("SELECT (k).u FROM held WHERE (k).n = 2"));
    assertEquals(
        List.of("ERROR 23505: duplicate key value violates unique constraint \"held_pkey\""),
        run("INSERT INTO held VALUES (ROW(2, 'b'))"));
  }

  @Test
  void aRelationNeverSeesRowsOfOneThatWasDroppedInAnEarlierLife() {
    run("CREATE TABLE old (id int PRIMARY KEY, v text)");
    run("INSERT INTO old VALUES (1, 'old')");
    run("DROP TABLE old");
    crash();
    run("CREATE TABLE fresh (id int PRIMARY KEY, v text)");
    assertEquals(List.of(), run("SELECT * FROM fresh"));
  }

  @Test
  void aSequenceSkipsAfterACrashAndNotAfterAStop() {
    run("CREATE SEQUENCE s");
    assertEquals(List.of("1"), run("SELECT nextval('s')"));
    assertEquals(List.of("1|32|t"), run("SELECT * FROM s"));
    crash();
    // What a PostgreSQL 15 answers after an immediate shutdown.
    assertEquals(List.of("34"), run("SELECT nextval('s')"));
    stop();
    assertEquals(List.of("35"), run("SELECT nextval('s')"));
  }

  @Test
  void aSequenceWhoseStepHasChangedKeepsNothingOfWhatWasReserved() {
    run("CREATE SEQUENCE s");
    run("SELECT nextval('s')");
    run("ALTER SEQUENCE s INCREMENT 1000");
    assertEquals(List.of("1001"), run("SELECT nextval('s')"));
    crash();
    assertEquals(List.of("34001"), run("SELECT nextval('s')"));
  }

  @Test
  void setvalAndSerialColumnsGoOn() {
    run("CREATE TABLE t (id serial PRIMARY KEY, v text)");
    run("INSERT INTO t (v) VALUES ('a')");
    run("SELECT setval('t_id_seq', 70)");
    crash();
    run("INSERT INTO t (v) VALUES ('b')");
    assertEquals(List.of("1|a", "71|b"), run("SELECT * FROM t ORDER BY id"));
  }

  @Test
  void rowsWithoutAKeyAreNotOverwritten() {
    run("CREATE TABLE t (v text)");
    run("INSERT INTO t VALUES ('a')");
    crash();
    run("INSERT INTO t VALUES ('b')");
    assertEquals(List.of("a", "b"), run("SELECT * FROM t ORDER BY v"));
  }
}
