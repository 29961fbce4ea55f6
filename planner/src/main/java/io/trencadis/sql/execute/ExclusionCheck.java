package io.trencadis.sql.execute;

import io.trencadis.base.SqlException;
import io.trencadis.sharding.RowCursor;
import io.trencadis.sharding.Transaction;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.RowLock;
import java.util.Arrays;
import java.util.function.Function;

/// Checks that a row is in no conflict with another one by an exclusion constraint. Its index is an
/// ordered one: the rows that are equal in the first columns compared with `=` are looked through.
///
/// The equal columns are locked first and then read as they are now, as a deferrable unique key is:
/// of two transactions that each add a row, the second one to check sees the first one's.
final class ExclusionCheck implements RowCheck {
  private final StoredTable table;
  private final StoredIndex index;
  private final int shard;
  private final Object[] row;
  private final byte[] rowKey;
  private final Eval conflict;
  private final Function<Object[], SqlException> violation;

  /// @param conflict over the columns of this row and then those of another
  /// @param violation 23P01 with another row
  ExclusionCheck(
      StoredTable table,
      StoredIndex index,
      int shard,
      Object[] row,
      byte[] rowKey,
      Eval conflict,
      Function<Object[], SqlException> violation) {
    this.table = table;
    this.index = index;
    this.shard = shard;
    this.row = row;
    this.rowKey = rowKey;
    this.conflict = conflict;
    this.violation = violation;
  }

  @Override
  public ForeignKeyCheck.Identity identity() {
    return new ForeignKeyCheck.Identity(
        index.descriptor().constraintOid(),
        index.descriptor().name(),
        index.descriptor().deferrable(),
        index.descriptor().deferred());
  }

  @Override
  public void run(Execution x) {
    Transaction transaction = x.transaction();
    byte[] begin = index.equalKey(row);
    transaction.lockAndGetNewest(shard, index.relation(), begin, RowLock.UPDATE, LockWait.WAIT);
    long now = transaction.freshTimestamp();
    byte[] own = index.entryKey(row, rowKey);
    boolean there = false;
    Object[] other = null;
    try (RowCursor entries =
        transaction.scanAt(shard, index.relation(), begin, KeyCodec.successor(begin), now)) {
      while (entries.next()) {
        x.checkInterrupts();
        if (Arrays.equals(entries.key(), own)) {
          there = true;
          continue;
        }
        byte[] stored =
            transaction.getAt(
                index.rowShard(entries.value()),
                table.relation(),
                StoredIndex.rowKey(entries.value()),
                now);
        if (other != null || stored == null) {
          continue;
        }
        Object[] found = table.decode(stored);
        Object[] both = Arrays.copyOf(row, 2 * table.width());
        System.arraycopy(found, 0, both, table.width(), table.width());
        other = conflict.holds(both, x) ? found : null;
      }
    }
    // Where the check has waited, the row may be gone or another one.
    if (there && other != null) {
      throw violation.apply(other);
    }
  }
}
