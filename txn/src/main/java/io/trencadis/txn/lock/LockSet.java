package io.trencadis.txn.lock;

import java.util.Arrays;

/// The locks one transaction holds at one shard, in the order it got them, each with the point in
/// the transaction at which it did: so that rolling back to a savepoint can let go of the later
/// ones.
public final class LockSet {
  private LockEntry[] entries = new LockEntry[4];
  private int[] modes = new int[4];
  private int[] marks = new int[4];
  private int size;

  /// Whether marks ascend, which they do unless a lock was noted late.
  private boolean ordered = true;

  void add(LockEntry entry, int mode, int mark) {
    if (size == entries.length) {
      entries = Arrays.copyOf(entries, size * 2);
      modes = Arrays.copyOf(modes, size * 2);
      marks = Arrays.copyOf(marks, size * 2);
    }
    ordered &= size == 0 || marks[size - 1] <= mark;
    entries[size] = entry;
    modes[size] = mode;
    marks[size] = mark;
    size++;
  }

  int size() {
    return size;
  }

  /// A place before which all marks are below `mark`.
  int firstFrom(int mark) {
    if (!ordered) {
      return 0;
    }
    int first = size;
    while (first > 0 && marks[first - 1] >= mark) {
      first--;
    }
    return first;
  }

  LockEntry entry(int at) {
    return entries[at];
  }

  int mode(int at) {
    return modes[at];
  }

  int mark(int at) {
    return marks[at];
  }

  /// Puts the lock of one place to an earlier one, or leaves it where it is.
  void move(int from, int to) {
    entries[to] = entries[from];
    modes[to] = modes[from];
    marks[to] = marks[from];
  }

  void truncate(int newSize) {
    Arrays.fill(entries, newSize, size, null);
    size = newSize;
  }
}
