package io.trencadis.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.base.SqlException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What operators see of locks; kinds and modes are those that PostgreSQL 15 showed for the same
/// statements.
@Timeout(60)
class LockViewsTest {
  private static final String WAITS =
      "SELECT pid, wait_event_type, wait_event, pg_blocking_pids(pid) FROM pg_stat_activity"
          + " WHERE wait_event_type = 'Lock' ORDER BY pid";

  private final LocalSqlEngine engine = SqlScript.engine();
  private final SqlScript ann = new SqlScript(engine, 11);
  private final SqlScript bob = new SqlScript(engine, 12);
  private final SqlScript cid = new SqlScript(engine, 13);
  private final SqlScript eve = new SqlScript(engine, 14);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @BeforeEach
  void table() {
    ann.run("CREATE TABLE t (id int PRIMARY KEY, v int)");
    ann.run("INSERT INTO t VALUES (1, 1), (2, 2)");
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  private Future<List<String>> waiting(SqlScript who, String sql) {
    long before = waiters();
    Future<List<String>> answer = threads.submit(() -> who.run(sql));
    while (waiters() == before) {
      assertTrue(!answer.isDone(), "did not wait");
      Thread.onSpinWait();
    }
    return answer;
  }

  private long waiters() {
    return engine.gateway().locks().stream().filter(lock -> !lock.granted()).count();
  }

  @Test
  void advisoryLocksAreListedWithTheirNames() {
    ann.run("SELECT pg_advisory_lock(1), pg_advisory_lock(1), pg_advisory_lock_shared(1)");
    ann.run("SELECT pg_advisory_lock(-5), pg_advisory_lock(-1, 7)");
    assertEquals(
        List.of(
            "t|0|1|1|11|ExclusiveLock|t|f",
            "t|0|1|1|11|ShareLock|t|f",
            "t|4294967295|4294967291|1|11|ExclusiveLock|t|f",
            "t|4294967295|7|2|11|ExclusiveLock|t|f"),
        eve.run(
            "SELECT database = (SELECT oid FROM pg_database WHERE datname = current_database()),"
                + " classid, objid, objsubid, pid, mode, granted, fastpath FROM pg_locks"
                + " WHERE locktype = 'advisory' ORDER BY objsubid, classid, objid, mode"));
  }

  @Test
  void aWaitForARowIsOneForItsTransaction() throws Exception {
    ann.run("BEGIN");
    ann.run("UPDATE t SET v = v WHERE id = 2");
    bob.run("BEGIN");
    Future<List<String>> first = waiting(bob, "UPDATE t SET v = v WHERE id = 2");
    Future<List<String>> second = waiting(cid, "UPDATE t SET v = v WHERE id = 2");
    assertEquals(List.of("12|Lock|transactionid|{11}", "13|Lock|tuple|{12}"), eve.run(WAITS));
    assertEquals(
        List.of(
            "11|transactionid||ExclusiveLock|t",
            "11|virtualxid||ExclusiveLock|t",
            "12|transactionid||ExclusiveLock|t",
            "12|transactionid||ShareLock|f",
            "12|tuple|t|ExclusiveLock|t",
            "12|virtualxid||ExclusiveLock|t",
            "13|transactionid||ExclusiveLock|t",
            "13|tuple|t|ExclusiveLock|f",
            "13|virtualxid||ExclusiveLock|t"),
        eve.run(
            "SELECT l.pid, l.locktype, c.relname, l.mode, l.granted FROM pg_locks l"
                + " LEFT JOIN pg_class c ON c.oid = l.relation WHERE l.pid < 14 AND l.locktype <> 'relation'"
                + " ORDER BY 1, 2, 4, 5"));
    assertEquals(
        List.of("t"),
        eve.run(
            "SELECT bool_or(mode = 'RowExclusiveLock') FROM pg_locks"
                + " WHERE pid = 11 AND relation = 't'::regclass"));
    assertEquals(
        List.of("t"),
        eve.run(
            "SELECT a.transactionid = b.transactionid FROM pg_locks a, pg_locks b"
                + " WHERE a.pid = 11 AND a.locktype = 'transactionid'"
                + " AND b.pid = 12 AND NOT b.granted"));
    ann.run("COMMIT");
    first.get();
    bob.run("COMMIT");
    second.get();
    assertEquals(List.of(), eve.run("SELECT pid FROM pg_locks WHERE pid < 14"));
  }

  @Test
  void waitsForRelationsAndAdvisoryLocksNameTheirBlockers() throws Exception {
    ann.run("BEGIN");
    ann.run("LOCK TABLE t IN SHARE MODE");
    ann.run("SELECT pg_advisory_lock(1)");
    Future<List<String>> row = waiting(bob, "UPDATE t SET v = v WHERE id = 2");
    Future<List<String>> advisory = waiting(cid, "SELECT pg_advisory_lock_shared(1)");
    assertEquals(List.of("12|Lock|relation|{11}", "13|Lock|advisory|{11}"), eve.run(WAITS));
    ann.run("COMMIT");
    ann.run("SELECT pg_advisory_unlock_all()");
    row.get();
    advisory.get();
    assertEquals(List.of("{}"), eve.run("SELECT pg_blocking_pids(12)"));
  }

  @Test
  void aDeadlockNamesProcesses() throws Exception {
    ann.run("BEGIN");
    ann.run("UPDATE t SET v = v WHERE id = 1");
    bob.run("SELECT pg_advisory_lock(50)");
    bob.run("BEGIN");
    String blocker = ann.run("SELECT pg_current_xact_id()").getFirst();
    Future<List<String>> answer = waiting(ann, "SELECT pg_advisory_lock(50)");
    SqlException deadlock =
        assertThrows(
            SqlException.class, () -> bob.session().query("UPDATE t SET v = v WHERE id = 1", bob));
    String database =
        eve.run("SELECT oid FROM pg_database WHERE datname = current_database()").getFirst();
    assertEquals("deadlock detected", deadlock.getMessage());
    assertEquals(
        "Process 12 waits for ShareLock on transaction "
            + blocker
            + "; blocked by process 11.\nProcess 11 waits for ExclusiveLock on advisory lock ["
            + database
            + ",0,50,1]; blocked by process 12.",
        deadlock.fields().get(SqlException.Field.DETAIL));
    assertEquals(
        "See server log for query details.", deadlock.fields().get(SqlException.Field.HINT));
    bob.run("ROLLBACK; SELECT pg_advisory_unlock_all()");
    answer.get();
  }
}
