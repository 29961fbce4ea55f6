package io.trencadis.txn.simulator;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.fail;

import io.trencadis.txn.Rule;
import io.trencadis.txn.Rules;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Each rule prevents something: without it, some seed fails that does not fail with it. A rule
/// that no seed misses is a hole in the simulator.
class RulesTest {
  private static final int SEEDS = 2000;

  @ParameterizedTest
  // What several logs need is missed in the simulated cluster: ClusterRulesTest.
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {
        "LEADERS_PROVE",
        "PREPARE_COUNTS_REQUESTS",
        "TIMESTAMPS_ARE_FRESH",
        "PREPARES_ARE_DURABLE",
        "TOLD_WHEN_DURABLE",
        "PREPARES_FOLLOW_RESOLUTIONS",
        "MESSAGES_NAME_THE_TERM",
        "PREPARED_LOCK_AGAIN",
        "COMMIT_NEEDS_PREPARED",
        "ABORTS_LEAVE_TOMBSTONES",
        "FORGET_WHEN_RESOLVED",
        "FORGET_WHEN_HEARD",
        "FLUSH_KEEPS_PREPARED",
        "FLUSH_KEEPS_DECISIONS",
        "LATE_COPIES_END_NO_WAIT",
        "LOCKS_CONFIRM_THE_TERM",
        "HELD_ROWS_HOLD"
      })
  void withoutTheRuleSomeSeedFails(Rule rule) {
    Rules rules = Rules.without(rule);
    for (long seed = 1; seed <= SEEDS; seed++) {
      for (Workloads workload : Workloads.values()) {
        String fault = workload.run(seed, rules, null);
        if (fault != null) {
          assertNull(workload.run(seed, Rules.ALL, null), "with the rule as well");
          System.out.println(
              "without " + rule + ", " + workload + " fails with seed " + seed + ": " + fault);
          return;
        }
      }
    }
    fail("no seed up to " + SEEDS + " misses " + rule);
  }
}
