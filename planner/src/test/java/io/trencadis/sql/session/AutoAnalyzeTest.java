package io.trencadis.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.trencadis.sharding.NodeStore;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Tables are analyzed by themselves when they have changed much.
class AutoAnalyzeTest {
  private static final String COUNTS =
      "SELECT analyze_count, autoanalyze_count, last_analyze IS NULL, last_autoanalyze IS NULL,"
          + " n_mod_since_analyze FROM pg_stat_user_tables WHERE relname = 't'";

  private static LocalSqlEngine engine(Map<String, String> settings) {
    return SqlScript.engine(NodeStore.inMemory(4), settings);
  }

  @Test
  void aTableThatHasChangedEnoughIsAnalyzedOnce() {
    LocalSqlEngine engine = engine(Map.of());
    SqlScript ann = new SqlScript(engine);
    ann.run("CREATE SCHEMA \"odd \"\"one\"");
    ann.run("CREATE TABLE \"odd \"\"one\".t (id int PRIMARY KEY, g int)");
    ann.run("INSERT INTO \"odd \"\"one\".t SELECT i, i % 3 FROM generate_series(1, 50) i");
    // 50 and a tenth of 50 rows have to change, and one more.
    assertEquals(0, engine.autoAnalyze().look());
    assertEquals(List.of("0|0|t|t|50"), ann.run(COUNTS));
    ann.run("UPDATE \"odd \"\"one\".t SET g = 4 WHERE id <= 5");
    assertEquals(0, engine.autoAnalyze().look());
    ann.run("DELETE FROM \"odd \"\"one\".t WHERE id = 1");
    assertEquals(1, engine.autoAnalyze().look());
    assertEquals(List.of("0|1|t|f|0"), ann.run(COUNTS));
    assertEquals(
        List.of("id|-1", "g|4"),
        ann.run(
            "SELECT attname, n_distinct FROM pg_stats WHERE tablename = 't' ORDER BY attname DESC"));
    assertEquals(0, engine.autoAnalyze().look());
    ann.run("ANALYZE");
    assertEquals(List.of("1|1|f|f|0"), ann.run(COUNTS));
    engine.close();
  }

  @Test
  void itCanBeTurnedOffAndHasThresholds() {
    LocalSqlEngine off = engine(Map.of("autovacuum", "off"));
    SqlScript ann = new SqlScript(off);
    ann.run("CREATE TABLE t AS SELECT i FROM generate_series(1, 1000) i");
    assertEquals(0, off.autoAnalyze().look());
    LocalSqlEngine strict =
        engine(
            Map.of("autovacuum_analyze_threshold", "999", "autovacuum_analyze_scale_factor", "0"));
    SqlScript bob = new SqlScript(strict);
    bob.run("CREATE TABLE t AS SELECT i FROM generate_series(1, 999) i");
    assertEquals(0, strict.autoAnalyze().look());
    bob.run("INSERT INTO t VALUES (0)");
    assertEquals(1, strict.autoAnalyze().look());
  }

  @Test
  void temporaryTablesAreLeftToTheirSessions() {
    LocalSqlEngine engine = engine(Map.of());
    SqlScript ann = new SqlScript(engine);
    ann.run("CREATE TEMP TABLE t AS SELECT i FROM generate_series(1, 1000) i");
    assertEquals(0, engine.autoAnalyze().look());
    assertEquals(List.of("ANALYZE"), ann.run("ANALYZE t"));
    assertEquals(List.of("1|0|f|t|0"), ann.run(COUNTS));
  }

  @Test
  void plansWithOneWayToGoOutliveNewStatistics() {
    LocalSqlEngine engine = engine(Map.of());
    SqlScript ann = new SqlScript(engine);
    ann.run("CREATE TABLE t (id int PRIMARY KEY, g int)");
    ann.run("INSERT INTO t SELECT i, i % 3 FROM generate_series(1, 1000) i");
    List<String> points =
        List.of(
            "SELECT g FROM t WHERE id = 5",
            "UPDATE t SET g = g + 1 WHERE id = 5",
            "DELETE FROM t WHERE id = 0");
    points.forEach(ann::run);
    String chosen = "SELECT count(*) FROM t WHERE g = 1";
    ann.run(chosen);
    ann.run("ANALYZE t");
    long made = engine.counters().plansMade.sum();
    points.forEach(ann::run);
    assertEquals(made, engine.counters().plansMade.sum());
    ann.run(chosen);
    assertEquals(made + 1, engine.counters().plansMade.sum());
    ann.run("ALTER TABLE t ADD COLUMN h int");
    made = engine.counters().plansMade.sum();
    ann.run(points.getFirst());
    assertEquals(made + 1, engine.counters().plansMade.sum());
  }

  @Test
  void whatOthersChangeMeanwhileIsNoConflict() {
    LocalSqlEngine engine = engine(Map.of());
    SqlScript ann = new SqlScript(engine);
    SqlScript bob = new SqlScript(engine);
    ann.run("CREATE TABLE t (id int PRIMARY KEY, g int)");
    ann.run("INSERT INTO t SELECT i, i % 3 FROM generate_series(1, 100) i");
    ann.run("SET trencadis.replay = off");
    ann.run("BEGIN");
    assertEquals(List.of("ANALYZE"), ann.run("ANALYZE t"));
    assertEquals(List.of("UPDATE 100"), bob.run("UPDATE t SET g = 5"));
    assertEquals(List.of("COMMIT"), ann.run("COMMIT"));
    assertEquals(
        List.of("3"),
        ann.run("SELECT n_distinct FROM pg_stats WHERE tablename = 't' AND attname = 'g'"));
  }
}
