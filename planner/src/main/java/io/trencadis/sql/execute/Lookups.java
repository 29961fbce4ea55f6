package io.trencadis.sql.execute;

import io.trencadis.sharding.RowCursor;
import io.trencadis.sharding.Transaction;
import io.trencadis.storage.RowBlock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The stored rows that a look-up finds for each of several rows, made together in the order of the
/// keys. Confined to one thread.
final class Lookups {
  /// How many rows are kept at most; look-ups that find more are left to be made later.
  static final int MOST_FOUND = 1 << 15;

  /// Look-ups that find more rows at a shard are made one by one.
  private static final int MOST_EACH = 1 << 10;

  private static final int[] NOWHERE = {};

  private final TableScanNode scan;
  private final Execution x;
  private final int mostEach;
  private final RowFetch fetch;
  private byte[][] rows = new byte[16][];
  private int found;
  private KeyRange.Bytes[] ranges = new KeyRange.Bytes[16];
  private int[][] wheres = new int[16][];
  private int[] starts = new int[16];
  private int[] counts = new int[16];
  private int count;
  private int most;
  private int steps;
  private int current = -1;

  /// @param mostEach how many rows of each look-up anybody wants
  Lookups(TableScanNode scan, int mostEach, Execution x) {
    this.mostEach = mostEach;
    this.scan = scan;
    this.x = x;
    this.fetch =
        scan.readsTable() && !scan.isPlainPoint() ? null : new RowFetch(scan.rowRelation(), x);
  }

  /// Forgets all look-ups.
  void clear() {
    count = 0;
    found = 0;
    most = 0;
    if (fetch != null) {
      fetch.clear();
    }
  }

  /// Adds the look-up that the slots say, as they are now. At most [NearKeys#MOST] of them.
  ///
  /// @return its number
  int add() {
    if (count == ranges.length) {
      ranges = Arrays.copyOf(ranges, count * 4);
      wheres = Arrays.copyOf(wheres, count * 4);
      starts = Arrays.copyOf(starts, count * 4);
      counts = Arrays.copyOf(counts, count * 4);
    }
    KeyRange.Bytes range = scan.bytes(x);
    ranges[count] = range;
    wheres[count] = range == null ? NOWHERE : scan.shards(x);
    return count++;
  }

  /// Says whose rows the scan gives when it is opened next; -1 for none.
  void standOn(int lookup) {
    current = lookup;
  }

  /// The rows of the look-up that was said; null where the scan has to read them.
  RowSource rows() {
    if (current < 0 || isLate(current)) {
      return null;
    }
    NodeCounters counters = x.counters(scan);
    int lookup = current;
    return new RowSource() {
      private int next;

      @Override
      public Object[] next() {
        while (next < count(lookup)) {
          byte[] bytes = row(lookup, next++);
          Object[] row = bytes == null ? null : scan.looked(bytes, x, counters);
          if (row != null) {
            return row;
          }
        }
        return null;
      }
    };
  }

  /// Makes all look-ups that were added.
  void run() {
    if (scan.isPlainPoint()) {
      points();
      return;
    }
    byte[][] froms = new byte[count][];
    int[] asked = new int[count];
    int some = 0;
    for (int i = 0; i < count; i++) {
      counts[i] = 0;
      if (wheres[i].length > 0) {
        froms[some] = ranges[i].from();
        asked[some++] = i;
      }
    }
    boolean full = false;
    int[] order = NearKeys.order(froms, some);
    RowBlock[][] ahead = readAhead(order, asked);
    for (int place : order) {
      int lookup = asked[place];
      starts[lookup] = found;
      full |= !(isThere(ahead, lookup) ? take(lookup, ahead[lookup]) : read(lookup));
      counts[lookup] = full ? -1 : found - starts[lookup];
      most = Math.max(most, full ? Integer.MAX_VALUE : counts[lookup]);
    }
    if (fetch != null) {
      fetch.fetch();
    }
  }

  private void points() {
    for (int i = 0; i < count; i++) {
      starts[i] = fetch.count();
      counts[i] = wheres[i].length;
      if (wheres[i].length > 0) {
        fetch.add(wheres[i][0], ranges[i].from());
      }
    }
    fetch.fetch();
    for (int i = 0; i < count; i++) {
      if (counts[i] > 0) {
        scan.scanned(x, fetch.row(starts[i]) == null ? 0 : 1);
      }
    }
    most = 1;
  }

  /// Reads what all look-ups find, each shard's at once, where that saves time.
  ///
  /// @return by look-up and shard the rows; null for nothing
  private RowBlock[][] readAhead(int[] order, int[] asked) {
    if (order.length < 2 || !x.looksUpTogether()) {
      return null;
    }
    Map<Integer, List<int[]>> byShard = new TreeMap<>();
    for (int place : order) {
      int lookup = asked[place];
      for (int i = 0; i < wheres[lookup].length; i++) {
        byShard
            .computeIfAbsent(wheres[lookup][i], _ -> new ArrayList<>())
            .add(new int[] {lookup, i});
      }
    }
    List<Transaction.Lookup> lookups = new ArrayList<>();
    byShard.forEach(
        (shard, wanted) -> {
          byte[][] froms = new byte[wanted.size()][];
          byte[][] tos = new byte[wanted.size()][];
          for (int i = 0; i < froms.length; i++) {
            froms[i] = ranges[wanted.get(i)[0]].from();
            tos[i] = ranges[wanted.get(i)[0]].to();
          }
          lookups.add(new Transaction.Lookup(shard, froms, tos));
        });
    List<RowBlock[]> read = x.lookUpRanges(scan.readRelation(), lookups, MOST_EACH);
    if (read == null) {
      return null;
    }
    RowBlock[][] rowsOf = new RowBlock[count][];
    int next = 0;
    for (List<int[]> wanted : byShard.values()) {
      RowBlock[] found = read.get(next++);
      for (int i = 0; i < found.length; i++) {
        int lookup = wanted.get(i)[0];
        if (rowsOf[lookup] == null) {
          rowsOf[lookup] = new RowBlock[wheres[lookup].length];
        }
        rowsOf[lookup][wanted.get(i)[1]] = found[i];
      }
    }
    return rowsOf;
  }

  private static boolean isThere(RowBlock[][] ahead, int lookup) {
    return ahead != null && !Arrays.asList(ahead[lookup]).contains(null);
  }

  /// @return false where there is no room for what was found
  private boolean take(int lookup, RowBlock[] blocks) {
    int before = found;
    long bytes = 0;
    for (int i = 0; i < blocks.length; i++) {
      x.touched(wheres[lookup][i]);
      for (int row = 0; row < blocks[i].count() && found - before < mostEach; row++) {
        if (found == MOST_FOUND) {
          return givenUp(before);
        }
        byte[] value = blocks[i].value(row);
        bytes += value.length;
        add(value);
      }
    }
    x.read(bytes);
    scan.scanned(x, found - before);
    return true;
  }

  private boolean givenUp(int before) {
    found = before;
    if (fetch != null) {
      fetch.shorten(before);
    }
    return false;
  }

  /// @return false where there is no room for what is found
  private boolean read(int lookup) {
    if (found >= MOST_FOUND) {
      return false;
    }
    int before = found;
    long bytes = 0;
    for (int shard : wheres[lookup]) {
      x.touched(shard);
      try (RowCursor cursor =
          x.scan(shard, scan.readRelation(), ranges[lookup].from(), ranges[lookup].to())) {
        while (found - before < mostEach && cursor.next()) {
          if ((++steps & 0xff) == 0) {
            x.checkInterrupts();
          }
          if (found == MOST_FOUND) {
            return givenUp(before);
          }
          byte[] value = cursor.value();
          bytes += value.length;
          add(value);
        }
      }
    }
    x.read(bytes);
    scan.scanned(x, found - before);
    return true;
  }

  private void add(byte[] value) {
    if (fetch != null) {
      fetch.add(scan.index().rowShard(value), StoredIndex.rowKey(value));
    } else {
      if (found == rows.length) {
        rows = Arrays.copyOf(rows, found * 4);
      }
      rows[found] = value;
    }
    found++;
  }

  /// How many rows the look-up that found the most has found.
  int most() {
    return most;
  }

  /// Whether a look-up has found too much to be kept.
  boolean isLate(int lookup) {
    return counts[lookup] < 0;
  }

  /// How many rows a look-up has found.
  int count(int lookup) {
    return counts[lookup];
  }

  /// A row that a look-up has found; null where this very statement has changed it since it began.
  byte[] row(int lookup, int i) {
    return fetch != null ? fetch.row(starts[lookup] + i) : rows[starts[lookup] + i];
  }
}
