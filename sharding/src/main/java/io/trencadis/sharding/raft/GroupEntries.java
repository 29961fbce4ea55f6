package io.trencadis.sharding.raft;

import java.util.ArrayList;
import java.util.List;

/// The entries of one group that its nodes may still need, in memory, with their places in the
/// write-ahead log. Not thread-safe.
final class GroupEntries {
  private record Entry(byte[] encoded, long position) {}

  private final List<Entry> entries = new ArrayList<>();
  private long first = 1;
  private long bytes;

  /// Entries before the first, whose last is still to come: at a start, where the log is read from
  /// a place behind what they were written as first, and before what a later one was.
  private final List<Entry> early = new ArrayList<>();

  private long earlyFirst;

  long first() {
    return first;
  }

  /// One less than [#first] where there are none.
  long last() {
    return first + entries.size() - 1;
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  long bytes() {
    return bytes;
  }

  /// @return null for one that is not there
  byte[] get(long index) {
    Entry entry = at(index);
    return entry == null ? null : entry.encoded;
  }

  private Entry at(long index) {
    return index < first || index > last() ? null : entries.get((int) (index - first));
  }

  /// Where the first entry stands; `Long.MAX_VALUE` without one.
  long firstPosition() {
    long least = Long.MAX_VALUE;
    // An entry that was written again stands behind those after it.
    for (Entry entry : entries) {
      least = Math.min(least, entry.position);
    }
    return least;
  }

  /// Puts an entry at the end; what stands there or behind is gone.
  void append(long index, byte[] encoded, long position) {
    truncateSuffix(index - 1);
    if (entries.isEmpty()) {
      first = index;
    } else if (index != last() + 1) {
      throw new IllegalStateException("entry " + index + " after " + last());
    }
    entries.add(new Entry(encoded, position));
    bytes += encoded.length;
  }

  /// An entry that is there already was written once more.
  void moved(long index, byte[] encoded, long position) {
    if (at(index) != null) {
      entries.set((int) (index - first), new Entry(encoded, position));
    } else if (entries.isEmpty() || index == last() + 1) {
      append(index, encoded, position);
    } else if (index < first) {
      movedBefore(index, new Entry(encoded, position));
    }
  }

  private void movedBefore(long index, Entry entry) {
    if (early.isEmpty() || index != earlyFirst + early.size()) {
      early.clear();
      earlyFirst = index;
    }
    early.add(entry);
    if (index + 1 == first) {
      entries.addAll(0, early);
      early.forEach(each -> bytes += each.encoded.length);
      first = earlyFirst;
      early.clear();
    }
  }

  void truncatePrefix(long firstKept) {
    early.clear();
    int gone = Math.clamp(firstKept - first, 0, entries.size());
    remove(entries.subList(0, gone));
    first = Math.max(first, firstKept);
  }

  void truncateSuffix(long lastKept) {
    if (lastKept < last()) {
      int kept = (int) Math.max(0, lastKept - first + 1);
      remove(entries.subList(kept, entries.size()));
    }
  }

  private void remove(List<Entry> gone) {
    for (Entry entry : gone) {
      bytes -= entry.encoded.length;
    }
    gone.clear();
  }

  void reset(long next) {
    entries.clear();
    early.clear();
    bytes = 0;
    first = next;
  }
}
