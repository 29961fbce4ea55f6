package io.trencadis.txn;

/// Where decisions become durable, by group commit once there is a write-ahead log. Thread-safe.
public interface DecisionLog {
  /// Data that lives in memory needs no log.
  DecisionLog IN_MEMORY = (record, durable) -> durable.run();

  /// Appends the record and calls `durable` once it would survive a crash: within the call or
  /// later, on any thread, exactly once. Until then the transaction is prepared to everybody.
  void append(DecisionRecord record, Runnable durable);
}
