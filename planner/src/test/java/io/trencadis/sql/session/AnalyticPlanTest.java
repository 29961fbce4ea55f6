package io.trencadis.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What saves work in queries over many rows, and where it must not be done.
class AnalyticPlanTest {
  private final LocalSqlEngine engine = SqlScript.engine();
  private final SqlScript ann = new SqlScript(engine);

  @BeforeEach
  void tables() {
    ann.run("CREATE TABLE items (o int, line int, part int, n int, PRIMARY KEY (o, line))");
    ann.run(
        "INSERT INTO items SELECT i / 4, i % 4, i % 1000, i % 7 FROM generate_series(0, 23999) i");
    ann.run("CREATE TABLE parts (part int PRIMARY KEY, kind int, name text)");
    ann.run("INSERT INTO parts SELECT i, i % 50, 'p' || i FROM generate_series(0, 999) i");
    ann.run("ANALYZE");
  }

  private String plan(String sql) {
    return String.join("\n", ann.run("EXPLAIN (COSTS off) " + sql));
  }

  private String analyzed(String sql) {
    return String.join("\n", ann.run("EXPLAIN (ANALYZE, COSTS off, TIMING off) " + sql));
  }

  @Test
  void aScanLeavesOutWhatNoJoinAboveWouldTake() {
    String sql =
        "SELECT count(*), sum(n) FROM items i JOIN parts p ON i.part = p.part WHERE p.kind = 7";
    assertTrue(plan(sql).contains("Runtime Filter: part"), plan(sql));
    String run = analyzed(sql);
    assertTrue(run.contains("Rows Removed by Runtime Filter: 23520"), run);
    assertEquals(
        List.of("480|1434"), ann.run(sql.replace("i.part = p.part", "i.part = p.part + 0")));
    assertEquals(List.of("480|1434"), ann.run(sql));
    // Rows without a partner stay there.
    for (String kept : new String[] {"LEFT", "FULL"}) {
      String outer =
          "SELECT count(*) FROM items i "
              + kept
              + " JOIN (SELECT * FROM parts WHERE kind = 7) p"
              + " ON i.part = p.part";
      assertFalse(plan(outer).contains("Runtime Filter"), plan(outer));
      assertEquals(List.of("24000"), ann.run(outer));
    }
    String anti =
        "SELECT count(*) FROM items i WHERE NOT EXISTS"
            + " (SELECT 1 FROM parts p WHERE p.part = i.part AND p.kind = 7)";
    assertFalse(plan(anti).contains("Runtime Filter"), plan(anti));
    assertEquals(List.of("23520"), ann.run(anti));
  }

  @Test
  void groupsOfAKeyAreMadeAsItIsRead() {
    String sql = "SELECT o, sum(n), count(*) FROM items GROUP BY o HAVING sum(n) > 17";
    assertTrue(plan(sql).contains("GroupAggregate"), plan(sql));
    List<String> rows = ann.run(sql + " ORDER BY o");
    assertEquals(
        ann.run(
            sql.replace("GROUP BY o", "GROUP BY o + 0").replace("SELECT o", "SELECT o + 0")
                + " ORDER BY 1"),
        rows);
    assertTrue(rows.size() > 500, rows.size() + " rows");
    // Such groups would be spread over the key, or over shards.
    for (String other : new String[] {"line", "n", "o / 2", "part, o"}) {
      String hashed = "SELECT count(*) FROM items GROUP BY " + other;
      assertFalse(plan(hashed).contains("GroupAggregate"), plan(hashed));
    }
    String distinct = "SELECT o, count(DISTINCT n) FROM items GROUP BY o";
    assertFalse(plan(distinct).contains("GroupAggregate"), plan(distinct));
  }

  @Test
  void fewRowsOfManyAreGatheredFromAllShards() {
    String sql =
        "SELECT i.o, i.n, g.s FROM items i JOIN (SELECT o, sum(n) AS s FROM items GROUP BY o"
            + " HAVING sum(n) > 17) g ON g.o = i.part";
    assertTrue(plan(sql).contains("Gather"), plan(sql));
    String alone = sql.replace("GROUP BY o ", "GROUP BY o, random() * 0 ");
    assertFalse(plan(alone).contains("Gather"), plan(alone));
    assertEquals(
        ann.run(alone).stream().sorted().toList(), ann.run(sql).stream().sorted().toList());
  }

  @Test
  void aWithQueryThatIsNamedTwiceRunsOnce() {
    ann.run("CREATE SEQUENCE calls");
    String twice =
        "WITH w AS (SELECT o, nextval('calls') AS c FROM items WHERE o < 5)"
            + " SELECT count(*), count(DISTINCT a.c) FROM w a JOIN w b ON a.c = b.c";
    assertEquals(List.of("20|20"), ann.run(twice));
    assertEquals(List.of("20"), ann.run("SELECT last_value FROM calls"));
    assertTrue(plan(twice).contains("CTE w"), plan(twice));
    assertTrue(plan(twice).contains("CTE Scan on w"), plan(twice));
    String once = "WITH w AS (SELECT * FROM items) SELECT * FROM w WHERE o = 3 AND line = 1";
    assertFalse(plan(once).contains("CTE"), plan(once));
    assertTrue(plan(once).contains("Index Scan using items_pkey"), plan(once));
    String kept = once.replace("AS (", "AS MATERIALIZED (");
    assertTrue(plan(kept).contains("CTE Scan on w"), plan(kept));
    assertEquals(ann.run(once), ann.run(kept));
    String never =
        "WITH w AS NOT MATERIALIZED (SELECT * FROM items)"
            + " SELECT a.n, b.n FROM w a, w b WHERE a.o = 3 AND a.line = 1 AND b.o = 4 AND b.line = 0";
    assertFalse(plan(never).contains("CTE"), plan(never));
    assertEquals(List.of("6|2"), ann.run(never));
  }

  @Test
  void aWithQueryThatGoesByItsSurroundingsDoesNot() {
    assertEquals(
        List.of("0|0", "1|6", "2|12"),
        ann.run(
            "SELECT part, (WITH w AS (SELECT p.part * 3 AS x) SELECT a.x + b.x FROM w a, w b)"
                + " FROM parts p WHERE part < 3 ORDER BY 1"));
  }

  @Test
  void onlyAsMuchOfAWithQueryRunsAsIsAskedFor() {
    assertEquals(
        List.of("1|1", "2|1"),
        ann.run(
            "WITH RECURSIVE r AS (SELECT 1 AS x UNION ALL SELECT x + 1 FROM r)"
                + " SELECT a.x, b.x FROM (SELECT x FROM r LIMIT 2) a, (SELECT x FROM r LIMIT 1) b"));
  }

  @Test
  void columnsThatEqualAThirdEqualEachOther() {
    ann.run("CREATE TABLE kinds (kind int PRIMARY KEY, name text)");
    ann.run("INSERT INTO kinds SELECT i, 'k' || i FROM generate_series(0, 49) i");
    ann.run("CREATE TABLE more (id int PRIMARY KEY, kind int)");
    ann.run("INSERT INTO more SELECT i, i % 50 FROM generate_series(0, 4999) i");
    ann.run("ANALYZE");
    // Only through p is k joined with m as written.
    String sql =
        "SELECT count(*) FROM more m, parts p, kinds k"
            + " WHERE m.kind = p.kind AND p.kind = k.kind AND k.name = 'k7' AND p.part = m.id % 100";
    assertEquals(ann.run(sql.replace("p.kind = k.kind", "p.kind + 0 = k.kind")), ann.run(sql));
    assertEquals(List.of("100"), ann.run(sql));
  }
}
