package io.trencadis.txn.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.txn.Rules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// One transaction that writes at three logs, and whoever takes part in it killed between every two
/// steps of it: coordinator, anchor, another participant, the oracle; back soon, or late, or the
/// coordinator never in the same life. All of it is there or nothing, somebody else who wants the
/// same rows gets them within seconds of simulated time, and no lock, prepare or decision is left.
class KillEveryStepTest {
  private static final int LOGS = 3;
  private static final List<Op> TRANSFER =
      List.of(new Op.Get(1, 1), new Op.Put(0, 0), new Op.Put(2, 0), new Op.Put(4, 0));

  /// Wants all three rows, again and again until it has them.
  private static final List<Op> SUCCESSOR =
      List.of(new Op.Put(4, 0), new Op.Put(2, 0), new Op.Put(0, 0));

  private static final long SECONDS = 5_000;

  private static Cluster cluster(long seed) {
    Cluster cluster = new Cluster(seed, Rules.ALL, LOGS, 2, false, Faults.NONE, true);
    cluster.gateways[0].addClient(List.of(TRANSFER));
    return cluster;
  }

  private record Outcome(String fault, Set<Long> rowsOfTransfer, int present, long successorAt) {}

  /// @param node who is killed before the event of that number
  private static Outcome run(long seed, long step, int node, long down) {
    Cluster cluster = cluster(seed);
    long[] killed = {-1};
    cluster.beforeEvent =
        event -> {
          if (event == step) {
            killed[0] = cluster.now();
            cluster.crash(node, down);
            // Somebody else comes for the rows.
            List<List<Op>> tries = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
              tries.add(SUCCESSOR);
            }
            cluster.gateways[1].addClient(tries);
          }
        };
    String fault = cluster.run();
    Set<Long> writers = new HashSet<>();
    int present = 0;
    for (int shard : new int[] {0, 2, 4}) {
      for (var version : cluster.logs[Cluster.logOf(shard)].versions(shard, Cluster.key(0))) {
        long writer = Row.of(version.value()).writer();
        if (writer >>> 53 == 0) {
          writers.add(writer);
          present++;
        }
      }
    }
    long successor =
        cluster.history.txns().stream()
            .filter(txn -> txn.id >>> 53 == 1 && txn.committed)
            .mapToLong(txn -> txn.end)
            .min()
            .orElse(Long.MAX_VALUE);
    return new Outcome(
        fault, writers, present, successor == Long.MAX_VALUE ? successor : successor - killed[0]);
  }

  @Test
  void allOrNothingWhateverDiesWhen() {
    Map<String, Integer> tally = new TreeMap<>();
    long longest = 0;
    int runs = 0;
    for (long seed = 1; seed <= 3; seed++) {
      Cluster whole = cluster(seed);
      assertEquals(null, whole.run());
      // The clock's own events come as well: many of these are moments at which nothing happens.
      long lastOfTransfer = stepsUntilResolved(seed);
      for (int node = 0; node <= LOGS; node++) {
        for (long down : new long[] {5, 700, 2_500}) {
          for (long step = 1; step <= lastOfTransfer; step++) {
            Outcome outcome = run(seed, step, node, down);
            String where =
                "seed " + seed + ", node " + node + " killed for " + down + " before step " + step;
            assertEquals(null, outcome.fault, where);
            assertTrue(
                outcome.present == 0 || outcome.present == 3,
                where + ": " + outcome.present + " of 3 rows");
            assertTrue(
                outcome.successorAt < SECONDS + down,
                where + ": the rows were free after " + outcome.successorAt);
            longest = Math.max(longest, outcome.successorAt - (node < LOGS ? down : 0));
            tally.merge(
                (node == LOGS ? "coordinator" : node == 0 ? "anchor" : "participant")
                    + (outcome.present == 0 ? " killed: nothing" : " killed: all of it"),
                1,
                Integer::sum);
            runs++;
          }
        }
      }
    }
    System.out.println(
        runs + " kills: " + tally + "; the rows free for others within " + longest + " ms");
    assertTrue(tally.size() == 6, "not every outcome came about: " + tally);
  }

  /// How many events there are until the transfer is resolved everywhere, and a few more.
  private static long stepsUntilResolved(long seed) {
    Cluster cluster = cluster(seed);
    long[] last = {0};
    int[] lines = {0};
    cluster.beforeEvent =
        event -> {
          for (; lines[0] < cluster.trace.size(); lines[0]++) {
            String line = cluster.trace.get(lines[0]);
            if (line.contains("Resolved") || line.contains("commits")) {
              last[0] = event;
            }
          }
        };
    cluster.run();
    return last[0] + 3;
  }
}
