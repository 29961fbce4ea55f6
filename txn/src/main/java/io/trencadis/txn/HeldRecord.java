package io.trencadis.txn;

import io.trencadis.storage.Write;
import io.trencadis.txn.lock.HeldLock;
import io.trencadis.txn.message.ReadPart;
import java.util.Collection;
import java.util.List;

/// That a transaction was prepared by name (rule 14), with everything that its commit will need and
/// all that it holds against others: from the log alone it can be brought back as it was.
///
/// @param name what it is known by
/// @param parts what it has at each shard, ascending by shard
public record HeldRecord(long txn, GlobalName name, List<Part> parts) implements TxnRecord {
  /// @param writes in key order; they do not change any more
  /// @param locks on rows and relations
  /// @param reads what it has read here and others may not change before its end; null for nothing
  public record Part(
      int shard, Collection<? extends Write> writes, List<HeldLock> locks, ReadPart reads) {}
}
