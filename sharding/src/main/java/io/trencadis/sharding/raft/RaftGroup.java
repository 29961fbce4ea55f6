package io.trencadis.sharding.raft;

import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.RaftServiceFactory;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.closure.ReadIndexClosure;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.entity.Task;
import io.trencadis.base.SqlException;
import java.nio.ByteBuffer;
import java.util.List;

/// A group of JRaft's.
final class RaftGroup implements ReplicationLog {
  private static final byte[] NO_CONTEXT = new byte[0];

  private final int self;
  private final GroupMachine machine;
  private final Node node;

  RaftGroup(
      String name, int self, List<Integer> members, ReplicatedMachine fed, GroupOptions options) {
    this.self = self;
    machine = new GroupMachine(fed);
    options.setFsm(machine);
    options.setInitialConf(new Configuration(members.stream().map(RaftGroup::peer).toList()));
    node = RaftServiceFactory.createRaftNode(name, peer(self));
    if (!node.init(options)) {
      throw SqlException.internal("replication group " + name + " cannot be started");
    }
  }

  private static PeerId peer(int node) {
    return new PeerId(RaftTransport.endpoint(node), 0);
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
            // A follower's question is answered by the leader, too; and the machine hears a moment
            // later than the group that it follows now.
            proof.done(status.isOk() && machine.term() == term && node.isLeader());
          }
        });
  }

  @Override
  public int leader() {
    PeerId leader = node.getLeaderId();
    return leader == null || leader.isEmpty() ? -1 : RaftTransport.node(leader.getEndpoint());
  }

  @Override
  public void transferLeadership(int to) {
    if (machine.term() != 0 && to != self) {
      node.transferLeadershipTo(peer(to));
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
