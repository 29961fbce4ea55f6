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

  @Test
  void aKeyCheckedAtTheEndIsStillUnique() throws Exception {
    SqlScript setup = new SqlScript(engine);
    for (String when : List.of("initially deferred", "initially immediate")) {
      for (String level : List.of("serializable", "read committed")) {
        requireSuccess(setup.run("create table late (k int primary key deferrable " + when + ")"));
        int[] inserted = new int[SESSIONS];
        inSessions(
            (session, number) -> {
              session.run("set default_transaction_isolation = '" + level + "'");
              for (int i = 0; i < ROUNDS; i++) {
                session.run("begin");
                requireExpected(session.run("insert into late values (" + i + ")"));
                List<String> answer = session.run("commit");
                requireExpected(answer);
                inserted[number] += answer.contains("COMMIT") ? 1 : 0;
              }
            });
        List<String> counted = setup.run("select count(*), count(distinct k) from late");
        int total = 0;
        for (int one : inserted) {
          total += one;
        }
        assertEquals(List.of(total + "|" + total), counted, when + ", " + level);
        assertTrue(total <= ROUNDS, () -> "more rows than keys, " + when + ", " + level);
        assertTrue(total > 0, "nobody got through");
        setup.run("drop table late");
      }
    }
  }

  @Test
  void noTwoRangesOfARoomOverlapHoweverSessionsMeet() throws Exception {
    SqlScript setup = new SqlScript(engine);
    for (String level : List.of("serializable", "read committed")) {
      requireSuccess(
          setup.run(
              "create table stay (id serial primary key, room int, during int4range,"
                  + " exclude using gist (room with =, during with &&))"));
      inSessions(
          (session, number) -> {
            session.run("set default_transaction_isolation = '" + level + "'");
            for (int i = 0; i < ROUNDS; i++) {
              int from = (i * 7 + number * 3) % 60;
              for (String line :
                  session.run(
                      "insert into stay (room, during) values ("
                          + i % 3
                          + ", int4range("
                          + from
                          + ", "
                          + (from + 4)
                          + "))")) {
                assertTrue(
                    !line.startsWith("ERROR") || line.matches("ERROR (23P01|40001|40P01).*"),
                    () -> line);
              }
            }
          });
      assertEquals(
          List.of("0"),
          setup.run(
              "select count(*) from stay a join stay b"
                  + " on a.room = b.room and a.during && b.during and a.id < b.id"));
      assertTrue(
          Integer.parseInt(setup.run("select count(*) from stay").getFirst()) > 10,
          "hardly anybody got through");
      setup.run("drop table stay");
    }
  }

  /// Errors that a session may get when its rows are changed under it, and no others.
  private static void requireExpected(List<String> answer) {
    for (String line : answer) {
      assertTrue(
          !line.startsWith("ERROR") || line.matches("ERROR (23503|23505|40001|40P01|25P02).*"),
          answer::toString);
    }
  }

  @Test
  void noRowRefersToAMissingOneHoweverSessionsMeet() throws Exception {
    SqlScript setup = new SqlScript(engine);
    requireSuccess(setup.run("create table p (id int primary key, k int unique)"));
    requireSuccess(setup.run("create table c (id serial, pid int references p)"));
    requireSuccess(
        setup.run("create table d (id serial, k int references p (k) on delete cascade)"));
    requireSuccess(setup.run("create index on d (k)"));
    requireSuccess(
        setup.run(
            "create table e (id serial, k int references p (k) deferrable initially deferred)"));
    List<String> levels = List.of("read committed", "repeatable read", "serializable");
    inSessions(
        (session, number) -> {
          java.util.Random random = new java.util.Random(number);
          session.run(
              "set default_transaction_isolation = '" + levels.get(number % levels.size()) + "'");
          for (int i = 0; i < 3 * ROUNDS; i++) {
            int id = random.nextInt(3);
            boolean block = random.nextInt(3) == 0;
            if (block) {
              session.run("begin");
              requireExpected(session.run("select count(*) from c"));
            }
            String statement =
                switch (random.nextInt(6)) {
                  case 0 -> "insert into p values (" + id + ", " + id + ") on conflict do nothing";
                  case 1 -> "insert into c (pid) values (" + id + ")";
                  case 2 -> "insert into d (k) values (" + id + ")";
                  case 3 -> "insert into e (k) values (" + id + ")";
                  case 4 -> "delete from c where pid = " + id;
                  default -> "delete from p where id = " + id;
                };
            requireExpected(session.run(statement));
            if (statement.startsWith("delete from p")) {
              session.run("delete from e where k = " + id);
            }
            if (block) {
              requireExpected(session.run("commit"));
            }
          }
        });
    for (String orphans :
        List.of(
            "select count(*) from c where pid not in (select id from p)",
            "select count(*) from d where k not in (select k from p)",
            "select count(*) from e where k not in (select k from p)")) {
      assertEquals(List.of("0"), setup.run(orphans), orphans);
    }
  }
}
