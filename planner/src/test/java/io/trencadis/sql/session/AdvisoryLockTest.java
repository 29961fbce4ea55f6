package io.trencadis.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.txn.WouldBlockException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Advisory locks; what is expected was seen at PostgreSQL 15.
@Timeout(60)
class AdvisoryLockTest {
  private final LocalSqlEngine engine = SqlScript.engine();
  private final SqlScript ann = new SqlScript(engine, 11);
  private final SqlScript bob = new SqlScript(engine, 12);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  /// Runs a statement that has to wait, and returns once it does.
  private Future<List<String>> waiting(SqlScript who, String sql) {
    int before = waiters();
    Future<List<String>> answer = threads.submit(() -> who.run(sql));
    while (waiters() == before) {
      assertTrue(!answer.isDone(), "did not wait");
      Thread.onSpinWait();
    }
    return answer;
  }

  private int waiters() {
    return (int) engine.gateway().locks().stream().filter(lock -> !lock.granted()).count();
  }

  private boolean free(String key) {
    SqlScript third = new SqlScript(engine, 13);
    String got = third.run("SELECT pg_try_advisory_lock(" + key + ")").getFirst();
    third.session().close();
    return got.equals("t");
  }

  @Test
  void aSessionLockOutlivesTransactionsAndIsCounted() {
    ann.run("BEGIN");
    assertEquals(List.of(""), ann.run("SELECT pg_advisory_lock(1)"));
    ann.run("ROLLBACK");
    ann.run("SELECT pg_advisory_lock(1)");
    assertEquals(List.of("f"), bob.run("SELECT pg_try_advisory_lock(1)"));
    assertEquals(List.of("t"), ann.run("SELECT pg_advisory_unlock(1)"));
    assertEquals(List.of("f"), bob.run("SELECT pg_try_advisory_lock(1)"));
    assertEquals(List.of("t"), ann.run("SELECT pg_advisory_unlock(1)"));
    assertEquals(List.of("t"), bob.run("SELECT pg_try_advisory_lock(1)"));
    assertEquals(
        List.of("WARNING: you don't own a lock of type ExclusiveLock", "f"),
        ann.run("SELECT pg_advisory_unlock(1)"));
    assertEquals(
        List.of("WARNING: you don't own a lock of type ShareLock", "f"),
        ann.run("SELECT pg_advisory_unlock_shared(1, 2)"));
  }

  @Test
  void modesAndNamesAreTheirOwn() {
    ann.run("SELECT pg_advisory_lock(1), pg_advisory_lock_shared(1)");
    assertEquals(List.of("t"), ann.run("SELECT pg_advisory_unlock(1)"));
    assertEquals(List.of("t"), bob.run("SELECT pg_try_advisory_lock_shared(1)"));
    assertEquals(List.of("f"), bob.run("SELECT pg_try_advisory_lock(1)"));
    // The two spaces do not meet, even where their bits are the same.
    assertEquals(List.of("t"), bob.run("SELECT pg_try_advisory_lock(0, 1)"));
    assertEquals(List.of("t"), ann.run("SELECT pg_try_advisory_lock(-1)"));
    assertEquals(List.of("f"), bob.run("SELECT pg_try_advisory_lock(-1)"));
    assertEquals(List.of("t"), bob.run("SELECT pg_try_advisory_lock(4294967295)"));
  }

  @Test
  void theEndOfASessionAndUnlockAllLetGo() {
    ann.run("SELECT pg_advisory_lock(1), pg_advisory_lock(1), pg_advisory_lock(2)");
    assertTrue(!free("1"));
    ann.run("SELECT pg_advisory_unlock_all()");
    assertTrue(free("1") && free("2"));
    ann.run("SELECT pg_advisory_lock(3)");
    ann.run("DISCARD ALL");
    assertTrue(free("3"));
    ann.run("SELECT pg_advisory_lock(4)");
    ann.session().close();
    assertTrue(free("4"));
    assertEquals(0, engine.gateway().locks().size());
  }

  @Test
  void aTransactionLockEndsWithTheTransactionOrItsPart() {
    ann.run("BEGIN");
    ann.run("SELECT pg_advisory_xact_lock(1)");
    ann.run("SAVEPOINT a");
    ann.run("SELECT pg_advisory_xact_lock(2), pg_advisory_lock(3), pg_advisory_xact_lock(1)");
    ann.run("ROLLBACK TO a");
    assertTrue(!free("1") && free("2") && !free("3"));
    assertEquals(
        List.of("WARNING: you don't own a lock of type ExclusiveLock", "f"),
        ann.run("SELECT pg_advisory_unlock(1)"));
    ann.run("COMMIT");
    assertTrue(free("1") && !free("3"));
    ann.run("SELECT pg_advisory_xact_lock(4)");
    assertTrue(free("4"));
    ann.run("BEGIN");
    ann.run("SELECT pg_advisory_xact_lock(5)");
    assertEquals(List.of("ERROR 22012: division by zero"), ann.run("SELECT 1/0"));
    assertTrue(free("5"));
  }

  @Test
  void oneThatIsHeldIsWaitedFor() throws Exception {
    ann.run("BEGIN");
    ann.run("SELECT pg_advisory_xact_lock(1)");
    Future<List<String>> answer = waiting(bob, "SELECT pg_advisory_lock(1)");
    ann.run("COMMIT");
    assertEquals(List.of(""), answer.get());
    assertEquals(List.of("f"), ann.run("SELECT pg_try_advisory_xact_lock_shared(1)"));
  }

  @Test
  void aWaitEndsByTimeoutsAndCancel() throws Exception {
    ann.run("SELECT pg_advisory_lock(1)");
    bob.run("SET lock_timeout = 5");
    assertEquals(
        List.of("ERROR 55P03: canceling statement due to lock timeout"),
        bob.run("SELECT pg_advisory_lock(1)"));
    bob.run("SET lock_timeout = 0; SET statement_timeout = 5");
    assertEquals(
        List.of("ERROR 57014: canceling statement due to statement timeout"),
        bob.run("SELECT pg_advisory_lock(1)"));
    bob.run("SET statement_timeout = 0");
    Future<List<String>> answer = waiting(bob, "SELECT pg_advisory_lock(1)");
    assertEquals(List.of("t"), ann.run("SELECT pg_cancel_backend(12)"));
    assertEquals(List.of("ERROR 57014: canceling statement due to user request"), answer.get());
    ann.run("SELECT pg_advisory_unlock(1)");
    assertTrue(free("1"));
  }

  @Test
  void aCircleOfSessionLocksIsFound() throws Exception {
    ann.run("SELECT pg_advisory_lock(1)");
    bob.run("SELECT pg_advisory_lock(2)");
    Future<List<String>> answer = waiting(ann, "SELECT pg_advisory_lock(2)");
    assertEquals(List.of("ERROR 40P01: deadlock detected"), bob.run("SELECT pg_advisory_lock(1)"));
    bob.run("SELECT pg_advisory_unlock(2)");
    assertEquals(List.of(""), answer.get());
  }

  @Test
  void aCircleThroughARowAndALockOfAnEarlierTransactionIsFound() throws Exception {
    ann.run("CREATE TABLE t (id int PRIMARY KEY, v int)");
    ann.run("INSERT INTO t VALUES (1, 1)");
    bob.run("SELECT pg_advisory_lock(1)");
    ann.run("BEGIN");
    ann.run("UPDATE t SET v = 2");
    bob.run("BEGIN");
    Future<List<String>> answer = waiting(ann, "SELECT pg_advisory_lock(1)");
    SqlException deadlock =
        assertThrows(SqlException.class, () -> bob.session().query("UPDATE t SET v = 3", bob));
    assertEquals(SqlState.DEADLOCK_DETECTED, deadlock.state());
    bob.run("ROLLBACK");
    bob.run("SELECT pg_advisory_unlock(1)");
    assertEquals(List.of(""), answer.get());
  }

  @Test
  void noneIsTakenOnAThreadThatMayNotBlock() {
    ann.session().mayBlock(false);
    assertThrows(
        WouldBlockException.class,
        () -> ann.session().query("SELECT pg_try_advisory_lock(1)", ann));
    ann.session().mayBlock(true);
    assertTrue(free("1"));
  }

  @Test
  void databasesDoNotShareThem() {
    ann.run("CREATE DATABASE other");
    ann.run("SELECT pg_advisory_lock(1)");
    SqlSession other =
        engine.open(java.util.Map.of("user", "postgres", "database", "other"), 14, Endpoints.NONE);
    other.query("SELECT pg_try_advisory_lock(1)", bob);
    assertEquals(2, engine.gateway().locks().size());
    other.close();
    assertEquals(1, engine.gateway().locks().size());
  }
}
