package io.trencadis.txn.cluster;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.fail;

import io.trencadis.txn.Rule;
import io.trencadis.txn.Rules;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Each rule for several logs prevents something: without it, some seed fails that does not fail
/// with it.
class ClusterRulesTest {
  private static final int SEEDS = 2000;

  @ParameterizedTest
  @EnumSource(
      names = {
        "TIMESTAMPS_ARE_FRESH",
        "PREPARES_ARE_DURABLE",
        "TOLD_WHEN_DURABLE",
        "PREPARED_LOCK_AGAIN",
        "COMMIT_NEEDS_PREPARED",
        "ABORTS_LEAVE_TOMBSTONES",
        "FORGET_WHEN_RESOLVED",
        "FORGET_WHEN_HEARD",
        "FLUSH_KEEPS_PREPARED",
        "FLUSH_KEEPS_DECISIONS",
        "LOCKS_CONFIRM_THE_TERM",
        "HELD_READS_STAY",
        "HELD_ROWS_HOLD",
        "LATE_COPIES_END_NO_WAIT"
      })
  void withoutTheRuleSomeSeedFails(Rule rule) {
    findMiss(Rules.without(rule), false, rule.toString());
  }

  /// Rules for logs whose leaders change.
  @ParameterizedTest
  @EnumSource(names = {"LEADERS_PROVE", "PREPARES_FOLLOW_RESOLUTIONS"})
  void withoutTheRuleSomeSeedOfReplicatedLogsFails(Rule rule) {
    findMiss(Rules.without(rule), true, rule.toString());
  }

  /// Either of the two alone notices a shard that has forgotten what was written.
  @Test
  void withoutTermAndCountSomeSeedFails() {
    findMiss(
        Rules.without(Rule.MESSAGES_NAME_THE_TERM, Rule.PREPARE_COUNTS_REQUESTS),
        false,
        "term and count");
  }

  /// Who writes where rows no longer are, or not where they will be, is refused for its plan alone.
  @Test
  void withoutSchemaVersionsSomeMoveLosesRows() {
    findMissOfMoves(
        Rules.without(Rule.SCHEMA_IS_DATA), EnumSet.allOf(MoveRule.class), "SCHEMA_IS_DATA");
  }

  @ParameterizedTest
  @EnumSource(MoveRule.class)
  void withoutTheRuleSomeMoveFails(MoveRule rule) {
    findMissOfMoves(Rules.ALL, EnumSet.complementOf(EnumSet.of(rule)), rule.toString());
  }

  private static void findMissOfMoves(Rules rules, Set<MoveRule> moveRules, String what) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      boolean replicated = seed % 4 == 0;
      String fault = ClusterWorkload.MOVES.run(seed, rules, moveRules, replicated, null);
      if (fault != null) {
        assertNull(
            ClusterWorkload.MOVES.run(seed, Rules.ALL, replicated, null), "with the rules as well");
        System.out.println("without " + what + ", moves fail with seed " + seed + ": " + fault);
        return;
      }
    }
    fail("no seed up to " + SEEDS + " misses " + what);
  }

  private static void findMiss(Rules rules, boolean replicated, String what) {
    Set<ClusterWorkload> workloads = EnumSet.complementOf(EnumSet.of(ClusterWorkload.MOVES));
    for (long seed = 1; seed <= SEEDS; seed++) {
      for (ClusterWorkload workload : workloads) {
        String fault = workload.run(seed, rules, replicated, null);
        if (fault != null) {
          assertNull(workload.run(seed, Rules.ALL, replicated, null), "with the rules as well");
          System.out.println(
              "without " + what + ", " + workload + " fails with seed " + seed + ": " + fault);
          return;
        }
      }
    }
    fail("no seed up to " + SEEDS + " misses " + what);
  }
}
