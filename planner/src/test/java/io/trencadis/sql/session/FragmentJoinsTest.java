package io.trencadis.sql.session;

import static io.trencadis.sql.session.EngineCluster.rows;
import static io.trencadis.sql.session.EngineCluster.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.sharding.NodeStore;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Joins that are made at the nodes that have the rows give what a node on its own gives, with and
/// without each of the rules for them. `-Dseed=` is where chance begins.
class FragmentJoinsTest {
  private static final long SEED = Long.getLong("seed", 1);
  private static final int QUERIES = Integer.getInteger("differential.queries", 60);

  private static final List<String> RULES =
      List.of(
          "",
          "colocated_joins",
          "broadcast_joins",
          "distinct_fragments",
          "lookup_join",
          "runtime_filters");

  @TempDir private static Path directory;
  private static EngineCluster cluster;
  private static SqlScript alone;
  private static final Map<String, SqlScript> WITHOUT = new HashMap<>();

  private final Random random = new Random(SEED);

  /// Orders and their lines lie together; customers and parts are few, and lie elsewhere.
  private static final List<String> SCHEMA =
      List.of(
          "CREATE TABLE ord (id int PRIMARY KEY, cust int, g int, d date, n numeric(8,2))",
          "INSERT INTO ord SELECT i, CASE WHEN i % 13 > 0 THEN i * 7 % 320 END, i % 11,"
              + " date '2024-01-01' + i % 366, i % 977 / 4.0 FROM generate_series(1, 16000) i",
          "CREATE TABLE line (ord int, no int, part int, qty int, s text, PRIMARY KEY (ord, no))",
          "INSERT INTO line SELECT i % 12500, i / 12500, i * 31 % 450, i % 51,"
              + " CASE WHEN i % 9 > 0 THEN 's' || i % 23 END FROM generate_series(1, 30000) i",
          "CREATE TABLE note (id bigint PRIMARY KEY, ord int, w text)",
          "INSERT INTO note SELECT i, i * 3 % 13000, 'w' || i % 40 FROM generate_series(1, 12000) i",
          "CREATE TABLE cust (id int PRIMARY KEY, region text, since date)",
          "INSERT INTO cust SELECT i, CASE WHEN i % 7 > 0 THEN 'r' || i % 5 END,"
              + " date '2020-01-01' + i FROM generate_series(1, 300) i",
          "CREATE TABLE part (id int PRIMARY KEY, kind text, size int)",
          "INSERT INTO part SELECT i, 'k' || i % 12, i % 40 FROM generate_series(1, 400) i",
          "CREATE TABLE zone (id int PRIMARY KEY, name text, top int UNIQUE) WITH (replicated)",
          "INSERT INTO zone SELECT i, 'z' || i % 4, i * 5 FROM generate_series(0, 9) i",
          "CREATE TABLE box (id int PRIMARY KEY, g int, w text)"
              + " PARTITION BY RANGE (id) SPLIT AT VALUES (3000), (7000)",
          "INSERT INTO box SELECT i, i % 12, 'w' || i % 31 FROM generate_series(1, 9000) i",
          "CREATE TABLE lid (box int, no int, g int, PRIMARY KEY (box, no))"
              + " WITH (colocate_with = box)",
          "INSERT INTO lid SELECT i % 8000, i / 8000, i % 14 FROM generate_series(1, 14000) i",
          "ANALYZE");

  @BeforeAll
  static void start() throws Exception {
    cluster = new EngineCluster(directory);
    alone = new SqlScript(SqlScript.engine(NodeStore.inMemory(1)));
    SqlScript session = cluster.session(0);
    for (String sql : SCHEMA) {
      run(alone, sql);
      run(session, sql);
    }
  }

  @AfterAll
  static void stop() throws Exception {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static String plan(SqlScript session, String sql) {
    return String.join("\n", session.run("EXPLAIN (COSTS OFF) " + sql));
  }

  private static final List<String> QUERIES_OF_OURS =
      List.of(
          "SELECT count(*), sum(l.qty), min(o.d) FROM ord o JOIN line l ON l.ord = o.id",
          "SELECT o.g, count(*), sum(l.qty) FROM ord o JOIN line l ON l.ord = o.id"
              + " WHERE o.d < '2024-05-01' AND l.s = 's3' GROUP BY o.g",
          "SELECT o.id, o.n, l.no FROM ord o JOIN line l ON l.ord = o.id WHERE l.qty = 7 AND o.g = 3",
          "SELECT l.ord, l.no, o.cust FROM line l LEFT JOIN ord o ON l.ord = o.id WHERE l.qty > 48",
          "SELECT o.id FROM ord o WHERE o.g = 2"
              + " AND EXISTS (SELECT 1 FROM line l WHERE l.ord = o.id AND l.qty > o.g + 40)",
          "SELECT count(*) FROM ord o"
              + " WHERE NOT EXISTS (SELECT 1 FROM line l WHERE l.ord = o.id AND l.s = 's1')",
          "SELECT c.region, count(*), avg(o.n) FROM ord o JOIN cust c ON c.id = o.cust"
              + " GROUP BY c.region",
          "SELECT c.region, sum(l.qty) FROM cust c JOIN ord o ON o.cust = c.id"
              + " JOIN line l ON l.ord = o.id WHERE c.since < '2020-06-01' AND l.s > 's2'"
              + " GROUP BY c.region",
          "SELECT p.kind, count(*) FROM line l JOIN part p ON p.id = l.part"
              + " WHERE l.qty < 20 AND p.size > 10 GROUP BY p.kind",
          "SELECT o.id, o.d, c.region FROM ord o LEFT JOIN cust c ON c.id = o.cust AND o.g > 3"
              + " ORDER BY o.n DESC, o.id LIMIT 9",
          "SELECT l.ord, l.no FROM line l JOIN part p ON p.id = l.part AND p.size = l.qty"
              + " ORDER BY 1 DESC, 2 LIMIT 11",
          "SELECT n.id, o.n FROM note n JOIN ord o ON o.id = n.ord WHERE n.w = 'w7'",
          "SELECT count(*) FROM note n JOIN line l ON l.ord = n.id",
          "SELECT o.g, count(DISTINCT l.part) FROM ord o JOIN line l ON l.ord = o.id GROUP BY o.g",
          "SELECT count(DISTINCT part), sum(DISTINCT part) FROM line WHERE qty > 3",
          "SELECT g, count(DISTINCT cust), max(DISTINCT cust) FROM ord GROUP BY g",
          "SELECT count(DISTINCT s), count(*) FROM line",
          "SELECT g, count(DISTINCT cust), count(*), sum(n), avg(n) FILTER (WHERE id > 500)"
              + " FROM ord GROUP BY g",
          "SELECT o.g, max(l.s), count(DISTINCT l.part), count(l.s), sum(DISTINCT l.part),"
              + " min(o.d) FROM ord o JOIN line l ON l.ord = o.id GROUP BY o.g",
          "SELECT count(DISTINCT cust), count(cust), count(*), max(n) FROM ord WHERE g = 99",
          "SELECT g, count(DISTINCT cust), count(DISTINCT d), count(*) FROM ord GROUP BY g",
          "SELECT g, count(DISTINCT (g, cust)), sum(cust) FROM ord GROUP BY g",
          "SELECT count(DISTINCT s), bool_or(qty > 49), avg(DISTINCT qty), count(qty) FROM line",
          "SELECT count(DISTINCT c.region) FROM ord o JOIN cust c ON c.id = o.cust WHERE o.g < 9",
          "SELECT count(*) FROM ord o JOIN line a ON a.ord = o.id JOIN line b ON b.ord = o.id"
              + " WHERE a.qty < b.qty",
          "SELECT z.name, count(*), sum(o.n) FROM ord o JOIN zone z ON z.id = o.g GROUP BY z.name",
          "SELECT o.id, z.name FROM ord o LEFT JOIN zone z ON z.id = o.g WHERE o.n < 9",
          "SELECT count(*) FROM ord o WHERE NOT EXISTS (SELECT 1 FROM zone z WHERE z.id = o.g)",
          "SELECT z.name, o.g, count(l.s) FROM zone z LEFT JOIN ord o ON o.g = z.id"
              + " LEFT JOIN line l ON l.ord = o.id AND l.qty < z.top GROUP BY 1, 2",
          "SELECT z.id, y.name FROM zone z JOIN zone y ON y.id = z.id + 1",
          "SELECT b.w, count(*), max(l.g) FROM box b JOIN lid l ON l.box = b.id GROUP BY b.w",
          "SELECT b.id, l.no, z.name FROM lid l JOIN box b ON b.id = l.box"
              + " JOIN zone z ON z.id = b.g WHERE l.g = 3",
          "SELECT 10 / (l.qty - 50) FROM ord o JOIN line l ON l.ord = o.id",
          "SELECT count(*) FROM ord o JOIN cust c ON c.id = o.cust WHERE 1 / (o.g - 10) > 0",
          "SELECT count(*) FROM line l WHERE l.part IN (SELECT id FROM part WHERE kind = 'k3')",
          "SELECT count(*) FROM line l WHERE l.part NOT IN (SELECT id FROM part WHERE size < 9)");

  private String any(String... of) {
    return of[random.nextInt(of.length)];
  }

  private String ofOrder() {
    return any(
        "o.g < " + random.nextInt(12),
        "o.d > date '2024-01-01' + " + random.nextInt(366),
        "o.n BETWEEN 20 AND " + random.nextInt(250),
        "o.cust IS NULL",
        "o.id % 5 = 1",
        "true");
  }

  private String ofLine() {
    return any(
        "l.qty = " + random.nextInt(51),
        "l.qty > o.g * 3",
        "l.s IN ('s1', 's4')",
        "l.part < " + random.nextInt(450),
        "l.no = 1",
        "true");
  }

  private String byChance() {
    String from =
        any("ord o JOIN line l ON l.ord = o.id", "line l JOIN ord o ON o.id = l.ord")
            + any("", " AND l.qty > o.g");
    if (random.nextInt(3) == 0) {
      from = "ord o LEFT JOIN line l ON l.ord = o.id AND " + ofLine();
    }
    String more =
        any(
            "",
            " JOIN cust c ON c.id = o.cust",
            " LEFT JOIN cust c ON c.id = o.cust AND c.region > 'r1'",
            " JOIN part p ON p.id = l.part",
            " JOIN note n ON n.ord = o.id",
            " JOIN zone z ON z.id = o.g",
            " LEFT JOIN zone z ON z.id = l.qty AND z.name < 'z3'",
            " JOIN box b ON b.id = o.id LEFT JOIN lid i ON i.box = b.id AND i.g > 7",
            " JOIN line m ON m.ord = o.id AND m.no = l.no");
    String where =
        " WHERE "
            + ofOrder()
            + " AND "
            + ofLine()
            + any(
                "",
                " AND EXISTS (SELECT 1 FROM line x WHERE x.ord = o.id AND x.qty = 5)",
                " AND NOT EXISTS (SELECT 1 FROM cust y WHERE y.id = o.cust AND y.region = 'r2')",
                " AND l.part IN (SELECT id FROM part WHERE size = 3)");
    String extra =
        more.contains(" c ON")
            ? "c.region"
            : more.contains(" p ON") ? "p.kind" : more.contains(" z ON") ? "z.name" : "o.cust";
    return switch (random.nextInt(5)) {
      case 4 ->
          "SELECT o.g, count(DISTINCT l.part), count(*), sum(DISTINCT l.part), max(l.s), "
              + any("sum(o.n)", "avg(l.qty)", "min(" + extra + ")")
              + " FROM "
              + from
              + more
              + where
              + " GROUP BY 1";
      case 0 -> "SELECT o.id, l.no, l.s, " + extra + " FROM " + from + more + where;
      case 1 ->
          "SELECT o.id, l.no, "
              + extra
              + " FROM "
              + from
              + more
              + where
              + " ORDER BY 1, 2, 3 LIMIT "
              + (1 + random.nextInt(30));
      case 2 -> "SELECT count(*), sum(l.qty), min(o.d), max(l.s) FROM " + from + more + where;
      default ->
          "SELECT o.g, "
              + extra
              + ", count(*), count(l.s), sum(o.n) FROM "
              + from
              + more
              + where
              + " GROUP BY 1, 2";
    };
  }

  private static void same(List<String> queries, String rules, String when) {
    SqlScript session = WITHOUT.computeIfAbsent(rules, each -> cluster.session(1, each));
    for (String sql : queries) {
      assertEquals(rows(alone, sql), rows(session, sql), when + " without " + rules + ": " + sql);
    }
  }

  @Test
  void queriesOfOursGiveWhatANodeOnItsOwnGives() {
    for (String rules : RULES) {
      same(QUERIES_OF_OURS, rules, "as they are");
    }
  }

  @Test
  void queriesByChanceGiveWhatANodeOnItsOwnGives() {
    for (int i = 0; i < QUERIES; i++) {
      same(List.of(byChance()), RULES.get(i % 3), "query " + i + " of seed " + SEED);
    }
  }

  @Test
  void whatTheTransactionHasWrittenIsJoined() {
    SqlScript session = cluster.session(2);
    for (SqlScript each : List.of(alone, session)) {
      run(each, "BEGIN");
      run(each, "INSERT INTO ord VALUES (-1, 5, 2, '2024-02-02', 3), (99999, NULL, 3, NULL, NULL)");
      run(each, "INSERT INTO line VALUES (-1, 1, 3, 7, 'own'), (99999, 1, 4, 49, 'own')");
      run(each, "UPDATE line SET qty = 7 WHERE ord BETWEEN 40 AND 60");
      run(each, "DELETE FROM ord WHERE id BETWEEN 100 AND 120");
      run(each, "DELETE FROM cust WHERE id % 10 = 1");
      run(each, "UPDATE zone SET name = 'own' WHERE id IN (2, 5)");
      run(each, "INSERT INTO zone VALUES (11, 'own', 1)");
      run(each, "DELETE FROM lid WHERE box % 7 = 2");
    }
    for (String sql : QUERIES_OF_OURS) {
      assertEquals(rows(alone, sql), rows(session, sql), "own writes: " + sql);
    }
    for (SqlScript each : List.of(alone, session)) {
      run(each, "ROLLBACK");
    }
  }

  @Test
  void whatIsChangedIsSoughtWhereItIs() {
    List<String> changes =
        List.of(
            "UPDATE line SET qty = qty + 1 WHERE s = 's7' RETURNING ord, no, qty",
            "UPDATE ord SET n = n * 2 FROM cust c WHERE c.id = ord.cust AND c.region = 'r2'"
                + " AND ord.g = 5 RETURNING ord.id, n",
            "DELETE FROM line USING part p WHERE p.id = line.part AND p.kind = 'k5' AND qty > 30"
                + " RETURNING ord, no",
            "DELETE FROM ord WHERE d BETWEEN '2024-03-01' AND '2024-03-09'",
            "UPDATE line SET s = 'twice' WHERE s = 's7'",
            "UPDATE ord SET id = id + 100000 WHERE g = 7 AND n > 100 RETURNING id",
            "SELECT id, g FROM ord WHERE g = 7 AND n < 20 FOR UPDATE",
            "SELECT id FROM ord WHERE g = 8 AND n < 20 FOR UPDATE SKIP LOCKED",
            "UPDATE line SET qty = 1 / (qty - 3) WHERE s = 's5' AND qty > 45",
            "SELECT count(*), sum(id), sum(n) FROM ord",
            "SELECT count(*), sum(qty), count(DISTINCT s) FROM line");
    for (String rules : List.of("", "change_fragments")) {
      SqlScript session = cluster.session(1, rules);
      for (SqlScript each : List.of(alone, session)) {
        run(each, "BEGIN");
      }
      for (String sql : changes) {
        assertEquals(rows(alone, sql), rows(session, sql), "without " + rules + ": " + sql);
      }
      for (SqlScript each : List.of(alone, session)) {
        run(each, "ROLLBACK");
      }
    }
  }

  @Test
  void whatIsTooMuchToBeSentIsReadHere() {
    String sql =
        "SELECT o.g, count(*), max(l.s), sum(l.qty), sum(l.no) FROM line l"
            + " JOIN ord o ON o.id = l.part WHERE o.g < 4 GROUP BY o.g";
    SqlScript session = cluster.session(0);
    assertTrue(plan(session, sql).contains("Broadcast: (part = id)"), plan(session, sql));
    assertEquals(rows(alone, sql), rows(session, sql));
    run(session, "SET work_mem = '64kB'");
    assertEquals(rows(alone, sql), rows(session, sql));
    String done = String.join("\n", session.run("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) " + sql));
    assertTrue(done.startsWith("HashAggregate") && !done.contains("Broadcast"), done);
  }

  private static void assertPlan(String sql, String expected) {
    assertEquals(expected.strip(), plan(cluster.session(0), sql), sql);
  }

  @Test
  void whatLiesTogetherIsJoinedThere() {
    assertPlan(
        "SELECT o.id, o.n, l.no FROM ord o JOIN line l ON l.ord = o.id"
            + " WHERE l.qty > 7 AND o.g = 3 AND o.n < 5",
        """
        Gather
          Fragment: shards 4
          Co-located: ord, line
          ->  Nested Loop
                ->  Seq Scan on ord
                      Filter: ((g = 3) AND (n < '5'::numeric))
                      Shards: 4 of 4 (0, 1, 2, 3)
                ->  Index Scan using line_pkey on line
                      Index Cond: (ord = $4)
                      Filter: (qty > 7)
                      Shards: 0 of 4
        """);
    assertPlan(
        "SELECT count(*) FROM ord o"
            + " WHERE NOT EXISTS (SELECT 1 FROM line l WHERE l.ord = o.id AND l.s = 's1')",
        """
        Finalize Aggregate
          ->  Gather
                Fragment: shards 4
                Co-located: ord, line
                ->  Partial Aggregate
                      ->  Hash Anti Join
                            Hash Cond: (id = ord)
                            ->  Seq Scan on ord
                                  Shards: 4 of 4 (0, 1, 2, 3)
                            ->  Seq Scan on line
                                  Filter: (s = 's1'::text)
                                  Shards: 4 of 4 (0, 1, 2, 3)
        """);
    // Another column than those that decide the shard, and another type, in which a number is
    // written otherwise.
    for (String apart :
        List.of(
            "SELECT count(*) FROM note n JOIN ord o ON o.id = n.ord WHERE n.w < 'w2'",
            "SELECT count(*) FROM note n JOIN line l ON l.ord = n.id",
            "SELECT count(*) FROM line a JOIN line b ON a.no = b.no AND a.s = b.s")) {
      String plan = plan(cluster.session(0), apart);
      assertFalse(plan.contains("Co-located"), plan);
    }
  }

  @Test
  void whatCountsOnceIsSentOnce() {
    assertPlan(
        "SELECT g, count(DISTINCT cust) FROM ord GROUP BY g",
        """
        Finalize HashAggregate
          Group Key: g0
          ->  Gather
                Fragment: shards 4
                ->  Partial HashAggregate
                      Group Key: g0, g1
                      ->  Seq Scan on ord
                            Shards: 4 of 4 (0, 1, 2, 3)
        """);
    // Other calls look at all rows, in the same pass.
    assertPlan(
        "SELECT count(DISTINCT s), count(*), sum(qty) FILTER (WHERE part > 9) FROM line",
        """
        Finalize Aggregate
          ->  Gather
                Fragment: shards 4
                ->  Partial HashAggregate
                      Group Key: g0
                      ->  Seq Scan on line
                            Shards: 4 of 4 (0, 1, 2, 3)
        """);
    for (String apart :
        List.of(
            "SELECT count(DISTINCT s), count(DISTINCT part), count(*) FROM line",
            "SELECT count(DISTINCT s) FILTER (WHERE qty > 3), count(*) FROM line",
            "SELECT count(DISTINCT s), string_agg(s, ',') FROM line",
            "SELECT count(DISTINCT qty), sum(qty::float8) FROM line",
            // As many groups as rows.
            "SELECT ord, no, count(DISTINCT s), count(*) FROM line GROUP BY ord, no")) {
      String plan = plan(cluster.session(0), apart);
      assertFalse(plan.contains("Partial"), plan);
    }
  }

  @Test
  void whatIsSmallIsSent() {
    assertPlan(
        "SELECT o.id, o.d, c.region FROM ord o LEFT JOIN cust c ON c.id = o.cust AND o.g > 3"
            + " ORDER BY o.n DESC, o.id LIMIT 9",
        """
        Limit
          ->  Sort
                Sort Key: sort3 DESC, id
                ->  Gather
                      Fragment: shards 4
                      Broadcast: (cust = id)
                      ->  Hash Left Join
                            Hash Cond: (cust = id)
                            Join Filter: (g > 3)
                            ->  Seq Scan on ord
                                  Shards: 4 of 4 (0, 1, 2, 3)
                            ->  Seq Scan on cust
                                  Shards: 4 of 4 (0, 1, 2, 3)
        """);
    assertPlan(
        "SELECT c.region, sum(l.qty) FROM cust c JOIN ord o ON o.cust = c.id"
            + " JOIN line l ON l.ord = o.id WHERE c.since < '2020-06-01' AND l.s > 's2'"
            + " GROUP BY c.region",
        """
        Finalize HashAggregate
          Group Key: g0
          ->  Gather
                Fragment: shards 4
                Co-located: ord, line
                Broadcast: (cust = id)
                ->  Partial HashAggregate
                      Group Key: g0
                      ->  Hash Join
                            Hash Cond: (ord = id)
                            ->  Seq Scan on line
                                  Filter: (s > 's2'::text)
                                  Shards: 4 of 4 (0, 1, 2, 3)
                            ->  Hash Join
                                  Hash Cond: (cust = id)
                                  ->  Seq Scan on ord
                                        Runtime Filter: cust
                                        Shards: 4 of 4 (0, 1, 2, 3)
                                  ->  Result
                                        Filter: (since < '2020-06-01'::date)
                                        ->  Seq Scan on cust
                                              Shards: 4 of 4 (0, 1, 2, 3)
        """);
    // What would have to be sent is more than what would stay.
    String large = plan(cluster.session(0), "SELECT n.id FROM note n JOIN note m ON m.ord = n.ord");
    assertFalse(large.contains("Broadcast"), large);
  }

  /// What somebody else has committed is in every shard.
  @Test
  void whatIsInEveryShardIsChangedInEveryShard() {
    SqlScript session = cluster.session(1);
    for (SqlScript each : List.of(alone, cluster.session(2))) {
      run(each, "UPDATE zone SET name = 'changed', top = top + 100 WHERE id IN (1, 7)");
      run(each, "UPDATE zone SET id = id + 20 WHERE id = 9");
      run(each, "DELETE FROM zone WHERE id = 4");
      run(each, "INSERT INTO zone VALUES (4, 'new', 4), (10, 'new', 7)");
      run(
          each,
          "INSERT INTO zone VALUES (4, 'not', 4) ON CONFLICT (id) DO UPDATE SET name = 'more'");
    }
    for (String sql : QUERIES_OF_OURS) {
      assertEquals(rows(alone, sql), rows(session, sql), "changed: " + sql);
    }
    assertEquals(List.of("ERROR 23505"), rows(session, "INSERT INTO zone VALUES (4, 'x', 400)"));
    assertEquals(List.of("ERROR 23505"), rows(session, "INSERT INTO zone VALUES (400, 'x', 4)"));
  }

  private static void assertTogether(String tables, String sql) {
    String plan = plan(cluster.session(0), sql);
    assertTrue(plan.contains("Co-located: " + tables) && !plan.contains("Broadcast"), plan);
    assertEquals(plan.indexOf("Gather"), plan.lastIndexOf("Gather"), plan);
  }

  @Test
  void whatIsInEveryShardIsJoinedThere() {
    assertTogether(
        "ord, zone",
        "SELECT z.name, count(*) FROM ord o JOIN zone z ON z.id = o.g GROUP BY z.name");
    assertTogether(
        "ord, zone, line",
        "SELECT z.name, sum(l.qty) FROM zone z JOIN ord o ON o.g = z.id"
            + " JOIN line l ON l.ord = o.id GROUP BY z.name");
    assertTogether(
        "ord, zone", "SELECT count(z.name), count(*) FROM ord o LEFT JOIN zone z ON z.id = o.g");
    assertTogether(
        "lid, box", "SELECT b.w, count(*) FROM box b JOIN lid l ON l.box = b.id GROUP BY b.w");
    // The other way round rows of one shard would have to find partners in others.
    String plan =
        plan(
            cluster.session(0),
            "SELECT z.id, max(o.id) FROM zone z LEFT JOIN ord o ON o.g = z.id GROUP BY z.id");
    assertFalse(plan.contains("Co-located"), plan);
  }

  /// More different values than memory is given for.
  @Test
  void whatCountsOnceIsPutAside() {
    SqlScript session = cluster.session(0);
    run(session, "SET work_mem = '64kB'");
    for (String sql :
        List.of(
            "SELECT no, count(DISTINCT part), count(*), sum(qty) FROM line GROUP BY no",
            "SELECT count(DISTINCT n), count(*), max(d) FROM ord",
            "SELECT g, count(DISTINCT cust), count(*), max(d) FROM ord GROUP BY g")) {
      assertEquals(rows(alone, sql), rows(session, sql), sql);
      String plan = plan(session, sql);
      assertTrue(plan.startsWith("Finalize"), plan);
    }
  }
}
