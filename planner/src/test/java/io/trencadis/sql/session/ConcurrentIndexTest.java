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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Indexes that are built while others write lose no write.
class ConcurrentIndexTest {
  private static final int SHARDS = 4;
  private static final int WRITERS = 3;
  private static final int ROWS = 1500;

  private final NodeStore store = NodeStore.inMemory(SHARDS);
  private final LocalSqlEngine engine = SqlScript.engine(store);
  private final AtomicBoolean stop = new AtomicBoolean();
  private final AtomicLong written = new AtomicLong();

  private static void requireSuccess(List<String> answer) {
    assertTrue(answer.stream().noneMatch(line -> line.startsWith("ERROR")), answer::toString);
  }

  /// Writes by chance until told to stop; keys of `u` are never given twice.
  private Void write(int number, String level) {
    SqlScript session = new SqlScript(engine);
    session.run("set default_transaction_isolation = '" + level + "'");
    SplittableRandom random = new SplittableRandom(number);
    for (long i = 0; !stop.get(); i++) {
      long fresh = 1_000_000L * (number + 1) + i;
      int id = random.nextInt(ROWS);
      List<String> answer =
          session.run(
              switch (random.nextInt(5)) {
                case 0 -> "delete from t where id = " + id;
                case 1 ->
                    "insert into t values ("
                        + fresh
                        + ", "
                        + fresh
                        + ", "
                        + random.nextInt(20)
                        + ", '{"
                        + random.nextInt(9)
                        + "}')";
                case 2 -> "update t set u = " + fresh + " where id = " + id;
                case 3 -> "update t set id = " + fresh + " where id = " + id;
                default ->
                    "update t set n = n + 1, tags = tags || "
                        + random.nextInt(9)
                        + " where id = "
                        + id;
              });
      for (String line : answer) {
        assertTrue(
            !line.startsWith("ERROR") || line.matches("ERROR (40001|40P01).*"), answer::toString);
      }
      written.incrementAndGet();
    }
    return null;
  }

  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource({
    "primary key, serializable",
    "not null, serializable",
    "primary key, read committed",
    "not null, read committed"
  })
  void everyRowHasItsEntries(String key, String level) throws Exception {
    SqlScript session = new SqlScript(engine);
    requireSuccess(
        session.run("create table t (id bigint " + key + ", u bigint, n int, tags int[])"));
    requireSuccess(
        session.run(
            "insert into t select i, i, i % 20, array[i % 9] from generate_series(1, "
                + ROWS
                + ") i"));
    try (ExecutorService threads = Executors.newFixedThreadPool(WRITERS)) {
      List<Future<?>> writers = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        int number = i;
        writers.add(threads.submit(() -> write(number, level)));
      }
      try {
        for (String statement :
            List.of(
                "create index concurrently t_n on t (n, id)",
                "create unique index concurrently t_u on t (u)",
                "create index concurrently t_tags on t using gin (tags)",
                "create index concurrently t_half on t ((n + 1)) where n % 2 = 0",
                "reindex index concurrently t_u",
                "drop index concurrently t_n",
                "reindex table concurrently t")) {
          long before = written.get();
          requireSuccess(session.run(statement));
          while (written.get() < before + WRITERS) {
            Thread.onSpinWait();
          }
        }
      } finally {
        stop.set(true);
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
    }
    requireSound(session);
  }

  private void requireSound(SqlScript session) {
    List<ShardStore> shards = new ArrayList<>();
    for (int i = 0; i < SHARDS; i++) {
      shards.add(store.shard(i));
    }
    TableCheck.Report report =
        new TableCheck(shards, Long.MAX_VALUE, _ -> {})
            .run(CatalogStore.read(shards.get(CatalogStore.META_SHARD), Long.MAX_VALUE));
    assertEquals(List.of(), report.faults());
    assertEquals(
        List.of("t_half|t", "t_tags|t", "t_u|t"),
        session.run(
            "select indexrelid::regclass::text, indisvalid from pg_index where indrelid ="
                + " 't'::regclass and not indisprimary order by 1"));
    for (int value = 0; value < 9; value++) {
      // The same question to the index and to the rows.
      assertEquals(
          session.run("select count(*) from t where " + value + " = any(tags)"),
          session.run("select count(*) from t where tags @> '{" + value + "}'"));
      int half = value * 2 + 1;
      assertEquals(
          session.run("select count(*) from t where n = " + (half - 1)),
          session.run("select count(*) from t where n + 1 = " + half + " and n % 2 = 0"));
    }
    assertTrue(
        session.run("explain select * from t where tags @> '{1}'").toString().contains("t_tags"),
        "the index is not used");
  }
}
