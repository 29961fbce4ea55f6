package io.trencadis.sharding;

import io.trencadis.txn.IsolationLevel;
import io.trencadis.txn.lock.LockView;
import java.util.List;

/// The way in: begins transactions. Thread-safe; one a node.
public interface Gateway {
  /// Begins a transaction. Costs next to nothing: its snapshot is taken at the first statement.
  ///
  /// @param readOnly promises that nothing is written or locked; then commit never fails
  Transaction begin(IsolationLevel level, boolean readOnly, WaitPolicy waits);

  /// The advisory locks of a new session.
  SessionLocks sessionLocks();

  /// All locks of all shards, each shard's as they stand together at one moment. Waits for the
  /// shards: not for a thread that may not.
  List<LockView> locks();

  /// Shards are numbered from 0 to this, exclusive.
  int shardCount();

  /// A timestamp issued by the oracle for this call: later than everything acknowledged before it.
  long currentTimestamp();

  /// Returns when everything that was committed before the call would be found without the log.
  ///
  /// @throws io.trencadis.base.SqlException 53100 if there is no room
  void checkpoint() throws InterruptedException;
}
