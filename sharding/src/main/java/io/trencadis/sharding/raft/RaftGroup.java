package io.trencadis.sharding.raft;

import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.RaftServiceFactory;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.closure.ReadIndexClosure;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.entity.Task;
import com.alipay.sofa.jraft.option.RaftOptions;
import io.trencadis.base.SqlException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Collections;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// A group of JRaft's.
final class RaftGroup implements ReplicationLog {
  private static final byte[] NO_CONTEXT = new byte[0];

  private final ReplicaId self;
  private final GroupMachine machine;
  private final Node node;
  private final Executor executor;
  private final int heartbeatMillis;
  private final Queue<Runnable> proofs = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean telling = new AtomicBoolean();
  private volatile Settled settled = new Settled(0, Set.of());

  /// Who votes, by a change that a term's leader has seen through.
  private record Settled(long term, Set<ReplicaId> voters) {}

  RaftGroup(
      String name,
      ReplicaId self,
      Collection<ReplicaId> members,
      ReplicatedMachine fed,
      GroupOptions options) {
    this.self = self;
    executor = options.transport().executor();
    heartbeatMillis =
        Math.max(
            1,
            options.getElectionTimeoutMs() / options.getRaftOptions().getElectionHeartbeatFactor());
    machine = new GroupMachine(fed);
    options.setFsm(machine);
    options.setInitialConf(new Configuration(members.stream().map(RaftGroup::peer).toList()));
    node = RaftServiceFactory.createRaftNode(name, peer(self));
    if (!node.init(options)) {
      throw SqlException.internal("replication group " + name + " cannot be started");
    }
  }

  private static PeerId peer(ReplicaId replica) {
    return new PeerId(RaftTransport.endpoint(replica.node()), replica.birth());
  }

  private static ReplicaId replica(PeerId peer) {
    return new ReplicaId(RaftTransport.node(peer.getEndpoint()), peer.getIdx());
  }

  @Override
  public void append(byte[] record, long term, Outcome outcome) {
    Task task = new Task();
    task.setData(ByteBuffer.wrap(record));
    task.setExpectedTerm(term);
    task.setDone(status -> outcome.done(status.isOk()));
    try {
      node.apply(task);
    } catch (IllegalStateException shutDown) {
      outcome.done(false);
    }
  }

  @Override
  public void confirm(Outcome proof) {
    long term = machine.term();
    if (term == 0) {
      proof.done(false);
      return;
    }
    node.readIndex(
        NO_CONTEXT,
        new ReadIndexClosure() {
          @Override
          public void run(Status status, long index, byte[] context) {
            // This thread has locks of JRaft's, for which others wait that hold what those who get
            // the proof may ask for.
            proofs.add(() -> tell(proof, status, term));
            if (!telling.getAndSet(true)) {
              executor.execute(RaftGroup.this::tellAll);
            }
          }
        });
  }

  private void tell(Outcome proof, Status status, long term) {
    // A follower's question is answered by the leader, too; and the machine hears a moment later
    // than the group that it follows now.
    proof.done(status.isOk() && machine.term() == term && node.isLeader(false));
  }

  private void tellAll() {
    do {
      try {
        for (Runnable next = proofs.poll(); next != null; next = proofs.poll()) {
          next.run();
        }
      } finally {
        telling.set(false);
      }
      // Looks again after leaving: one may have come while this thread still stood inside.
    } while (!proofs.isEmpty() && !telling.getAndSet(true));
  }

  @Override
  public int leader() {
    PeerId leader = node.getLeaderId();
    return leader == null || leader.isEmpty() ? -1 : RaftTransport.node(leader.getEndpoint());
  }

  @Override
  public void transferLeadership(int to) {
    for (ReplicaId each : configured()) {
      if (each.node() == to && !each.equals(self)) {
        node.transferLeadershipTo(peer(each));
      }
    }
  }

  @Override
  public void electionTimeout(int millis) {
    if (node.getOptions().getElectionTimeoutMs() != millis) {
      // Heartbeats go on as often as they did.
      RaftOptions raft = node.getOptions().getRaftOptions();
      raft.setElectionHeartbeatFactor(Math.max(1, millis / heartbeatMillis));
      node.resetElectionTimeoutMs(millis);
    }
  }

  @Override
  public long term() {
    return machine.term();
  }

  @Override
  public Set<ReplicaId> voters() {
    Settled last = settled;
    return last.term != 0 && last.term == machine.term() ? last.voters : Set.of();
  }

  @Override
  public Set<ReplicaId> configured() {
    if (machine.term() == 0) {
      return Set.of();
    }
    try {
      Set<ReplicaId> peers = new TreeSet<>();
      node.listPeers().forEach(each -> peers.add(replica(each)));
      return peers;
    } catch (IllegalStateException leadsNoMore) {
      return Set.of();
    }
  }

  @Override
  public void changeVoters(Set<ReplicaId> next, Consumer<String> done) {
    long term = machine.term();
    Set<ReplicaId> kept = Collections.unmodifiableSet(new TreeSet<>(next));
    try {
      node.changePeers(
          new Configuration(kept.stream().map(RaftGroup::peer).toList()),
          status -> {
            // What is so already was asked of nobody, but a leader knows it from the majority that
            // has the first entry of its term.
            if (status.isOk()) {
              settled = new Settled(term, kept);
            }
            done.accept(status.isOk() ? null : status.getErrorMsg());
          });
    } catch (IllegalStateException | IllegalArgumentException leadsNotOrIsBusy) {
      done.accept(leadsNotOrIsBusy.getMessage());
    }
  }

  @Override
  public void compact() {
    node.snapshot(null);
  }

  @Override
  public long applied() {
    return machine.applied();
  }

  @Override
  public void close() {
    node.shutdown();
    try {
      node.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
