package io.trencadis.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Joins of many small tables, as logic tests have them: what takes time that doubles with each
/// table does not end.
@Timeout(60)
class ManyTablesTest {
  private static final int TABLES = 48;
  private static final int ROWS = 5;

  @Test
  void aChainOfTablesInAnyOrderIsPlannedAndRun() {
    Random random = new Random(1);
    SqlScript sql = new SqlScript(SqlScript.engine());
    // For each table, the partner of its row k is row next[k] of the table before it.
    List<int[]> partners = new ArrayList<>();
    for (int table = 0; table < TABLES; table++) {
      sql.run("CREATE TABLE t%1$d (a%1$d int PRIMARY KEY, b%1$d int)".formatted(table));
      List<Integer> shuffled = new ArrayList<>(List.of(0, 1, 2, 3, 4));
      Collections.shuffle(shuffled, random);
      int[] partner = new int[ROWS];
      StringBuilder rows = new StringBuilder();
      for (int row = 0; row < ROWS; row++) {
        partner[row] = shuffled.get(row);
        rows.append(row == 0 ? "" : ", ").append("(%d, %d)".formatted(row, partner[row]));
      }
      partners.add(partner);
      sql.run("INSERT INTO t" + table + " VALUES " + rows);
    }
    List<String> from = new ArrayList<>();
    List<String> where = new ArrayList<>();
    StringBuilder expected = new StringBuilder();
    StringBuilder select = new StringBuilder();
    int row = 3;
    for (int table = TABLES - 1; table >= 0; table--) {
      from.add("t" + table);
      where.add(table == 0 ? "a" + (TABLES - 1) + " = 3" : "b" + table + " = a" + (table - 1));
      select.append(select.isEmpty() ? "" : ", ").append("b").append(table);
      row = partners.get(table)[row];
      expected.append(expected.isEmpty() ? "" : "|").append(row);
    }
    Collections.shuffle(from, random);
    Collections.shuffle(where, random);
    assertEquals(
        List.of(expected.toString()),
        sql.run(
            "SELECT %s FROM %s WHERE %s"
                .formatted(select, String.join(", ", from), String.join(" AND ", where))));
  }
}
