package io.trencadis.testing;

import static io.trencadis.testing.ClusterSql.connect;
import static io.trencadis.testing.ClusterSql.number;
import static io.trencadis.testing.ClusterSql.plan;
import static io.trencadis.testing.ClusterSql.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Work that is sent to where the rows are is still a part of its transaction.
class ClusterFragmentsTest {
  private static final int ROWS = 40_000;

  @RegisterExtension
  static final TrencadisClusterExtension CLUSTER = new TrencadisClusterExtension(3);

  @BeforeEach
  void fill(TrencadisCluster cluster) throws SQLException {
    try (Connection connection = connect(cluster, 0)) {
      run(
          connection,
          "DROP TABLE IF EXISTS item",
          "CREATE TABLE item (id int PRIMARY KEY, amount int, what text)",
          "INSERT INTO item SELECT i, i % 100, 'what ' || i FROM generate_series(1, "
              + ROWS
              + ") i",
          "ANALYZE item");
    }
  }

  @Test
  void groupsMoveAndRowsStay(TrencadisCluster cluster) throws SQLException {
    try (Connection connection = connect(cluster, 1)) {
      List<String> plan =
          plan(
              connection,
              "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF)"
                  + " SELECT amount, count(*), max(what) FROM item GROUP BY amount");
      assertTrue(plan.getFirst().startsWith("Finalize HashAggregate"), plan::toString);
      assertTrue(
          plan.stream().anyMatch(line -> line.startsWith("->  Partial HashAggregate")),
          plan::toString);
      String moved = plan.stream().filter(line -> line.startsWith("Nodes: ")).findFirst().get();
      assertTrue(moved.matches("Nodes: [0-2, ]+  Round Trips: \\d+  Moved: \\d+kB"), moved);
      int kilobytes = Integer.parseInt(moved.replaceAll(".*Moved: (\\d+)kB", "$1"));
      assertTrue(kilobytes < 200, "the groups of 40,000 rows are " + kilobytes + " kB");
    }
  }

  @Test
  void whatSomebodyPutsIntoARangeThatWasReadFailsTheReader(TrencadisCluster cluster)
      throws SQLException {
    try (Connection reader = connect(cluster, 0);
        Connection writer = connect(cluster, 1)) {
      reader.setAutoCommit(false);
      reader.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
      // So many that each shard gets one, those where the reader writes nothing included.
      for (int i = 0; i < 12; i++) {
        assertEquals(ROWS + i, number(reader, "SELECT count(*) FROM item"));
        run(writer, "INSERT INTO item VALUES (" + (1_000_000 + i) + ", 1, 'phantom')");
        run(reader, "UPDATE item SET amount = 0 WHERE id = 1");
        SQLException why = assertThrows(SQLException.class, reader::commit, "phantom " + i);
        assertEquals("40001", why.getSQLState());
      }
      assertEquals(ROWS + 12, number(reader, "SELECT count(*) FROM item"));
      run(reader, "UPDATE item SET amount = 0 WHERE id = 1");
      reader.commit();
    }
  }

  @Test
  void whatSomebodyPutsAmongThePartnersFailsTheReader(TrencadisCluster cluster)
      throws SQLException {
    String sql =
        "SELECT count(*) FROM item i JOIN piece p ON p.item = i.id WHERE p.n >= 0 AND i.amount < 90";
    try (Connection reader = connect(cluster, 0);
        Connection writer = connect(cluster, 1)) {
      run(
          reader,
          "DROP TABLE IF EXISTS piece",
          "CREATE TABLE piece (item int, no int, n int, PRIMARY KEY (item, no))",
          "INSERT INTO piece SELECT i, 1, 1 FROM generate_series(1, " + ROWS + ") i",
          "ANALYZE piece");
      assertTrue(
          plan(reader, "EXPLAIN " + sql).stream().anyMatch(line -> line.startsWith("Co-located")));
      long expected = number(reader, sql);
      reader.setAutoCommit(false);
      reader.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
      for (int i = 0; i < 12; i++) {
        // Partners appear and change, in each shard.
        assertEquals(expected, number(reader, sql));
        run(writer, "INSERT INTO piece VALUES (" + (101 + i) + ", 2, 7)");
        run(reader, "UPDATE item SET what = 'mine' WHERE id = 1");
        SQLException why = assertThrows(SQLException.class, reader::commit, "phantom " + i);
        assertEquals("40001", why.getSQLState());
        assertEquals(expected + 1, number(reader, sql));
        run(writer, "UPDATE piece SET n = -1 WHERE no = 2 AND item = " + (101 + i));
        run(reader, "UPDATE item SET what = 'mine' WHERE id = 1");
        why = assertThrows(SQLException.class, reader::commit, "change " + i);
        assertEquals("40001", why.getSQLState());
      }
      assertEquals(expected, number(reader, sql));
      run(reader, "UPDATE item SET what = 'mine' WHERE id = 1");
      reader.commit();
      run(reader, "DROP TABLE piece");
      reader.commit();
    }
  }

  @Test
  void aJoinThatIsMadeInEveryShardMovesNoRowAndSeesWhatOthersPutThere(TrencadisCluster cluster)
      throws SQLException {
    String sql =
        "SELECT count(*), sum(kind.n) FROM item JOIN kind ON kind.id = item.amount"
            + " JOIN part ON part.item = item.id";
    try (Connection reader = connect(cluster, 0);
        Connection writer = connect(cluster, 1)) {
      run(
          reader,
          "DROP TABLE IF EXISTS kind, part",
          "CREATE TABLE kind (id int PRIMARY KEY, n int) WITH (replicated)",
          "INSERT INTO kind SELECT i, i FROM generate_series(0, 79) i",
          "CREATE TABLE part (item int, no int, PRIMARY KEY (item, no)) WITH (colocate_with = item)",
          "INSERT INTO part SELECT i, 1 FROM generate_series(1, " + ROWS + ") i",
          "ANALYZE kind",
          "ANALYZE part");
      List<String> plan = plan(reader, "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) " + sql);
      assertTrue(
          plan.stream().anyMatch(line -> line.matches("Co-located: .*item.*")), plan::toString);
      assertTrue(plan.stream().noneMatch(line -> line.startsWith("Broadcast")), plan::toString);
      String moved = plan.stream().filter(line -> line.startsWith("Nodes: ")).findFirst().get();
      int kilobytes = Integer.parseInt(moved.replaceAll(".*Moved: (\\d+)kB", "$1"));
      assertTrue(kilobytes < 100, "the sums of 40,000 rows are " + kilobytes + " kB");
      long expected = number(reader, sql);
      assertEquals(ROWS / 100 * 80, expected);
      reader.setAutoCommit(false);
      reader.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
      for (int i = 0; i < 6; i++) {
        assertEquals(expected, number(reader, sql));
        run(writer, "INSERT INTO kind VALUES (" + (80 + i) + ", 0)");
        run(reader, "UPDATE item SET what = 'mine' WHERE id = 1");
        SQLException why = assertThrows(SQLException.class, reader::commit, "phantom " + i);
        assertEquals("40001", why.getSQLState());
        expected += ROWS / 100;
        assertEquals(expected, number(reader, sql));
        run(writer, "UPDATE kind SET n = n + 1 WHERE id = " + i);
        run(reader, "UPDATE item SET what = 'mine' WHERE id = 1");
        why = assertThrows(SQLException.class, reader::commit, "change " + i);
        assertEquals("40001", why.getSQLState());
      }
      // What the transaction has written itself is in every shard, too.
      run(reader, "DELETE FROM kind WHERE id < 10");
      assertEquals(expected - ROWS / 10, number(reader, sql));
      run(reader, "ROLLBACK");
      run(reader, "DROP TABLE kind, part");
      reader.commit();
    }
  }

  @Test
  void theSnapshotIsThatOfTheTransaction(TrencadisCluster cluster) throws SQLException {
    try (Connection reader = connect(cluster, 2);
        Connection writer = connect(cluster, 0)) {
      reader.setAutoCommit(false);
      reader.setReadOnly(true);
      long before = number(reader, "SELECT sum(amount) FROM item");
      run(writer, "UPDATE item SET amount = amount + 1 WHERE id <= 1000");
      assertEquals(before, number(reader, "SELECT sum(amount) FROM item"));
      reader.rollback();
      assertEquals(before + 1000, number(reader, "SELECT sum(amount) FROM item"));
    }
  }

  @Test
  void aStatementThatIsCancelledEndsAtOnce(TrencadisCluster cluster) throws Exception {
    try (Connection connection = connect(cluster, 0);
        Statement slow = connection.createStatement()) {
      // Each row takes long: a regular expression over a text that is made for it.
      CompletableFuture<SQLException> answer =
          CompletableFuture.supplyAsync(
              () ->
                  assertThrows(
                      SQLException.class,
                      () ->
                          slow.executeQuery(
                              "SELECT count(*) FROM item a WHERE md5(md5(repeat(what, 20000)))"
                                  + " = md5(repeat(what, 20001))")));
      TimeUnit.MILLISECONDS.sleep(1_000);
      long begun = System.nanoTime();
      slow.cancel();
      assertEquals("57014", answer.get(60, TimeUnit.SECONDS).getSQLState());
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
      assertTrue(millis < 5_000, "cancelled after " + millis + " ms");
      assertEquals(ROWS, number(connection, "SELECT count(*) FROM item"));
      run(connection, "SET statement_timeout = 300");
      assertEquals(
          "57014",
          assertThrows(
                  SQLException.class,
                  () ->
                      number(
                          connection,
                          "SELECT count(*) FROM item a WHERE md5(repeat(what, 20000)) = 'x'"))
              .getSQLState());
    }
  }

  @Test
  void readersGoOnWhenALeaderIsGone(TrencadisCluster cluster) throws Exception {
    try (Connection connection = connect(cluster, 0)) {
      CompletableFuture<Void> killed =
          CompletableFuture.runAsync(
              () -> {
                try {
                  TimeUnit.MILLISECONDS.sleep(700);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
                cluster.kill(2);
              });
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(8);
      int answers = 0;
      while (System.nanoTime() < until || !killed.isDone()) {
        // A transaction that only reads is never refused: it waits for the next leader.
        assertEquals(
            ROWS * 99L / 2, number(connection, "SELECT sum(amount) FROM item WHERE what > 'a'"));
        answers++;
      }
      killed.get(60, TimeUnit.SECONDS);
      assertTrue(answers > 1, answers + " answers");
    } finally {
      cluster.restart(2);
      cluster.awaitReady();
    }
  }
}
