package io.trencadis.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.sharding.NodeStore;
import io.trencadis.sql.catalog.CatalogStore;
import io.trencadis.sql.execute.TableCheck;
import io.trencadis.storage.ShardStore;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.StringJoiner;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tables with inverted indexes beside equal ones without, under changes made by chance.
class InvertedIndexTest {
  private static final int SHARDS = 4;
  private static final int ROUNDS = 150;

  private final NodeStore store = NodeStore.inMemory(SHARDS);
  private final SqlScript session = new SqlScript(SqlScript.engine(store));

  private List<String> run(String sql) {
    List<String> answer = session.run(sql);
    assertTrue(answer.stream().noneMatch(line -> line.startsWith("ERROR")), sql + ": " + answer);
    return answer;
  }

  private static String json(SplittableRandom random, int depth) {
    int kind = random.nextInt(depth > 2 ? 5 : 8);
    StringJoiner out;
    switch (kind) {
      case 0:
        return Integer.toString(random.nextInt(5));
      case 1:
        return "" + random.nextInt(3) + ".50";
      case 2:
        return random.nextBoolean() ? "true" : "null";
      case 3, 4:
        return "\"" + (char) ('a' + random.nextInt(4)) + "\"";
      case 5:
        out = new StringJoiner(", ", "[", "]");
        for (int i = random.nextInt(4); i > 0; i--) {
          out.add(json(random, depth + 1));
        }
        return out.toString();
      default:
        out = new StringJoiner(", ", "{", "}");
        for (int i = random.nextInt(4); i > 0; i--) {
          out.add("\"" + (char) ('a' + random.nextInt(4)) + "\": " + json(random, depth + 1));
        }
        return out.toString();
    }
  }

  private static String array(SplittableRandom random) {
    StringJoiner out = new StringJoiner(",", "{", "}");
    for (int i = random.nextInt(4); i > 0; i--) {
      out.add(random.nextInt(9) == 0 ? "null" : Integer.toString(random.nextInt(6)));
    }
    return out.toString();
  }

  private static String condition(SplittableRandom random) {
    return switch (random.nextInt(8)) {
      case 0 -> "j ? '" + (char) ('a' + random.nextInt(4)) + "'";
      case 1 -> "j ?| '{a,c}'";
      case 2 -> "j ?& '{a,b}'";
      case 3 -> "n && '" + array(random) + "'";
      case 4 -> "n <@ '" + array(random) + "'";
      case 5 -> "n @> '" + array(random) + "'";
      default -> "j @> '" + json(random, 1) + "'";
    };
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void findsWhatASearchWithoutItFinds(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (String table : List.of("plain", "indexed")) {
      run("create table " + table + " (id int primary key, j jsonb, n int[])");
    }
    run("create index on indexed using gin (n)");
    run(
        seed % 2 == 0
            ? "create index on indexed using gin (j jsonb_path_ops, n)"
            : "create index on indexed using gin (j)");
    for (int round = 0; round < ROUNDS; round++) {
      int id = random.nextInt(60);
      String change =
          switch (random.nextInt(6)) {
            case 0 -> "delete from %s where id = " + id;
            case 1 -> "update %s set n = '" + array(random) + "' where id %% 7 = " + id % 7;
            case 2 -> "update %s set id = 1000 + " + round + " where id = " + id;
            case 3 -> "update %s set j = null where id = " + id;
            default ->
                "insert into %s values ("
                    + id
                    + ", '"
                    + json(random, 0)
                    + "', '"
                    + array(random)
                    + "') on conflict (id) do update set j = excluded.j, n = excluded.n";
          };
      boolean undone = random.nextInt(10) == 0;
      run("begin");
      run(change.formatted("plain"));
      run(change.formatted("indexed"));
      compare(condition(random));
      run(undone ? "rollback" : "commit");
      compare(condition(random));
      compare(condition(random) + " and " + condition(random));
    }
    assertTrue(
        run("explain select * from indexed where n && '{1}'").toString().contains("Bitmap"),
        "the index is not used");
    run("create index late on indexed using gin (j, n)");
    requireSound();
  }

  private void compare(String condition) {
    String query = "select id from %s where " + condition + " order by id";
    assertEquals(run(query.formatted("plain")), run(query.formatted("indexed")), condition);
  }

  private void requireSound() {
    List<ShardStore> shards = new ArrayList<>();
    for (int i = 0; i < SHARDS; i++) {
      shards.add(store.shard(i));
    }
    long timestamp = Long.MAX_VALUE;
    TableCheck.Report report =
        new TableCheck(shards, timestamp, _ -> {})
            .run(CatalogStore.read(shards.get(CatalogStore.META_SHARD), timestamp));
    assertEquals(List.of(), report.faults());
    assertTrue(report.entries() > 0, "nothing was looked at");
  }
}
