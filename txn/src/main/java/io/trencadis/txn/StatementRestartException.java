package io.trencadis.txn;

/// A row that the statement locked has changed after the statement's snapshot. The session calls
/// `Transaction.restartStatement()` and runs the statement again; the locks it has are kept, so
/// that a statement meets the same row's change once only. Stackless.
public final class StatementRestartException extends RuntimeException {
  public StatementRestartException() {
    super("a locked row changed after the snapshot", null, false, false);
  }
}
