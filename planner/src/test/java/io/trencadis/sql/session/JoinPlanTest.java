package io.trencadis.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.sharding.NodeStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// In what order tables are joined, which sub-selects become joins, and what ANALYZE is good for.
class JoinPlanTest {
  private final NodeStore store = NodeStore.inMemory(4);
  private final SqlScript ann = new SqlScript(SqlScript.engine(store));

  @BeforeEach
  void tables() {
    ann.run("CREATE TABLE small (id int PRIMARY KEY, name text)");
    ann.run("CREATE TABLE middle (id int PRIMARY KEY, small_id int REFERENCES small, v int)");
    ann.run("CREATE TABLE large (id int PRIMARY KEY, middle_id int REFERENCES middle, v int)");
    ann.run("INSERT INTO small SELECT g, 'name ' || g FROM generate_series(1, 10) g");
    ann.run("INSERT INTO middle SELECT g, 1 + g % 10, g % 7 FROM generate_series(1, 500) g");
    ann.run(
        "INSERT INTO large SELECT g, CASE WHEN g % 3 > 0 THEN 1 + g % 400 END, g % 11"
            + " FROM generate_series(1, 5000) g");
  }

  private String plan(String sql) {
    return String.join("\n", ann.run("EXPLAIN (COSTS off) " + sql));
  }

  /// The lines of a plan that name a join or a table, without what leads up to them.
  private List<String> nodes(String sql) {
    List<String> nodes = new ArrayList<>();
    for (String line : ann.run("EXPLAIN (COSTS off) " + sql)) {
      String bare = line.replaceFirst("^ *(-> +)?", "");
      if (bare.contains(" on ") && bare.contains("Scan")
          || bare.contains("Join")
          || bare.equals("Nested Loop")) {
        nodes.add(bare);
      }
    }
    return nodes;
  }

  @Test
  void theOrderOfFromMakesNoDifference() {
    String where = " WHERE l.middle_id = m.id AND m.small_id = s.id AND s.name = 'name 3'";
    List<String> first = nodes("SELECT count(*) FROM large l, middle m, small s" + where);
    assertEquals(first, nodes("SELECT count(*) FROM small s, large l, middle m" + where));
    assertEquals(first, nodes("SELECT count(*) FROM middle m, small s, large l" + where));
    // The two smaller ones meet first, and none is joined without a condition.
    assertEquals(
        List.of(
            "Hash Join",
            "Seq Scan on large",
            "Hash Join",
            "Seq Scan on middle",
            "Seq Scan on small"),
        first);
    assertEquals(
        ann.run(
            "SELECT count(*) FROM large l JOIN (middle m JOIN small s ON m.small_id = s.id)"
                + " ON l.middle_id = m.id WHERE s.name = 'name 3'"),
        ann.run("SELECT count(*) FROM large l, middle m, small s" + where));
  }

  @Test
  void existsAndInBecomeSemiJoins() {
    String exists =
        "SELECT count(*) FROM middle m WHERE EXISTS (SELECT 1 FROM large l WHERE l.middle_id = m.id AND l.v > m.v)";
    assertTrue(plan(exists).contains("Hash Semi Join"), plan(exists));
    assertTrue(plan(exists).contains("Join Filter: (v > v)"), plan(exists));
    String not = exists.replace("WHERE EXISTS", "WHERE NOT EXISTS");
    assertTrue(plan(not).contains("Hash Anti Join"), plan(not));
    int all = Integer.parseInt(ann.run("SELECT count(*) FROM middle").getFirst());
    int some = Integer.parseInt(ann.run(exists).getFirst());
    assertEquals(all - some, Integer.parseInt(ann.run(not).getFirst()));
    assertTrue(some > 0 && some < all);
    ann.run("ANALYZE");
    String in =
        "SELECT count(*) FROM middle WHERE id IN (SELECT middle_id FROM large WHERE v <> 3)";
    assertTrue(plan(in).contains("Hash Semi Join"), plan(in));
  }

  @Test
  void whatIsNoSemiJoinStaysASubPlan() {
    // Nulls of the inner side make NOT IN unknown.
    String notIn = "SELECT count(*) FROM middle WHERE id NOT IN (SELECT middle_id FROM large)";
    assertFalse(plan(notIn).contains("Anti"), plan(notIn));
    assertEquals(List.of("0"), ann.run(notIn));
    // No column equals one of the outer row.
    String greater =
        "SELECT count(*) FROM small s WHERE EXISTS (SELECT 1 FROM middle m WHERE m.v > s.id)";
    assertFalse(plan(greater).contains("Semi"), plan(greater));
    assertEquals(List.of("5"), ann.run(greater));
    // Not a condition of its own.
    String either =
        "SELECT count(*) FROM small s"
            + " WHERE s.id = 1 OR EXISTS (SELECT 1 FROM middle m WHERE m.small_id = s.id AND m.v = 9)";
    assertFalse(plan(either).contains("Semi"), plan(either));
    assertEquals(List.of("1"), ann.run(either));
    // A grouped sub-select always has a row.
    String grouped =
        "SELECT count(*) FROM small s"
            + " WHERE EXISTS (SELECT count(*) FROM middle m WHERE m.small_id = s.id AND m.v = 9)";
    assertFalse(plan(grouped).contains("Semi"), plan(grouped));
    assertEquals(List.of("10"), ann.run(grouped));
    String limited =
        "SELECT count(*) FROM small s"
            + " WHERE EXISTS (SELECT 1 FROM middle m WHERE m.small_id = s.id LIMIT 0)";
    assertEquals(List.of("0"), ann.run(limited));
  }

  @Test
  void aSubSelectInTheConditionOfAnOuterJoinStaysThere() {
    String sql =
        "SELECT s.id, m.id FROM small s LEFT JOIN middle m ON s.id = m.id"
            + " AND 3 IN (SELECT l.v FROM large l WHERE l.id < m.v) WHERE s.id < 5 ORDER BY 1";
    assertEquals(List.of("1|", "2|", "3|", "4|4"), ann.run(sql));
  }

  @Test
  void whatAllSidesOfAnOrSayIsSaidBeforeTheJoin() {
    String sql =
        "SELECT count(*) FROM large l, middle m"
            + " WHERE (l.middle_id = m.id AND l.v = 1 AND m.v = 2) OR (l.middle_id = m.id AND l.v = 3 AND m.v = 4)";
    assertTrue(plan(sql).contains("((v = 2) OR (v = 4))"), plan(sql));
    assertTrue(plan(sql).contains("Filter: ((v = 1) OR (v = 3))"), plan(sql));
    assertEquals(
        ann.run(
            "SELECT count(*) FROM large l JOIN middle m ON l.middle_id = m.id"
                + " WHERE l.v = 1 AND m.v = 2 OR l.v = 3 AND m.v = 4"),
        ann.run(sql));
  }

  @Test
  void anOrOfEqualitiesGoesByKeyAndOneOfTwoColumnsDoesNot() {
    String key = "SELECT id FROM large WHERE id = 17 OR id = 4 OR id = 4 OR id = NULL ORDER BY id";
    assertTrue(plan(key).contains("Index Scan using large_pkey"), plan(key));
    assertEquals(List.of("4", "17"), ann.run(key));
    String mixed = "SELECT count(*) FROM large WHERE id = 17 OR v = 4";
    assertTrue(plan(mixed).contains("Seq Scan"), plan(mixed));
    String range = "SELECT count(*) FROM large WHERE id = 17 OR id > 4990";
    assertTrue(plan(range).contains("Seq Scan"), plan(range));
    assertEquals(List.of("11"), ann.run(range));
  }

  @Test
  void correlatedSubSelectsAreRunOnceForEqualArguments() {
    String sql = "SELECT sum((SELECT count(*) FROM small s WHERE s.id = m.small_id)) FROM middle m";
    assertEquals(List.of("500"), ann.run(sql));
    String chance =
        "SELECT count(DISTINCT (SELECT random() + s.id - s.id FROM small s WHERE s.id = m.small_id)) > 10"
            + " FROM middle m";
    assertEquals(List.of("t"), ann.run(chance));
  }

  @Test
  void manyTablesArePlannedInBoundedTime() {
    StringBuilder from = new StringBuilder();
    StringBuilder where = new StringBuilder();
    int tables = 40;
    for (int i = 1; i <= tables; i++) {
      ann.run("CREATE TABLE t" + i + " (a int PRIMARY KEY, b int)");
      ann.run("INSERT INTO t" + i + " SELECT g, g FROM generate_series(1, 10) g");
      from.append(i == 1 ? "" : ", ").append('t').append(tables + 1 - i);
      where.append(i == 1 ? "t1.a = 3" : " AND t" + i + ".a = t" + (i - 1) + ".b");
    }
    String sql = "SELECT t1.a, t40.b FROM " + from + " WHERE " + where;
    assertEquals(List.of("3|3"), assertTimeout(Duration.ofSeconds(30), () -> ann.run(sql)));
  }

  @Test
  void analyzeIsSeenInPgStatsAndAfterARestart() {
    ann.run("ANALYZE large");
    String stats =
        "SELECT attname, n_distinct, round(null_frac::numeric, 3), cardinality(most_common_freqs)"
            + " FROM pg_stats WHERE tablename = 'large' ORDER BY 1";
    assertEquals(List.of("id|-1|0.000|", "middle_id|400|0.333|", "v|11|0.000|11"), ann.run(stats));
    assertEquals(
        List.of("5000"), ann.run("SELECT reltuples FROM pg_class WHERE relname = 'large'"));
    SqlScript later = new SqlScript(SqlScript.engine(store));
    assertEquals(
        List.of("id|-1|0.000|", "middle_id|400|0.333|", "v|11|0.000|11"), later.run(stats));
    assertEquals(
        List.of("5000"), later.run("SELECT reltuples FROM pg_class WHERE relname = 'large'"));
    later.run("DROP TABLE large");
    assertEquals(List.of(), later.run(stats));
    assertEquals(
        List.of("ERROR 42P01: relation \"large\" does not exist"), later.run("ANALYZE large"));
  }
}
