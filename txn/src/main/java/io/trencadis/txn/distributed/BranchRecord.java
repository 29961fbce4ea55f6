package io.trencadis.txn.distributed;

import io.trencadis.storage.Write;
import io.trencadis.storage.run.RunEntry;
import io.trencadis.txn.lock.HeldLock;
import java.util.Collection;
import java.util.List;

/// What a log keeps of transactions over several logs.
public sealed interface BranchRecord {
  /// Whom it is about; 0 for several.
  long txn();

  /// What was written at one shard, and locked.
  ///
  /// @param writes without what [Piece]s had before
  record Part(int shard, Collection<? extends Write> writes, List<HeldLock> locks) {}

  /// The writes will survive whatever is decided.
  ///
  /// @param anchor the log that has the decision
  /// @param logs all that prepare; what the anchor needs to know before it forgets
  record Prepared(long txn, int anchor, List<Integer> logs, List<Part> parts)
      implements BranchRecord {}

  /// The one decision, in the anchor's log.
  ///
  /// @param commitTs [Message#ABORTED] for an abort: its tombstone
  /// @param logs all that prepare, as far as the anchor knows
  /// @param parts the writes, where no prepare was logged before
  record Decided(long txn, long commitTs, List<Integer> logs, List<Part> parts)
      implements BranchRecord {}

  /// What was decided has been heard here.
  ///
  /// @param commitTs [Message#ABORTED] for an abort
  record Resolved(long txn, long commitTs) implements BranchRecord {}

  /// Some of what a large transaction has written at one shard: in the log before it is prepared,
  /// and nothing but kept until it is decided.
  ///
  /// @param entries in the order of their keys, which is also that of the pieces; each key once
  record Piece(long txn, int shard, List<RunEntry> entries) implements BranchRecord {}

  /// A transaction of which there are pieces will not be prepared: they are void.
  record Dropped(long txn) implements BranchRecord {}

  /// Nobody can ask about these any more: copies of the log need not remember what was decided.
  record Forgotten(List<Long> txns) implements BranchRecord {
    @Override
    public long txn() {
      return 0;
    }
  }
}
