package io.trencadis.txn.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.trencadis.txn.Rules;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Seeds by the hundred, each a cluster whose network, disks and nodes fail; its logs are on one
/// node each, or on three whose leaders change. `-Dseed=…` runs one and prints it step for step;
/// `-Dcluster.seeds=…` sets how many there are for each workload.
class ClusterTest {
  @ParameterizedTest
  @EnumSource(ClusterWorkload.class)
  void everyHistoryIsStrictlySerializable(ClusterWorkload workload) {
    runSeeds(workload, false);
  }

  @ParameterizedTest
  @EnumSource(ClusterWorkload.class)
  void everyHistoryOfReplicatedLogsIsStrictlySerializable(ClusterWorkload workload) {
    runSeeds(workload, true);
  }

  private static void runSeeds(ClusterWorkload workload, boolean replicated) {
    Long only = Long.getLong("seed");
    if (only != null) {
      List<String> trace = new ArrayList<>();
      String fault = workload.run(only, Rules.ALL, replicated, trace);
      trace.forEach(System.out::println);
      System.out.println(workload + ": " + fault);
      return;
    }
    for (long seed = 1; seed <= Long.getLong("cluster.seeds", workload.seeds()); seed++) {
      String fault = workload.run(seed, Rules.ALL, replicated, null);
      if (fault != null) {
        fail(workload + " fails with -Dseed=" + seed + ": " + fault);
      }
    }
  }

  /// Of replicated logs: a leader that was deposed acted on an abort that was none; copies of reads
  /// that came late had locks stay for ever.
  @ParameterizedTest
  @CsvSource({"TRANSFERS, 3295", "WRITE_SKEW, 5002", "LOCKED_READS, 6764"})
  void seedsThatHaveFailed(ClusterWorkload workload, long seed) {
    assertNull(workload.run(seed, Rules.ALL, true, null));
  }

  @ParameterizedTest
  @EnumSource(ClusterWorkload.class)
  void aSeedReplaysStepForStep(ClusterWorkload workload) {
    for (long seed = 40; seed < 44; seed++) {
      List<String> first = new ArrayList<>();
      List<String> second = new ArrayList<>();
      boolean replicated = seed % 2 == 0;
      workload.run(seed, Rules.ALL, replicated, first);
      workload.run(seed, Rules.ALL, replicated, second);
      assertEquals(first, second);
    }
  }

  @Test
  void movesComeToTheirEndBesideOthers() {
    // Moves that are all given up would pass, too.
    List<String> trace = new ArrayList<>();
    for (long seed = 1; seed <= 40; seed++) {
      ClusterWorkload.MOVES.run(seed, Rules.ALL, seed % 4 == 0, trace);
    }
    long moved = trace.stream().filter(line -> line.contains("MOVED: ")).count();
    long defined = trace.stream().filter(line -> line.contains("the table is ")).count();
    System.out.println(moved + " moves, and " + defined + " other changes of the table");
    assertTrue(moved >= 5 && defined >= 10, moved + " moves and " + defined + " other changes");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void manyTransactionsCommit(boolean replicated) {
    // A protocol that aborts everything would pass all the rest.
    List<String> trace = new ArrayList<>();
    for (long seed = 1; seed <= 50; seed++) {
      ClusterWorkload.TRANSFERS.run(seed, Rules.ALL, replicated, trace);
    }
    long commits = trace.stream().filter(line -> line.contains(" commits at ")).count();
    long aborts = trace.stream().filter(line -> line.contains(" aborts: ")).count();
    long prepares = trace.stream().filter(line -> line.contains("has Prepared of")).count();
    System.out.println(commits + " commits, " + aborts + " aborts, " + prepares + " prepares");
    if (aborts > commits || prepares < commits) {
      fail(commits + " commits and " + aborts + " aborts, " + prepares + " prepares");
    }
  }
}
