package io.trencadis.txn.distributed;

import io.trencadis.storage.Write;
import io.trencadis.txn.lock.HeldLock;
import java.util.Collection;
import java.util.List;

/// What a log keeps of transactions over several logs.
public sealed interface BranchRecord {
  /// Whom it is about; 0 for several.
  long txn();

  /// What was written at one shard, and locked.
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

  /// Nobody can ask about these any more: copies of the log need not remember what was decided.
  record Forgotten(List<Long> txns) implements BranchRecord {
    @Override
    public long txn() {
      return 0;
    }
  }
}
