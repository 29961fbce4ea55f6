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
  private final List<ReadRange> ranges = new ArrayList<>();

  void add(byte[] key) {
    // The last key again is common (a row read, tested and read); more is not worth a hash set.
    if (keys.isEmpty() || !Arrays.equals(keys.getLast(), key)) {
      keys.add(key);
    }
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
    List<byte[]> froms = new ArrayList<>(ranges.size());
    List<byte[]> tos = new ArrayList<>(ranges.size());
    for (ReadRange range : ranges) {
      if (!range.isEmpty()) {
        froms.add(range.from());
        tos.add(range.to());
      }
    }
    if (froms.size() > RANGES_AT_MOST) {
      return merged(froms, tos);
    }
    return new ReadPart(
        keys.toArray(byte[][]::new), froms.toArray(byte[][]::new), tos.toArray(byte[][]::new));
  }

  private ReadPart merged(List<byte[]> froms, List<byte[]> tos) {
    Integer[] order = new Integer[froms.size()];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> compareFrom(froms.get(a), froms.get(b)));
    int chunk = order.length / RANGES_AT_MOST + 1;
    List<byte[]> mergedFroms = new ArrayList<>();
    List<byte[]> mergedTos = new ArrayList<>();
    for (int at = 0; at < order.length; at += chunk) {
      byte[] to = tos.get(order[at]);
      for (int i = at + 1; i < Math.min(at + chunk, order.length) && to != null; i++) {
        byte[] other = tos.get(order[i]);
        to = other == null || Keys.compare(other, to) > 0 ? other : to;
      }
      mergedFroms.add(froms.get(order[at]));
      mergedTos.add(to);
    }
    return new ReadPart(
        keys.toArray(byte[][]::new),
        mergedFroms.toArray(byte[][]::new),
        mergedTos.toArray(byte[][]::new));
  }

  private static int compareFrom(byte[] a, byte[] b) {
    if (a == null || b == null) {
      return a == b ? 0 : a == null ? -1 : 1;
    }
    return Keys.compare(a, b);
  }
}
