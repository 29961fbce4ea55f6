package io.trencadis.sharding;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.txn.RelationRef;
import io.trencadis.txn.SchemaChangedException;
import io.trencadis.txn.StatementRestartException;
import io.trencadis.txn.WouldBlockException;
import io.trencadis.txn.lock.Wanted;
import io.trencadis.txn.message.Reply;
import java.util.List;

/// PostgreSQL's words for what can go wrong between transactions.
public final class Failures {
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

  public static SqlException concurrentUpdate() {
    return new SqlException(
        SqlState.SERIALIZATION_FAILURE, "could not serialize access due to concurrent update");
  }

  static SqlException concurrentDelete() {
    return new SqlException(
        SqlState.SERIALIZATION_FAILURE, "could not serialize access due to concurrent delete");
  }

  public static SqlException dependencies() {
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

  /// A node has gone, or has started anew, that was joining rows for a statement, some of whose
  /// rows have been given already.
  static SqlException exchangeLost() {
    return new SqlException(
            SqlState.SERIALIZATION_FAILURE,
            "could not serialize access due to the loss of a node that was joining rows")
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

  /// Turns replies that are failures into exceptions.
  static Reply checked(Reply reply, RelationRef rel, WaitPolicy waits) {
    return switch (reply) {
      case Reply.Row _,
          Reply.Rows _,
          Reply.Ranges _,
          Reply.Mutated _,
          Reply.Done _,
          Reply.Changed _,
          Reply.Skipped _ ->
          reply;
      case Reply.Restart _ -> throw new StatementRestartException();
      case Reply.Unavailable _ -> throw rowNotAvailable(rel.name());
      case Reply.WouldBlock _ -> throw WouldBlockException.INSTANCE;
      case Reply.Deadlock deadlock -> throw deadlock(deadlock.circle(), waits);
      case Reply.SchemaChanged(int relationId, long version) ->
          throw new SchemaChangedException(relationId, version);
      case Reply.Failed(SqlException why) when ShardActor.isExpected(why.state()) -> throw why;
      case Reply.Failed(Throwable cause) ->
          throw new SqlException(SqlState.INTERNAL_ERROR, "a shard failed: " + cause, cause);
      case Reply.Refused _ -> throw shardLost();
      case Reply.Cancelled _,
          Reply.Prepared _,
          Reply.Held _,
          Reply.Valid _,
          Reply.Conflict _,
          Reply.After _ ->
          throw unexpected(reply);
    };
  }

  static SqlException unexpected(Reply reply) {
    return SqlException.internal("unexpected reply from a shard: " + reply);
  }

  /// What was written cannot be, since the table's schema is another one by now.
  public static SqlException schemaChanged() {
    return new SqlException(
        SqlState.SERIALIZATION_FAILURE,
        "could not serialize access due to a concurrent schema change");
  }
}
