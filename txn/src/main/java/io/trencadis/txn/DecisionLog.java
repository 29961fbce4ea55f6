package io.trencadis.txn;

import io.trencadis.base.SqlException;

/// Where decisions become durable. Thread-safe.
public interface DecisionLog {
  /// What became of a record. Called exactly once, on any thread, within [#append] or later.
  interface Outcome {
    /// The record would survive a crash: the transaction has happened.
    ///
    /// @param position where the record ends in the log
    void durable(long position);

    /// The record is not in the log and never will be, for want of room: the transaction has not
    /// happened.
    void refused(SqlException why);
  }

  /// Data that lives in memory needs no log.
  DecisionLog IN_MEMORY = (record, outcome) -> outcome.durable(0);

  /// Appends the record. Until its outcome is known the transaction is prepared to everybody. Where
  /// the log fails for good there is no outcome: the node stops.
  void append(DecisionRecord record, Outcome outcome);
}
