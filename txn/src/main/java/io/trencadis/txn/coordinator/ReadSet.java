package io.trencadis.txn.coordinator;

import io.trencadis.storage.Keys;
import io.trencadis.txn.message.ReadPart;
import io.trencadis.txn.participant.SchemaKeys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What a transaction has read at one shard and has no lock on: keys, and how far its scans went.
final class ReadSet {
  /// Beyond so many ranges neighbours are merged. That reads more than was read: a needless
  /// conflict at worst.
  private static final int RANGES_AT_MOST = 4096;

  private final List<byte[]> keys = new ArrayList<>();

  /// By key; longer than they are many.
  private long[] keyColumns = new long[8];

  private final List<ReadRange> ranges = new ArrayList<>();

  /// @param columns of the key's row, those that were looked at
  void add(byte[] key, long columns) {
    int last = keys.size() - 1;
    // The last key again is common (a row read, tested and read); more is not worth a hash set.
    if (last >= 0
        && (keyColumns[last] | columns) == keyColumns[last]
        && Arrays.equals(keys.getLast(), key)) {
      return;
    }
    if (keys.size() == keyColumns.length) {
      keyColumns = Arrays.copyOf(keyColumns, keyColumns.length * 2);
    }
    keyColumns[last + 1] = columns;
    keys.add(key);
  }

  void add(ReadRange range) {
    ranges.add(range);
  }

  int keyCount() {
    return keys.size();
  }

  int rangeCount() {
    return ranges.size();
  }

  /// Forgets what was added after these counts were taken.
  void truncate(int keyCount, int rangeCount) {
    keys.subList(keyCount, keys.size()).clear();
    ranges.subList(rangeCount, ranges.size()).clear();
  }

  boolean isEmpty() {
    if (!keys.isEmpty()) {
      return false;
    }
    for (ReadRange range : ranges) {
      if (!range.isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /// What has to be valid. A relation's schema is read with its rows (rule 13): where they have
  /// moved to another relation, what was read is not what others change from then on.
  ReadPart part() {
    return SchemaKeys.with(rows());
  }

  private ReadPart rows() {
    List<ReadRange> read = new ArrayList<>(ranges);
    read.removeIf(ReadRange::isEmpty);
    int count = read.size();
    byte[][] froms = new byte[count][];
    byte[][] tos = new byte[count][];
    long[] columns = new long[count];
    for (int i = 0; i < count; i++) {
      froms[i] = read.get(i).from();
      tos[i] = read.get(i).to();
      columns[i] = read.get(i).columns();
    }
    ReadPart part =
        new ReadPart(
            keys.toArray(byte[][]::new),
            Arrays.copyOf(keyColumns, keys.size()),
            froms,
            tos,
            columns);
    return count > RANGES_AT_MOST ? merged(part) : part;
  }

  private static ReadPart merged(ReadPart part) {
    Integer[] order = new Integer[part.froms().length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> compareFrom(part.froms()[a], part.froms()[b]));
    int chunk = order.length / RANGES_AT_MOST + 1;
    int count = (order.length + chunk - 1) / chunk;
    byte[][] froms = new byte[count][];
    byte[][] tos = new byte[count][];
    long[] columns = new long[count];
    for (int i = 0; i < count; i++) {
      int first = i * chunk;
      froms[i] = part.froms()[order[first]];
      tos[i] = part.tos()[order[first]];
      for (int each = first; each < Math.min(first + chunk, order.length); each++) {
        byte[] to = part.tos()[order[each]];
        if (tos[i] != null && (to == null || Keys.compare(to, tos[i]) > 0)) {
          tos[i] = to;
        }
        columns[i] |= part.columnsOfRange(order[each]);
      }
    }
    return new ReadPart(part.keys(), part.keyColumns(), froms, tos, columns);
  }

  private static int compareFrom(byte[] a, byte[] b) {
    if (a == null || b == null) {
      return a == b ? 0 : a == null ? -1 : 1;
    }
    return Keys.compare(a, b);
  }
}
