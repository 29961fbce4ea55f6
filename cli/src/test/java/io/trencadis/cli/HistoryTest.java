package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Histories of real clients, judged for strict serializability: with many connections, and with a
/// server that is killed in between. `-Dhistory.rounds=` makes them longer.
class HistoryTest {
  private static final int ROUNDS = Integer.getInteger("history.rounds", 1);
  private static final int TRANSACTIONS = 400;

  private static long seed() {
    return Long.getLong("history.seed", System.nanoTime());
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 64})
  void whatClientsSeeIsStrictlySerializable(int connections) throws Exception {
    long seed = seed();
    try (RunningServer server = RunningServer.start()) {
      HistoryWorkload workload = new HistoryWorkload(server::connect, "SERIALIZABLE", seed);
      workload.create();
      workload.begin(connections);
      workload.awaitAcknowledged(TRANSACTIONS * ROUNDS);
      workload.end();
      assertNull(workload.judge(), "seed " + seed);
      System.out.println(connections + " connections: " + workload.counts());
    }
  }

  @Test
  void aKillInBetweenChangesNothingOfThat() throws Exception {
    long seed = seed();
    try (ServerProcess server = ServerProcess.start()) {
      HistoryWorkload workload = new HistoryWorkload(server::connect, "SERIALIZABLE", seed);
      workload.create();
      for (int round = 1; round <= ROUNDS; round++) {
        workload.begin(8);
        workload.awaitAcknowledged(TRANSACTIONS / 2);
        server.kill();
        workload.end();
        server.restart();
        workload.begin(8);
        workload.awaitAcknowledged(TRANSACTIONS / 2);
        workload.end();
        assertNull(workload.judge(), "seed " + seed);
        System.out.println("kill " + round + ": " + workload.counts());
      }
    }
  }

  /// Otherwise the other tests would show nothing.
  @Test
  void aWeakerLevelIsFoundOut() throws Exception {
    try (RunningServer server = RunningServer.start()) {
      String verdict = null;
      for (int attempt = 0; attempt < 20 && verdict == null; attempt++) {
        HistoryWorkload workload = new HistoryWorkload(server::connect, "READ COMMITTED", seed());
        workload.create();
        workload.begin(8);
        workload.awaitAcknowledged(TRANSACTIONS);
        workload.end();
        verdict = workload.judge();
      }
      assertNotNull(verdict);
      assertTrue(verdict.startsWith("not strictly serializable"), verdict);
    }
  }
}
