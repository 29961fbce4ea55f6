package io.trencadis.sharding.replica;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sharding.fragment.FragmentServer;
import io.trencadis.txn.RelationRef;
import io.trencadis.txn.message.Reply;
import io.trencadis.txn.message.Request;
import io.trencadis.txn.participant.Participant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/// Snapshot reads of a shard in one term of its leader, for fragments; any thread may make them.
///
/// One proof of leadership is enough for the whole term, if it was asked for after the snapshot's
/// timestamp had been issued: whatever committed at or below that had prepared before, and so was
/// here, marked or installed, when the proof was had; and in its term a leader forgets nothing of
/// that. A leader that is deposed keeps its marks for these reads: they are in doubt for ever then.
/// Only its store may be replaced by another's copy, which is why [#stands] is asked at the end.
final class FragmentReads implements FragmentServer.ShardReads {
  private static final long PATIENCE_MILLIS = 20;

  /// Stand in for a transaction where requests wait; no transaction has such an id.
  private static final AtomicLong NAMES = new AtomicLong(Long.MIN_VALUE);

  private final ShardReplica shard;
  private final Participant participant;
  private final long term;
  private final long floor;

  /// @param floor reads below it find less than there was
  FragmentReads(ShardReplica shard, Participant participant, long term, long floor) {
    this.shard = shard;
    this.participant = participant;
    this.term = term;
    this.floor = floor;
  }

  @Override
  public long term() {
    return term;
  }

  @Override
  public boolean stands() {
    return shard.leadsIn(term);
  }

  @Override
  public Reply read(RelationRef relation, byte[] from, byte[] to, long readTs, int limit) {
    if (readTs < floor) {
      return new Reply.Failed(new SqlException(SqlState.SNAPSHOT_TOO_OLD, "snapshot too old"));
    }
    Reply.Rows rows = participant.snapshots().scan(relation, from, to, false, readTs, limit);
    return rows != null ? rows : ofMachine(relation, from, to, readTs, limit);
  }

  /// What the shard's machine replies, which can ask when something will have committed.
  private Reply ofMachine(RelationRef relation, byte[] from, byte[] to, long readTs, int limit) {
    long name = NAMES.getAndIncrement();
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    Request.Scan scan =
        new Request.Scan(name, relation, from, to, false, readTs, Integer.MAX_VALUE, limit, false);
    shard.ask(participant, scan, reply::complete);
    try {
      return reply.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      shard.ask(participant, new Request.CancelWait(name), _ -> {});
      return Reply.WouldBlock.INSTANCE;
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return Reply.Refused.INSTANCE;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
