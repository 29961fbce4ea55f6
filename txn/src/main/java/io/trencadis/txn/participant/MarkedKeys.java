package io.trencadis.txn.participant;

import io.trencadis.storage.Keys;
import io.trencadis.storage.run.Run;
import io.trencadis.txn.message.ReadPart;
import java.util.Arrays;
import java.util.List;

/// The keys that a transaction has written at a shard. Exact for those in memory; of those in runs
/// it takes a few others for written, and misses none, so that no question costs a read. Immutable.
final class MarkedKeys {
  static final MarkedKeys NONE = new MarkedKeys(new byte[0][], List.of());

  /// In order.
  private final byte[][] keys;

  /// Empty unless the transaction is large.
  private final List<Run> runs;

  /// For each key one of 64 bits, by its hash: most questions end here.
  private final long filter;

  /// @param keys in order, not to be modified any more
  MarkedKeys(byte[][] keys, List<Run> runs) {
    this.keys = keys;
    this.runs = List.copyOf(runs);
    long bits = 0;
    if (keys.length > 256 || !runs.isEmpty()) {
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

  /// How much there is to look through.
  int size() {
    int size = keys.length;
    for (Run run : runs) {
      size += run.sparseKeys();
    }
    return size;
  }

  /// @param bit of the key, by [#bit]
  boolean has(byte[] key, long bit) {
    if ((filter & bit) == 0) {
      return false;
    }
    if (Arrays.binarySearch(keys, key, Keys.ORDER) >= 0) {
      return true;
    }
    for (Run run : runs) {
      if (run.mayHave(key)) {
        return true;
      }
    }
    return false;
  }

  /// Whether what is marked was read, and its change matters.
  ///
  /// @param ranges whether a range that was read counts
  boolean touch(ReadPart reads, boolean ranges, ChangeTest test) {
    for (int i = 0; i < reads.keys().length; i++) {
      byte[] key = reads.keys()[i];
      if (has(key, bit(key)) && test.matters(key, reads.columnsOfKey(i))) {
        return true;
      }
    }
    return ranges && touchRanges(reads, test);
  }

  /// As [#touch], for the ranges that were read alone.
  boolean touchRanges(ReadPart reads, ChangeTest test) {
    for (int i = 0; i < reads.froms().length; i++) {
      if (changes(reads.froms()[i], reads.tos()[i], reads.columnsOfRange(i), test)) {
        return true;
      }
    }
    return false;
  }

  /// Whether a key of `[from, to)` is marked whose change matters.
  ///
  /// @param columns of the rows there, those that were looked at
  private boolean changes(byte[] from, byte[] to, long columns, ChangeTest test) {
    for (int at = from == null ? 0 : place(from);
        at < keys.length && (to == null || Keys.compare(keys[at], to) < 0);
        at++) {
      if (test.matters(keys[at], columns)) {
        return true;
      }
    }
    for (Run run : runs) {
      if (run.firstIn(from, to, false) != null) {
        return true;
      }
    }
    return false;
  }

  /// The lowest marked key in `[from, to)` or a key before it there, or with `reverse` the highest
  /// or one behind it, possibly `to`; null if there is none.
  byte[] firstIn(byte[] from, byte[] to, boolean reverse) {
    byte[] first = firstInMemory(from, to, reverse);
    for (Run run : runs) {
      byte[] other = run.firstIn(from, to, reverse);
      if (other != null && (first == null || (Keys.compare(other, first) < 0) != reverse)) {
        first = other;
      }
    }
    return first;
  }

  private byte[] firstInMemory(byte[] from, byte[] to, boolean reverse) {
    if (reverse) {
      int at = to == null ? keys.length - 1 : place(to) - 1;
      return at >= 0 && (from == null || Keys.compare(keys[at], from) >= 0) ? keys[at] : null;
    }
    int at = from == null ? 0 : place(from);
    return at < keys.length && (to == null || Keys.compare(keys[at], to) < 0) ? keys[at] : null;
  }

  private int place(byte[] key) {
    int at = Arrays.binarySearch(keys, key, Keys.ORDER);
    return at >= 0 ? at : -at - 1;
  }
}
