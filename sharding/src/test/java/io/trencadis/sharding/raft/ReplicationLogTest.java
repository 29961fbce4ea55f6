package io.trencadis.sharding.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.base.Outside;
import io.trencadis.sharding.rpc.NodeIdentity;
import io.trencadis.sharding.rpc.NodeRpc;
import io.trencadis.storage.disk.RealDisk;
import io.trencadis.storage.log.LogConfig;
import io.trencadis.storage.log.WriteAheadLog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Three nodes on loopback that hold two logs.
class ReplicationLogTest {
  private static final int ELECTION_MILLIS = 400;
  private static final int GROUPS = 2;

  @TempDir Path directory;

  private boolean leases;
  private final long cluster = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
  private final Map<Integer, InetSocketAddress> addresses = new ConcurrentHashMap<>();
  private final List<Member> members = new ArrayList<>();

  /// Keeps what it gets.
  private static final class Recorder implements ReplicatedMachine {
    final List<String> records = new CopyOnWriteArrayList<>();
    volatile long term;

    @Override
    public void apply(long index, byte[] record) {
      records.add(new String(record, StandardCharsets.UTF_8));
    }

    @Override
    public void lead(long begun) {
      term = begun;
    }

    @Override
    public void follow() {
      term = 0;
    }

    @Override
    public void save(Path to, Consumer<IOException> done) {
      try {
        Files.write(to.resolve("records"), records);
        done.accept(null);
      } catch (IOException e) {
        done.accept(e);
      }
    }

    @Override
    public void load(Path from, long index) throws IOException {
      records.clear();
      records.addAll(Files.readAllLines(from.resolve("records")));
    }

    @Override
    public void failed(Throwable why) {
      throw new AssertionError(why);
    }
  }

  private static final List<ReplicaId> FIRST =
      List.of(ReplicaId.first(0), ReplicaId.first(1), ReplicaId.first(2));

  private final class Member {
    final int number;
    NodeRpc rpc;
    RaftHost host;
    WriteAheadLog log;
    List<Recorder> machines;
    List<ReplicationLog> logs;

    Member(int number) {
      this.number = number;
    }

    void start() throws IOException {
      rpc =
          new NodeRpc(
              new NodeIdentity(cluster, number), null, addresses::get, Outside.real().clock());
      InetSocketAddress known = addresses.get(number);
      Path own = directory.resolve("node" + number);
      Files.createDirectories(own);
      host = new RaftHost(rpc, own.resolve("raft"), 0, Throwable::printStackTrace);
      rpc.start(known == null ? new InetSocketAddress(InetAddress.getLoopbackAddress(), 0) : known);
      addresses.put(number, new InetSocketAddress(InetAddress.getLoopbackAddress(), rpc.port()));
      log =
          WriteAheadLog.open(
              new RealDisk(),
              own.resolve("wal"),
              LogConfig.small(1 << 16),
              0,
              host.reader(),
              Throwable::printStackTrace);
      host.attach(log);
    }

    void open() {
      machines = new ArrayList<>();
      logs = new ArrayList<>();
      for (int group = 0; group < GROUPS; group++) {
        Recorder machine = new Recorder();
        machines.add(machine);
        logs.add(
            host.open(group, ReplicaId.first(number), FIRST, machine, ELECTION_MILLIS, leases));
      }
    }

    void stop() throws IOException {
      logs.forEach(ReplicationLog::close);
      host.close();
      rpc.close();
      log.close();
    }
  }

  @BeforeEach
  void startAll() throws IOException {
    for (int number = 0; number < 3; number++) {
      Member member = new Member(number);
      member.start();
      members.add(member);
    }
    members.forEach(Member::open);
  }

  @AfterEach
  void stopAll() throws IOException {
    for (Member member : members) {
      member.stop();
    }
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, what);
      LockSupport.parkNanos(2_000_000);
    }
  }

  private Member leader(int group) throws InterruptedException {
    await("a leader of group " + group, () -> leading(group) != null);
    return leading(group);
  }

  private Member leading(int group) {
    return members.stream()
        .filter(each -> each.machines.get(group).term != 0)
        .findFirst()
        .orElse(null);
  }

  private static CompletableFuture<Boolean> append(Member at, int group, String record) {
    CompletableFuture<Boolean> survives = new CompletableFuture<>();
    at.logs
        .get(group)
        .append(
            record.getBytes(StandardCharsets.UTF_8),
            at.machines.get(group).term,
            survives::complete);
    return survives;
  }

  /// Appends at whoever leads until the record is known to survive: a slow machine may change
  /// leaders at any moment. What was tried before that may survive too, next to it.
  ///
  /// @return who led then
  private Member survives(int group, String record) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (true) {
      Member leader = leader(group);
      if (append(leader, group, record).get(90, TimeUnit.SECONDS)) {
        return leader;
      }
      assertTrue(System.nanoTime() < deadline, "no leader stays long enough for " + record);
    }
  }

  /// Awaits that all nodes have the same records, and that those are the expected ones, if it is
  /// not counted how often each was tried.
  private void awaitEverywhere(int group, List<String> expected) throws InterruptedException {
    for (Member member : members) {
      await(
          "node " + member.number + " has " + member.machines.get(group).records,
          () -> {
            List<String> records = List.copyOf(member.machines.get(group).records);
            return records.equals(List.copyOf(members.getFirst().machines.get(group).records))
                && records.stream().distinct().toList().equals(expected);
          });
    }
  }

  @Test
  void everyNodeGetsTheRecordsInTheirOrder() throws Exception {
    for (int group = 0; group < GROUPS; group++) {
      List<String> acknowledged = new ArrayList<>();
      for (int round = 0; acknowledged.size() < 100; round++) {
        assertTrue(round < 100, "no leader stays for a hundred records");
        Member leader = leader(group);
        Map<String, CompletableFuture<Boolean>> outcomes = new LinkedHashMap<>();
        for (int i = 0; i < 100; i++) {
          String record = "g" + group + " " + round + " " + i;
          outcomes.put(record, append(leader, group, record));
        }
        for (var outcome : outcomes.entrySet()) {
          if (outcome.getValue().get(90, TimeUnit.SECONDS)) {
            acknowledged.add(outcome.getKey());
          }
        }
      }
      List<String> first = members.getFirst().machines.get(group).records;
      for (Member member : members) {
        List<String> records = member.machines.get(group).records;
        await("all that survived", () -> records.containsAll(acknowledged));
        await("the same on all nodes", () -> List.copyOf(records).equals(List.copyOf(first)));
        assertEquals(
            acknowledged, records.stream().filter(Set.copyOf(acknowledged)::contains).toList());
      }
    }
  }

  @Test
  void aLeaderThatIsCutOffLeadsNoMoreAndItsTermIsOver() throws Exception {
    Member old = survives(0, "before");
    long term = old.machines.get(0).term;
    for (Member other : members) {
      if (other != old) {
        old.rpc.cut(other.number);
        other.rpc.cut(old.number);
      }
    }
    CompletableFuture<Boolean> lost = append(old, 0, "alone");
    if (!leases) {
      assertFalse(proof(old, 0));
    }
    await(
        "another leader",
        () -> members.stream().anyMatch(m -> m != old && m.machines.get(0).term > term));
    assertFalse(proof(old, 0));
    Member next = null;
    while (next == null) {
      for (Member other : members) {
        if (other != old && append(other, 0, "after").get(90, TimeUnit.SECONDS)) {
          next = other;
          break;
        }
      }
    }
    for (Member other : members) {
      old.rpc.mend(other.number);
      other.rpc.mend(old.number);
    }
    assertFalse(lost.get(90, TimeUnit.SECONDS));
    awaitEverywhere(0, List.of("before", "after"));
    CompletableFuture<Boolean> late = new CompletableFuture<>();
    next.logs
        .get(0)
        .append("in a term of another".getBytes(StandardCharsets.UTF_8), term, late::complete);
    assertFalse(late.get(90, TimeUnit.SECONDS));
  }

  private static boolean proof(Member of, int group) throws Exception {
    CompletableFuture<Boolean> proof = new CompletableFuture<>();
    of.logs.get(group).confirm(proof::complete);
    return proof.get(90, TimeUnit.SECONDS);
  }

  @Test
  void aLeaderProvesThatItLeads() throws Exception {
    proveLeadership();
  }

  @Test
  void aLeaderProvesThatItLeadsByItsLease() throws Exception {
    restartWithLeases();
    proveLeadership();
  }

  @Test
  void aLeaderThatIsCutOffHasNoLeaseForLong() throws Exception {
    restartWithLeases();
    aLeaderThatIsCutOffLeadsNoMoreAndItsTermIsOver();
  }

  private void restartWithLeases() throws IOException {
    leases = true;
    for (Member member : members) {
      member.stop();
    }
    for (Member member : members) {
      member.start();
    }
    members.forEach(Member::open);
  }

  private void proveLeadership() throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    boolean proved = false;
    while (!proved) {
      assertTrue(System.nanoTime() < deadline, "no leader stays long enough for a proof");
      proved = proof(leader(1), 1);
    }
  }

  @Test
  void whatWasAppendedIsThereAfterARestartOfAll() throws Exception {
    survives(0, "one");
    survives(0, "two");
    for (Member member : members) {
      member.stop();
    }
    for (Member member : members) {
      member.start();
    }
    members.forEach(Member::open);
    survives(0, "three");
    awaitEverywhere(0, List.of("one", "two", "three"));
  }

  private boolean hasSnapshot(Member member) {
    Path snapshots = directory.resolve("node" + member.number + "/raft/0/snapshots");
    try (var list = Files.list(snapshots)) {
      return list.anyMatch(path -> path.getFileName().toString().startsWith("snapshot_"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void aNodeThatWasAwayBeginsWithASnapshot() throws Exception {
    Member away = members.stream().filter(m -> m.machines.get(0).term == 0).findFirst().get();
    away.stop();
    Member leader = null;
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      expected.add("r" + i);
      leader = survives(0, expected.getLast());
    }
    // What is behind the snapshot before the last is kept for those who lag a little.
    Member compacted = leader;
    long before = compacted.host.entryBytes(0);
    compacted.logs.get(0).compact();
    await("a first snapshot", () -> hasSnapshot(compacted));
    survives(0, "last");
    expected.add("last");
    await(
        "entries let go",
        () -> {
          // Refused while the first snapshot's end is still being noted.
          compacted.logs.get(0).compact();
          return compacted.host.entryBytes(0) < before;
        });
    away.start();
    away.open();
    awaitEverywhere(0, expected);
  }
}
