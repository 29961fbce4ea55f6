package io.trencadis.sharding;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
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

  /// @param circle each waits for the next, the last for the first
  static SqlException deadlock(List<Long> circle, WaitPolicy owners) {
    StringBuilder detail = new StringBuilder();
    for (int i = 0; i < circle.size(); i++) {
      long next = circle.get((i + 1) % circle.size());
      detail
          .append(i == 0 ? "" : "\n")
          .append("Process ")
          .append(owners.processOf(circle.get(i)))
          .append(" waits for ShareLock on transaction ")
          .append(next)
          .append("; blocked by process ")
          .append(owners.processOf(next))
          .append('.');
    }
    return new SqlException(SqlState.DEADLOCK_DETECTED, "deadlock detected")
        .detail(detail.toString())
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

  static SqlException readOnly() {
    return new SqlException(
        SqlState.READ_ONLY_SQL_TRANSACTION, "cannot write or lock rows in a read-only transaction");
  }
}
