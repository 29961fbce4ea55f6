package io.trencadis.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.sharding.NodeStore;
import io.trencadis.sharding.Transaction;
import io.trencadis.sharding.WaitPolicy;
import io.trencadis.sql.catalog.CatalogStore;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.PlacementDescriptor;
import io.trencadis.sql.catalog.Relocation;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.ddl.TableLocks;
import io.trencadis.sql.execute.TableCheck;
import io.trencadis.storage.ShardStore;
import io.trencadis.txn.IsolationLevel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Partitions move and are split while others write to them, and no write is lost or doubled.
class PartitionMoveTest {
  private static final int SHARDS = 4;
  private static final int WRITERS = 3;
  private static final int ACCOUNTS = 600;
  private static final int EACH = 100;

  private final NodeStore store = NodeStore.inMemory(SHARDS);
  private final LocalSqlEngine engine = SqlScript.engine(store);
  private final SqlScript sql = new SqlScript(engine);
  private final AtomicBoolean stop = new AtomicBoolean();
  private final AtomicLong written = new AtomicLong();

  private void done(String statement) {
    List<String> answer = sql.run(statement);
    assertTrue(answer.stream().noneMatch(line -> line.startsWith("ERROR")), answer::toString);
  }

  /// Moves money between accounts, gives some another key and back, and keeps a list of what was
  /// committed, until told to stop.
  private long transfer(int number, String level) {
    SqlScript session = new SqlScript(engine);
    session.run("set default_transaction_isolation = '" + level + "'");
    session.run("prepare pay as update bank set balance = balance + $2 where id = $1");
    SplittableRandom random = new SplittableRandom(number);
    long entries = 0;
    while (!stop.get()) {
      int from = random.nextInt(ACCOUNTS);
      int to = random.nextInt(ACCOUNTS);
      List<String> answers = new ArrayList<>(session.run("begin"));
      switch (random.nextInt(4)) {
        case 0 -> {
          answers.addAll(session.run("update bank set id = -1 - id where id = " + from));
          answers.addAll(session.run("update bank set id = -1 - id where id = " + (-1 - from)));
        }
        case 1 -> {
          answers.addAll(session.run("delete from bank where id = " + from + " returning balance"));
          if (answers.getLast().equals("DELETE 1")) {
            String balance = answers.get(answers.size() - 2);
            answers.addAll(
                session.run(
                    "insert into bank values ("
                        + from
                        + ", "
                        + balance
                        + ", 'again "
                        + from
                        + "', "
                        + from % 7
                        + ")"));
          }
        }
        default -> {
          answers.addAll(session.run("execute pay(" + from + ", -1)"));
          answers.addAll(session.run("execute pay(" + to + ", 1)"));
        }
      }
      answers.addAll(session.run("insert into list values (" + number + ", " + entries + ")"));
      answers.addAll(session.run("commit"));
      for (String line : answers) {
        assertTrue(
            !line.startsWith("ERROR") || line.matches("ERROR (40001|40P01|25P02).*"),
            answers::toString);
      }
      if (answers.getLast().equals("COMMIT")) {
        entries++;
      }
      written.incrementAndGet();
    }
    return entries;
  }

  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource({"primary key, serializable", "not null, serializable", "primary key, read committed"})
  void nothingIsLostOrDoubled(String key, String level) throws Exception {
    done(
        "create table bank (id int "
            + key
            + ", balance int, name text unique, kind int)"
            + (key.equals("not null")
                ? " partition by hash (id) partitions 4"
                : " partition by range (id) split at values (200), (400)"));
    done("create index bank_kind on bank (kind, id)");
    done("create table list (who int, entry int, primary key (who, entry))");
    done(
        "insert into bank select g, "
            + EACH
            + ", 'account ' || g, g % 7 from generate_series(0, "
            + (ACCOUNTS - 1)
            + ") g");
    List<Long> entries = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(WRITERS)) {
      List<Future<Long>> writers = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        int number = i;
        writers.add(threads.submit(() -> transfer(number, level)));
      }
      try {
        for (int round = 0; round < 4; round++) {
          for (String statement : statements(key, round)) {
            long before = written.get();
            done(statement);
            while (written.get() < before + WRITERS && writers.stream().noneMatch(Future::isDone)) {
              Thread.onSpinWait();
            }
          }
        }
      } finally {
        stop.set(true);
      }
      for (Future<Long> writer : writers) {
        entries.add(writer.get(120, TimeUnit.SECONDS));
      }
    }
    assertEquals(
        List.of(ACCOUNTS + "|" + ACCOUNTS * EACH),
        sql.run("select count(*), sum(balance) from bank"));
    assertEquals(
        List.of(ACCOUNTS + ""),
        sql.run("select count(*) from bank where kind >= 0 and kind = abs(id) % 7"));
    for (int i = 0; i < WRITERS; i++) {
      long own = entries.get(i);
      assertEquals(
          List.of(own + "|" + (own - 1)),
          sql.run("select count(*), max(entry) from list where who = " + i));
    }
    requireSound();
  }

  private static List<String> statements(String key, int round) {
    String shard = Integer.toString((round + 1) % SHARDS);
    return key.equals("not null")
        ? List.of(
            "alter table bank move partition " + round + " to shard " + shard,
            "alter table list move partition 1 to shard " + shard)
        : List.of(
            "alter table bank move partition for (250) to shard " + shard,
            "alter table bank split partition at (" + (210 + round) + ")",
            "alter table bank move partition 0 to shard " + shard,
            "create index concurrently bank_" + round + " on bank (balance)",
            "alter table list move partition 1 to shard " + shard);
  }

  private void requireSound() {
    List<ShardStore> shards = new ArrayList<>();
    for (int i = 0; i < SHARDS; i++) {
      shards.add(store.shard(i));
    }
    TableCheck.Report report =
        new TableCheck(shards, Long.MAX_VALUE, _ -> {})
            .run(CatalogStore.read(shards.get(CatalogStore.META_SHARD), Long.MAX_VALUE));
    assertEquals(List.of(), report.faults());
  }

  /// Waits until another session says so.
  private void await(String query, String answer) {
    SqlScript looks = new SqlScript(engine);
    while (!looks.run(query).equals(List.of(answer))) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aMoveShowsHowFarItIsAndKeepsToItsRateAndCanBeCalledOff() throws Exception {
    done(
        "create table t (id int primary key, a text) partition by range (id) split at values (5000)");
    done("insert into t select g, repeat('x', 100) from generate_series(1, 9000) g");
    done("create unique index t_a on t (a, id)");
    SqlScript mover = new SqlScript(engine, 77);
    // A megabyte at 16 kB a second: it is called off long before it is done.
    mover.run("set trencadis.move_rate = '16kB'");
    CompletableFuture<List<String>> moving =
        CompletableFuture.supplyAsync(
            () -> mover.run("alter table t move partition 0 to shard 3"),
            task -> Thread.ofPlatform().daemon().start(task));
    await(
        "select relid::regclass, phase, tuples_done > 0, bytes_done > 0, tuples_total"
            + " from trencadis_stat_progress_move",
        "t|copying rows|t|t|9000");
    SqlScript other = new SqlScript(engine);
    assertEquals(
        "ERROR 55006",
        other.run("alter table t move partition 1 to shard 2").getFirst().substring(0, 11));
    assertEquals(List.of("UPDATE 9000"), other.run("update t set a = a || 'y'"));
    assertEquals(
        List.of("t"), other.run("select pg_cancel_backend(pid) from trencadis_stat_progress_move"));
    assertEquals("ERROR 57014", moving.get(60, TimeUnit.SECONDS).getFirst().substring(0, 11));
    assertEquals(List.of("0"), other.run("select count(*) from trencadis_stat_progress_move"));
    assertEquals(
        List.of(),
        engine.catalogStore().latest().all(TableDescriptor.class).stream()
            .filter(table -> table.relocation() != null)
            .toList());
    assertEquals(List.of("9000"), other.run("select count(*) from t where a like '%y'"));
    done("alter table t move partition 0 to shard 3");
    assertEquals(List.of("9000"), other.run("select count(*) from t where a like '%y'"));
    requireSound();
  }

  /// Commits what the first step of a move commits.
  private void beginMove() {
    CatalogStore catalog = engine.catalogStore();
    TableDescriptor table =
        catalog.latest().all(TableDescriptor.class).stream()
            .filter(each -> each.name().equals("t"))
            .findFirst()
            .orElseThrow();
    int relation = catalog.newRelationId();
    PlacementDescriptor there = new PlacementDescriptor.Single(3);
    IndexDescriptor key = table.primaryKey().withPlacement(there).withRelation(relation);
    TableDescriptor begun =
        table.change().relocation(new Relocation(0, relation, there, List.of(key))).build();
    Transaction transaction =
        engine.gateway().begin(IsolationLevel.SERIALIZABLE, false, WaitPolicy.PATIENT);
    transaction.beginStatement();
    catalog.lock(transaction);
    catalog.write(transaction, Map.of(table.oid(), begun));
    TableLocks.publishVersion(transaction, begun);
    catalog.commit(transaction, Map.of(table.oid(), begun));
  }

  @Test
  void whatADeadSessionHasLeftIsGivenUp() {
    done("create table t (id int primary key, a int)");
    done("insert into t select g, g from generate_series(1, 100) g");
    beginMove();
    LocalSqlEngine after = SqlScript.engine(store);
    SqlScript session = new SqlScript(after);
    assertEquals(List.of("UPDATE 100"), session.run("update t set a = a + 1"));
    assertEquals(1, new AbandonedMoves(after).end());
    assertEquals(0, new AbandonedMoves(after).end());
    assertEquals(List.of("UPDATE 100"), session.run("update t set a = a + 1"));
    assertEquals(List.of("100|5250"), session.run("select count(*), sum(a) from t"));
    requireSound();
  }
}
