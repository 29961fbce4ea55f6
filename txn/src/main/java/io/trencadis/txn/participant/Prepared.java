package io.trencadis.txn.participant;

import io.trencadis.base.Timestamp;
import io.trencadis.storage.Keys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The marks of one prepared transaction: the keys it has written here, in order. The keys are
/// immutable; the two timestamps are written by the shard's machine and read by anybody.
final class Prepared {
  final long txn;
  final int attempt;
  final byte[][] keys;

  /// For each key one of 64 bits, by its hash: most questions end here.
  final long filter;

  /// Whether a relation's schema version is among the keys.
  final boolean schema;

  /// Its commit timestamp once it is known, else 0.
  volatile long commitTs;

  /// Its commit timestamp lies above this.
  volatile long above;

  /// Requests that wait to learn its timestamp or its fate. For the machine only.
  final List<Pending> waiters = new ArrayList<>(0);

  Prepared(long txn, int attempt, byte[][] keys, boolean schema, long above) {
    this.txn = txn;
    this.attempt = attempt;
    this.keys = keys;
    this.schema = schema;
    this.above = above;
    long bits = 0;
    if (keys.length > 256) {
      bits = -1;
    } else {
      for (byte[] key : keys) {
        bits |= bit(key);
      }
    }
    this.filter = bits;
  }

  static long bit(byte[] key) {
    return 1L << Keys.hash(key);
  }

  /// Whether it may have a timestamp at or below `ts`, as far as is known.
  boolean mayBeAtOrBelow(long ts) {
    long known = commitTs;
    return known != 0 ? known <= ts : ts > above;
  }

  boolean hasKey(byte[] key, long bit) {
    return (filter & bit) != 0 && Arrays.binarySearch(keys, key, Keys.ORDER) >= 0;
  }

  /// The lowest marked key in `[from, to)`, or with `reverse` the highest; null if there is none.
  byte[] firstIn(byte[] from, byte[] to, boolean reverse) {
    return firstIn(keys, from, to, reverse);
  }

  static byte[] firstIn(byte[][] sorted, byte[] from, byte[] to, boolean reverse) {
    if (reverse) {
      int at = to == null ? sorted.length - 1 : place(sorted, to) - 1;
      return at >= 0 && (from == null || Keys.compare(sorted[at], from) >= 0) ? sorted[at] : null;
    }
    int at = from == null ? 0 : place(sorted, from);
    return at < sorted.length && (to == null || Keys.compare(sorted[at], to) < 0)
        ? sorted[at]
        : null;
  }

  private static int place(byte[][] sorted, byte[] key) {
    int at = Arrays.binarySearch(sorted, key, Keys.ORDER);
    return at >= 0 ? at : -at - 1;
  }

  @Override
  public String toString() {
    return "marks of "
        + txn
        + (commitTs == 0 ? " without timestamp" : " at " + Timestamp.toString(commitTs));
  }
}
