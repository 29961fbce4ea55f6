package io.trencadis.sql.session;

import static io.trencadis.sql.session.EngineCluster.rows;
import static io.trencadis.sql.session.EngineCluster.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.sharding.NodeStore;
import io.trencadis.sharding.fragment.FragmentEngine;
import io.trencadis.sql.execute.TemporaryFiles;
import io.trencadis.sql.planning.FragmentPrograms;
import io.trencadis.storage.disk.RealDisk;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Joins for which nodes send each other rows give what a node on its own gives. `-Dseed=` is where
/// chance begins.
class ExchangeJoinsTest {
  private static final long SEED = Long.getLong("seed", 1);
  private static final int QUERIES = Integer.getInteger("differential.queries", 60);
  private static final int[] SHARDS = {1, 3, 8};

  @TempDir private static Path directory;
  private static final Map<Integer, EngineCluster> CLUSTERS = new HashMap<>();
  private static final Map<String, SqlScript> SESSIONS = new HashMap<>();
  private static SqlScript alone;

  private final Random random = new Random(SEED);

  /// Neither lies beside the other by `k`, `n`, `t` or `d`, in all of which there are nulls;
  /// numbers and texts are equal that do not look so.
  private static final List<String> SCHEMA =
      List.of(
          "CREATE COLLATION nocase (provider = icu, locale = 'und-u-ks-level2',"
              + " deterministic = false)",
          "CREATE TABLE a (id int PRIMARY KEY, k int, n numeric, t text COLLATE nocase, d date,"
              + " v bigint, g int)",
          "INSERT INTO a SELECT i, CASE WHEN i % 17 > 0 THEN i * 7 % 11000 END, i % 5000 / 4.0,"
              + " CASE WHEN i % 9 > 0 THEN 'Text ' || i % 6000 END, date '2024-01-01' + i % 3000,"
              + " i * 31, i % 12 FROM generate_series(1, 20000) i",
          "CREATE TABLE b (id int PRIMARY KEY, k int, n numeric(12,3), t text COLLATE nocase, d date,"
              + " w text, h int)",
          "INSERT INTO b SELECT i, CASE WHEN i % 11 > 0 THEN i * 3 % 13000 END, i % 7000 / 4.0,"
              + " CASE WHEN i % 8 > 0 THEN 'TEXT ' || i % 7000 END, date '2024-01-01' + i % 2500,"
              + " 'w' || i % 40, i % 9 FROM generate_series(1, 18000) i",
          "CREATE TABLE c (x int, y int, z int, PRIMARY KEY (x, y))",
          "INSERT INTO c SELECT i % 12000, i / 12000, i % 100 FROM generate_series(1, 22000) i",
          "CREATE TABLE s (id int PRIMARY KEY, name text)",
          "INSERT INTO s SELECT i, 's' || i % 5 FROM generate_series(0, 8) i",
          "CREATE TABLE one (v int PRIMARY KEY, k int)",
          "INSERT INTO one SELECT i, CASE WHEN i % 3 > 0 THEN 4 ELSE i END"
              + " FROM generate_series(1, 30000) i",
          "ANALYZE");

  @BeforeAll
  static void start() throws Exception {
    alone = new SqlScript(SqlScript.engine(NodeStore.inMemory(1)));
    SCHEMA.forEach(sql -> run(alone, sql));
    for (int shards : SHARDS) {
      EngineCluster cluster = new EngineCluster(directory.resolve("of" + shards), shards, 200);
      CLUSTERS.put(shards, cluster);
      SqlScript session = cluster.session(0);
      SCHEMA.forEach(sql -> run(session, sql));
    }
  }

  @AfterAll
  static void stop() throws Exception {
    for (EngineCluster cluster : CLUSTERS.values()) {
      cluster.close();
    }
  }

  private static SqlScript session(int shards, String disabled) {
    return SESSIONS.computeIfAbsent(
        shards + disabled, _ -> CLUSTERS.get(shards).session(1, disabled));
  }

  private static final List<String> QUERIES_OF_OURS =
      List.of(
          "SELECT count(*), sum(a.v), max(b.w), min(b.d) FROM a JOIN b ON a.k = b.k",
          "SELECT a.g, b.h, count(*), sum(b.n) FROM a JOIN b ON a.n = b.n GROUP BY 1, 2",
          "SELECT b.w, count(*), min(a.t) FROM a JOIN b ON a.t = b.t GROUP BY 1",
          "SELECT count(*), count(b.id), sum(b.h) FROM a LEFT JOIN b ON a.k = b.k",
          "SELECT a.g, count(*), count(b.w) FROM a LEFT JOIN b ON a.k = b.k AND b.h > a.g"
              + " GROUP BY 1",
          "SELECT a.g, count(*) FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.k = a.k AND b.d > a.d)"
              + " GROUP BY 1",
          "SELECT count(*), sum(a.v) FROM a WHERE NOT EXISTS (SELECT 1 FROM b WHERE b.k = a.k)",
          "SELECT a.g, count(*) FROM a JOIN b ON a.d = b.d AND a.k = b.k GROUP BY 1",
          "SELECT a.id, b.id, b.w FROM a JOIN b ON a.k = b.k WHERE a.v < b.h * 9000"
              + " ORDER BY a.v, b.id LIMIT 17",
          "SELECT a.id, b.id FROM a JOIN b ON a.k = b.k AND a.g = b.h AND a.v % 7 = b.id % 7",
          "SELECT c.z, count(*), sum(b.h) FROM b JOIN c ON c.x = b.k GROUP BY c.z",
          "SELECT count(*), max(c.z) FROM c LEFT JOIN b ON b.k = c.x",
          "SELECT s.name, count(*), sum(a.v) FROM a JOIN b ON a.k = b.k JOIN s ON s.id = b.h"
              + " GROUP BY s.name",
          "SELECT a.g, count(DISTINCT b.h), count(*) FROM a JOIN b ON a.k = b.k GROUP BY 1",
          "SELECT count(*) FROM a JOIN b ON a.k = b.k JOIN c ON c.x = b.id",
          "SELECT count(*) FROM a JOIN b ON a.k = b.k WHERE 10 / (a.g - 3) > 0",
          "SELECT count(*), sum(a.v) FROM a JOIN a o ON o.k = a.id",
          "SELECT count(*), sum(p.v) FROM one p JOIN a ON a.k = p.k");

  private String any(String... of) {
    return of[random.nextInt(of.length)];
  }

  private String byChance() {
    String on =
        any(
                "a.k = b.k",
                "a.n = b.n",
                "a.t = b.t",
                "a.d = b.d AND a.g = b.h",
                "a.k = b.id",
                "a.id = b.k")
            + any("", "", " AND a.g > b.h", " AND b.w > 'w2'");
    String join = any("JOIN", "JOIN", "LEFT JOIN");
    String from = "a " + join + " b ON " + on + any("", "", " JOIN s ON s.id = a.g");
    String where =
        any(
            "true",
            "a.g < " + (2 + random.nextInt(10)),
            "a.v > " + random.nextInt(300_000),
            "NOT EXISTS (SELECT 1 FROM c WHERE c.x = a.k AND c.z > 50)",
            "EXISTS (SELECT 1 FROM b o WHERE o.k = a.k AND o.h = " + random.nextInt(9) + ")");
    return switch (random.nextInt(4)) {
      case 0 ->
          "SELECT a.g, b.h, count(*), sum(a.v), max(b.w) FROM "
              + from
              + " WHERE "
              + where
              + " GROUP BY 1, 2";
      case 1 -> "SELECT count(*), count(b.id), sum(b.n), min(a.d) FROM " + from + " WHERE " + where;
      case 2 ->
          "SELECT a.id, b.id, b.w FROM "
              + from
              + " WHERE "
              + where
              + " ORDER BY a.v DESC, b.id LIMIT "
              + (1 + random.nextInt(40));
      default -> "SELECT b.w, avg(a.g), count(*) FROM " + from + " WHERE " + where + " GROUP BY 1";
    };
  }

  private static void same(String sql, int shards, String disabled, String when) {
    assertEquals(
        rows(alone, sql), rows(session(shards, disabled), sql), when + ", " + shards + ": " + sql);
  }

  @Test
  void queriesOfOursGiveWhatANodeOnItsOwnGives() {
    for (String sql : QUERIES_OF_OURS) {
      same(sql, 8, "", "as they are");
      same(sql, 3, "runtime_filters,broadcast_joins", "untold");
      for (int shards : SHARDS) {
        same(sql, shards, "broadcast_joins", "nothing is sent along");
      }
    }
  }

  @Test
  void queriesByChanceGiveWhatANodeOnItsOwnGives() {
    for (int i = 0; i < QUERIES; i++) {
      String sql = byChance();
      for (int shards : SHARDS) {
        same(
            sql,
            shards,
            i % 3 == 2 ? "lookup_join,broadcast_joins" : i % 3 == 1 ? "broadcast_joins" : "",
            "query " + i + " of seed " + SEED);
      }
    }
  }

  private static String plan(SqlScript session, String options, String sql) {
    return String.join("\n", session.run("EXPLAIN (COSTS OFF" + options + ") " + sql));
  }

  @Test
  void largeTablesMeetHalfWay() {
    assertEquals(
        """
        Finalize HashAggregate
          Group Key: g0
          ->  Gather
                Exchange: hash (k = k)
                ->  Partial HashAggregate
                      Group Key: g0
                      ->  Hash Join
                            Hash Cond: (k = k)
                            ->  Seq Scan on a
                                  Filter: (g < 11)
                                  Shards: 8 of 8 (0, 1, 2, 3, 4, 5, 6, 7)
                            ->  Seq Scan on b
                                  Shards: 8 of 8 (0, 1, 2, 3, 4, 5, 6, 7)
        """
            .strip(),
        plan(
            session(8, ""),
            "",
            "SELECT a.g, count(*), sum(b.h) FROM a JOIN b ON a.k = b.k WHERE a.g < 11 GROUP BY 1"));
  }

  @Test
  void whatLiesByTheKeyAlreadyStays() {
    String plan =
        plan(
            session(8, ""),
            "",
            "SELECT c.z, count(*), sum(b.h) FROM b JOIN c ON c.x = b.k GROUP BY c.z");
    assertTrue(plan.contains("Exchange: one side (") && plan.contains("Stays: c"), plan);
  }

  @Test
  void whatIsBetterBroughtOrSentAlongIsNotExchanged() {
    for (String sql :
        List.of(
            // Small, or with a small side.
            "SELECT count(*) FROM s JOIN s o ON o.id = s.id + 1",
            "SELECT s.name, count(*) FROM a JOIN s ON s.id = a.g GROUP BY 1",
            // More rows come of it than go into it.
            "SELECT a.*, b.* FROM a JOIN b ON a.g = b.h",
            // Rows that lie together already.
            "SELECT count(*) FROM a JOIN b ON a.id = b.id",
            // All of both sides.
            "SELECT count(*) FROM a FULL JOIN b ON a.k = b.k")) {
      String plan = plan(session(8, ""), "", sql);
      assertFalse(plan.contains("Exchange"), plan);
    }
    assertFalse(
        plan(session(8, "exchanged_joins"), "", QUERIES_OF_OURS.getFirst()).contains("Exchange"));
  }

  private static long number(String plan, String after) {
    Matcher found = Pattern.compile(after + ": (\\d+)").matcher(plan);
    assertTrue(found.find(), plan);
    return Long.parseLong(found.group(1));
  }

  @Test
  void whatMovesIsShown() {
    String sql = "SELECT c.z, count(*), sum(b.h) FROM b JOIN c ON c.x = b.k GROUP BY c.z";
    String both = "SELECT count(*), sum(a.v) FROM a JOIN b ON a.k = b.k";
    SqlScript session = session(8, "broadcast_joins");
    String oneSide = plan(session, ", ANALYZE, TIMING OFF", sql);
    String bothSides = plan(session, ", ANALYZE, TIMING OFF", both);
    String brought =
        plan(session(8, "broadcast_joins,exchanged_joins"), ", ANALYZE, TIMING OFF", both);
    assertTrue(bothSides.contains("Seq Scan on a (actual rows=20000 loops=1)"), bothSides);
    assertTrue(bothSides.contains("Seq Scan on b (actual rows=18000 loops=1)"), bothSides);
    assertFalse(brought.contains("Exchanged"), brought);
    // Two thirds of the numbers of both sides, in a few bytes each.
    long exchanged = number(bothSides, "Exchanged");
    assertTrue(exchanged > 80 && exchanged < 300, bothSides);
    assertTrue(number(bothSides, "Moved") < 60, bothSides);
    // Nothing of c.
    assertTrue(number(oneSide, "Exchanged") < 150, oneSide);
    String json = plan(session, ", ANALYZE, FORMAT JSON", both);
    assertTrue(json.contains("\"Bytes Exchanged\": "), json);
  }

  /// Counts what the nodes keep for others.
  private static final class Counting implements FragmentEngine {
    private final FragmentPrograms programs;
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();

    Counting(TemporaryFiles files) {
      programs = new FragmentPrograms(() -> files);
    }

    @Override
    public Program load(byte[] program) {
      return programs.load(program);
    }

    @Override
    public Exchange open(byte[] program, byte[] arguments, long memory, long mostKilobytes) {
      Exchange made = programs.open(program, arguments, memory, mostKilobytes);
      opened.incrementAndGet();
      open.incrementAndGet();
      AtomicBoolean closed = new AtomicBoolean();
      return new Exchange() {
        @Override
        public void add(int side, long piece, byte[] rows) {
          made.add(side, piece, rows);
        }

        @Override
        public void seal(LongPredicate counted) {
          made.seal(counted);
        }

        @Override
        public Output run(BooleanSupplier over) {
          return made.run(over);
        }

        @Override
        public boolean ended() {
          return made.ended();
        }

        @Override
        public void close() {
          made.close();
          if (closed.compareAndSet(false, true)) {
            open.decrementAndGet();
          }
        }
      };
    }

    /// Nothing is kept any more, soon.
    void awaitNone(String after) {
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (open.get() > 0 && System.nanoTime() - until < 0) {
        LockSupport.parkNanos(5_000_000);
      }
      assertEquals(0, open.get(), "left after " + after);
    }
  }

  /// @param files where what does not fit into memory is put; null for nowhere
  private static Counting count(TemporaryFiles files) {
    Counting counting = new Counting(files);
    CLUSTERS.get(3).awaitSeveralLeaders(3);
    CLUSTERS.get(3).nodes().forEach(node -> node.gateway().fragments(counting));
    return counting;
  }

  @Test
  void nodesJoinInBoundedMemoryAndKeepNothing() throws Exception {
    SqlScript session = session(3, "broadcast_joins");
    TemporaryFiles files =
        TemporaryFiles.in(new RealDisk(), directory.resolve(TemporaryFiles.DIRECTORY));
    Counting counting = count(files);
    for (String memory : List.of("64kB", "64MB")) {
      run(session, "SET work_mem = '" + memory + "'");
      long before = files.files();
      for (String sql : QUERIES_OF_OURS) {
        assertEquals(rows(alone, sql), rows(session, sql), memory + ": " + sql);
        counting.awaitNone(sql);
      }
      assertEquals(memory.equals("64kB"), files.files() > before, memory);
    }
    assertTrue(counting.opened.get() >= 2 * 2 * 10, counting.opened + " were opened");
    assertEquals(List.of(), new RealDisk().list(directory.resolve(TemporaryFiles.DIRECTORY)));
  }

  @Test
  void whatIsCancelledOrGivenUpIsLetGoOf() {
    SqlScript session = session(3, "broadcast_joins");
    Counting counting = count(null);
    // So many pairs of one value that it takes minutes.
    String sql = "SELECT count(*) FROM one p JOIN one q ON p.k = q.k AND p.v % 5 <> q.v % 7";
    assertTrue(plan(session, "", sql).contains("Exchange: hash"), plan(session, "", sql));
    run(session, "SET statement_timeout = 1500");
    assertEquals(List.of("ERROR 57014"), rows(session, sql));
    assertTrue(counting.opened.get() > 0);
    counting.awaitNone("a timeout");
    run(session, "RESET statement_timeout");
    // A cursor of which only some rows are wanted.
    run(session, "BEGIN");
    run(
        session,
        "DECLARE x CURSOR FOR SELECT a.id, b.id FROM a JOIN b ON a.k = b.k AND a.g = b.h"
            + " AND a.v % 7 = b.id % 7");
    assertEquals(3, session.run("FETCH 3 FROM x").size());
    assertTrue(counting.open.get() > 0, "nothing was exchanged");
    run(session, "ROLLBACK");
    counting.awaitNone("a cursor");
    assertEquals(
        List.of("ERROR 22012"),
        rows(session, "SELECT sum(10 / (a.g - 3)) FROM a JOIN b ON a.k = b.k"));
    counting.awaitNone("an error");
  }

  @Test
  void whatTheTransactionHasWrittenIsJoined() {
    SqlScript session = CLUSTERS.get(8).session(2);
    String sql = "SELECT a.g, count(*), sum(a.v), max(b.w) FROM a JOIN b ON a.k = b.k GROUP BY 1";
    for (SqlScript each : List.of(alone, session)) {
      run(each, "BEGIN");
      run(each, "INSERT INTO b VALUES (-1, 70, 1, 'own', NULL, 'own', 1)");
      run(each, "UPDATE a SET k = 70 WHERE id % 1000 = 1");
    }
    assertEquals(rows(alone, sql), rows(session, sql));
    for (SqlScript each : List.of(alone, session)) {
      run(each, "ROLLBACK");
    }
    assertEquals(rows(alone, sql), rows(session, sql));
  }
}
