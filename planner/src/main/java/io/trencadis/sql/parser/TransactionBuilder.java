package io.trencadis.sql.parser;

import static io.trencadis.sql.parser.Nodes.name;
import static io.trencadis.sql.parser.Nodes.pos;
import static io.trencadis.sql.parser.Nodes.value;

import io.trencadis.sql.ast.Statement;

/// BEGIN, COMMIT and their kin.
final class TransactionBuilder {
  private TransactionBuilder() {}

  static Statement transaction(PgParser.TransactionStmtContext c) {
    int pos = pos(c);
    return switch (c) {
      case PgParser.BeginStmtContext x ->
          new Statement.Begin(modes(x.transactionModes()), false, pos);
      case PgParser.StartStmtContext x ->
          new Statement.Begin(modes(x.transactionModes()), true, pos);
      case PgParser.CommitStmtContext x ->
          new Statement.Commit(x.K_CHAIN() != null && x.K_NO() == null, pos);
      case PgParser.RollbackStmtContext x ->
          new Statement.Rollback(x.K_CHAIN() != null && x.K_NO() == null, pos);
      case PgParser.SavepointStmtContext x -> new Statement.Savepoint(name(x.colId()), pos);
      case PgParser.ReleaseStmtContext x -> new Statement.Release(name(x.colId()), pos);
      case PgParser.RollbackToStmtContext x -> new Statement.RollbackTo(name(x.colId()), pos);
      case PgParser.PrepareTransactionContext x ->
          new Statement.PrepareTransaction(value(x.STRING()), pos);
      case PgParser.FinishPreparedContext x ->
          x.K_COMMIT() != null
              ? new Statement.CommitPrepared(value(x.STRING()), pos)
              : new Statement.RollbackPrepared(value(x.STRING()), pos);
      default -> throw new IllegalStateException("no statement: " + c.getClass());
    };
  }

  /// Where a mode is given twice, the last one counts.
  static Statement.TransactionModes modes(PgParser.TransactionModesContext c) {
    if (c == null) {
      return Statement.TransactionModes.NONE;
    }
    Statement.Isolation isolation = null;
    Boolean readOnly = null;
    Boolean deferrable = null;
    for (PgParser.TransactionModeContext m : c.transactionMode()) {
      if (m.K_ISOLATION() != null) {
        isolation = isolation(m);
      } else if (m.K_DEFERRABLE() != null) {
        deferrable = m.K_NOT() == null;
      } else {
        readOnly = m.K_ONLY() != null;
      }
    }
    return new Statement.TransactionModes(isolation, readOnly, deferrable);
  }

  private static Statement.Isolation isolation(PgParser.TransactionModeContext c) {
    return c.K_SERIALIZABLE() != null
        ? Statement.Isolation.SERIALIZABLE
        : c.K_REPEATABLE() != null
            ? Statement.Isolation.REPEATABLE_READ
            : c.K_COMMITTED() != null
                ? Statement.Isolation.READ_COMMITTED
                : Statement.Isolation.READ_UNCOMMITTED;
  }
}
