package io.trencadis.txn.participant;

import io.trencadis.storage.Keys;
import io.trencadis.storage.run.Run;
import io.trencadis.storage.run.RunDirectory;
import io.trencadis.storage.run.RunEntry;
import io.trencadis.storage.run.RunWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/// What one transaction has written at a shard, until it is installed or dropped: the newest writes
/// in memory, and below them, for a large transaction, runs.
///
/// Invariants: what is in memory is in `byKey` or in `tail`, where rows of one relation that come
/// in order gather without a search: no key of `byKey` lies between the first and the last of the
/// tail, and none before `tailEnd` behind them. `inOrder` has each write in memory in the order of
/// its making, with marks that only grow, also from run to run; no key written is above `highest`,
/// no row's below `lowest`. Schema versions are never in a run.
final class OwnWrites {
  /// On the heap beside key and value: entry and write, their arrays' heads, the lock.
  private static final int WRITE_BYTES = 150;

  /// So many that come in order are worth a second structure.
  private static final int TAIL_AFTER = 64;

  private static final byte[] FIRST_ROW = Keys.relationStart(1);

  private TreeMap<byte[], OwnWrite> byKey = new TreeMap<>(Keys.ORDER);
  private List<OwnWrite> tail = List.of();

  /// Null: nothing is behind the tail.
  private byte[] tailEnd;

  /// What was written last, and how many writes up to it came in order within one relation.
  private byte[] last;

  private int ascending;
  private List<OwnWrite> inOrder = new ArrayList<>();
  private byte[] highest;

  /// Of rows: schema versions, which come before them all, do not count.
  private byte[] lowest;

  private long bytes;

  /// Oldest first.
  private List<Run> runs = List.of();

  boolean isEmpty() {
    return byKey.isEmpty() && tail.isEmpty() && runs.isEmpty();
  }

  /// Writes in memory.
  int count() {
    return inOrder.size();
  }

  /// About how much memory is taken.
  long bytes() {
    return bytes;
  }

  /// Oldest first; empty unless the transaction is large.
  List<Run> runs() {
    return runs;
  }

  /// What is in memory, by key.
  NavigableMap<byte[], OwnWrite> inMemory() {
    foldTail();
    return byKey;
  }

  /// What is in memory of `[from, to)`, where null is unbounded.
  NavigableMap<byte[], OwnWrite> inMemory(byte[] from, byte[] to) {
    if (from != null && to != null && Keys.compare(from, to) >= 0) {
      return Collections.emptyNavigableMap();
    }
    boolean apart =
        tail.isEmpty()
            || (to != null && Keys.compare(tail.getFirst().key(), to) >= 0)
            || (from != null && Keys.compare(tail.getLast().key(), from) < 0);
    if (!apart) {
      foldTail();
    }
    NavigableMap<byte[], OwnWrite> writes = from == null ? byKey : byKey.tailMap(from, true);
    return to == null ? writes : writes.headMap(to, false);
  }

  private void foldTail() {
    if (!tail.isEmpty()) {
      for (OwnWrite write : tail) {
        byKey.put(write.key(), write);
      }
      tail = List.of();
    }
  }

  /// Whether anything written may lie in `[from, to)`: a load reads one relation and writes
  /// another.
  boolean mayBeIn(byte[] from, byte[] to) {
    if (highest == null || (from != null && Keys.compare(from, highest) > 0)) {
      return false;
    }
    boolean hasSchemas = from == null || Keys.compare(from, FIRST_ROW) < 0;
    return hasSchemas || to == null || (lowest != null && Keys.compare(lowest, to) < 0);
  }

  /// The newest write of a key, or null.
  OwnWrite get(byte[] key) {
    if (highest == null || Keys.compare(key, highest) > 0) {
      return null;
    }
    OwnWrite own = getInMemory(key);
    if (own != null || runs.isEmpty()) {
      return own;
    }
    RunEntry newest = null;
    boolean keepsKey = true;
    for (int i = runs.size() - 1; i >= 0; i--) {
      RunEntry entry = runs.get(i).find(key);
      if (entry != null) {
        newest = newest == null ? entry : newest;
        keepsKey &= entry.keepsKey();
      }
    }
    return newest == null
        ? null
        : new OwnWrite(newest.key(), newest.value(), null, newest.mark(), keepsKey);
  }

  private OwnWrite getInMemory(byte[] key) {
    int at = placeInTail(tail, key);
    return at >= 0 ? tail.get(at) : byKey.get(key);
  }

  /// @return negative if it is not there
  private static int placeInTail(List<OwnWrite> tail, byte[] key) {
    int low = 0;
    int high = tail.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = Keys.compare(tail.get(middle).key(), key);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -low - 1;
  }

  void put(byte[] key, byte[] value, int mark, boolean keepsKey) {
    bytes += WRITE_BYTES + key.length + (value == null ? 0 : value.length);
    boolean below = lowest == null || Keys.compare(key, lowest) < 0;
    if (below && Keys.compare(key, FIRST_ROW) >= 0) {
      lowest = key;
    }
    if (highest == null || Keys.compare(key, highest) > 0) {
      highest = key;
    }
    if (goesToTail(key)) {
      OwnWrite fresh = new OwnWrite(key, value, null, mark, keepsKey);
      tail.add(fresh);
      inOrder.add(fresh);
      return;
    }
    OwnWrite fresh = new OwnWrite(key, value, null, mark, keepsKey);
    OwnWrite existing = byKey.putIfAbsent(key, fresh);
    if (existing == null) {
      inOrder.add(fresh);
    } else if (existing.mark == mark) {
      // No savepoint, statement or scan lies between the two: nobody can ask for the earlier one.
      existing.overwrite(value, keepsKey);
    } else {
      OwnWrite covering =
          new OwnWrite(existing.key(), value, existing, mark, keepsKey && existing.keepsKey());
      byKey.put(existing.key(), covering);
      inOrder.add(covering);
    }
  }

  /// Makes room for a key that is about to be written: behind the tail, or where it is not in it.
  private boolean goesToTail(byte[] key) {
    boolean follows =
        last != null
            && Keys.relationId(last) == Keys.relationId(key)
            && Keys.compare(last, key) < 0;
    ascending = follows ? ascending + 1 : 0;
    last = key;
    if (!tail.isEmpty()) {
      byte[] end = tail.getLast().key();
      boolean behind = Keys.compare(key, end) > 0;
      boolean before = tailEnd == null || Keys.compare(key, tailEnd) < 0;
      if (behind && before && Keys.relationId(key) == Keys.relationId(end)) {
        return true;
      }
      if (ascending > TAIL_AFTER || !behind && Keys.compare(key, tail.getFirst().key()) >= 0) {
        foldTail();
      } else if (behind && before) {
        tailEnd = key;
      }
    }
    if (!tail.isEmpty() || ascending <= TAIL_AFTER) {
      return false;
    }
    byte[] next = byKey.ceilingKey(key);
    if (next != null && Keys.compare(next, key) == 0) {
      return false;
    }
    tail = new ArrayList<>();
    tailEnd = next;
    return true;
  }

  /// Takes back what was written at `mark` or later.
  ///
  /// @param directory where the runs are; null if there can be none
  /// @throws io.trencadis.base.SqlException 53100, 58030
  void undoFrom(int mark, RunDirectory directory) {
    foldTail();
    while (!inOrder.isEmpty() && inOrder.getLast().mark >= mark) {
      OwnWrite write = inOrder.removeLast();
      if (write.covered == null) {
        byKey.remove(write.key());
      } else {
        byKey.put(write.key(), write.covered);
      }
    }
    while (!runs.isEmpty() && runs.getLast().summary().highestMark() >= mark) {
      Run last = runs.getLast();
      if (last.summary().lowestMark() < mark) {
        Run rest = rewrite(last, mark, directory);
        runs.removeLast();
        runs.add(rest);
        last.delete();
        return;
      }
      runs.removeLast();
      last.delete();
    }
  }

  private static Run rewrite(Run run, int before, RunDirectory directory) {
    try (RunWriter writer = directory.create(run.summary().shard())) {
      var cursor = run.cursor(null, null, false);
      while (cursor.next()) {
        for (RunEntry entry : cursor.entries()) {
          if (entry.mark() < before) {
            writer.add(entry.key(), entry.mark(), entry.keepsKey(), entry.value());
          }
        }
      }
      return writer.finish();
    } catch (IOException e) {
      throw directory.failed(e);
    }
  }

  /// Moves all that is in memory, but schema versions, to a run.
  ///
  /// @param keyLocked tells of a key that it is locked as for a change of the key itself
  /// @return tells of a key that it was moved
  /// @throws io.trencadis.base.SqlException 53100, 58030; then nothing has changed
  Predicate<byte[]> spill(RunDirectory directory, int shard, Predicate<byte[]> keyLocked) {
    NavigableMap<byte[], OwnWrite> rows = byKey.tailMap(FIRST_ROW, true);
    List<OwnWrite> moved = tail;
    if (rows.isEmpty() && moved.isEmpty()) {
      return key -> false;
    }
    try (RunWriter writer = directory.create(shard)) {
      // No key of the rows lies among those of the tail.
      byte[] place = moved.isEmpty() ? null : moved.getFirst().key();
      for (OwnWrite newest : (place == null ? rows : rows.headMap(place, false)).values()) {
        write(newest, keyLocked, writer);
      }
      for (OwnWrite newest : moved) {
        write(newest, keyLocked, writer);
      }
      if (place != null) {
        for (OwnWrite newest : rows.tailMap(place, false).values()) {
          write(newest, keyLocked, writer);
        }
      }
      Run run = writer.finish();
      if (runs.isEmpty()) {
        runs = new ArrayList<>();
      }
      runs.add(run);
    } catch (IOException e) {
      throw directory.failed(e);
    }
    TreeMap<byte[], OwnWrite> rest = new TreeMap<>(byKey.headMap(FIRST_ROW, false));
    List<OwnWrite> remaining = new ArrayList<>();
    if (!rest.isEmpty()) {
      for (OwnWrite write : inOrder) {
        if (Keys.relationId(write.key()) == 0) {
          remaining.add(write);
        }
      }
    }
    inOrder = remaining;
    byKey = rest;
    tail = List.of();
    bytes = 0;
    return key -> rows.containsKey(key) || placeInTail(moved, key) >= 0;
  }

  private static void write(OwnWrite newest, Predicate<byte[]> keyLocked, RunWriter writer)
      throws IOException {
    boolean keepsKey = newest.keepsKey() && !keyLocked.test(newest.key());
    for (OwnWrite write = newest; write != null; write = write.covered) {
      writer.add(newest.key(), write.mark, keepsKey, write.value());
    }
  }

  /// What was in runs in an earlier life, of a transaction that writes nothing more.
  void restore(List<Run> restored) {
    runs = new ArrayList<>(restored);
    for (Run run : restored) {
      byte[] first = run.firstIn(null, null, false);
      byte[] end = run.firstIn(null, null, true);
      lowest = lowest == null || Keys.compare(first, lowest) < 0 ? first : lowest;
      highest = highest == null || Keys.compare(end, highest) > 0 ? end : highest;
    }
  }

  /// The transaction has aborted.
  void drop() {
    runs.forEach(Run::delete);
    runs = List.of();
  }
}
