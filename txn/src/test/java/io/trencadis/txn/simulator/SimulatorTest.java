package io.trencadis.txn.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.fail;

import io.trencadis.txn.Rules;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Seeds by the hundred, each a cluster of its own. `-Dseed=…` runs one and prints it step for
/// step; `-Dseeds=…` sets how many there are for each workload.
class SimulatorTest {
  @ParameterizedTest
  @EnumSource(Workloads.class)
  void everyHistoryIsStrictlySerializable(Workloads workload) {
    Long only = Long.getLong("seed");
    if (only != null) {
      List<String> trace = new ArrayList<>();
      String fault = workload.run(only, Rules.ALL, trace);
      trace.forEach(System.out::println);
      System.out.println(workload + ": " + fault);
      return;
    }
    for (long seed = 1; seed <= Long.getLong("seeds", 500); seed++) {
      String fault = workload.run(seed, Rules.ALL, null);
      if (fault != null) {
        fail(workload + " fails with -Dseed=" + seed + ": " + fault);
      }
    }
  }

  /// 1133: one that wrote nothing, but validates at a timestamp, has locked a row that is not
  /// durable when the node stops. 8080: a statement with savepoints in it runs again.
  @ParameterizedTest
  @ValueSource(longs = {1133, 8080})
  void seedsThatHaveFailed(long seed) {
    assertNull(Workloads.MIX.run(seed, Rules.ALL, null));
  }

  @ParameterizedTest
  @EnumSource(Workloads.class)
  void aSeedReplaysStepForStep(Workloads workload) {
    List<String> first = new ArrayList<>();
    List<String> second = new ArrayList<>();
    workload.run(42, Rules.ALL, first);
    workload.run(42, Rules.ALL, second);
    assertEquals(first, second);
  }

  @Test
  void mostTransactionsCommit() {
    // A protocol that aborts everything would pass all the rest.
    List<String> trace = new ArrayList<>();
    for (long seed = 1; seed <= 50; seed++) {
      Workloads.BANK.run(seed, Rules.ALL, trace);
    }
    long commits = trace.stream().filter(line -> line.endsWith("commits")).count();
    long aborts = trace.stream().filter(line -> line.contains("aborts")).count();
    if (aborts * 3 > commits) {
      fail(commits + " commits and " + aborts + " aborts");
    }
  }
}
