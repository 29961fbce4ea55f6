package io.trencadis.sharding;

import io.trencadis.sharding.fragment.FragmentEngine;
import io.trencadis.txn.distributed.Message;
import io.trencadis.txn.lock.LockView;
import io.trencadis.txn.message.TimestampAnswer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// The other nodes, as a gateway sees them. Nothing here waits; messages may be lost, or find
/// nobody who leads. Thread-safe.
public interface ClusterNetwork {
  /// Timestamps, all issued after the call.
  ///
  /// @param catalogTs the highest timestamp issued before them to a change of the catalog
  record Timestamps(long[] timestamps, long catalogTs) {}

  /// Asks the oracle.
  ///
  /// @param forCatalog whether one is for the commit of a change of the catalog
  /// @return completed exceptionally where no oracle could be asked: ask again
  CompletableFuture<Timestamps> timestamps(int count, boolean forCatalog);

  /// To whoever leads a shard. Each shard has a log of its own, of the same number.
  void toShard(int shard, Message message);

  /// Which node leads a shard, as far as this one knows; -1 if it knows of none.
  int leader(int shard);

  /// Says who understands the programs of fragments.
  void fragments(FragmentEngine engine);

  /// Asks a node, which may be this one, for a piece of a fragment.
  ///
  /// @return completed exceptionally where no answer came: ask again
  CompletableFuture<byte[]> fragment(int node, byte[] request);

  /// The answer to a shard's question.
  void answer(int shard, TimestampAnswer answer);

  /// Tells all nodes that the gateway is there.
  ///
  /// @param oldestLive its oldest transaction's id
  /// @param oldestSnapshot no snapshot of it lies below, nor ever will
  void alive(long oldestLive, long oldestSnapshot);

  /// See [Gateway#shardBytes].
  long[] shardBytes();

  /// Whether a life of another node is over; see [Gateway#isGone].
  boolean isGone(long incarnation);

  /// The locks at the shards that this node leads.
  List<LockView> locks();

  /// How the nodes are. Waits for their answers, not for long.
  ClusterStatus status();

  /// The servers of the other nodes.
  Peers peers();

  /// What this node has sent and written so far.
  NodeCounters counters();

  /// Has a node moved out of all groups; see [Gateway#drain].
  String drain(int node, boolean force);

  /// Has each shard have so many copies; see [Gateway#copies].
  String copies(int copies);

  /// Returns when what this node has would be found without the log.
  void checkpoint() throws InterruptedException;

  /// Writes what all nodes have at one timestamp into a directory of this one; see
  /// [Gateway#backup].
  BackupResult backup(Path target, BackupProgress progress) throws InterruptedException;
}
