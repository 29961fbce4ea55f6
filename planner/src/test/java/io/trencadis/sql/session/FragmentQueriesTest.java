package io.trencadis.sql.session;

import static io.trencadis.sql.session.EngineCluster.rows;
import static io.trencadis.sql.session.EngineCluster.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.base.SqlException;
import io.trencadis.sharding.NodeStore;
import io.trencadis.sharding.cluster.ClusterNode;
import io.trencadis.sharding.fragment.FragmentEngine;
import io.trencadis.sql.planning.FragmentPrograms;
import io.trencadis.storage.RowBlock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Queries of which a part runs at the nodes that have the rows give what a node on its own gives.
/// `-Dseed=` is the first world.
class FragmentQueriesTest {
  private static final long FIRST = Long.getLong("seed", 1);
  private static final int WORLDS = Integer.getInteger("differential.seeds", 2);
  private static final int QUERIES = Integer.getInteger("differential.queries", 60);
  private static final int FUZZ_ROUNDS = Integer.getInteger("fuzz.rounds", 20_000);

  @TempDir private static Path directory;
  private static EngineCluster cluster;

  /// What was run anywhere in the cluster: programs with arguments.
  private static final List<byte[][]> RUN = Collections.synchronizedList(new ArrayList<>());

  @BeforeAll
  static void start() throws Exception {
    cluster = new EngineCluster(directory);
    for (ClusterNode node : cluster.nodes()) {
      FragmentEngine programs = new FragmentPrograms();
      node.gateway()
          .fragments(
              bytes -> {
                FragmentEngine.Program program = programs.load(bytes);
                return arguments -> {
                  RUN.add(new byte[][] {bytes, arguments});
                  return program.bind(arguments);
                };
              });
    }
  }

  @AfterAll
  static void stop() throws Exception {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void queriesByChanceGiveWhatANodeOnItsOwnGives() {
    for (long seed = FIRST; seed < FIRST + WORLDS; seed++) {
      RandomQueries world = new RandomQueries(new Random(seed));
      SqlScript alone = new SqlScript(SqlScript.engine(NodeStore.inMemory(1)));
      List<SqlScript> sessions = List.of(cluster.session(0), cluster.session(1));
      List<String> tables = new ArrayList<>();
      for (String statement : world.schema()) {
        run(alone, statement);
        run(sessions.getFirst(), statement);
        if (statement.startsWith("CREATE TABLE ")) {
          tables.add(statement.split(" ")[2]);
        }
      }
      for (String sql :
          List.of(
              "CREATE TABLE many AS SELECT i, i % 17 AS g, i * 0.5 AS n, 'x' || i % 5 AS s,"
                  + " CASE WHEN i % 11 > 0 THEN date '2020-01-01' + i % 700 END AS d"
                  + " FROM generate_series(1, 20000) i",
              "ANALYZE")) {
        run(alone, sql);
        run(sessions.getFirst(), sql);
      }
      List<String> queries = new ArrayList<>(OVER_MANY);
      for (int i = 0; i < QUERIES; i++) {
        queries.add(world.query());
      }
      for (int i = 0; i < queries.size(); i++) {
        String sql = queries.get(i);
        assertEquals(rows(alone, sql), rows(sessions.get(i % 2), sql), "seed " + seed + ": " + sql);
      }
      // What the transaction has written itself is in it, too.
      for (SqlScript each : List.of(alone, sessions.getFirst())) {
        run(each, "BEGIN");
        run(each, "INSERT INTO many VALUES (-1, 3, 1000, 'own', NULL), (-2, 18, 7, 'x1', NULL)");
        run(each, "DELETE FROM many WHERE i = 77");
      }
      for (String sql : OVER_MANY) {
        assertEquals(rows(alone, sql), rows(sessions.getFirst(), sql), "own writes: " + sql);
      }
      for (SqlScript each : List.of(alone, sessions.getFirst())) {
        run(each, "ROLLBACK");
      }
      run(sessions.getFirst(), "DROP TABLE many, " + String.join(", ", tables) + " CASCADE");
    }
  }

  private static final List<String> OVER_MANY =
      List.of(
          "SELECT count(*) FROM many",
          "SELECT count(*) FROM many WHERE i < 0 AND s = 'nothing'",
          "SELECT g, count(*), sum(n), avg(i), min(s), max(d), bool_or(d IS NULL) FROM many GROUP BY g",
          "SELECT s, g % 4, count(d), sum(i) FILTER (WHERE n > 100) FROM many GROUP BY 1, 2",
          "SELECT i, s FROM many WHERE n BETWEEN 20 AND 30 AND s IN ('x1', 'x2')",
          "SELECT * FROM many WHERE d >= '2021-01-01' ORDER BY n DESC, i LIMIT 7",
          "SELECT i FROM many ORDER BY d NULLS FIRST, i DESC OFFSET 3 LIMIT 5",
          "SELECT count(*) FROM (SELECT 1 FROM many LIMIT 1234) x",
          "SELECT count(DISTINCT s), count(*) FROM many WHERE g = 4",
          "SELECT a.i, b.i FROM many a JOIN many b ON a.i = b.i + 1 WHERE b.n < 5 AND a.g > 2",
          "SELECT g, count(*) FROM many WHERE d < now() - interval '1 day' GROUP BY g",
          "SELECT s FROM many WHERE i > 19990 UNION SELECT s FROM many WHERE i < 3",
          "SELECT coalesce(s, 'none') || g, nullif(g, 3), greatest(i, g), upper(s) FROM many"
              + " WHERE i % 997 = 1",
          "SELECT count(*) FROM many WHERE i = ANY (ARRAY[1, 5, 9]) OR s LIKE '%3'",
          "SELECT 1 / (i - 5000) FROM many",
          "SELECT count(*) FROM many WHERE EXISTS (SELECT 1 FROM many o WHERE o.i = many.g)");

  @Test
  void anErrorIsNotMetBeforeWhatComesBeforeIt() {
    SqlScript session = cluster.session(2);
    run(session, "CREATE TABLE ahead AS SELECT i FROM generate_series(1, 20000) i");
    run(session, "ANALYZE ahead");
    // Some shard has the row that fails; a piece of others, or what is before it, is enough.
    assertEquals(
        List.of("1"),
        session.run("SELECT count(*) FROM (SELECT 1 / (i - 20000) FROM ahead LIMIT 1) x"));
    assertTrue(session.run("SELECT 1 / (i - 20000) FROM ahead").getLast().contains("22012"));
    run(session, "DROP TABLE ahead");
  }

  /// A plan as text, with what a test says of it.
  private static void assertPlan(SqlScript session, String sql, String expected) {
    assertEquals(
        expected.strip(), String.join("\n", session.run("EXPLAIN (COSTS OFF) " + sql)), sql);
  }

  @Test
  void whatGivesTheSameAnywhereIsSent() {
    SqlScript session = cluster.session(1);
    run(
        session,
        "CREATE TABLE sent AS SELECT i, i % 17 AS g, i * 0.5 AS n, i / 3.0::float8 AS f"
            + " FROM generate_series(1, 20000) i");
    run(session, "ANALYZE sent");
    assertPlan(
        session,
        "SELECT g, sum(n) FROM sent WHERE i > 5 GROUP BY g",
        """
        Finalize HashAggregate
          Group Key: g0
          ->  Gather
                Fragment: shards 4
                ->  Partial HashAggregate
                      Group Key: g0
                      ->  Seq Scan on sent
                            Filter: (i > 5)
                            Shards: 4 of 4 (0, 1, 2, 3)
        """);
    assertPlan(
        session,
        "SELECT i FROM sent WHERE n < 7 AND n > random() ORDER BY i LIMIT 2",
        """
        Limit
          ->  Sort
                Sort Key: i
                ->  Result
                      Filter: ((n)::double precision > random())
                      ->  Gather
                            Fragment: shards 4
                            ->  Seq Scan on sent
                                  Filter: (n < '7'::numeric)
                                  Shards: 4 of 4 (0, 1, 2, 3)
        """);
    // Sums of floating-point numbers depend on the order, and so do lists.
    assertPlan(
        session,
        "SELECT sum(f), array_agg(g) FROM sent",
        """
        Aggregate
          ->  Gather
                Fragment: shards 4
                ->  Seq Scan on sent
                      Shards: 4 of 4 (0, 1, 2, 3)
        """);
    // As many groups as rows: putting them together is what it would cost.
    assertPlan(
        session,
        "SELECT i, count(*) FROM sent GROUP BY i",
        """
        HashAggregate
          Group Key: g0
          ->  Gather
                Fragment: shards 4
                ->  Seq Scan on sent
                      Shards: 4 of 4 (0, 1, 2, 3)
        """);
    // Rows that are to be changed come whole, with their places.
    assertPlan(
        session,
        "DELETE FROM sent WHERE g = 1",
        """
        Delete on sent
          ->  Gather
                Fragment: shards 4
                ->  Seq Scan on sent
                      Filter: (g = 1)
                      Shards: 4 of 4 (0, 1, 2, 3)
        """);
    assertPlan(
        session,
        "DELETE FROM sent",
        """
        Delete on sent
          ->  Seq Scan on sent
                Shards: 4 of 4 (0, 1, 2, 3)
        """);
    run(
        session,
        "CREATE FUNCTION own(int) RETURNS int LANGUAGE plpgsql IMMUTABLE"
            + " AS 'BEGIN RETURN $1 + 1; END'");
    assertPlan(
        session,
        "SELECT count(*) FROM sent WHERE own(g) = 1",
        """
        Aggregate
          ->  Result
                Filter: (own(g) = 1)
                ->  Gather
                      Fragment: shards 4
                      ->  Seq Scan on sent
                            Shards: 4 of 4 (0, 1, 2, 3)
        """);
    run(session, "CREATE TABLE few AS SELECT i FROM generate_series(1, 20) i");
    run(session, "ANALYZE few");
    assertPlan(
        session,
        "SELECT i FROM few",
        """
        Seq Scan on few
          Shards: 4 of 4 (0, 1, 2, 3)
        """);
    run(session, "DROP FUNCTION own");
    run(session, "DROP TABLE sent, few");
  }

  @Test
  void programsThatAreNoneAreRefused() {
    SqlScript session = cluster.session(0);
    run(
        session,
        "CREATE TABLE many AS SELECT i, i % 17 AS g, i * 0.5 AS n, 'x' || i % 5 AS s,"
            + " date '2020-01-01' + i % 700 AS d FROM generate_series(1, 20000) i");
    run(session, "ANALYZE many");
    for (String sql : OVER_MANY) {
      session.run(sql);
    }
    run(session, "DROP TABLE many");
    List<byte[][]> seen = List.copyOf(RUN);
    assertFalse(seen.isEmpty());
    Random random = new Random(FIRST);
    FragmentEngine engine = new FragmentPrograms();
    int refused = 0;
    for (int round = 0; round < FUZZ_ROUNDS; round++) {
      byte[][] one = seen.get(random.nextInt(seen.size()));
      byte[] program = one[0].clone();
      byte[] arguments = one[1].clone();
      byte[] broken = random.nextBoolean() || arguments.length == 0 ? program : arguments;
      for (int i = random.nextInt(3); i >= 0; i--) {
        broken[random.nextInt(broken.length)] = (byte) random.nextInt();
      }
      if (random.nextInt(4) == 0) {
        program = Arrays.copyOf(program, random.nextInt(program.length));
      }
      FragmentEngine.Program loaded;
      try {
        loaded = engine.load(program);
      } catch (IllegalArgumentException | SqlException why) {
        refused++;
        continue;
      }
      try {
        loaded.bind(arguments).run(new NoRows(), 0);
      } catch (RuntimeException why) {
        // Whatever it is, it costs this piece only.
        refused++;
      }
    }
    assertTrue(refused * 4 > FUZZ_ROUNDS, refused + " of " + FUZZ_ROUNDS + " refused");
  }

  private static final class NoRows implements FragmentEngine.Rows {
    @Override
    public void read(RowBlock into, int most) {
      // There are none.
    }

    @Override
    public int shard() {
      return 0;
    }

    @Override
    public boolean look(int other, byte[] from, byte[] to, RowBlock into, int most) {
      return true;
    }

    @Override
    public void keep() {}

    @Override
    public void restart() {}
  }
}
