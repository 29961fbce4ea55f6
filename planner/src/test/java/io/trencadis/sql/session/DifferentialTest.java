package io.trencadis.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.sharding.NodeStore;
import io.trencadis.sql.execute.TemporaryFiles;
import io.trencadis.sql.planning.PlanRules;
import io.trencadis.storage.disk.RealDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Queries made by chance over tables made by chance give the same rows whatever the shards, the
/// memory, the threads, and the way they are planned. `-Dseed=` replays one world.
class DifferentialTest {
  @TempDir private Path directory;

  static LongStream seeds() {
    String one = System.getProperty("seed");
    return one != null
        ? LongStream.of(Long.parseLong(one))
        : LongStream.rangeClosed(1, Long.getLong("differential.seeds", 2));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyWayGivesTheSameRows(long seed) throws IOException {
    RandomQueries world = new RandomQueries(new Random(seed));
    List<String> schema = world.schema();
    List<Variant> variants = new ArrayList<>();
    variants.add(new Variant("1 shard", 1, "", List.of()));
    variants.add(new Variant("3 shards", 3, "", List.of()));
    variants.add(new Variant("8 shards, analyzed", 8, "", List.of("ANALYZE")));
    variants.add(
        new Variant(
            "little memory", 3, "", List.of("SET work_mem = 64", "SET hash_mem_multiplier = 1")));
    variants.add(
        new Variant("one thread", 3, "", List.of("SET max_parallel_workers_per_gather = 0")));
    for (String rule : PlanRules.NAMES) {
      variants.add(new Variant("without " + rule, 3, rule, List.of("ANALYZE")));
    }
    List<SqlScript> sessions = new ArrayList<>();
    for (Variant variant : variants) {
      LocalSqlEngine engine =
          SqlScript.engine(
              NodeStore.inMemory(variant.shards),
              Map.of("TimeZone", "UTC", "trencadis.disabled_rules", variant.disabled));
      engine.temporaryFiles(
          TemporaryFiles.in(new RealDisk(), directory.resolve(Integer.toString(sessions.size()))));
      SqlScript session = new SqlScript(engine);
      for (String statement : schema) {
        List<String> answer = session.run(statement);
        assertTrue(answer.stream().noneMatch(line -> line.startsWith("ERROR")), answer::toString);
      }
      variant.settings.forEach(session::run);
      sessions.add(session);
    }
    int failing = 0;
    int queries = Integer.getInteger("differential.queries", 30);
    for (int i = 0; i < queries; i++) {
      String sql = world.query();
      List<String> expected = rows(sessions.getFirst(), sql);
      failing += expected.getFirst().startsWith("ERROR") ? 1 : 0;
      for (int j = 1; j < sessions.size(); j++) {
        assertEquals(
            expected,
            rows(sessions.get(j), sql),
            "seed " + seed + ", " + variants.get(j) + ": " + sql);
      }
    }
    assertTrue(failing * 5 < queries, failing + " of " + queries + " queries fail");
  }

  private record Variant(String name, int shards, String disabled, List<String> settings) {
    @Override
    public String toString() {
      return name;
    }
  }

  /// The rows in any order, headed by how many there are or by the error's code.
  private static List<String> rows(SqlScript session, String sql) {
    List<String> lines = session.run(sql);
    if (!lines.isEmpty() && lines.getLast().startsWith("ERROR")) {
      return List.of(lines.getLast().substring(0, 11));
    }
    List<String> out = new ArrayList<>(List.of(Integer.toString(lines.size())));
    lines.stream().sorted().forEach(out::add);
    return out;
  }
}
