package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sharding.Transaction;
import io.trencadis.sql.session.UtilityCommands.Result;
import io.trencadis.txn.GlobalName;
import java.nio.charset.StandardCharsets;

/// PREPARE TRANSACTION, COMMIT PREPARED and ROLLBACK PREPARED: a transaction that leaves its
/// session and is ended by another (PostgreSQL 15 manual, PREPARE TRANSACTION). Confined to the
/// session's thread.
final class TwoPhaseCommands {
  /// Bytes of a name, one more than the longest.
  private static final int GID_BYTES = 200;

  private final LocalSession session;
  private final TransactionControl transactions;

  TwoPhaseCommands(LocalSession session, TransactionControl transactions) {
    this.session = session;
    this.transactions = transactions;
  }

  Result prepare(String gid, ResponseSink sink) {
    if (!session.interrupts().mayBlock()) {
      throw io.trencadis.txn.WouldBlockException.INSTANCE;
    }
    session.closeTransactionPortals();
    return Result.tag(
        transactions.prepare(session.severalStatements(), sink, store -> prepare(gid, store)));
  }

  private void prepare(String gid, Transaction store) {
    if (transactions.openedHoldable(session.portals())) {
      throw refused("created a cursor WITH HOLD");
    }
    if (transactions.usedTemporary()) {
      throw refused("operated on temporary objects");
    }
    if (transactions.hasCatalogChanges()) {
      throw SqlException.notSupported(
          "PREPARE TRANSACTION of a transaction that has changed schema");
    }
    if (transactions.locksIfAny() != null && transactions.locksIfAny().mark() > 0) {
      throw SqlException.notSupported(
          "PREPARE TRANSACTION of a transaction that has taken advisory locks");
    }
    if (gid.getBytes(StandardCharsets.UTF_8).length >= GID_BYTES) {
      throw new SqlException(
          SqlState.INVALID_PARAMETER_VALUE, "transaction identifier \"" + gid + "\" is too long");
    }
    int most = session.settings().getInt("max_prepared_transactions");
    if (most == 0) {
      throw new SqlException(
              SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "prepared transactions are disabled")
          .hint("Set max_prepared_transactions to a nonzero value.");
    }
    GlobalName name =
        new GlobalName(
            gid,
            session.context().clockTimestampMicros(),
            session.currentUser().oid(),
            session.database().oid());
    session.engine().gateway().preparedTransactions().prepare(store, name, most);
  }

  private static SqlException refused(String what) {
    return new SqlException(
        SqlState.FEATURE_NOT_SUPPORTED, "cannot PREPARE a transaction that has " + what);
  }

  Result finish(String gid, boolean commit) {
    String tag = commit ? "COMMIT PREPARED" : "ROLLBACK PREPARED";
    if (transactions.inBlock() || session.severalStatements()) {
      throw new SqlException(
          SqlState.ACTIVE_SQL_TRANSACTION, tag + " cannot run inside a transaction block");
    }
    if (!session.interrupts().mayBlock()) {
      throw io.trencadis.txn.WouldBlockException.INSTANCE;
    }
    session.engine().gateway().preparedTransactions().finish(gid, commit, this::requireAllowed);
    return Result.tag(tag);
  }

  private void requireAllowed(GlobalName name) {
    if (name.owner() != session.currentUser().oid() && !session.currentUser().superuser()) {
      throw new SqlException(
              SqlState.INSUFFICIENT_PRIVILEGE, "permission denied to finish prepared transaction")
          .hint("Must be superuser or the user that prepared the transaction.");
    }
    if (name.database() != session.database().oid()) {
      throw new SqlException(
              SqlState.FEATURE_NOT_SUPPORTED, "prepared transaction belongs to another database")
          .hint("Connect to the database where the transaction was prepared to finish it.");
    }
  }
}
