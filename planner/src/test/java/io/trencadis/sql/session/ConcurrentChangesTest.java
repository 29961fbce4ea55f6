package io.trencadis.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// Statements whose checks have to hold however sessions meet.
class ConcurrentChangesTest {
  private static final int SESSIONS = 6;
  private static final int ROUNDS = 40;

  private final LocalSqlEngine engine = SqlScript.engine();

  @FunctionalInterface
  private interface Work {
    void run(SqlScript session, int number) throws Exception;
  }

  private void inSessions(Work work) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(SESSIONS)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < SESSIONS; i++) {
        int number = i;
        all.add(
            threads.submit(
                () -> {
                  work.run(new SqlScript(engine), number);
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
  }

  private static void requireSuccess(List<String> answer) {
    assertTrue(answer.stream().noneMatch(line -> line.startsWith("ERROR")), answer::toString);
  }

  @Test
  void everyUpsertOfOneKeyCounts() throws Exception {
    SqlScript setup = new SqlScript(engine);
    requireSuccess(setup.run("create table c (id int primary key, k text unique, n int)"));
    for (String level : List.of("serializable", "read committed")) {
      setup.run("delete from c");
      inSessions(
          (session, number) -> {
            session.run("set default_transaction_isolation = '" + level + "'");
            for (int i = 0; i < ROUNDS; i++) {
              requireSuccess(
                  session.run(
                      "insert into c values ("
                          + i % 3
                          + ", 'k"
                          + i % 3
                          + "', 1) on conflict (id) do update set n = c.n + 1"));
              requireSuccess(
                  session.run(
                      "insert into c values ("
                          + (100 + number * ROUNDS + i)
                          + ", 'k"
                          + i % 3
                          + "', 1) on conflict (k) do update set n = c.n + excluded.n"));
            }
          });
      assertEquals(
          List.of("3|" + 2 * SESSIONS * ROUNDS), setup.run("select count(*), sum(n) from c"));
    }
  }

  @Test
  void oneOfManySessionsInsertsAndTheOthersDoNothing() throws Exception {
    SqlScript setup = new SqlScript(engine);
    requireSuccess(setup.run("create table once (id int primary key, k int unique)"));
    int[] inserted = new int[SESSIONS];
    inSessions(
        (session, number) -> {
          for (int i = 0; i < ROUNDS; i++) {
            List<String> answer =
                session.run(
                    "insert into once values ("
                        + (number * ROUNDS + i)
                        + ", "
                        + i
                        + ") on conflict do nothing");
            requireSuccess(answer);
            inserted[number] += answer.contains("INSERT 0 1") ? 1 : 0;
          }
        });
    int total = 0;
    for (int one : inserted) {
      total += one;
    }
    assertEquals(ROUNDS, total);
    assertEquals(
        List.of(ROUNDS + "|" + ROUNDS), setup.run("select count(*), count(distinct k) from once"));
  }
}
