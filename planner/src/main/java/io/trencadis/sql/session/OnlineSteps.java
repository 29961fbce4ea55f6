package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.txn.SchemaChangedException;
import io.trencadis.txn.StatementRestartException;

/// Short transactions, one after the other, of a statement that works beside others. Confined to
/// the session's thread.
final class OnlineSteps {
  private static final int MOST_TRIES = 1000;

  private final LocalSession session;
  private final TransactionControl transactions;
  private final StatementExecutor executor;

  OnlineSteps(LocalSession session, TransactionControl transactions, StatementExecutor executor) {
    this.session = session;
    this.transactions = transactions;
    this.executor = executor;
  }

  /// Commits what was done so far; what follows is in another transaction.
  void commit() {
    executor.cannotRunAgain();
    transactions.endInside(true, false);
  }

  /// Rolls back what was not committed; what follows is in another transaction.
  void abandon() {
    executor.cannotRunAgain();
    transactions.endInside(false, false);
  }

  /// Does one of the short steps and commits it; again where it has met others' locks crosswise.
  void step(Runnable work) {
    for (int tries = 1; ; tries++) {
      try {
        work.run();
        commit();
        return;
      } catch (SqlException e) {
        requireWorthAnotherTry(e, tries);
        transactions.endInside(false, false);
      }
      session.interrupts().check();
    }
  }

  /// @throws RuntimeException `failure` itself, where it is not others' doing or has come too often
  static void requireWorthAnotherTry(RuntimeException failure, int tries) {
    boolean others =
        failure instanceof StatementRestartException
            || failure instanceof SchemaChangedException
            || failure instanceof SqlException e
                && (e.state() == SqlState.SERIALIZATION_FAILURE
                    || e.state() == SqlState.DEADLOCK_DETECTED);
    if (!others || tries > MOST_TRIES) {
      throw failure;
    }
  }
}
