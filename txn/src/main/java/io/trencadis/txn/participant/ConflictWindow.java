package io.trencadis.txn.participant;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.storage.ShardStore;
import io.trencadis.storage.Version;
import io.trencadis.txn.Rule;
import io.trencadis.txn.Rules;
import io.trencadis.txn.message.ReadPart;
import java.util.function.BooleanSupplier;

/// The recent commits of one shard: which keys, and when. Answers whether something that was read
/// has changed since.
///
/// Invariants: every commit above `floor` is in it, ordered by timestamp. What lies at or below the
/// floor is forgotten, so a question that reaches below it is answered as if there had been a
/// conflict. Memory is bounded twice: by the oldest snapshot anybody holds, and by a number of
/// keys, whatever the snapshots.
final class ConflictWindow {
  /// Beyond so many commits, single keys are looked up in the store instead.
  private static final int WALK_AT_MOST = 64;

  private final Rules rules;
  private final int maxKeys;
  private long[] timestamps = new long[64];
  private MarkedKeys[] keys = new MarkedKeys[64];
  private int first;
  private int size;
  private int keyCount;
  private long floor;

  ConflictWindow(Rules rules, int maxKeys, long floor) {
    this.rules = rules;
    this.maxKeys = maxKeys;
    this.floor = floor;
  }

  long floor() {
    return floor;
  }

  int size() {
    return size;
  }

  private int index(int place) {
    return (first + place) & (timestamps.length - 1);
  }

  void add(long commitTs, Prepared marks) {
    if (size == timestamps.length) {
      grow();
    }
    // Commits arrive nearly in order; a late one finds its place from the end.
    int place = size;
    while (place > 0 && timestamps[index(place - 1)] > commitTs) {
      set(index(place), index(place - 1));
      place--;
    }
    int at = index(place);
    timestamps[at] = commitTs;
    keys[at] = marks.keys;
    size++;
    keyCount += marks.keys.size();
    while (keyCount > maxKeys && size > 1) {
      dropOldest();
    }
  }

  private void set(int to, int from) {
    timestamps[to] = timestamps[from];
    keys[to] = keys[from];
  }

  /// Nobody will ask about anything before `horizon` any more.
  void forgetBelow(long horizon) {
    while (size > 0 && timestamps[first] <= horizon) {
      dropOldest();
    }
  }

  private void dropOldest() {
    floor = Math.max(floor, timestamps[first]);
    keyCount -= keys[first].size();
    keys[first] = null;
    first = index(1);
    size--;
  }

  /// Whether a commit in `(after, upTo]` touched what was read, and matters, or may have and is
  /// forgotten.
  boolean conflicts(ReadPart reads, long after, long upTo, ShardStore store, ChangeTest test) {
    if (after < floor && rules.has(Rule.WINDOW_FLOOR)) {
      return true;
    }
    int begin = size;
    while (begin > 0 && timestamps[index(begin - 1)] > after) {
      begin--;
    }
    boolean walk = size - begin <= WALK_AT_MOST;
    boolean ranges = reads.froms().length > 0 && rules.has(Rule.VALIDATE_RANGES);
    for (int i = 0; i < reads.keys().length; i++) {
      byte[] key = reads.keys()[i];
      if ((walk ? changed(key, begin, upTo) : changedInStore(key, after, upTo, store))
          && test.matters(key, reads.columnsOfKey(i))) {
        return true;
      }
    }
    if (ranges) {
      for (int place = begin; place < size; place++) {
        int at = index(place);
        if (timestamps[at] <= upTo && keys[at].touchRanges(reads, test)) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean changed(byte[] key, int begin, long upTo) {
    long bit = MarkedKeys.bit(key);
    for (int place = begin; place < size; place++) {
      int at = index(place);
      if (timestamps[at] <= upTo && keys[at].has(key, bit)) {
        return true;
      }
    }
    return false;
  }

  private static boolean changedInStore(byte[] key, long after, long upTo, ShardStore store) {
    return trueOrForgotten(
        () -> {
          Version version = store.read(key, upTo);
          return version != null && version.commitTs() > after;
        });
  }

  /// Whether something has changed since a time, or the store has forgotten what there was then.
  static boolean trueOrForgotten(BooleanSupplier changed) {
    try {
      return changed.getAsBoolean();
    } catch (SqlException forgotten) {
      if (forgotten.state() == SqlState.SNAPSHOT_TOO_OLD) {
        return true;
      }
      throw forgotten;
    }
  }

  private void grow() {
    int capacity = timestamps.length;
    long[] moreTimestamps = new long[capacity * 2];
    MarkedKeys[] moreKeys = new MarkedKeys[capacity * 2];
    for (int place = 0; place < size; place++) {
      moreTimestamps[place] = timestamps[index(place)];
      moreKeys[place] = keys[index(place)];
    }
    timestamps = moreTimestamps;
    keys = moreKeys;
    first = 0;
  }
}
