package io.trencadis.sharding.raft;

import java.util.Set;
import java.util.function.Consumer;

/// The log of a group of which this node has no copy: it knows of nobody, and takes nothing.
public final class NoLog implements ReplicationLog {
  public static final ReplicationLog INSTANCE = new NoLog();

  private NoLog() {}

  @Override
  public void append(byte[] record, long term, Outcome outcome) {
    outcome.done(false);
  }

  @Override
  public void confirm(Outcome proof) {
    proof.done(false);
  }

  @Override
  public int leader() {
    return -1;
  }

  @Override
  public void transferLeadership(int node) {
    // There is none to give.
  }

  @Override
  public long term() {
    return 0;
  }

  @Override
  public Set<ReplicaId> voters() {
    return Set.of();
  }

  @Override
  public void electionTimeout(int millis) {
    // Nobody is elected.
  }

  @Override
  public Set<ReplicaId> configured() {
    return Set.of();
  }

  @Override
  public void changeVoters(Set<ReplicaId> next, Consumer<String> done) {
    done.accept("this node has no copy");
  }

  @Override
  public void compact() {
    // There is nothing to let go of.
  }

  @Override
  public long applied() {
    return 0;
  }

  @Override
  public void close() {
    // There is nothing to leave.
  }
}
