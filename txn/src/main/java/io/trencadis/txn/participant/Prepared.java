package io.trencadis.txn.participant;

import io.trencadis.base.Timestamp;
import java.util.ArrayList;
import java.util.List;

/// The marks of one prepared transaction: the keys it has written here. The keys are immutable; the
/// two timestamps are written by the shard's machine and read by anybody.
final class Prepared {
  final long txn;
  final int attempt;
  final MarkedKeys keys;

  /// Whether a relation's schema version is among the keys.
  final boolean schema;

  /// Its commit timestamp once it is known, else 0.
  volatile long commitTs;

  /// Where its record ends in the log, once its writes are installed although that may not be
  /// durable yet; else 0. For the machine only.
  long position;

  /// Its commit timestamp lies above this.
  volatile long above;

  /// Requests that wait to learn its timestamp or its fate. For the machine only.
  final List<Pending> waiters = new ArrayList<>(0);

  Prepared(long txn, int attempt, MarkedKeys keys, boolean schema, long above) {
    this.txn = txn;
    this.attempt = attempt;
    this.keys = keys;
    this.schema = schema;
    this.above = above;
  }

  /// Whether it may have a timestamp at or below `ts`, as far as is known.
  boolean mayBeAtOrBelow(long ts) {
    long known = commitTs;
    return known != 0 ? known <= ts : ts > above;
  }

  @Override
  public String toString() {
    return "marks of "
        + txn
        + (commitTs == 0 ? " without timestamp" : " at " + Timestamp.toString(commitTs));
  }
}
