package io.trencadis.sql.execute;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sharding.Transaction;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.RowLock;
import java.util.List;

/// Locks the rows that locator columns point to: FOR UPDATE, FOR SHARE and their weaker forms.
public final class LockRowsNode extends PlanNode {
  private final PlanNode input;
  private final List<Lock> locks;

  /// One table's rows to lock.
  ///
  /// @param column the input column with the locator
  /// @param relation the name for messages
  public record Lock(int column, RowLock strength, LockWait lockWait, String relation) {}

  public LockRowsNode(Estimate estimate, PlanNode input, List<Lock> locks) {
    super(estimate);
    this.input = input;
    this.locks = List.copyOf(locks);
  }

  @Override
  protected RowSource start(Execution x) {
    RowSource source = input.open(x);
    return new RowSource() {
      @Override
      public Object[] next() {
        while (true) {
          Object[] row = source.next();
          if (row == null || lockAll(row, x)) {
            return row;
          }
        }
      }

      @Override
      public void close() {
        source.close();
      }
    };
  }

  /// @return false for a row to be skipped, because somebody else has it locked
  private boolean lockAll(Object[] row, Execution x) {
    Transaction transaction = x.transaction();
    for (Lock lock : locks) {
      RowLocator locator = (RowLocator) row[lock.column];
      if (locator == null) {
        continue;
      }
      try {
        transaction.lockAndGet(
            locator.shard(),
            locator.table().relation(),
            locator.key(),
            lock.strength,
            lock.lockWait);
      } catch (SqlException e) {
        if (e.state() == SqlState.LOCK_NOT_AVAILABLE && lock.lockWait == LockWait.NOWAIT) {
          throw new SqlException(
              SqlState.LOCK_NOT_AVAILABLE,
              "could not obtain lock on row in relation \"" + lock.relation + "\"");
        }
        throw e;
      }
      if (transaction.skipped()) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean isPoint() {
    return input.isPoint();
  }

  @Override
  public String label() {
    return "LockRows";
  }

  @Override
  public List<PlanNode> children() {
    return List.of(input);
  }
}
