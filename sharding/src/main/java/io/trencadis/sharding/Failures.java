package io.trencadis.sharding;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.txn.lock.Wanted;
import java.util.List;

/// PostgreSQL's words for what can go wrong between transactions.
final class Failures {
  private Failures() {}

  static SqlException rowNotAvailable(String relation) {
    return new SqlException(
        SqlState.LOCK_NOT_AVAILABLE,
        "could not obtain lock on row in relation \"" + relation + "\"");
  }

  static SqlException relationNotAvailable(String relation) {
    return new SqlException(
        SqlState.LOCK_NOT_AVAILABLE, "could not obtain lock on relation \"" + relation + "\"");
  }

  static SqlException lockTimeout() {
    return new SqlException(SqlState.LOCK_NOT_AVAILABLE, "canceling statement due to lock timeout");
  }

  static SqlException deadlock(List<Wanted.Wait> circle, WaitPolicy waits) {
    return new SqlException(SqlState.DEADLOCK_DETECTED, "deadlock detected")
        .detail(waits.deadlockDetail(circle))
        .hint("See server log for query details.");
  }

  static SqlException concurrentUpdate() {
    return new SqlException(
        SqlState.SERIALIZATION_FAILURE, "could not serialize access due to concurrent update");
  }

  static SqlException dependencies() {
    return new SqlException(
            SqlState.SERIALIZATION_FAILURE,
            "could not serialize access due to read/write dependencies among transactions")
        .hint("The transaction might succeed if retried.");
  }

  static SqlException notYet() {
    return new SqlException(
        SqlState.INVALID_PARAMETER_VALUE, "AS OF SYSTEM TIME must be a time in the past");
  }

  static SqlException tooOld() {
    return new SqlException(SqlState.SNAPSHOT_TOO_OLD, "snapshot too old")
        .detail(
            "The past can be read back to the server's start, and no longer than"
                + " trencadis.history_retention.");
  }

  static SqlException readOnly() {
    return new SqlException(
        SqlState.READ_ONLY_SQL_TRANSACTION, "cannot write or lock rows in a read-only transaction");
  }

  /// A shard has forgotten what the transaction did there: another node leads it now, or took the
  /// transaction for dead.
  static SqlException shardLost() {
    return new SqlException(
            SqlState.SERIALIZATION_FAILURE,
            "could not serialize access due to a change of a shard's leader")
        .hint("The transaction might succeed if retried.");
  }

  /// Nobody can say now whether a transaction has committed.
  static SqlException unknownOutcome() {
    return new SqlException(
            SqlState.TRANSACTION_RESOLUTION_UNKNOWN,
            "the node that knows whether the transaction has committed cannot be reached")
        .hint("It has committed or it has not, as a whole; look for what it was to do.");
  }

  // ---- transactions prepared by name

  static SqlException nameInUse(String gid) {
    return new SqlException(
        SqlState.DUPLICATE_OBJECT, "transaction identifier \"" + gid + "\" is already in use");
  }

  static SqlException tooManyPrepared(int most) {
    return new SqlException(
            SqlState.OUT_OF_MEMORY, "maximum number of prepared transactions reached")
        .hint("Increase max_prepared_transactions (currently " + most + ").");
  }

  static SqlException notPrepared(String gid) {
    return new SqlException(
        SqlState.UNDEFINED_OBJECT,
        "prepared transaction with identifier \"" + gid + "\" does not exist");
  }

  static SqlException preparedIsBusy(String gid) {
    return new SqlException(
        SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
        "prepared transaction with identifier \"" + gid + "\" is busy");
  }
}
