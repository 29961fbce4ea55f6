package io.trencadis.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.sharding.NodeStore;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Comparisons of dates with timestamps and starts of patterns as ranges, and how many rows
/// conditions are thought to choose.
class RangePlanTest {
  private final NodeStore store = NodeStore.inMemory(4);
  private final SqlScript ann = new SqlScript(SqlScript.engine(store));

  @BeforeEach
  void tables() {
    ann.run(
        "CREATE TABLE sent (id int PRIMARY KEY, d date, ts timestamp, kind text, even int, rare int)");
    ann.run("CREATE INDEX sent_d ON sent (d)");
    ann.run("CREATE INDEX sent_ts ON sent (ts)");
    // 4,000 days, two rows each; one kind in ten is 'rare …', the others 'usual …'.
    ann.run(
        "INSERT INTO sent SELECT g, date '2000-01-01' + g % 4000,"
            + " timestamp '2000-01-01 12:00' + g % 4000 * interval '1 day',"
            + " CASE WHEN g % 10 = 0 THEN 'rare ' ELSE 'usual ' END || g,"
            + " g, CASE WHEN g % 4 > 0 THEN g % 50 END FROM generate_series(1, 8000) g");
    ann.run("ANALYZE sent");
  }

  private String plan(String sql) {
    return String.join("\n", ann.run("EXPLAIN (COSTS off) " + sql));
  }

  private void sameBothWays(String column, String condition) {
    // The operand in the sum keeps every range from the second query.
    String sum = column + (column.equals("d") ? " + 0" : " + interval '0'");
    assertEquals(
        ann.run(
            "SELECT id FROM sent WHERE "
                + condition.replaceAll("\\b" + column + "\\b", sum)
                + " ORDER BY id"),
        ann.run("SELECT id FROM sent WHERE " + condition + " ORDER BY id"),
        condition);
  }

  @Test
  void aDateAgainstATimestampIsARangeOfDates() {
    String sql =
        "SELECT id FROM sent WHERE d >= date '2001-01-01'"
            + " AND d < date '2001-01-01' + interval '1 week' ORDER BY id";
    assertTrue(plan(sql).contains("Scan using sent_d"), plan(sql));
    assertTrue(plan(sql).contains("Index Cond: "), plan(sql));
    assertFalse(plan(sql).contains("Filter"), plan(sql));
    assertEquals(14, ann.run(sql).size());
    String cast = "SELECT id FROM sent WHERE d = '2001-01-01'::timestamp";
    assertTrue(plan(cast).contains("Scan using sent_d"), plan(cast));
    assertEquals(2, ann.run(cast).size());
    // The other way round, and a timestamp against a date.
    String mirrored = "SELECT id FROM sent WHERE timestamp '2000-01-03' > d";
    assertTrue(plan(mirrored).contains("Scan using sent_d"), plan(mirrored));
    String stamps = "SELECT id FROM sent WHERE ts < date '2000-01-04'";
    assertTrue(plan(stamps).contains("Scan using sent_ts"), plan(stamps));
  }

  @Test
  void theStartOfAPatternIsARangeOfTexts() {
    ann.run("CREATE INDEX sent_kind ON sent (kind text_pattern_ops)");
    ann.run("CREATE INDEX sent_upper ON sent (upper(kind))");
    for (String pattern : List.of("rare 12%", "rare 13%", "usual 77_")) {
      String sql = "SELECT id FROM sent WHERE kind LIKE '" + pattern + "'";
      assertTrue(plan(sql).contains("Scan using sent_kind"), plan(sql));
    }
    String shouted = "SELECT id FROM sent WHERE upper(kind) LIKE 'RARE 12%'";
    assertTrue(plan(shouted).contains("Scan using sent_upper"), plan(shouted));
    assertEquals(
        ann.run("SELECT count(*) FROM sent WHERE starts_with(kind, 'rare 12')"),
        ann.run("SELECT count(*) FROM sent WHERE kind LIKE 'rare 12%'"));
    // The plan of one pattern is not that of the next.
    String inside = "SELECT id FROM sent WHERE kind LIKE '%are 12%'";
    assertFalse(plan(inside).contains("Index"), plan(inside));
    String other = "SELECT id FROM sent WHERE kind ILIKE 'rare 12%'";
    assertFalse(plan(other).contains("Index"), plan(other));
  }

  @Test
  void whatCannotBeARangeIsNone() {
    // A column in the bound, a function of the column, and one that is not the same each time.
    String sql = "SELECT count(*) FROM sent WHERE d < ts + interval '1 day'";
    assertTrue(plan(sql).contains("Seq Scan"), plan(sql));
    assertEquals(List.of("8000"), ann.run(sql));
    String computed = "SELECT count(*) FROM sent WHERE d + 1 < timestamp '2000-01-03'";
    assertTrue(plan(computed).contains("Seq Scan"), plan(computed));
    assertEquals(List.of("2"), ann.run(computed));
    String volatil =
        "SELECT count(*) FROM sent WHERE d < timestamp '2000-01-03' + random() * interval '1 s'";
    assertTrue(plan(volatil).contains("Seq Scan"), plan(volatil));
  }

  @Test
  void firstRowsAreReadInTheOrderOfAKeyEitherWay() {
    String last = "SELECT id FROM sent ORDER BY ts DESC LIMIT 3";
    assertTrue(plan(last).contains("Index Only Scan Backward using sent_ts"), plan(last));
    assertFalse(plan(last).contains("Sort"), plan(last));
    String first = "SELECT id FROM sent ORDER BY id LIMIT 3";
    assertTrue(plan(first).contains("Index Scan using sent_pkey"), plan(first));
    String most = "SELECT max(ts) FROM sent";
    assertTrue(plan(most).contains("Index Only Scan Backward using sent_ts"), plan(most));
    // All rows, an order that no key has, and nulls at the other end.
    for (String sorted :
        new String[] {
          "SELECT id FROM sent ORDER BY ts DESC",
          "SELECT id FROM sent ORDER BY ts DESC NULLS LAST LIMIT 3",
          "SELECT id FROM sent ORDER BY id % 7 LIMIT 3"
        }) {
      assertTrue(plan(sorted).contains("Sort Key"), plan(sorted));
    }
  }

  @Test
  void aPlanForManyRowsIsNoneForTheFirst() {
    String seen = "SELECT seq_scan FROM pg_stat_user_tables WHERE relname = 'sent'";
    ann.run("SELECT kind FROM sent ORDER BY ts DESC LIMIT 7000");
    List<String> before = ann.run(seen);
    assertEquals(3, ann.run("SELECT kind FROM sent ORDER BY ts DESC LIMIT 3").size());
    assertEquals(before, ann.run(seen));
    assertEquals(7000, ann.run("SELECT kind FROM sent ORDER BY ts DESC LIMIT 7000").size());
    assertFalse(before.equals(ann.run(seen)), before::toString);
  }

  @Test
  void rangesOfOneColumnInAnOrAreAScanOfEach() {
    String days =
        "SELECT id FROM sent WHERE d BETWEEN '2000-01-03' AND '2000-01-05'"
            + " OR (d = '2001-01-01' AND id > 0) ORDER BY id";
    assertTrue(plan(days).contains("Scan using sent_d"), plan(days));
    assertEquals(8, ann.run(days).size());
    // One side without an end, or of another column.
    String open =
        "SELECT count(*) FROM sent WHERE d BETWEEN '2000-01-03' AND '2000-01-05' OR d > '2000-01-04'";
    assertTrue(plan(open).contains("Seq Scan"), plan(open));
    String other =
        "SELECT count(*) FROM sent WHERE d = '2000-01-03' OR ts BETWEEN '2000-01-03' AND '2000-01-04'";
    assertTrue(plan(other).contains("Seq Scan"), plan(other));
  }

  @Test
  void theEdgesAreThoseOfTheComparison() {
    ann.run(
        "INSERT INTO sent VALUES (9001, 'infinity', 'infinity'), (9002, '-infinity', '-infinity')");
    ann.run("INSERT INTO sent VALUES (9003, '5874897-12-31', null), (9004, null, null)");
    for (String operator : new String[] {"<", "<=", "=", ">=", ">"}) {
      for (String value :
          new String[] {
            "timestamp '2000-01-05'",
            "timestamp '2000-01-05 00:00:00.000001'",
            "timestamp '2000-01-04 23:59:59.999999'",
            "timestamp '1999-12-31 23:59'",
            "timestamp 'infinity'",
            "timestamp '-infinity'",
            "timestamp '294276-12-31 23:59:59.999999'",
            "timestamptz '2000-01-05 00:00+00'",
            "timestamptz '2000-01-05 13:00+00'",
            "timestamptz 'infinity'",
            "null::timestamp"
          }) {
        sameBothWays("d", "d " + operator + " " + value);
        sameBothWays("d", value + " " + operator + " d");
      }
      for (String value :
          new String[] {
            "date '2000-01-05'", "date 'infinity'", "date '-infinity'", "date '5874897-12-31'"
          }) {
        sameBothWays("ts", "ts " + operator + " " + value);
      }
    }
    ann.run("SET timezone = 'Pacific/Kiritimati'");
    sameBothWays("d", "d < timestamptz '2000-01-05 11:00+00'");
    ann.run("SET timezone = 'Pacific/Pago_Pago'");
    sameBothWays("d", "d >= timestamptz '2000-01-05 11:00+00'");
  }

  private double estimate(String condition) {
    String line = ann.run("EXPLAIN SELECT * FROM sent WHERE " + condition).getFirst();
    return Double.parseDouble(line.replaceFirst(".*rows=", "").replaceFirst(" .*", ""));
  }

  private void near(double expected, String condition) {
    double found = estimate(condition);
    assertTrue(
        found >= expected * 0.7 && found <= expected * 1.4,
        condition + ": " + found + " for " + expected);
  }

  @Test
  void rowsAreEstimatedByWhatAnalyzeFound() {
    near(2000, "even > 6000");
    near(800, "even BETWEEN 1001 AND 1800");
    near(1600, "even < 801 OR even > 7200");
    near(800, "kind LIKE 'rare%'");
    near(7200, "kind NOT LIKE 'rare%'");
    near(2000, "rare IS NULL");
    near(6000, "rare IS NOT NULL");
    near(80, "rare = 2");
    near(160, "rare = 1");
    near(728, "d >= date '2001-01-01' AND d < date '2001-01-01' + interval '1 year'");
    near(1, "even > 100000");
  }

  @Test
  void aRangeGoesByIndexWhereItChoosesFewRows() {
    String few = "SELECT id FROM sent WHERE d < '2000-02-01' AND d > '2000-01-10'";
    assertTrue(plan(few).contains("Scan using sent_d"), plan(few));
    String most = "SELECT id FROM sent WHERE d > '2000-03-01' AND d < '2020-01-10'";
    assertTrue(plan(most).contains("Seq Scan"), plan(most));
  }

  @Test
  void partitionsAreChosenByATimestampToo() {
    ann.run("CREATE TABLE log (d date, v int) PARTITION BY RANGE (d)");
    for (int year = 2000; year < 2004; year++) {
      ann.run(
          "CREATE TABLE log_%d PARTITION OF log FOR VALUES FROM ('%d-01-01') TO ('%d-01-01')"
              .formatted(year, year, year + 1));
    }
    ann.run("INSERT INTO log SELECT date '2000-01-01' + g, g FROM generate_series(0, 1400) g");
    String sql =
        "EXPLAIN (ANALYZE, COSTS off, TIMING off) SELECT count(*) FROM log"
            + " WHERE d >= date '2001-01-01' AND d < date '2001-01-01' + interval '6 months'";
    String text = String.join("\n", ann.run(sql));
    assertTrue(text.contains("Seq Scan on log_2001"), text);
    assertEquals(List.of("181"), ann.run(sql.substring(sql.indexOf("SELECT"))));
  }
}
