package io.trencadis.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// FOR UPDATE of what is not a table locks the rows of the tables behind it, and no others; as seen
/// by NOWAIT of another session, which PostgreSQL 15 answers the same.
class LockedViewsTest {
  private final LocalSqlEngine engine = SqlScript.engine();
  private final SqlScript ann = new SqlScript(engine, 11);
  private final SqlScript bob = new SqlScript(engine, 12);

  @BeforeEach
  void tables() {
    ann.run("CREATE TABLE t (id int PRIMARY KEY, v int)");
    ann.run("INSERT INTO t VALUES (1, 1), (2, 2)");
    ann.run("CREATE VIEW w AS SELECT * FROM t");
    ann.run("CREATE VIEW ww AS SELECT x.id, y.v FROM w x JOIN t y USING (id)");
  }

  private List<String> lockedFor(SqlScript who) {
    return List.of(1, 2).stream()
        .map(id -> who.run("SELECT id FROM t WHERE id = " + id + " FOR UPDATE NOWAIT").getFirst())
        .toList();
  }

  private static final String REFUSED =
      "ERROR 55P03: could not obtain lock on row in relation \"t\"";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM w WHERE id = 1 FOR UPDATE",
        "SELECT * FROM ww WHERE id = 1 FOR UPDATE",
        "SELECT * FROM (SELECT * FROM t) s WHERE id = 1 FOR NO KEY UPDATE",
        "SELECT * FROM t x JOIN (SELECT * FROM t WHERE id = 1) y USING (id) FOR SHARE OF y",
        "SELECT * FROM (SELECT id FROM t ORDER BY id LIMIT 1) s FOR UPDATE",
        "SELECT * FROM w ORDER BY id LIMIT 1 FOR UPDATE",
        "SELECT * FROM w, LATERAL (SELECT v FROM t WHERE t.id = w.id AND t.id = 1) l FOR UPDATE"
      })
  void onlyTheRowsThatComeOutAreLocked(String sql) {
    ann.run("BEGIN");
    ann.run(sql);
    assertEquals(List.of(REFUSED, "2"), lockedFor(bob));
    ann.run("COMMIT");
    assertEquals(List.of("1", "2"), lockedFor(bob));
  }

  @Test
  void whatIsNotNamedIsNotLocked() {
    ann.run("BEGIN");
    ann.run("SELECT * FROM (SELECT 1 AS id) s, w WHERE w.id = 2 FOR UPDATE OF s");
    assertEquals(List.of("1", "2"), lockedFor(bob));
    ann.run("ROLLBACK");
  }
}
