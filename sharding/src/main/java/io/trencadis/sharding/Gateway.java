package io.trencadis.sharding;

import io.trencadis.sharding.fragment.FragmentEngine;
import io.trencadis.txn.IsolationLevel;
import io.trencadis.txn.lock.LockView;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// The way in: begins transactions. Thread-safe; one a node.
public interface Gateway {
  /// Begins a transaction. Costs next to nothing: its snapshot is taken at the first statement.
  ///
  /// @param readOnly promises that nothing is written or locked; then commit never fails
  Transaction begin(IsolationLevel level, boolean readOnly, WaitPolicy waits);

  /// As [#begin], for a client whose statement had come when a timestamp was issued: its first
  /// snapshot may be that.
  ///
  /// @param issued by [#currentTimestamp] here; 0 for none. Not for two transactions
  default Transaction begin(IsolationLevel level, boolean readOnly, WaitPolicy waits, long issued) {
    return begin(level, readOnly, waits);
  }

  /// Begins a transaction that reads as of a timestamp in the past. It holds nothing back: each of
  /// its reads fails with 72000 *snapshot too old* once what it would need may be gone, at once if
  /// the timestamp is older than this node's start or its history.
  ///
  /// @throws io.trencadis.base.SqlException 22023 if that time has not come yet, 72000 if it is too
  ///   long ago
  Transaction beginAt(long timestamp, WaitPolicy waits);

  /// From now on rows of relations that nobody can reach any more are removed from disk, little by
  /// little.
  void relations(RelationRegistry registry);

  /// Says who understands the programs of [Transaction#fragment]s, those of other nodes too.
  default void fragments(FragmentEngine engine) {}

  /// The transactions that are prepared by name.
  PreparedTransactions preparedTransactions();

  /// The advisory locks of a new session.
  SessionLocks sessionLocks();

  /// All locks of all shards, each shard's as they stand together at one moment. Waits for the
  /// shards: not for a thread that may not.
  List<LockView> locks();

  /// How the cluster is, or the node on its own. Asks the other nodes, and waits for their answers.
  default ClusterStatus status() {
    return ClusterStatus.single(shardCount(), counters());
  }

  /// The servers of the other nodes.
  default Peers peers() {
    return Peers.NONE;
  }

  /// What this node has sent and written so far.
  NodeCounters counters();

  /// Begins to move a node of the cluster out of all groups; [#status] shows how far that has got.
  ///
  /// @param force also if the nodes that are left could not lose one
  /// @return in a line what has begun
  /// @throws io.trencadis.base.SqlException 55000 if it cannot be, 0A000 on a node on its own
  default String drain(int node, boolean force) {
    throw io.trencadis.base.SqlException.notSupported("draining a node on its own");
  }

  /// Begins to give each shard of the cluster so many copies; [#status] shows how far that has got.
  ///
  /// @param copies 1 to 7
  /// @return in a line what has begun
  /// @throws io.trencadis.base.SqlException 55000 if it cannot be, 0A000 on a node on its own
  default String copies(int copies) {
    throw io.trencadis.base.SqlException.notSupported("copies of shards on a node on its own");
  }

  /// Shards are numbered from 0 to this, exclusive.
  int shardCount();

  /// How large each shard is in bytes, roughly and as of some seconds ago: for choosing where
  /// something new lies. Where that makes no difference, as on a node of its own, all are 0.
  default long[] shardBytes() {
    return new long[shardCount()];
  }

  /// A timestamp issued by the oracle for this call: later than everything acknowledged before it.
  long currentTimestamp();

  /// At or above the commit timestamp of every change of the catalog by another node that lies
  /// below a timestamp issued here so far (rule 13); 0 where there is no other node.
  default long catalogTimestamp() {
    return 0;
  }

  /// Whether other nodes change the same data: then nothing that is kept in this process's memory
  /// only is the whole truth, and no call is answered without waiting for another node.
  default boolean isShared() {
    return false;
  }

  /// Stands for this life of this node, among all nodes' lives.
  default long incarnation() {
    return 0;
  }

  /// Whether a life of a node is over, or the node has been silent for so long that its clients are
  /// not counted upon any more, or is none of the cluster's.
  ///
  /// @param incarnation from [#incarnation] of any node
  default boolean isGone(long incarnation) {
    return false;
  }

  /// A source of numbers that no row has had, on any node; each greater than the one before.
  default LongSupplier newRowIds() {
    // Begins at a timestamp, and grows more slowly than they do: none comes again after a restart.
    return new AtomicLong(currentTimestamp())::incrementAndGet;
  }

  /// Returns when everything that was committed before the call would be found without the log.
  ///
  /// @throws io.trencadis.base.SqlException 53100 if there is no room
  void checkpoint() throws InterruptedException;

  /// Copies all data, while transactions go on, into a directory of this machine; see
  /// [io.trencadis.sharding.local.Restore] for the way back. Waits; one backup at a time.
  ///
  /// @param target absolute; a directory that is empty, or does not exist
  /// @throws io.trencadis.base.SqlException 58P02 if the directory is not empty, 55006 if a backup
  ///   is running, 53100 or 58030 if writing fails, 0A000 for data in memory
  /// @throws InterruptedException if the thread is interrupted: the backup is given up
  BackupResult backup(Path target, BackupProgress progress) throws InterruptedException;
}
