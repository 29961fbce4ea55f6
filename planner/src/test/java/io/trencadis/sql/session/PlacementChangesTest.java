package io.trencadis.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Partitions are split and moved, and no row is lost, nor found in two places.
class PlacementChangesTest {
  private final SqlScript sql = new SqlScript(SqlScript.engine());

  private void done(String statement) {
    List<String> answer = sql.run(statement);
    assertFalse(answer.toString().contains("ERROR"), answer::toString);
  }

  @BeforeEach
  void tables() {
    done(
        "CREATE TABLE r (a int, b text, c int, PRIMARY KEY (a, b))"
            + " PARTITION BY RANGE (a) SPLIT AT VALUES (100), (200)");
    done("CREATE INDEX r_ac ON r (a, c)");
    done("CREATE UNIQUE INDEX r_c ON r (c)");
    done("INSERT INTO r SELECT g, 'x' || g, g * 3 FROM generate_series(0, 299) g");
    done("CREATE TABLE h (id int PRIMARY KEY, v int) PARTITION BY HASH (id) PARTITIONS 4");
    done("INSERT INTO h SELECT g, g FROM generate_series(1, 100) g");
  }

  /// The shards that a condition leaves, as EXPLAIN lists them.
  private String shards(String table, String condition) {
    return sql.run("EXPLAIN SELECT b FROM " + table + " WHERE " + condition).stream()
        .map(String::strip)
        .filter(line -> line.startsWith("Shards:"))
        .findFirst()
        .orElse("none")
        .replaceAll(".*\\((.*)\\)", "$1");
  }

  private void assertWhole() {
    assertEquals(
        List.of("300 44850 134550"),
        sql.run("SELECT count(*) || ' ' || sum(a) || ' ' || sum(c) FROM r"));
    assertEquals(List.of("x150"), sql.run("SELECT b FROM r WHERE c = 450"));
    assertEquals(List.of("x50"), sql.run("SELECT b FROM r WHERE a = 50 AND c = 150"));
    assertEquals(List.of("x50"), sql.run("SELECT b FROM r WHERE a = 50 AND b = 'x50'"));
    assertEquals(List.of("50"), sql.run("SELECT count(*) FROM r WHERE a >= 25 AND a < 75"));
  }

  @Test
  void aSplitPartIsInItsShardUntilItIsMoved() {
    assertEquals("0", shards("r", "a < 99"));
    assertEquals("1", shards("r", "a >= 100 AND a < 199"));
    done("ALTER TABLE r SPLIT PARTITION AT (50)");
    assertEquals("0", shards("r", "a < 99"));
    assertWhole();
    done("ALTER TABLE r MOVE PARTITION FOR (50) TO SHARD 3");
    assertEquals("0", shards("r", "a < 49"));
    assertEquals("3", shards("r", "a >= 50 AND a < 99"));
    assertEquals("1", shards("r", "a >= 100 AND a < 199"));
    assertWhole();
    done("ALTER TABLE r MOVE PARTITION 0 TO SHARD 2");
    assertEquals("2", shards("r", "a < 49"));
    assertWhole();
    done("UPDATE r SET a = a + 1000 WHERE a = 10");
    assertEquals(List.of("x10"), sql.run("SELECT b FROM r WHERE a = 1010"));
  }

  @Test
  void whatIsRolledBackHasNotMoved() {
    done("BEGIN");
    done("ALTER TABLE r SPLIT PARTITION AT (50)");
    done("ALTER TABLE r MOVE PARTITION FOR (60) TO SHARD 3");
    assertWhole();
    done("DELETE FROM r WHERE a < 100");
    done("ROLLBACK");
    assertEquals("0", shards("r", "a < 99"));
    assertWhole();
  }

  @Test
  void hashPartitionsMoveByNumber() {
    for (int partition = 0; partition < 4; partition++) {
      done("ALTER TABLE h MOVE PARTITION " + partition + " TO SHARD 2");
      assertEquals(List.of("100 5050"), sql.run("SELECT count(*) || ' ' || sum(v) FROM h"));
      assertEquals(List.of("77"), sql.run("SELECT v FROM h WHERE id = 77"));
    }
    assertTrue(
        sql.run("EXPLAIN SELECT v FROM h").stream().anyMatch(l -> l.contains("Shards: 1 of 1 (2)")),
        () -> sql.run("EXPLAIN SELECT v FROM h").toString());
  }

  @Test
  void mistakesAreTold() {
    mistake("42710", "ALTER TABLE r SPLIT PARTITION AT (100)");
    mistake("42809", "ALTER TABLE h SPLIT PARTITION AT (100)");
    mistake("42809", "ALTER TABLE h MOVE PARTITION FOR (100) TO SHARD 1");
    mistake("22023", "ALTER TABLE h MOVE PARTITION 4 TO SHARD 1");
    mistake("22023", "ALTER TABLE r MOVE PARTITION 0 TO SHARD 4");
    mistake("42P16", "ALTER TABLE r SPLIT PARTITION AT (NULL)");
    mistake("42P16", "ALTER TABLE r SPLIT PARTITION AT (1, 2)");
    mistake("22P02", "ALTER TABLE r SPLIT PARTITION AT ('x')");
    mistake("42601", "ALTER TABLE r SLIT PARTITION AT (1)");
    mistake("42P01", "ALTER TABLE nobody SPLIT PARTITION AT (1)");
    done("CREATE TABLE p (a int) PARTITION BY RANGE (a)");
    mistake("42809", "ALTER TABLE p SPLIT PARTITION AT (1)");
    mistake("42809", "ALTER TABLE p MOVE PARTITION 0 TO SHARD 1");
    done("CREATE VIEW w AS SELECT 1 AS a");
    mistake("42809", "ALTER TABLE w MOVE PARTITION 0 TO SHARD 1");
    assertWhole();
  }

  private void mistake(String state, String statement) {
    List<String> answer = sql.run(statement);
    assertTrue(answer.getFirst().startsWith("ERROR " + state), answer::toString);
  }
}
