package io.trencadis.sharding.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.base.SqlException;
import io.trencadis.sharding.ClusterStatus;
import io.trencadis.sharding.local.DirectoryException;
import io.trencadis.sharding.replica.Member;
import io.trencadis.sharding.replica.Members;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Nodes come, go and move, while clients of the others move money.
class MembershipTest {
  private static final int WAIT_SECONDS = 180;

  @TempDir Path directory;

  private static ClusterNode get(CompletableFuture<ClusterNode> starting) throws Exception {
    return starting.get(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  private static void awaitMembers(TestCluster cluster, Integer... numbers) {
    TestCluster.await(
        "nodes " + Arrays.toString(numbers),
        () ->
            cluster
                .running()
                .allMatch(
                    node ->
                        !node.members().isChanging()
                            && node.members().version() > 0
                            && node.nodes().equals(Set.of(numbers))));
  }

  private static void assertSameRows(ClusterNode one, ClusterNode other) {
    for (int shard = 0; shard < TestCluster.SHARDS; shard++) {
      int number = shard;
      TestCluster.await(
          "the same rows of shard " + shard,
          () ->
              Arrays.deepEquals(
                  one.replicas().get(number).rows().toArray(),
                  other.replicas().get(number).rows().toArray()));
    }
  }

  private static Member.State state(ClusterNode asked, int number) {
    return asked.members().find(number).state();
  }

  @Test
  void theListIsInTheLogAndANodeMayMove() throws Exception {
    try (TestCluster cluster = new TestCluster(directory, TestCluster.PATIENT)) {
      Bank.fill(cluster.nodes.get(0).gateway());
      awaitMembers(cluster, 0, 1, 2);
      cluster.stop(1);
      cluster.move(1);
      cluster.start(1);
      String address = ClusterConfig.text(cluster.address(1));
      TestCluster.await(
          "the new address everywhere",
          () -> cluster.running().allMatch(n -> n.members().find(1).address().equals(address)));
      cluster.awaitReady();
      assertEquals(Bank.ACCOUNTS * Bank.BALANCE, Bank.sum(cluster.nodes.get(1).gateway()));
      // All of them elsewhere: what each has on disk of the others is of no use.
      for (int node = 0; node < 3; node++) {
        cluster.stop(node);
        cluster.move(node);
      }
      cluster.startAll();
      assertEquals(Bank.ACCOUNTS * Bank.BALANCE, Bank.sum(cluster.nodes.get(2).gateway()));
      TestCluster.await(
          "the new addresses everywhere",
          () ->
              cluster
                  .running()
                  .allMatch(
                      n ->
                          n.members().all().stream()
                              .allMatch(
                                  m ->
                                      m.address()
                                          .equals(
                                              ClusterConfig.text(cluster.address(m.number()))))));
    }
  }

  @Test
  void aNodeThatLostItsDiskIsReplacedByOneWithAnotherNumber() throws Exception {
    try (TestCluster cluster = new TestCluster(directory, TestCluster.HASTY);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Bank bank = new Bank(threads)) {
      Bank.fill(cluster.nodes.get(0).gateway());
      awaitMembers(cluster, 0, 1, 2);
      for (int client = 0; client < 4; client++) {
        bank.addClient(cluster.nodes.get(client % 2).gateway());
      }
      bank.check(cluster.nodes.get(1).gateway());
      bank.awaitProgress("before");
      cluster.stop(2);
      bank.awaitProgress("without a node");
      ClusterNode fresh = get(cluster.join("fresh", 2, _ -> {}));
      cluster.nodes.set(2, fresh);
      assertEquals(3, fresh.number());
      awaitMembers(cluster, 0, 1, 3);
      assertEquals(Member.State.GONE, state(cluster.nodes.get(0), 2));
      bank.awaitProgress("with the new node");
      // It counts: with it, another one can be spared.
      bank.leave(cluster.nodes.get(0).gateway());
      cluster.stop(0);
      bank.awaitProgress("with the new node in the majority");
      bank.end();
      assertSameRows(cluster.nodes.get(1), fresh);
      assertEquals(Bank.ACCOUNTS * Bank.BALANCE, Bank.sum(fresh.gateway()));
      // The old directory is nobody's any more.
      DirectoryException refused =
          assertThrows(
              DirectoryException.class,
              () -> {
                ClusterNode old = cluster.openNew("node2", cluster.addresses());
                try (old) {
                  throw new DirectoryException(old.removed().get(WAIT_SECONDS, TimeUnit.SECONDS));
                }
              });
      assertTrue(refused.getMessage().contains("node 2 was taken out"), refused.getMessage());
    }
  }

  @Test
  void nodesComeAndGoUnderLoad() throws Exception {
    try (TestCluster cluster = new TestCluster(directory, TestCluster.HASTY);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Bank bank = new Bank(threads)) {
      Bank.fill(cluster.nodes.get(0).gateway());
      awaitMembers(cluster, 0, 1, 2);
      for (int client = 0; client < 4; client++) {
        bank.addClient(cluster.nodes.get(client % 2).gateway());
      }
      bank.check(cluster.nodes.get(0).gateway());
      bank.awaitProgress("before");
      SqlException refused =
          assertThrows(SqlException.class, () -> cluster.nodes.get(0).gateway().drain(2, false));
      assertEquals("55000", refused.state().code());
      assertTrue(refused.getMessage().contains("2 nodes would be left"), refused.getMessage());
      cluster.compact(directory);
      ClusterNode fourth = get(cluster.join("node3", 3, _ -> {}));
      cluster.nodes.add(fourth);
      awaitMembers(cluster, 0, 1, 2, 3);
      bank.addClient(fourth.gateway());
      bank.awaitProgress("with four");
      ClusterStatus status = fourth.status();
      assertEquals(4, status.nodes().size());
      for (ClusterStatus.NodeState node : status.nodes()) {
        assertEquals("member", node.state());
        // Three copies of each of five groups, over four nodes.
        assertTrue(node.groups() == 3 || node.groups() == 4, node::toString);
      }
      ClusterNode third = cluster.nodes.get(2);
      fourth.gateway().drain(2, false);
      assertTrue(
          third
              .removed()
              .get(WAIT_SECONDS, TimeUnit.SECONDS)
              .contains("node 2 was taken out of the cluster"));
      cluster.stop(2);
      awaitMembers(cluster, 0, 1, 3);
      bank.awaitProgress("after the third has gone");
      bank.end();
      assertSameRows(cluster.nodes.get(0), fourth);
      assertEquals(Bank.ACCOUNTS * Bank.BALANCE, Bank.sum(fourth.gateway()));
      // An operator may insist; the last node stays.
      fourth.gateway().drain(1, true);
      cluster.nodes.get(1).removed().get(WAIT_SECONDS, TimeUnit.SECONDS);
      cluster.stop(1);
      awaitMembers(cluster, 0, 3);
      cluster.nodes.get(0).gateway().drain(0, true);
      cluster.nodes.get(0).removed().get(WAIT_SECONDS, TimeUnit.SECONDS);
      cluster.stop(0);
      awaitMembers(cluster, 3);
      assertEquals(Bank.ACCOUNTS * Bank.BALANCE, Bank.sum(fourth.gateway()));
      assertThrows(SqlException.class, () -> fourth.gateway().drain(3, true));
    }
  }

  @Test
  void anEmptyNodeThatCannotTellWaitsAndSaysSo() throws Exception {
    try (TestCluster cluster = new TestCluster(directory, TestCluster.PATIENT)) {
      awaitMembers(cluster, 0, 1, 2);
      Bank.fill(cluster.nodes.get(0).gateway());
      for (int node = 0; node < 3; node++) {
        cluster.stop(node);
      }
      List<String> said = new CopyOnWriteArrayList<>();
      // At the address of the first, which once formed the cluster.
      CompletableFuture<ClusterNode> empty = cluster.join("empty", 0, said::add);
      TestCluster.await(
          "it says for whom it waits",
          () -> said.stream().anyMatch(line -> line.startsWith("waiting for the nodes at")));
      cluster.start(1);
      TestCluster.await(
          "it says that there is no majority",
          () -> said.stream().anyMatch(line -> line.contains("no node leads the oracle")));
      cluster.start(2);
      ClusterNode joined = get(empty);
      cluster.nodes.set(0, joined);
      awaitMembers(cluster, 1, 2, 3);
      assertEquals(Bank.ACCOUNTS * Bank.BALANCE, Bank.sum(joined.gateway()));
    }
  }

  @Test
  void aNodeThatNeverArrivesKeepsNobodyWaiting() throws Exception {
    try (TestCluster cluster = new TestCluster(directory, TestCluster.PATIENT)) {
      awaitMembers(cluster, 0, 1, 2);
      Bank.fill(cluster.nodes.get(0).gateway());
      ClusterNode first = cluster.nodes.get(0);
      CompletableFuture<MemberRequest.Answer> answer = new CompletableFuture<>();
      first.changes().request(MemberRequest.join("localhost:1", 99), answer::complete);
      MemberRequest.Accepted accepted =
          assertInstanceOf(MemberRequest.Accepted.class, answer.get(90, TimeUnit.SECONDS));
      assertEquals(3, accepted.node());
      CompletableFuture<MemberRequest.Answer> other = new CompletableFuture<>();
      first.changes().request(MemberRequest.join("localhost:2", 98), other::complete);
      MemberRequest.Wait wait =
          assertInstanceOf(MemberRequest.Wait.class, other.get(90, TimeUnit.SECONDS));
      assertTrue(wait.why().contains("node 3 is joining"), wait.why());
      first.gateway().drain(3, false);
      awaitMembers(cluster, 0, 1, 2);
      assertEquals(Member.State.GONE, state(first, 3));
      assertEquals(Bank.ACCOUNTS * Bank.BALANCE, Bank.sum(first.gateway()));
    }
  }

  @Test
  void whoNamesTwoClustersOrJoinsWithRowsIsToldInALine() throws Exception {
    Path one = directory.resolve("one");
    Path other = directory.resolve("other");
    TestCluster.fillAlone(one.resolve("node0"));
    TestCluster.fillAlone(other.resolve("node0"));
    try (TestCluster first = TestCluster.ofOne(one);
        TestCluster second = TestCluster.ofOne(other)) {
      List<InetSocketAddress> both = List.of(first.address(0), second.address(0));
      DirectoryException refused =
          assertThrows(DirectoryException.class, () -> first.openNew("empty", both));
      assertTrue(refused.getMessage().contains("different clusters"), refused.getMessage());
      TestCluster.fillAlone(one.resolve("alone"));
      refused =
          assertThrows(
              DirectoryException.class, () -> first.openNew("alone", List.of(first.address(0))));
      assertTrue(refused.getMessage().contains("of a node on its own"), refused.getMessage());
    }
  }

  @Test
  void leadersSpreadOverAllNodesAndNotToOneThatIsAboutToStop() throws Exception {
    try (TestCluster cluster = new TestCluster(directory, TestCluster.PATIENT, 200)) {
      awaitMembers(cluster, 0, 1, 2);
      TestCluster.await("balance", () -> isBalanced(cluster, 1, 2, 2));
      assertEquals(0, cluster.nodes.get(1).handOver(TimeUnit.SECONDS.toMillis(WAIT_SECONDS), 0));
      TestCluster.await("balance of two", () -> isBalanced(cluster, 0, 2, 3));
      int before = moved(cluster);
      for (int look = 0; look < 20; look++) {
        cluster.nodes.get(0).gateway().currentTimestamp();
        assertEquals(0, leads(cluster, 1));
      }
      assertEquals(before, moved(cluster));
    }
  }

  private static int moved(TestCluster cluster) {
    return cluster.running().mapToInt(ClusterNode::movedForBalance).sum();
  }

  private static int leads(TestCluster cluster, int node) {
    return cluster.nodes.get(0).status().nodes().get(node).leads();
  }

  private static boolean isBalanced(TestCluster cluster, int... sorted) {
    int[] leads =
        cluster.nodes.get(0).status().nodes().stream()
            .mapToInt(ClusterStatus.NodeState::leads)
            .sorted()
            .toArray();
    return Arrays.equals(sorted, leads);
  }

  @Test
  void aNodeOnItsOwnBecomesTheFirstAndOthersJoin() throws Exception {
    Path own = directory.resolve("node0");
    TestCluster.fillAlone(own);
    try (TestCluster cluster = TestCluster.ofOne(directory)) {
      ClusterNode first = cluster.nodes.get(0);
      assertEquals(Bank.ACCOUNTS * Bank.BALANCE, Bank.sum(first.gateway()));
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
          Bank bank = new Bank(threads)) {
        bank.addClient(first.gateway());
        bank.check(first.gateway());
        bank.awaitProgress("alone");
        for (int node = 1; node < 3; node++) {
          cluster.nodes.add(get(cluster.join("node" + node, node, _ -> {})));
          bank.addClient(cluster.nodes.get(node).gateway());
          bank.awaitProgress("with " + node + " more");
        }
        awaitMembers(cluster, 0, 1, 2);
        bank.awaitProgress("with three");
        bank.end();
      }
      assertSameRows(first, cluster.nodes.get(2));
      cluster.stop(0);
      assertEquals(Bank.ACCOUNTS * Bank.BALANCE, Bank.sum(cluster.nodes.get(2).gateway()));
      cluster.start(0);
      cluster.awaitReady();
      assertEquals(Bank.ACCOUNTS * Bank.BALANCE, Bank.sum(cluster.nodes.get(0).gateway()));
    }
  }

  @Test
  void listsOfNodesAreWrittenAndReadBack() {
    Members members =
        Members.founders(List.of("a:1", "b:2"), 5, 3).logged().joined("b:2", 77, 1).moved(0, "c:3");
    Members read = Members.read(new io.trencadis.base.ByteReader(members.toBytes()));
    assertEquals(members, read);
    assertEquals(Set.of(0, 2), read.wanted());
    assertTrue(read.isChanging());
    assertEquals(Member.State.GONE, read.settled().find(1).state());
    assertNull(read.find(3));
  }
}
