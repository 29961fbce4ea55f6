package io.trencadis.sharding.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.base.ByteReader;
import io.trencadis.sharding.raft.ReplicaId;
import io.trencadis.sharding.replica.GroupHome;
import io.trencadis.sharding.replica.Member;
import io.trencadis.sharding.replica.Members;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Which nodes are to have copies of what, and the steps that groups take there.
class PlacerTest {
  private static final int GROUPS = 25;
  private static final int AT_ONCE = 4;
  private static final IntPredicate ALL = _ -> true;
  private static final IntToLongFunction NO_SIZES = _ -> 0;

  private static Members cluster(int nodes, int factor) {
    return Members.founders(
            IntStream.range(0, nodes).mapToObj(node -> "n:" + node).toList(), GROUPS, factor)
        .logged();
  }

  /// Takes steps until there is none, with every group that moves arriving in the next one.
  private static Members settle(Members from, IntPredicate heard) {
    return settle(from, heard, NO_SIZES);
  }

  private static Members settle(Members from, IntPredicate heard, IntToLongFunction bytes) {
    Members now = from;
    for (int step = 0; step < 1_000; step++) {
      Set<Integer> moving = moving(now);
      assertTrue(moving.size() <= AT_ONCE, moving::toString);
      Members next = Placer.next(now, moving, heard, bytes, AT_ONCE);
      if (next == null) {
        return now;
      }
      assertEquals(now.version() + 1, next.version());
      now = next;
    }
    throw new AssertionError("it never ends: " + now.homes());
  }

  private static Set<Integer> moving(Members members) {
    Set<Integer> moving = new TreeSet<>();
    for (int group = 0; group < members.homes().size(); group++) {
      if (members.home(group).isMoving()) {
        moving.add(group);
      }
    }
    return moving;
  }

  private static void assertPlaced(Members members, int factor, int oracles) {
    TreeMap<Integer, Integer> load = new TreeMap<>();
    members.wanted().forEach(node -> load.put(node, 0));
    for (int group = 0; group < GROUPS; group++) {
      Set<Integer> nodes = members.home(group).nodes();
      assertEquals(group < GROUPS - 1 ? factor : oracles, nodes.size());
      nodes.forEach(node -> load.compute(node, (_, count) -> count + 1));
    }
    int most = load.values().stream().max(Integer::compare).orElseThrow();
    int least = load.values().stream().min(Integer::compare).orElseThrow();
    assertTrue(most - least <= 1, load::toString);
  }

  @Test
  void aClusterBeginsWithItsCopiesSpreadAndStays() {
    assertPlaced(cluster(3, 3), 3, 3);
    assertPlaced(cluster(5, 3), 3, 5);
    assertPlaced(cluster(7, 5), 5, 5);
    assertPlaced(cluster(2, 3), 2, 2);
    assertNull(Placer.next(cluster(5, 3), Set.of(), ALL, NO_SIZES, AT_ONCE));
  }

  private static Map<Integer, Long> bytesByNode(Members members, IntToLongFunction bytes) {
    TreeMap<Integer, Long> sums = new TreeMap<>();
    for (int group = 0; group < GROUPS; group++) {
      long size = bytes.applyAsLong(group);
      members.home(group).nodes().forEach(node -> sums.merge(node, size, Long::sum));
    }
    return sums;
  }

  @Test
  void sizesWeighInWhereTheyMatter() {
    long gigabyte = 1L << 30;
    // Two groups are large, and both on one node.
    for (long small : new long[] {0, gigabyte / 50}) {
      IntToLongFunction bytes = group -> group % 5 == 0 && group < 10 ? 20 * gigabyte : small;
      Members settled = settle(cluster(5, 1), ALL, bytes);
      long most = bytesByNode(settled, bytes).values().stream().max(Long::compare).orElseThrow();
      assertTrue(most < 22 * gigabyte, bytesByNode(settled, bytes)::toString);
      assertNull(Placer.next(settled, Set.of(), ALL, bytes, AT_ONCE));

      // Whoever joins gets its share of the bytes, not of the groups.
      Members joined = settle(settled.joined("n:5", 9, -1), ALL, bytes);
      assertEquals(Member.State.MEMBER, joined.find(5).state());
      assertNull(Placer.next(joined, Set.of(), ALL, bytes, AT_ONCE));
      Members drained = settle(joined.with(0, Member.State.DRAINING), ALL, bytes);
      most = bytesByNode(drained, bytes).values().stream().max(Long::compare).orElseThrow();
      assertTrue(most < 22 * gigabyte, bytesByNode(drained, bytes)::toString);
    }
    // What is small, or of one size, is spread by its number.
    for (long each : new long[] {1 << 20, gigabyte}) {
      IntToLongFunction bytes = _ -> each;
      assertNull(Placer.next(cluster(3, 3), Set.of(), ALL, bytes, AT_ONCE));
      assertPlaced(settle(cluster(3, 3).joined("n:3", 7, -1), ALL, bytes), 3, 3);
    }
  }

  @Test
  void whateverTheSizesItComesToAnEnd() {
    SplittableRandom random = new SplittableRandom(11);
    for (int round = 0; round < 200; round++) {
      long[] sizes = new long[GROUPS];
      for (int group = 0; group < GROUPS; group++) {
        sizes[group] = random.nextLong(1L << (1 + random.nextInt(38)));
      }
      Members members = cluster(1 + random.nextInt(7), 1 + random.nextInt(4));
      for (int joins = 0; joins < 3; joins++) {
        members = settle(members.joined("n:" + (20 + joins), 50 + joins, -1), ALL, at -> sizes[at]);
      }
    }
  }

  @Test
  void aNodeThatJoinsGetsItsShareAFewAtATimeAndOneThatIsNotThereNothing() {
    Members joining = cluster(3, 3).joined("n:3", 7, -1);
    assertNull(Placer.next(joining, Set.of(), node -> node != 3, NO_SIZES, AT_ONCE));
    Members first = Placer.next(joining, Set.of(), ALL, NO_SIZES, AT_ONCE);
    assertEquals(AT_ONCE, moving(first).size());
    for (int group : moving(first)) {
      GroupHome home = first.home(group);
      assertEquals(new ReplicaId(3, (int) first.version()), home.at(3));
      assertEquals(3, home.nodes().size());
      assertEquals(Set.of(0, 1, 2), ReplicaId.nodes(home.before()));
    }
    // Nothing more while those are on their way, and one more for each that has arrived.
    assertNull(Placer.next(first, Set.of(), ALL, NO_SIZES, AT_ONCE));
    int one = moving(first).iterator().next();
    Members second = Placer.next(first, Set.of(one), ALL, NO_SIZES, AT_ONCE);
    assertEquals(AT_ONCE, moving(second).size());
    assertFalse(second.home(one).isMoving());
    Members settled = settle(joining, ALL);
    assertEquals(Member.State.MEMBER, settled.find(3).state());
    assertPlaced(settled, 3, 3);
    Members fifth = settle(settled.joined("n:4", 8, -1), ALL);
    assertPlaced(fifth, 3, 5);
  }

  @Test
  void aNodeThatGoesLeavesItsCopiesToOthersAndOneThatComesBackHasOthers() {
    Members four = settle(cluster(3, 3).joined("n:3", 7, -1), ALL);
    Members drained = settle(four.with(1, Member.State.DRAINING), ALL);
    assertEquals(Member.State.GONE, drained.find(1).state());
    assertPlaced(drained, 3, 3);
    // A group that moves away from a node and back, after it has arrived, is not the same copy.
    Members three = cluster(4, 3);
    assertEquals(Set.of(0, 1, 2), three.home(0).nodes());
    Members moved = three.mapped(Set.of(), Map.of(0, Set.of(1, 2, 3)));
    ReplicaId before = moved.home(0).at(0);
    Members back = moved.mapped(Set.of(), Map.of(0, Set.of(0, 1, 2)));
    assertEquals(before, back.home(0).at(0), "it has not arrived");
    back = moved.mapped(Set.of(0), Map.of()).mapped(Set.of(), Map.of(0, Set.of(0, 1, 2)));
    assertEquals((int) back.version(), back.home(0).at(0).birth());
  }

  @Test
  void aLostNodeIsReplacedAndWithNobodyInItsPlaceThereAreFewerCopies() {
    Members replaced = cluster(3, 3).joined("n:2", 7, 2);
    assertPlaced(settle(replaced, node -> node != 2), 3, 3);
    Members two = settle(cluster(3, 3).with(2, Member.State.LOST), node -> node != 2);
    assertPlaced(two, 2, 2);
    assertEquals(Member.State.GONE, two.find(2).state());
    // The new one is lost as well, on its way.
    Members onItsWay = Placer.next(replaced, Set.of(), node -> node != 2, NO_SIZES, AT_ONCE);
    Members again = onItsWay.with(3, Member.State.LOST);
    Members next = Placer.next(again, Set.of(), node -> node < 2, NO_SIZES, AT_ONCE);
    assertNotNull(next);
    for (int group : moving(onItsWay)) {
      assertEquals(Set.of(0, 1), next.home(group).nodes());
      assertEquals(Set.of(0, 1, 2, 3), ReplicaId.nodes(next.home(group).all()));
    }
  }

  @Test
  void anotherNumberOfCopiesIsReachedToo() {
    Members five = settle(cluster(7, 3).withFactor(5), ALL);
    assertPlaced(five, 5, 5);
    assertPlaced(settle(five.withFactor(1), ALL), 1, 5);
    // As earlier versions had it: every node has everything.
    assertPlaced(settle(cluster(5, 3).withoutMap().completed(GROUPS), ALL), 3, 5);
  }

  @Test
  void whateverComesAndGoesItEndsBalanced() {
    SplittableRandom random = new SplittableRandom(5);
    for (int world = 0; world < 50; world++) {
      Members now = cluster(3 + random.nextInt(4), 1 + random.nextInt(5));
      for (int change = 0; change < 6; change++) {
        List<Integer> nodes = new ArrayList<>(now.wanted());
        int one = nodes.get(random.nextInt(nodes.size()));
        now =
            random.nextBoolean() || nodes.size() < 3
                ? now.joined("n", world, -1)
                : now.with(one, random.nextBoolean() ? Member.State.DRAINING : Member.State.LOST);
        now = settle(now, ALL);
        int count = now.wanted().size();
        assertPlaced(
            now, Math.min(now.factor(), count), Members.copies(GROUPS - 1, GROUPS, 3, count));
        assertFalse(now.isChanging());
      }
    }
  }

  @Test
  void mapsAreWrittenAndReadBack() {
    Members members =
        Placer.next(cluster(3, 3).joined("n:3", 7, -1), Set.of(), ALL, NO_SIZES, AT_ONCE);
    assertEquals(members, Members.read(new ByteReader(members.toBytes())));
    for (GroupHome home : members.homes()) {
      assertEquals(home, GroupHome.parse(home.toString()));
    }
    assertEquals("6: 0 1 3#6 < 0 1 2", GroupHome.parse("6: 0 1 3#6 < 0 1 2").toString());
  }

  private static Set<ReplicaId> replicas(String text) {
    return GroupHome.parse("0: " + text).replicas();
  }

  @Test
  void groupsGoOneStepAtATimeAndAreNeverShortOfACopyThatIsThere() {
    List<String> sets = List.of("0 1 2", "1 2 3", "0 3 4#9", "0", "2 4", "0 1 2 3 4", "3 4#7 5");
    for (String from : sets) {
      for (String to : sets) {
        Set<ReplicaId> wanted = replicas(to);
        Set<ReplicaId> now = replicas(from);
        int self = now.iterator().next().node();
        int least = Math.min(now.size(), wanted.size());
        Set<Set<ReplicaId>> seen = new HashSet<>();
        while (!now.equals(wanted)) {
          VoterStep step = VoterStep.of(now, wanted, self, _ -> false, _ -> true);
          if (step.leader() >= 0) {
            self = step.leader();
            assertTrue(ReplicaId.nodes(now).contains(self));
            continue;
          }
          Set<ReplicaId> next = step.voters();
          Set<ReplicaId> common = new TreeSet<>(next);
          common.retainAll(now);
          assertEquals(1, Math.max(next.size(), now.size()) - common.size());
          assertTrue(next.size() >= least, from + " to " + to + " by " + next);
          assertTrue(ReplicaId.nodes(next).contains(self));
          assertTrue(seen.add(next));
          now = next;
        }
      }
    }
  }

  @Test
  void whoIsGoneGoesFirstAndWhoIsNotThereIsWaitedFor() {
    Set<ReplicaId> now = replicas("0 1 2");
    Set<ReplicaId> wanted = replicas("0 1 3#5");
    assertEquals(
        replicas("0 1"), VoterStep.of(now, wanted, 0, node -> node == 2, _ -> true).voters());
    VoterStep waiting = VoterStep.of(now, wanted, 0, _ -> false, node -> node != 3);
    assertNull(waiting.voters());
    assertEquals(-1, waiting.leader());
    assertEquals(now, VoterStep.of(now, now, 0, _ -> false, _ -> true).voters());
  }
}
