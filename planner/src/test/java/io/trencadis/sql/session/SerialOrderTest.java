package io.trencadis.sql.session;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Transactions of random SQL that meet: those that commit must be explained by an order in which
/// they could have run alone. `-Dserial.seed=` is the first world, `-Dserial.worlds=` how many.
class SerialOrderTest {
  private static final long FIRST = Long.getLong("serial.seed", 1);
  private static final int WORLDS = Integer.getInteger("serial.worlds", 12);
  private static final int ROUNDS = 20;
  private static final int CLIENTS = 3;

  /// Errors that these statements may meet however they run.
  private static final Set<String> EXPECTED =
      Set.of("40001", "40P01", "23505", "23503", "23514", "23502", "21000", "25P02", "25006");

  private final TreeMap<String, Integer> ends = new TreeMap<>();

  @Test
  void committedTransactionsHaveASerialOrder() throws Exception {
    LocalSqlEngine engine = SqlScript.engine();
    List<SqlScript> sessions = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      sessions.add(new SqlScript(engine, i + 2));
    }
    worlds(WORLDS, sessions, new SqlScript(engine, 1));
  }

  @Test
  void soTheyDoWhereEachIsAtAnotherNode(@TempDir Path directory) throws Exception {
    try (EngineCluster cluster = new EngineCluster(directory)) {
      List<SqlScript> sessions = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        sessions.add(cluster.session(i));
      }
      worlds((WORLDS + 3) / 4, sessions, cluster.session(0));
    }
  }

  private void worlds(int count, List<SqlScript> sessions, SqlScript judge) throws Exception {
    for (long seed = FIRST; seed < FIRST + count; seed++) {
      world(seed, sessions, judge);
    }
    System.out.println(ends);
    assertTrue(ends.get("committed") > count * ROUNDS, () -> "hardly any committed: " + ends);
  }

  private void world(long seed, List<SqlScript> sessions, SqlScript judge) throws Exception {
    Random random = new Random(seed);
    RandomTransactions made = new RandomTransactions(seed);
    made.schema().forEach(sql -> EngineCluster.run(judge, sql));
    SerialOrder order = new SerialOrder(judge, made);
    try (SteppedClients clients = new SteppedClients(sessions, seed)) {
      for (int round = 0; round < ROUNDS; round++) {
        made.emptied().forEach(sql -> EngineCluster.run(judge, sql));
        List<String> contents =
            made.contents().stream()
                .filter(sql -> judge.run(sql).equals(List.of("INSERT 0 1")))
                .toList();
        for (int i = 0; i < sessions.size(); i++) {
          for (int left = 1 + random.nextInt(2); left > 0; left--) {
            clients.add(i, made.transaction());
          }
        }
        List<SteppedClients.Done> done = clients.run();
        List<SteppedClients.Done> committed =
            done.stream().filter(SteppedClients.Done::committed).toList();
        done.forEach(this::count);
        List<List<String>> end = order.contents();
        if (!order.explains(contents, committed, end)) {
          fail(described(seed, round, contents, done, end));
        }
      }
    }
  }

  private void count(SteppedClients.Done done) {
    ends.merge(done.committed() ? "committed" : "not", 1, Integer::sum);
    for (List<String> answer : done.answers()) {
      if (SteppedClients.failed(answer)) {
        ends.merge(answer.getFirst(), 1, Integer::sum);
        assertTrue(EXPECTED.contains(answer.getFirst()), () -> answer + " of " + done);
      }
    }
  }

  private static String described(
      long seed,
      int round,
      List<String> contents,
      List<SteppedClients.Done> done,
      List<List<String>> end) {
    StringBuilder text = new StringBuilder("no serial order: seed " + seed + ", round " + round);
    contents.forEach(sql -> text.append("\n  ").append(sql));
    for (SteppedClients.Done each : done) {
      text.append("\n")
          .append(each.committed() ? "committed" : "not committed")
          .append(" from ")
          .append(each.began() % 1_000_000_000_000L / 1000)
          .append(" to ")
          .append(each.ended() % 1_000_000_000_000L / 1000);
      for (int i = 0; i < each.answers().size(); i++) {
        text.append("\n  ")
            .append(each.script().statements().get(i))
            .append("  -- ")
            .append(each.answers().get(i));
      }
    }
    return text.append("\nend: ").append(end).toString();
  }
}
