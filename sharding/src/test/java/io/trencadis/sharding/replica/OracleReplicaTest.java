package io.trencadis.sharding.replica;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.base.Outside;
import io.trencadis.sharding.raft.ReplicaId;
import io.trencadis.sharding.raft.ReplicationLog;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The oracle's leader and a log that does not take each record at once.
@Timeout(120)
class OracleReplicaTest {
  private static final long TERM = 5;

  private final OracleReplica oracle =
      new OracleReplica(
          Outside.real(),
          failure -> {
            throw new AssertionError(failure);
          },
          _ -> {});

  /// A log that one node holds, which refuses records at first.
  private final class Log implements ReplicationLog {
    private final AtomicInteger refusals;
    private final AtomicInteger records = new AtomicInteger();

    Log(int refusals) {
      this.refusals = new AtomicInteger(refusals);
    }

    @Override
    public void append(byte[] record, long term, Outcome outcome) {
      boolean survives = refusals.getAndDecrement() <= 0;
      if (survives) {
        oracle.apply(records.incrementAndGet(), record);
      }
      outcome.done(survives);
    }

    @Override
    public void confirm(Outcome proof) {
      proof.done(true);
    }

    @Override
    public int leader() {
      return 0;
    }

    @Override
    public void transferLeadership(int node) {}

    @Override
    public void electionTimeout(int millis) {}

    @Override
    public long term() {
      return TERM;
    }

    @Override
    public Set<ReplicaId> voters() {
      return Set.of();
    }

    @Override
    public Set<ReplicaId> configured() {
      return Set.of();
    }

    @Override
    public void changeVoters(Set<ReplicaId> next, Consumer<String> done) {}

    @Override
    public void compact() {}

    @Override
    public long applied() {
      return records.get();
    }

    @Override
    public void close() {}
  }

  private OracleReplica.Issued issue() throws Exception {
    CompletableFuture<OracleReplica.Issued> issued = new CompletableFuture<>();
    oracle.issue(1, false, issued::complete);
    return issued.get(1, TimeUnit.MINUTES);
  }

  private void awaitTimestamps() throws Exception {
    OracleReplica.Issued issued = issue();
    while (issued == null) {
      Thread.sleep(5);
      issued = issue();
    }
    assertTrue(issued.timestamps()[0] > 0);
  }

  /// Whoever is the only one of its group is elected while that is being opened.
  @Test
  void whoLeadsBeforeTheLogIsThereIssuesTimestampsWhenItIs() throws Exception {
    oracle.lead(TERM);
    // The first record finds no log.
    Thread.sleep(50);
    oracle.attach(new Log(0));
    awaitTimestamps();
  }

  @Test
  void whatTheLogHasNoRoomForIsSaidAgainAsLongAsTheTermLasts() throws Exception {
    oracle.attach(new Log(3));
    oracle.lead(TERM);
    awaitTimestamps();
  }
}
