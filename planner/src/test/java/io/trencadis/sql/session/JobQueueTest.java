package io.trencadis.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.sharding.NodeStore;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Queues in a table: who takes the first jobs reads and locks no others.
class JobQueueTest {
  private static final String TAKE =
      "SELECT id FROM jobs WHERE state = 'ready' ORDER BY priority, id LIMIT 3 FOR UPDATE";

  private final LocalSqlEngine engine = SqlScript.engine(NodeStore.inMemory(4));
  private final SqlScript ann = new SqlScript(engine, 1);
  private final SqlScript bob = new SqlScript(engine, 2);
  private final SqlScript eve = new SqlScript(engine, 3);

  @BeforeEach
  void jobs() {
    ann.run("CREATE TABLE jobs (id int PRIMARY KEY, state text, priority int)");
    ann.run("INSERT INTO jobs SELECT g, 'ready', 1 + g % 2 FROM generate_series(1, 4000) g");
    ann.run("CREATE INDEX jobs_ready ON jobs (priority, id) WHERE state = 'ready'");
    ann.run("ANALYZE jobs");
  }

  @Test
  void eachTakesTheFirstThatNobodyHas() {
    for (String isolation : new String[] {"READ COMMITTED", "SERIALIZABLE"}) {
      List.of(ann, bob, eve).forEach(each -> each.run("BEGIN ISOLATION LEVEL " + isolation));
      assertEquals(List.of("2", "4", "6"), ann.run(TAKE + " SKIP LOCKED"));
      assertEquals(List.of("8", "10", "12"), bob.run(TAKE + " SKIP LOCKED"));
      // What a transaction has locked itself is not skipped.
      assertEquals(List.of("2", "4", "6"), ann.run(TAKE + " SKIP LOCKED"));
      assertEquals(
          List.of("ERROR 55P03: could not obtain lock on row in relation \"jobs\""),
          eve.run(TAKE + " NOWAIT"));
      bob.run("ROLLBACK");
      eve.run("ROLLBACK");
      assertEquals(List.of("8", "10", "12"), eve.run(TAKE + " SKIP LOCKED"));
      ann.run("ROLLBACK");
    }
  }

  @Test
  void noMoreRowsAreReadThanTakenOrSkipped() {
    ann.run("BEGIN");
    ann.run(TAKE);
    bob.run("BEGIN");
    String plan =
        String.join(
            "\n", bob.run("EXPLAIN (ANALYZE, COSTS off, TIMING off) " + TAKE + " SKIP LOCKED"));
    assertTrue(plan.contains("Index Scan using jobs_ready on jobs (actual rows=6 "), plan);
    assertTrue(plan.contains("LockRows (actual rows=3 "), plan);
    bob.run("ROLLBACK");
    ann.run("ROLLBACK");
  }

  @Test
  void jobsThatAreTakenAndDoneAreDoneOnce() {
    String take =
        "UPDATE jobs SET state = 'done' WHERE id IN (SELECT id FROM jobs WHERE state = 'ready'"
            + " ORDER BY priority, id LIMIT 2 FOR UPDATE SKIP LOCKED) RETURNING id";
    ann.run("BEGIN ISOLATION LEVEL READ COMMITTED");
    bob.run("BEGIN ISOLATION LEVEL READ COMMITTED");
    assertEquals(List.of("2", "4"), ann.run(take).subList(0, 2));
    assertEquals(List.of("6", "8"), bob.run(take).subList(0, 2));
    assertEquals(List.of("COMMIT"), ann.run("COMMIT"));
    assertEquals(List.of("COMMIT"), bob.run("COMMIT"));
    assertEquals(
        List.of("2", "4", "6", "8"),
        eve.run("SELECT id FROM jobs WHERE state = 'done' ORDER BY id"));
  }
}
