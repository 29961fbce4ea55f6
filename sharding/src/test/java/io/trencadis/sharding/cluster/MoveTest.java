package io.trencadis.sharding.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.base.SqlException;
import io.trencadis.sharding.ClusterStatus;
import io.trencadis.sharding.Gateway;
import io.trencadis.sharding.raft.DeletedTree;
import io.trencadis.sharding.raft.ReplicaId;
import io.trencadis.sharding.replica.Member;
import io.trencadis.sharding.replica.Members;
import io.trencadis.storage.disk.Disk;
import io.trencadis.storage.disk.RealDisk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// More nodes than copies: each has some of the groups, and copies move while money does.
class MoveTest {
  private static final int WAIT_SECONDS = 180;
  private static final int GROUPS = TestCluster.SHARDS + 1;

  @TempDir Path directory;

  private static void awaitRest(TestCluster cluster, Integer... numbers) {
    TestCluster.await(
        "nodes " + Arrays.toString(numbers) + ", and no group moves",
        () -> {
          assertCopies(cluster);
          return cluster
              .running()
              .allMatch(
                  node ->
                      !node.members().isChanging()
                          && node.members().version() > 0
                          && node.nodes().equals(Set.of(numbers)));
        });
    Members members = cluster.running().findFirst().orElseThrow().members();
    int[] load =
        Stream.of(numbers)
            .mapToInt(
                node ->
                    (int)
                        members.homes().stream()
                            .filter(home -> home.nodes().contains(node))
                            .count())
            .sorted()
            .toArray();
    assertTrue(load[load.length - 1] - load[0] <= 1, Arrays.toString(load));
    // What has moved away is gone from disk.
    for (int place = 0; place < cluster.nodes.size(); place++) {
      ClusterNode node = cluster.nodes.get(place);
      if (node != null) {
        awaitDeleted(members, node);
      }
    }
  }

  private static void awaitDeleted(Members members, ClusterNode node) {
    for (int shard = 0; shard < TestCluster.SHARDS; shard++) {
      int number = shard;
      boolean has = members.home(shard).nodes().contains(node.number());
      TestCluster.await(
          "node " + node.number() + (has ? " has" : " has nothing of") + " shard " + shard,
          () ->
              node.replicas().get(number).rows().isEmpty() != has && node.hasOnDisk(number) == has);
    }
  }

  /// No group is voted for by fewer than three copies, as far as its leader is known; while a node
  /// is lost, by none fewer than are left.
  private static void assertCopies(TestCluster cluster) {
    cluster
        .running()
        .forEach(
            node -> {
              boolean lost = hasLost(node);
              NodeReport report = node.report();
              lost |= hasLost(node);
              for (int group = 0; group < GROUPS; group++) {
                Set<ReplicaId> voters = report.voters().get(group);
                assertTrue(
                    voters.isEmpty() || voters.size() >= (lost ? 2 : 3),
                    "group " + group + ": " + voters);
              }
            });
  }

  private static boolean hasLost(ClusterNode node) {
    return node.members().all().stream().anyMatch(each -> each.state() == Member.State.LOST);
  }

  private static void addClients(TestCluster cluster, Bank bank) {
    cluster.running().forEach(node -> bank.addClient(node.gateway()));
  }

  private ClusterNode join(TestCluster cluster, String name, int place) throws Exception {
    ClusterNode node = cluster.join(name, place, _ -> {}).get(WAIT_SECONDS, TimeUnit.SECONDS);
    if (place == cluster.nodes.size()) {
      cluster.nodes.add(node);
    } else {
      cluster.nodes.set(place, node);
    }
    return node;
  }

  @Test
  void fiveNodesHaveThreeCopiesOfEachShardAndAllServeEverything() throws Exception {
    try (TestCluster cluster = TestCluster.of(directory, TestCluster.PATIENT, 5);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Bank bank = new Bank(threads)) {
      Bank.fill(cluster.nodes.get(0).gateway());
      awaitRest(cluster, 0, 1, 2, 3, 4);
      ClusterStatus status = cluster.nodes.get(4).status();
      for (ClusterStatus.ShardState shard : status.shards()) {
        assertEquals(shard.oracle() ? 5 : 3, shard.nodes().size(), shard::toString);
        assertEquals(shard.nodes().size(), shard.replicas());
      }
      addClients(cluster, bank);
      for (ClusterNode node : cluster.nodes) {
        bank.check(node.gateway());
        assertEquals(Bank.ACCOUNTS * Bank.BALANCE, Bank.sum(node.gateway()));
      }
      bank.awaitProgress("with five");
      bank.end();
      // After a stop of all they find what they had.
      for (int node = 0; node < 5; node++) {
        cluster.stop(node);
      }
      cluster.startAll();
      for (ClusterNode node : cluster.nodes) {
        assertEquals(Bank.ACCOUNTS * Bank.BALANCE, Bank.sum(node.gateway()));
      }
      awaitRest(cluster, 0, 1, 2, 3, 4);
      // One is lost while another is on its way out: it need not wait to be taken out, too.
      ClusterNode first = cluster.nodes.get(0);
      cluster.stop(4);
      TestCluster.await("its silence", () -> cluster.running().noneMatch(n -> n.hears(4)));
      SqlException refused =
          assertThrows(SqlException.class, () -> first.gateway().drain(1, false));
      assertTrue(refused.getMessage().contains("node 4 does not answer"), refused.getMessage());
      first.gateway().drain(1, true);
      assertTrue(takenOut(first, 4).contains("does not answer"));
      cluster.nodes.get(1).removed().get(WAIT_SECONDS, TimeUnit.SECONDS);
      cluster.stop(1);
      awaitRest(cluster, 0, 2, 3);
      assertEquals(Bank.ACCOUNTS * Bank.BALANCE, Bank.sum(first.gateway()));
    }
  }

  @Test
  void aNodeThatStaysSilentIsTakenOutWhereTheOthersHaveRoom() throws Exception {
    try (TestCluster cluster = TestCluster.of(directory, TestCluster.HASTY, 4, 2_000);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Bank bank = new Bank(threads)) {
      Bank.fill(cluster.nodes.get(0).gateway());
      awaitRest(cluster, 0, 1, 2, 3);
      bank.addClient(cluster.nodes.get(0).gateway());
      bank.check(cluster.nodes.get(1).gateway());
      bank.awaitProgress("with four");
      cluster.stop(2);
      awaitRest(cluster, 0, 1, 3);
      assertEquals(Member.State.GONE, cluster.nodes.get(0).members().find(2).state());
      for (ClusterStatus.ShardState shard : cluster.nodes.get(1).status().shards()) {
        assertEquals(3, shard.nodes().size(), shard::toString);
        assertEquals(3, shard.replicas(), shard::toString);
      }
      bank.awaitProgress("with three");
      // Of three with three copies none is ever given up.
      cluster.stop(3);
      bank.awaitProgress("with two of three");
      TimeUnit.SECONDS.sleep(8);
      assertEquals(Set.of(0, 1, 3), cluster.nodes.get(0).nodes());
      bank.end();
      assertEquals(Bank.ACCOUNTS * Bank.BALANCE, Bank.sum(cluster.nodes.get(1).gateway()));
    }
  }

  /// Takes a node out as soon as the list of nodes is not being changed.
  private static String takenOut(ClusterNode asked, int node) {
    String[] done = {null};
    TestCluster.await(
        "node " + node + " is taken out",
        () -> {
          try {
            done[0] = asked.gateway().drain(node, false);
            return true;
          } catch (SqlException busy) {
            assertTrue(busy.getMessage().contains("is being changed"), busy.getMessage());
            return false;
          }
        });
    return done[0];
  }

  @Test
  void copiesMoveToNodesThatComeAndAwayFromThoseThatGoUnderLoad() throws Exception {
    try (TestCluster cluster = new TestCluster(directory, TestCluster.HASTY);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Bank bank = new Bank(threads)) {
      Gateway first = cluster.nodes.get(0).gateway();
      Bank.fill(first);
      awaitRest(cluster, 0, 1, 2);
      bank.addClient(first);
      bank.addClient(cluster.nodes.get(1).gateway());
      bank.check(first);
      bank.awaitProgress("with three");
      // Copies are made from files, too, not from logs only.
      cluster.compact(directory);
      ClusterNode fourth = join(cluster, "node3", 3);
      awaitRest(cluster, 0, 1, 2, 3);
      bank.addClient(fourth.gateway());
      bank.awaitProgress("with four");
      join(cluster, "node4", 4);
      awaitRest(cluster, 0, 1, 2, 3, 4);
      bank.awaitProgress("with five");
      fourth.gateway().drain(2, false);
      cluster.nodes.get(2).removed().get(WAIT_SECONDS, TimeUnit.SECONDS);
      cluster.stop(2);
      awaitRest(cluster, 0, 1, 3, 4);
      bank.awaitProgress("without the third");
      // One is lost for good: the others have room for its copies.
      cluster.stop(4);
      TestCluster.await("its silence", () -> cluster.running().noneMatch(n -> n.hears(4)));
      assertTrue(fourth.gateway().drain(4, false).contains("does not answer"));
      awaitRest(cluster, 0, 1, 3);
      bank.awaitProgress("without the fifth");
      SqlException refused =
          assertThrows(SqlException.class, () -> fourth.gateway().drain(3, false));
      assertTrue(
          refused.getMessage().contains("2 nodes would be left for 3 copies of each shard"),
          refused.getMessage());
      // And it is replaced.
      join(cluster, "node4-again", 4);
      awaitRest(cluster, 0, 1, 3, 5);
      bank.awaitProgress("with a new one");
      bank.end();
      for (ClusterNode node : cluster.running().toList()) {
        assertEquals(Bank.ACCOUNTS * Bank.BALANCE, Bank.sum(node.gateway()));
      }
    }
  }

  @Test
  void aCopyWhoseDeletionWasInterruptedIsDeletedAtTheNextStartAndBeginsAnew() throws Exception {
    try (TestCluster cluster = new TestCluster(directory, TestCluster.PATIENT)) {
      Bank.fill(cluster.nodes.get(0).gateway());
      awaitRest(cluster, 0, 1, 2);
      cluster.nodes.get(2).checkpoint();
      cluster.stop(2);
      Disk disk = new RealDisk();
      Path own = directory.resolve("node2");
      NodeFile file = NodeFile.read(disk, own);
      Members real = file.members();
      // As if shard 1 had moved to others, and shard 2 away and back, when it stopped.
      Members other = real.mapped(Set.of(), Map.of(1, Set.of(0, 1), 2, Set.of(0, 1)));
      other = other.mapped(Set.of(1, 2), Map.of());
      other = other.mapped(Set.of(), Map.of(2, Set.of(0, 1, 2)));
      int birth = other.home(2).at(2).birth();
      file.with(other).write(disk, own);
      DeletedTree.delete(own.resolve("raft/1/votes"));
      cluster.start(2);
      ClusterNode node = cluster.nodes.get(2);
      assertFalse(node.hasOnDisk(1));
      assertTrue(node.replicas().get(1).rows().isEmpty());
      assertFalse(Files.exists(own.resolve("raft/1")));
      assertTrue(node.replicas().get(2).rows().isEmpty());
      assertFalse(Files.exists(own.resolve("raft/2")));
      assertTrue(Files.exists(own.resolve("raft/2." + birth)));
      assertFalse(node.replicas().get(0).rows().isEmpty());
      // It serves what it does not have. The copy that the others count is not there any more, and
      // nobody takes the new one for it.
      cluster.awaitReady();
      assertEquals(Bank.ACCOUNTS * Bank.BALANCE, Bank.sum(node.gateway()));
      assertTrue(node.replicas().get(2).rows().isEmpty());
    }
  }
}
