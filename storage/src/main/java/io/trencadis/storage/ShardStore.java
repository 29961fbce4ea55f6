package io.trencadis.storage;

import java.util.Collection;

/// An ordered map from keys to committed versions. One thread at a time writes ([#apply],
/// [#discardBelow]); reads are thread-safe, lock-free, and see every [#apply] that ended before
/// they began.
///
/// A read at `ts` is exact if every commit at or below `ts` has been applied; seeing to that is the
/// transaction layer's part. A read below what was kept fails with 72000, or is undefined in a
/// store that keeps no floor. Keys and values are shared with the caller: nobody modifies them.
public interface ShardStore {
  /// The row's bytes at `ts`, or null if there is no live row.
  default byte[] get(byte[] key, long ts) {
    Version version = read(key, ts);
    return version == null ? null : version.value();
  }

  /// What [#get] gives for each of several keys. Keys that lie near the one before them cost least,
  /// so they come best in order.
  ///
  /// @param count how many of `keys` mean something
  /// @param rows where each key's row is put, or null
  default void get(byte[][] keys, int count, long ts, byte[][] rows) {
    for (int i = 0; i < count; i++) {
      rows[i] = get(keys[i], ts);
    }
  }

  /// The newest version at or before `ts`, deletions included, or null.
  Version read(byte[] key, long ts);

  /// The newest version of the key, deletions included, or null.
  Version latest(byte[] key);

  /// The commit timestamp of the newest version, deletions included; 0 where none is known. A
  /// deletion below the horizon may be forgotten.
  default long latestVersion(byte[] key) {
    Version version = latest(key);
    return version == null ? 0 : version.commitTs();
  }

  /// Live rows at `ts` with `from <= key < to`, in key order or against it.
  ///
  /// @param from null for the first key
  /// @param to null for the last
  RowScan scan(byte[] from, byte[] to, long ts, boolean reverse);

  /// Installs the writes of one transaction. Commits may arrive out of the order of their
  /// timestamps.
  ///
  /// @param writes distinct keys; fastest in ascending order
  /// @param logIndex position in the shard's log that this store now covers
  void apply(Collection<? extends Write> writes, long commitTs, long logIndex);

  /// No read will come below `horizon` any more: what only such a read could see may go. Work is
  /// proportional to what goes. A horizon below an earlier one changes nothing.
  void discardBelow(long horizon);

  /// The log position given with the last [#apply], or the highest, which is the same for a log
  /// that is applied in order.
  long appliedIndex();

  /// The highest commit timestamp ever applied.
  long highestCommitTs();

  /// Keys that have a version, deletions included; an estimate where a store has several levels.
  long keyCount();
}
