package io.trencadis.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/// What is told of a statement's work: its shards and bytes, and its plan.
class SlowStatementsTest {
  private final LocalSqlEngine engine = SqlScript.engine();
  private final SqlScript ann = new SqlScript(engine);

  private List<String> reads(String like) {
    return ann.run(
        "SELECT calls, trencadis_shards, trencadis_bytes > 0 FROM pg_stat_statements"
            + " WHERE query LIKE '"
            + like
            + "%'");
  }

  @Test
  void statementsTellWhichShardsTheyTouchAndWhatTheyRead() {
    ann.run("CREATE TABLE t (id int PRIMARY KEY, s text)");
    ann.run("INSERT INTO t SELECT i, 'row ' || i FROM generate_series(1, 100) i");
    assertEquals(List.of("1|4|f"), reads("INSERT INTO t SELECT"));
    ann.run("SELECT s FROM t WHERE id = 3");
    ann.run("SELECT s FROM t WHERE id = 4");
    assertEquals(List.of("2|2|t"), reads("SELECT s FROM t WHERE id"));
    ann.run("SELECT count(*) FROM t");
    assertEquals(List.of("1|4|t"), reads("SELECT count(*) FROM t"));
    ann.run("UPDATE t SET s = 'x' WHERE id = 5");
    assertEquals(List.of("1|1|t"), reads("UPDATE t"));
    // What one statement reads is not counted to the next one.
    ann.run("SELECT 1 AS one");
    assertEquals(List.of("1|0|f"), reads("SELECT $1 AS one"));
    ann.run("SELECT length(s) FROM t WHERE id = 3");
    String bytes =
        "SELECT trencadis_bytes FROM pg_stat_statements WHERE query LIKE 'SELECT length%'";
    long one = Long.parseLong(ann.run(bytes).getFirst());
    assertTrue(one > 5 && one < 100, one + " bytes");
  }

  @Test
  void aPlanIsTextWithoutItsParameters() {
    ann.run("CREATE TABLE t (id int PRIMARY KEY, s text)");
    ann.run("SET auto_explain.log_min_duration = 0");
    assertEquals(List.of("0"), ann.run("SHOW auto_explain.log_min_duration"));
    assertEquals(List.of(), ann.run("SELECT s FROM t WHERE id = 3"));
    ann.run("SET log_min_duration_statement = 0");
    assertEquals(List.of("INSERT 0 1"), ann.run("INSERT INTO t VALUES (1, 'a')"));
    assertEquals(List.of("a"), ann.run("SELECT s FROM t WHERE id = 1"));
  }
}
