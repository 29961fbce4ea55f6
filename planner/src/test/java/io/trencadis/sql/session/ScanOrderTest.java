package io.trencadis.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// In what order small tables come without ORDER BY: nobody is promised one, but many expect it.
class ScanOrderTest {
  private final SqlScript sql = new SqlScript(SqlScript.engine());

  private static List<String> numbers(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(Integer::toString).toList();
  }

  @Test
  void aTableWithAKeyComesInTheOrderOfItsKey() {
    sql.run("CREATE TABLE t (id int PRIMARY KEY, v int)");
    sql.run("INSERT INTO t SELECT g, g % 3 FROM generate_series(1, 200) g");
    assertEquals(numbers(1, 200), sql.run("SELECT id FROM t"));
    assertEquals(numbers(1, 7), sql.run("SELECT id FROM t LIMIT 7"));
    sql.run("BEGIN; DELETE FROM t WHERE v > 0; INSERT INTO t VALUES (4), (2), (0)");
    assertEquals(List.of("0", "2", "3", "4", "6"), sql.run("SELECT id FROM t LIMIT 5"));
  }

  @Test
  void aTableWithoutAKeyComesAsItWentIn() {
    sql.run("CREATE TABLE t (id int)");
    for (int i = 1; i <= 40; i++) {
      sql.run("INSERT INTO t VALUES (" + i + ")");
    }
    assertEquals(numbers(1, 40), sql.run("SELECT id FROM t"));
    assertEquals(numbers(31, 40), sql.run("SELECT id FROM t WHERE id > 30"));
  }

  @Test
  void aTableOfLettersWithAKey() {
    sql.run("CREATE TABLE t (id text PRIMARY KEY, n int)");
    sql.run("INSERT INTO t VALUES ('savings', 1), ('checking', 2), ('a', 3)");
    assertEquals(List.of("a|3", "checking|2", "savings|1"), sql.run("SELECT * FROM t"));
    assertEquals(
        List.of("a|4", "checking|3", "savings|2", "UPDATE 3"),
        sql.run("UPDATE t SET n = n + 1 RETURNING id, n"));
  }
}
