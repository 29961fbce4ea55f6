package io.trencadis.txn.simulator;

import static org.junit.jupiter.api.Assertions.fail;

import io.trencadis.txn.Rule;
import io.trencadis.txn.Rules;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Each rule prevents something: without it, some seed fails. A rule that no seed misses is a hole
/// in the simulator.
class RulesTest {
  private static final int SEEDS = 2000;

  @ParameterizedTest
  // Shards do not restart here yet; ParticipantTest shows that rule.
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PREPARE_COUNTS_REQUESTS")
  void withoutTheRuleSomeSeedFails(Rule rule) {
    Rules rules = Rules.without(rule);
    for (long seed = 1; seed <= SEEDS; seed++) {
      for (Workloads workload : Workloads.values()) {
        String fault = workload.run(seed, rules, null);
        if (fault != null) {
          System.out.println(
              "without " + rule + ", " + workload + " fails with seed " + seed + ": " + fault);
          return;
        }
      }
    }
    fail("no seed up to " + SEEDS + " misses " + rule);
  }
}
