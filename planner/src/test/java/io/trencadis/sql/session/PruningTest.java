package io.trencadis.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Which shards and partitions a condition leaves to be read, and that no row is lost by it.
class PruningTest {
  private final SqlScript sql = new SqlScript(SqlScript.engine());

  @BeforeEach
  void tables() {
    sql.run(
        "CREATE TABLE r (a int, b int, PRIMARY KEY (a, b))"
            + " PARTITION BY RANGE (a) SPLIT AT VALUES (100), (200), (300)");
    sql.run("INSERT INTO r SELECT g, g % 7 FROM generate_series(0, 399) g");
    sql.run("CREATE TABLE p (a int, b text) PARTITION BY RANGE (a)");
    sql.run("CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (MINVALUE) TO (10)");
    sql.run("CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20)");
    sql.run("CREATE TABLE p3 PARTITION OF p FOR VALUES FROM (20) TO (30)");
    sql.run("CREATE TABLE p4 PARTITION OF p DEFAULT");
    sql.run("INSERT INTO p SELECT g, 'x' FROM generate_series(-5, 40) g");
  }

  private String explained(String query, String what) {
    return sql.run("EXPLAIN " + query).stream()
        .filter(line -> line.strip().startsWith(what))
        .findFirst()
        .orElse("none")
        .strip();
  }

  private void shards(String shards, String rows, String condition) {
    String query = "SELECT count(*) FROM r WHERE " + condition;
    assertEquals(
        "Shards: " + shards + " of 4", explained(query, "Shards").replaceAll(" \\(.*", ""));
    assertEquals(List.of(rows), sql.run(query));
  }

  private void partitions(String partitions, String rows, String condition) {
    String query = "SELECT count(*) FROM p WHERE " + condition;
    assertEquals("Partitions: " + partitions + " of 4", explained(query, "Partitions"));
    assertEquals(List.of(rows), sql.run(query));
  }

  @Test
  void rangesOfACompactTable() {
    shards("1", "50", "a < 50");
    shards("2", "101", "a <= 100");
    shards("2", "150", "a >= 250");
    shards("3", "200", "a > 150 AND a <= 350");
    shards("1", "1", "a = 250");
    shards("4", "400", "a >= 0");
    shards("0", "0", "a > NULL");
    shards("4", "57", "b = 3");
  }

  @Test
  void rangesOfPartitionsMadeOneByOne() {
    // The default partition may hold anything that no other takes.
    partitions("2", "10", "a < 5");
    partitions("3", "16", "a <= 10");
    partitions("2", "21", "a >= 20");
    partitions("3", "20", "a >= 10 AND a < 30");
    partitions("1", "1", "a = 15");
    partitions("1", "1", "a = 35");
    partitions("0", "0", "a < NULL");
  }

  @Test
  void parametersPruneAsConstantsDo() {
    sql.run("PREPARE s(int) AS SELECT count(*) FROM r WHERE a < $1");
    assertEquals(List.of("20"), sql.run("EXECUTE s(20)"));
    assertEquals(List.of("350"), sql.run("EXECUTE s(350)"));
    assertEquals(List.of("0"), sql.run("EXECUTE s(NULL)"));
  }
}
