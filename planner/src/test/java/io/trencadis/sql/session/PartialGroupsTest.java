package io.trencadis.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.sharding.NodeStore;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Groups made shard by shard, on several threads, and put together.
class PartialGroupsTest {
  private static final String PARTS = "Partial Groups: by shard";

  private final NodeStore store = NodeStore.inMemory(4);
  private final LocalSqlEngine engine = SqlScript.engine(store);
  private final SqlScript ann = new SqlScript(engine);

  @BeforeEach
  void tables() {
    ann.run("CREATE TABLE t (id int PRIMARY KEY, g int, n numeric(12,2), f float8, s text)");
    ann.run("CREATE TABLE kinds (g int PRIMARY KEY, name text)");
    ann.run(
        "INSERT INTO t SELECT i, i % 7, i / 100.0, i / 3.0, 's' || i % 13"
            + " FROM generate_series(1, 30000) i");
    ann.run("INSERT INTO kinds SELECT i, 'kind ' || i FROM generate_series(0, 5) i");
    ann.run("ANALYZE");
  }

  private String plan(String sql) {
    return String.join("\n", ann.run("EXPLAIN (COSTS off) " + sql));
  }

  @Test
  void theyGiveWhatOneThreadGives() {
    String sql =
        "SELECT g, count(*), count(n) FILTER (WHERE s = 's3'), sum(n), avg(n), avg(id), min(s), max(f)"
            + " FROM t WHERE id > 100 AND s <> 's1' GROUP BY g ORDER BY g";
    assertTrue(plan(sql).contains(PARTS), plan(sql));
    // random() keeps everything on one thread.
    String alone = sql.replace("WHERE", "WHERE random() >= 0 AND");
    assertFalse(plan(alone).contains(PARTS), plan(alone));
    assertEquals(7, ann.run(sql).size());
    assertEquals(ann.run(alone), ann.run(sql));
    assertEquals(List.of("30000|4500150.00"), ann.run("SELECT count(*), sum(n) FROM t"));
    assertEquals(List.of("0|"), ann.run("SELECT count(*), sum(n) FROM t WHERE s = 'none'"));
    assertEquals(List.of(), ann.run("SELECT g, sum(n) FROM t WHERE s = 'none' GROUP BY g"));
  }

  @Test
  void aHashJoinIsMetShardByShardToo() {
    String sql =
        "SELECT name, count(*), sum(n) FROM t LEFT JOIN kinds k ON t.g = k.g AND t.s > k.name"
            + " GROUP BY name ORDER BY name";
    assertTrue(plan(sql).contains(PARTS), plan(sql));
    assertEquals(
        ann.run(sql.replace("t.s > k.name", "t.s > k.name AND random() >= 0")), ann.run(sql));
    String exists =
        "SELECT count(*) FROM t WHERE NOT EXISTS (SELECT 1 FROM kinds k WHERE k.g = t.g)";
    assertEquals(List.of("4285"), ann.run(exists));
  }

  @Test
  void rowsAreLookedUpOnAnyThread() {
    ann.run("CREATE TABLE details (id int PRIMARY KEY, v int)");
    ann.run("INSERT INTO details SELECT i, i % 9 FROM generate_series(1, 30000) i");
    ann.run("CREATE TABLE notes (note int PRIMARY KEY)");
    ann.run("ANALYZE");
    String sql =
        "SELECT count(*), sum(v), sum(n) FROM t JOIN details d ON d.id = t.id"
            + " WHERE t.s = 's3' AND t.g = 5";
    assertTrue(plan(sql).contains(PARTS) && plan(sql).contains("Nested Loop"), plan(sql));
    List<String> alone = ann.run(sql.replace("WHERE", "WHERE random() >= 0 AND"));
    assertEquals(alone, ann.run(sql));
    SqlScript bob = new SqlScript(engine, 2);
    ann.run("BEGIN ISOLATION LEVEL SERIALIZABLE");
    assertEquals(alone, ann.run(sql));
    bob.run("UPDATE details SET v = v + 1 WHERE id % 91 = 68");
    assertEquals(alone, ann.run(sql));
    ann.run("INSERT INTO notes VALUES (1)");
    // What was looked up has changed since.
    assertTrue(ann.run("COMMIT").getFirst().startsWith("ERROR 40001"));
    ann.run("ROLLBACK");
    ann.run("BEGIN");
    ann.run("UPDATE details SET v = v - 1 WHERE id % 91 = 68");
    assertEquals(alone, ann.run(sql));
    ann.run("ROLLBACK");
  }

  @Test
  void whatDependsOnTheOrderOrOnTheSessionIsLeftAlone() {
    for (String sql :
        new String[] {
          "SELECT sum(f) FROM t",
          "SELECT count(DISTINCT g) FROM t",
          "SELECT string_agg(s, ',') FROM t",
          "SELECT count(*) FROM t WHERE random() < 0.5",
          "SELECT count(*) FROM t WHERE s = current_setting('application_name')",
          "SELECT count(*) FROM t WHERE g = (SELECT max(g) FROM kinds WHERE kinds.g < t.g)",
          "SELECT id, count(*) FROM t GROUP BY id",
          "SELECT count(*) FROM t WHERE id = 3",
          "SELECT count(*) FROM kinds"
        }) {
      assertFalse(plan(sql).contains(PARTS), plan(sql));
    }
  }

  @Test
  void ownWritesAreSeenAndOthersAreNot() {
    String sql = "SELECT count(*), sum(n) FROM t WHERE g >= 0";
    SqlScript bob = new SqlScript(engine, 2);
    ann.run("BEGIN ISOLATION LEVEL SERIALIZABLE");
    assertEquals(List.of("30000|4500150.00"), ann.run(sql));
    bob.run("UPDATE kinds SET name = 'x'");
    bob.run("INSERT INTO t VALUES (50000, 1, 1, 1, 'new')");
    assertEquals(List.of("30000|4500150.00"), ann.run(sql));
    ann.run("INSERT INTO kinds VALUES (77, 'own')");
    // What was summed up has changed since: nothing may rest on it.
    assertTrue(ann.run("COMMIT").getFirst().startsWith("ERROR 40001"));
    ann.run("ROLLBACK");
    ann.run("BEGIN");
    ann.run("DELETE FROM t WHERE id <= 1000");
    assertEquals(List.of("29001"), ann.run("SELECT count(*) FROM t"));
    ann.run("ROLLBACK");
    assertEquals(List.of("30001"), ann.run("SELECT count(*) FROM t"));
  }

  @Test
  void aSettingKeepsItToOneThread() {
    String sql = "SELECT g, sum(n), avg(id) FROM t GROUP BY g ORDER BY g";
    List<String> together = ann.run(sql);
    ann.run("SET max_parallel_workers_per_gather = 0");
    assertEquals(together, ann.run(sql));
  }

  @Test
  void anErrorOnAnyThreadEndsTheStatement() {
    assertEquals(
        List.of("ERROR 22012: division by zero"), ann.run("SELECT sum(1 / (id - 29999)) FROM t"));
    assertEquals(List.of("30000"), ann.run("SELECT count(*) FROM t"));
  }
}
