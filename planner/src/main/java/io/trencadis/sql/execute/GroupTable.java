package io.trencadis.sql.execute;

import io.trencadis.sql.batch.Batch;
import io.trencadis.sql.batch.Column;
import io.trencadis.sql.batch.LongColumn;
import io.trencadis.sql.types.TypeCodec;
import java.util.Arrays;

/// Groups found by the values that rows have in some columns, nulls being equal: chains of places
/// in flat arrays, in the order in which groups came up. Confined to one thread.
final class GroupTable<G> {
  private static final int NONE = -1;

  private final TypeCodec[] codecs;
  private Object[][] keys = new Object[16][];
  private Object[] groups = new Object[16];
  private long[] hashes = new long[16];
  private int[] nexts = new int[16];
  private int[] heads = new int[32];
  private int size;

  GroupTable(TypeCodec[] codecs) {
    this.codecs = codecs;
    Arrays.fill(heads, NONE);
  }

  long hash(Object[] row, int[] columns) {
    long hash = 0;
    for (int i = 0; i < columns.length; i++) {
      Object value = row[columns[i]];
      hash = hash * 31 + (value == null ? 0 : codecs[i].hash(value));
    }
    return JoinTable.mix(hash);
  }

  /// The place of the group of a row, or -1 if there is none.
  int find(long hash, Object[] row, int[] columns) {
    int place = heads[(int) hash & heads.length - 1];
    while (place != NONE && (hashes[place] != hash || !isOf(keys[place], row, columns))) {
      place = nexts[place];
    }
    return place;
  }

  private boolean isOf(Object[] key, Object[] row, int[] columns) {
    for (int i = 0; i < key.length; i++) {
      Object a = key[i];
      Object b = row[columns[i]];
      if (a == null || b == null ? a != b : !codecs[i].equal(a, b)) {
        return false;
      }
    }
    return true;
  }

  /// The hashes of a batch's rows, in the order of its places.
  long[] hashes(Batch batch, int[] columns) {
    int count = batch.count();
    int[] places = batch.places();
    long[] hashes = new long[count];
    for (int c = 0; c < columns.length; c++) {
      Column column = batch.column(columns[c]);
      for (int i = 0; i < count; i++) {
        int place = places[i];
        long own;
        if (column instanceof LongColumn numbers) {
          own = numbers.isNull(place) ? 0 : numbers.codec().hashNumber(numbers.values()[place]);
        } else {
          Object value = column.get(place);
          own = value == null ? 0 : codecs[c].hash(value);
        }
        hashes[i] = hashes[i] * 31 + own;
      }
    }
    for (int i = 0; i < count; i++) {
      hashes[i] = JoinTable.mix(hashes[i]);
    }
    return hashes;
  }

  /// The place of the group of a batch's row, or -1 if there is none.
  int find(long hash, Batch batch, int row, int[] columns) {
    int place = heads[(int) hash & heads.length - 1];
    while (place != NONE && (hashes[place] != hash || !isOf(keys[place], batch, row, columns))) {
      place = nexts[place];
    }
    return place;
  }

  /// Whether a batch's row is of the group at a place.
  boolean isAt(int place, Batch batch, int row, int[] columns) {
    return isOf(keys[place], batch, row, columns);
  }

  private boolean isOf(Object[] key, Batch batch, int row, int[] columns) {
    for (int i = 0; i < key.length; i++) {
      Object a = key[i];
      Column column = batch.column(columns[i]);
      if (a == null || column.isNull(row)) {
        if (a != null || !column.isNull(row)) {
          return false;
        }
      } else if (column instanceof LongColumn numbers) {
        if (numbers.codec().unbox(a) != numbers.values()[row]) {
          return false;
        }
      } else {
        Object b = column.get(row);
        if (a != b && !codecs[i].equal(a, b)) {
          return false;
        }
      }
    }
    return true;
  }

  /// Adds a group that is not there yet.
  ///
  /// @param key the values of the columns
  void add(long hash, Object[] key, G group) {
    if (size == keys.length) {
      int larger = size * 2;
      keys = Arrays.copyOf(keys, larger);
      groups = Arrays.copyOf(groups, larger);
      hashes = Arrays.copyOf(hashes, larger);
      nexts = Arrays.copyOf(nexts, larger);
      heads = new int[larger * 2];
      Arrays.fill(heads, NONE);
      for (int place = 0; place < size; place++) {
        link(place);
      }
    }
    keys[size] = key;
    groups[size] = group;
    hashes[size] = hash;
    link(size++);
  }

  private void link(int place) {
    int bucket = (int) hashes[place] & heads.length - 1;
    nexts[place] = heads[bucket];
    heads[bucket] = place;
  }

  int size() {
    return size;
  }

  Object[] key(int place) {
    return keys[place];
  }

  long hashOf(int place) {
    return hashes[place];
  }

  @SuppressWarnings("unchecked") // Only groups of that type are ever added.
  G group(int place) {
    return (G) groups[place];
  }

  /// The group's memory may go.
  void forget(int place) {
    groups[place] = null;
    keys[place] = null;
  }
}
