package io.trencadis.txn.participant;

import io.trencadis.storage.Keys;
import io.trencadis.storage.run.Run;
import io.trencadis.storage.run.RunDirectory;
import io.trencadis.storage.run.RunEntry;
import io.trencadis.storage.run.RunWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/// What one transaction has written at a shard, until it is installed or dropped: the newest writes
/// in memory, and below them, for a large transaction, runs.
///
/// Invariants: `byKey` maps each key written since the last run to its newest write; `inOrder` has
/// each such write in order, with marks that only grow, also from run to run. Schema versions are
/// never in a run.
final class OwnWrites {
  /// On the heap beside key and value: entry and write, their arrays' heads, the lock.
  private static final int WRITE_BYTES = 200;

  private TreeMap<byte[], OwnWrite> byKey = new TreeMap<>(Keys.ORDER);
  private List<OwnWrite> inOrder = new ArrayList<>();
  private long bytes;

  /// Oldest first.
  private final List<Run> runs = new ArrayList<>(0);

  boolean isEmpty() {
    return byKey.isEmpty() && runs.isEmpty();
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
    return byKey;
  }

  /// The newest write of a key, or null.
  OwnWrite get(byte[] key) {
    OwnWrite own = byKey.get(key);
    if (own != null || runs.isEmpty()) {
      return own;
    }
    RunEntry entry = find(key);
    return entry == null ? null : new OwnWrite(entry.key(), entry.value(), null, entry.mark());
  }

  /// Whether a key is in a run whose writer had more than its row's values locked.
  boolean inRunWithKey(byte[] key) {
    for (Run run : runs) {
      RunEntry entry = run.find(key);
      if (entry != null && !entry.keepsKey()) {
        return true;
      }
    }
    return false;
  }

  /// The newest write of a key that is in a run, or null.
  RunEntry find(byte[] key) {
    for (int i = runs.size() - 1; i >= 0; i--) {
      RunEntry entry = runs.get(i).find(key);
      if (entry != null) {
        return entry;
      }
    }
    return null;
  }

  void put(byte[] key, byte[] value, int mark) {
    OwnWrite fresh = new OwnWrite(key, value, null, mark);
    OwnWrite existing = byKey.putIfAbsent(key, fresh);
    bytes += WRITE_BYTES + key.length + (value == null ? 0 : value.length);
    if (existing == null) {
      inOrder.add(fresh);
    } else if (existing.mark == mark) {
      // No savepoint, statement or scan lies between the two: nobody can ask for the earlier one.
      existing.overwrite(value);
    } else {
      OwnWrite covering = new OwnWrite(existing.key(), value, existing, mark);
      byKey.put(existing.key(), covering);
      inOrder.add(covering);
    }
  }

  /// Takes back what was written at `mark` or later.
  ///
  /// @param directory where the runs are; null if there can be none
  /// @throws io.trencadis.base.SqlException 53100, 58030
  void undoFrom(int mark, RunDirectory directory) {
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
  /// @param keepsKey tells of a key that its row is locked, but not its key
  /// @throws io.trencadis.base.SqlException 53100, 58030; then nothing has changed
  void spill(RunDirectory directory, int shard, Predicate<byte[]> keepsKey) {
    byte[] firstRow = Keys.relationStart(1);
    NavigableMap<byte[], OwnWrite> rows = byKey.tailMap(firstRow, true);
    if (rows.isEmpty()) {
      return;
    }
    try (RunWriter writer = directory.create(shard)) {
      for (OwnWrite newest : rows.values()) {
        boolean keeps = keepsKey.test(newest.key());
        for (OwnWrite write = newest; write != null; write = write.covered) {
          writer.add(newest.key(), write.mark, keeps, write.value());
        }
      }
      runs.add(writer.finish());
    } catch (IOException e) {
      throw directory.failed(e);
    }
    TreeMap<byte[], OwnWrite> rest = new TreeMap<>(byKey.headMap(firstRow, false));
    inOrder =
        new ArrayList<>(inOrder.stream().filter(write -> rest.containsKey(write.key())).toList());
    byKey = rest;
    bytes = 0;
  }

  /// The transaction has aborted.
  void drop() {
    runs.forEach(Run::delete);
    runs.clear();
  }
}
