package io.trencadis.sharding.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.trencadis.base.Clock;
import io.trencadis.sharding.replica.GroupHome;
import io.trencadis.sharding.replica.Member;
import io.trencadis.sharding.replica.Members;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// When a silent node is given up without being told to, and when never.
class LostNodesTest {
  private static final int GROUPS = 9;
  private static final long TIMEOUT = 60_000;
  private static final int NOBODY = -1;

  private long now = -5_000_000_000L;
  private final Set<Integer> silent = new TreeSet<>();
  private final Clock clock =
      new Clock() {
        @Override
        public long currentMillis() {
          throw new AssertionError("may jump");
        }

        @Override
        public long nanoTime() {
          return now;
        }
      };
  private LostNodes lost = new LostNodes(clock, TIMEOUT);

  private static Members cluster(int nodes, int factor) {
    return Members.founders(
            IntStream.range(0, nodes).mapToObj(node -> "n:" + node).toList(), GROUPS, factor)
        .logged();
  }

  private int look(Members members) {
    return lost.look(members, node -> !silent.contains(node));
  }

  private void pass(long millis) {
    now += millis * 1_000_000;
  }

  @Test
  void afterTheTimeoutAndNotBefore() {
    Members four = cluster(4, 3);
    assertEquals(NOBODY, look(four));
    silent.add(2);
    assertEquals(NOBODY, look(four));
    pass(TIMEOUT - 1);
    assertEquals(NOBODY, look(four));
    pass(1);
    assertEquals(2, look(four));
    // Whoever is heard meanwhile is not lost, and begins anew.
    silent.clear();
    assertEquals(NOBODY, look(four));
    silent.add(2);
    assertEquals(NOBODY, look(four));
    pass(TIMEOUT - 1);
    assertEquals(NOBODY, look(four));
    // So does whoever looks after an election.
    lost.forget();
    pass(1);
    assertEquals(NOBODY, look(four));
    pass(TIMEOUT);
    assertEquals(2, look(four));
  }

  @Test
  void neverWithoutATimeout() {
    lost = new LostNodes(clock, 0);
    silent.add(1);
    assertEquals(NOBODY, look(cluster(5, 3)));
    pass(1_000 * TIMEOUT);
    assertEquals(NOBODY, look(cluster(5, 3)));
  }

  @Test
  void neverWhereTheOthersHaveNoRoomForAnotherCopy() {
    silent.add(1);
    Members three = cluster(3, 3);
    look(three);
    pass(2 * TIMEOUT);
    assertEquals(NOBODY, look(three));
    // Four nodes, but one of them does not answer either, for however short a time.
    Members four = cluster(4, 3);
    silent.add(0);
    assertEquals(NOBODY, look(four));
    silent.remove(0);
    assertEquals(1, look(four));
  }

  @Test
  void neverOneThatAGroupNeedsForItsMajority() {
    // With two copies nothing is decided without both.
    silent.add(1);
    Members pairs = cluster(4, 2);
    look(pairs);
    pass(2 * TIMEOUT);
    assertEquals(NOBODY, look(pairs));
    // Of six nodes two are silent: some groups have two of their three copies there.
    silent.add(2);
    Members six = cluster(6, 3);
    assertEquals(
        true,
        six.homes().stream()
            .map(GroupHome::nodes)
            .anyMatch(nodes -> nodes.contains(1) && nodes.contains(2)));
    look(six);
    pass(2 * TIMEOUT);
    assertEquals(NOBODY, look(six));
  }

  @Test
  void theOneThatIsSilentLongestComesFirstAndNothingElseIsUnderWay() {
    Members seven = cluster(7, 3);
    // No group has both: each can be spared.
    Members apart =
        seven.mapped(
            IntStream.range(0, GROUPS).boxed().collect(java.util.stream.Collectors.toSet()),
            Map.of());
    for (int group = 0; group < GROUPS; group++) {
      apart = apart.mapped(Set.of(), Map.of(group, Set.of(group % 2 == 0 ? 0 : 1, 4, 5)));
    }
    assertEquals(NOBODY, look(apart));
    silent.add(1);
    assertEquals(NOBODY, look(apart));
    pass(10);
    silent.add(0);
    assertEquals(NOBODY, look(apart));
    pass(TIMEOUT);
    // Copies are still on their way.
    assertEquals(NOBODY, look(apart));
    Members rested = apart;
    for (int group = 0; group < GROUPS; group++) {
      rested = rested.mapped(Set.of(group), Map.of());
    }
    assertEquals(1, look(rested));
    assertEquals(NOBODY, look(rested.with(1, Member.State.LOST)));
    assertEquals(0, look(rested.with(1, Member.State.LOST).settled()));
  }
}
