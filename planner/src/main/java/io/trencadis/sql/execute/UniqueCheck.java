package io.trencadis.sql.execute;

import io.trencadis.base.SqlException;
import io.trencadis.sharding.RowCursor;
import io.trencadis.sharding.Transaction;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.RowLock;

/// Checks that no two rows have a key of a deferrable unique constraint, whose index takes in equal
/// keys meanwhile. Confined to one thread.
///
/// The key is locked first and then read as it is now: of two transactions that each add a row with
/// it, the second one to check waits for the first one's end, and sees its row.
final class UniqueCheck implements RowCheck {
  private final StoredIndex index;
  private final int shard;
  private final byte[] key;
  private final SqlException violation;

  /// @param shard of the entries with that key
  /// @param key the indexed columns, which begin all these entries
  /// @param violation 23505
  UniqueCheck(StoredIndex index, int shard, byte[] key, SqlException violation) {
    this.index = index;
    this.shard = shard;
    this.key = key;
    this.violation = violation;
  }

  @Override
  public ForeignKeyCheck.Identity identity() {
    return new ForeignKeyCheck.Identity(
        index.descriptor().constraintOid(),
        index.descriptor().name(),
        true,
        index.descriptor().deferred());
  }

  /// @throws SqlException 23505
  @Override
  public void run(Execution x) {
    Transaction transaction = x.transaction();
    transaction.lockAndGetNewest(shard, index.relation(), key, RowLock.UPDATE, LockWait.WAIT);
    try (RowCursor entries =
        transaction.scanAt(
            shard, index.relation(), key, KeyCodec.successor(key), transaction.freshTimestamp())) {
      if (entries.next() && entries.next()) {
        throw violation;
      }
    }
  }
}
