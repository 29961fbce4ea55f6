package io.trencadis.txn;

import io.trencadis.base.SqlException;

/// Where decisions, and transactions that are prepared by name, become durable. Thread-safe.
public interface DecisionLog {
  /// What became of a record. One of [#durable], [#refused] and [#unknown] is called, exactly once,
  /// on any thread, within [#append] or later.
  interface Outcome {
    /// The record is in the log, behind all that were appended before it, and durable no earlier
    /// than they are. Called within [#append], if at all; one of the others follows.
    ///
    /// @param position where the record ends in the log
    default void appended(long position) {}

    /// The record would survive a crash: what it says has happened.
    ///
    /// @param position where the record ends in the log
    void durable(long position);

    /// The record is not in the log and never will be, for want of room: what it says has not
    /// happened.
    void refused(SqlException why);

    /// The log has failed for good while the record was on its way: whether it is there will show
    /// when the log is read again. The node is about to stop, and nothing is let go.
    void unknown(SqlException why);
  }

  /// Data that lives in memory needs no log.
  DecisionLog IN_MEMORY = (record, outcome) -> outcome.durable(0);

  /// Appends the record. Until its outcome is known the transaction is prepared to everybody.
  void append(TxnRecord record, Outcome outcome);

  /// Every record that ends at or before this position is durable.
  default long durable() {
    return Long.MAX_VALUE;
  }

  /// Returns when every record that ends at or before `position` is durable.
  ///
  /// @throws SqlException 58030 if the log has failed: the node is about to stop
  default void awaitDurable(long position) {}
}
