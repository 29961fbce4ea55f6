package io.trencadis.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Which statements are sorted, which come in order by themselves, and which key finds their rows.
class KeyOrderTest {
  private final SqlScript ann = new SqlScript(SqlScript.engine());

  @BeforeEach
  void tables() {
    ann.run("CREATE TABLE lines (w int, d int, n int, c int, v text, PRIMARY KEY (w, d, n))");
    ann.run("CREATE INDEX lines_c ON lines (w, d, c, n)");
    ann.run(
        "INSERT INTO lines SELECT 1 + g % 2, 1 + g / 2 % 5, 3000 - g, g % 40, 'v' || g"
            + " FROM generate_series(1, 2000) g");
  }

  private String plan(String sql) {
    return String.join("\n", ann.run("EXPLAIN " + sql));
  }

  private void isSorted(boolean sorted, String sql) {
    assertEquals(sorted, plan(sql).contains("Sort"), plan(sql));
  }

  @Test
  void theRestOfAKeyIsInOrderBehindGivenValues() {
    String oldest = "SELECT n FROM lines WHERE w = 1 AND d = 2 ORDER BY n LIMIT 3";
    isSorted(false, oldest);
    assertEquals(List.of("1008", "1018", "1028"), ann.run(oldest));
    isSorted(false, "SELECT v, n FROM lines WHERE w = 1 AND d = 2 AND n > 5 ORDER BY w, d, n");
    isSorted(false, oldest + " FOR UPDATE");
    assertEquals(List.of("1008", "1018", "1028"), ann.run(oldest + " FOR UPDATE"));
    // Rows of the transaction itself come in their place.
    ann.run("BEGIN");
    ann.run("INSERT INTO lines VALUES (1, 2, 1010, 1, 'new')");
    ann.run("DELETE FROM lines WHERE w = 1 AND d = 2 AND n = 1018");
    assertEquals(List.of("1008", "1010", "1028"), ann.run(oldest));
    ann.run("ROLLBACK");
  }

  @Test
  void anyOtherOrderIsSorted() {
    isSorted(true, "SELECT n FROM lines WHERE w = 1 AND d = 2 ORDER BY n DESC");
    isSorted(true, "SELECT n FROM lines WHERE w = 1 AND d = 2 ORDER BY n NULLS FIRST");
    isSorted(true, "SELECT n FROM lines WHERE w = 1 AND d = 2 ORDER BY v");
    isSorted(true, "SELECT n FROM lines WHERE w = 1 AND d = 2 ORDER BY -n");
    isSorted(true, "SELECT n FROM lines WHERE w = 1 ORDER BY n");
    // From all shards.
    isSorted(true, "SELECT w FROM lines ORDER BY w, d, n");
    isSorted(true, "SELECT w FROM lines WHERE w > 0 ORDER BY w, d, n");
  }

  @Test
  void anIndexThatKnowsMoreOfTheRowsIsPreferredToTheBeginningOfTheKey() {
    String order = "SELECT n FROM lines WHERE w = 1 AND d = 2 AND c = 12 ORDER BY n DESC LIMIT 1";
    assertTrue(plan(order).contains("using lines_c"), plan(order));
    assertEquals(List.of("2988"), ann.run(order));
    String key = "SELECT v FROM lines WHERE w = 1 AND d = 2 AND n = 1008 AND c = 32";
    assertFalse(plan(key).contains("lines_c"), plan(key));
    assertEquals(List.of("v1992"), ann.run(key));
  }

  private void isFoundByKey(String sql) {
    assertTrue(plan(sql).contains("Scan using "), plan(sql));
  }

  @Test
  void aTableIsEnteredByKeyEvenWhileItIsEmpty() {
    ann.run("CREATE TABLE new (id int PRIMARY KEY, k int)");
    ann.run("CREATE INDEX new_k ON new (k)");
    isFoundByKey("SELECT k FROM new WHERE id BETWEEN 1 AND 10");
    isFoundByKey("SELECT k FROM new WHERE id > 1::bigint AND id <= 10::smallint");
    isFoundByKey("SELECT k FROM new WHERE id IN (1, 2, 3)");
    isFoundByKey("SELECT k FROM new WHERE id IN (1, 2, 3000000000)");
    isFoundByKey("SELECT id FROM new WHERE k = ANY ('{1,2}')");
    isFoundByKey("UPDATE new SET k = 1 WHERE id IN (1, 2)");
    isFoundByKey("DELETE FROM new WHERE k IN (1, 2)");
  }

  @Test
  void valuesOfAListBringNoOrder() {
    isSorted(true, "SELECT n FROM lines WHERE w = 1 AND d IN (1, 2) ORDER BY n");
  }
}
