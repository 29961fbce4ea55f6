package io.trencadis.sql.execute;

import io.trencadis.sql.batch.Batch;
import io.trencadis.sql.batch.Column;
import io.trencadis.sql.batch.LongColumn;
import io.trencadis.sql.types.TypeCodec;
import io.trencadis.sql.types.Types;
import java.util.Arrays;
import java.util.BitSet;

/// The rows of one side of a join, found by their equal columns: chains of places in flat arrays.
/// Rows with a null in one of the columns are kept and never found. Filled and then finished by one
/// thread; after that any thread may look, but only one may mark.
final class JoinTable {
  private static final int NONE = -1;

  private final int[] columns;
  private final TypeCodec[] codecs;
  private final boolean byNumber;
  private Object[][] rows = new Object[16][];
  private long[] hashes = new long[16];
  private boolean[] found = new boolean[16];
  private int size;
  private int[] heads;
  private int[] nexts;
  private BitSet met;
  private long bytes;

  /// @param columns none where every row is found by every other
  JoinTable(int[] columns, TypeCodec[] codecs) {
    this.columns = columns;
    this.codecs = codecs;
    this.byNumber = isNumber(codecs);
  }

  /// Whether rows meet by a single number, which then is compared as it is.
  static boolean isNumber(TypeCodec[] codecs) {
    return codecs.length == 1
        && (codecs[0] == Types.INT4.codec()
            || codecs[0] == Types.INT8.codec()
            || codecs[0] == Types.DATE.codec());
  }

  /// Mixes a number's bits (Steele et al., "Fast splittable pseudorandom number generators", OOPSLA
  /// 2014).
  static long mix(long number) {
    long x = (number ^ number >>> 30) * 0xbf58476d1ce4e5b9L;
    x = (x ^ x >>> 27) * 0x94d049bb133111ebL;
    return x ^ x >>> 31;
  }

  static boolean hasNull(Object[] row, int[] columns) {
    for (int column : columns) {
      if (row[column] == null) {
        return true;
      }
    }
    return false;
  }

  /// What is known of a row's columns without comparing them: the number itself, or a hash.
  static long hash(Object[] row, int[] columns, TypeCodec[] codecs, boolean byNumber) {
    if (byNumber) {
      return ((Number) row[columns[0]]).longValue();
    }
    long hash = 0;
    for (int i = 0; i < columns.length; i++) {
      hash = hash * 31 + codecs[i].hash(row[columns[i]]);
    }
    return hash;
  }

  void add(Object[] row) {
    if (size == rows.length) {
      int larger = size + (size >> 1);
      rows = Arrays.copyOf(rows, larger);
      hashes = Arrays.copyOf(hashes, larger);
      found = Arrays.copyOf(found, larger);
    }
    rows[size] = row;
    if (columns.length > 0 && !hasNull(row, columns)) {
      hashes[size] = hash(row, columns, codecs, byNumber);
      found[size] = true;
    }
    size++;
    bytes += RowBytes.memory(row) + 24;
  }

  /// What it takes in memory, roughly.
  long bytes() {
    return bytes;
  }

  int size() {
    return size;
  }

  int buckets() {
    return heads.length;
  }

  Object[] row(int place) {
    return rows[place];
  }

  /// All rows are in.
  void finish() {
    heads = new int[Integer.highestOneBit(Math.max(8, size)) << 1];
    Arrays.fill(heads, NONE);
    nexts = new int[size];
    // From the last to the first, so that rows that are equal are found in the order they came in.
    for (int place = size - 1; place >= 0; place--) {
      if (found[place]) {
        int bucket = bucket(hashes[place]);
        nexts[place] = heads[bucket];
        heads[bucket] = place;
      }
    }
    found = null;
  }

  private int bucket(long hash) {
    return (int) mix(hash) & heads.length - 1;
  }

  /// The first row that has the values which a row has in some columns.
  ///
  /// @return its place, or -1
  int first(Object[] probe, int[] probeColumns) {
    if (columns.length == 0) {
      return size == 0 ? NONE : 0;
    }
    if (hasNull(probe, probeColumns)) {
      return NONE;
    }
    long hash = hash(probe, probeColumns, codecs, byNumber);
    return from(heads[bucket(hash)], hash, probe, probeColumns);
  }

  /// The next one after a place where one was found.
  int next(int place, Object[] probe, int[] probeColumns) {
    if (columns.length == 0) {
      return place + 1 == size ? NONE : place + 1;
    }
    return from(nexts[place], hashes[place], probe, probeColumns);
  }

  /// The first row with the values that a row of a batch has in some columns.
  ///
  /// @param hashes what [#hashes] gave for the batch
  /// @param i the row's place among those of the batch
  /// @return its place, or -1
  int first(long[] hashes, Batch batch, int i, int[] probeColumns) {
    int place = batch.places()[i];
    for (int column : probeColumns) {
      if (batch.column(column).isNull(place)) {
        return NONE;
      }
    }
    return from(heads[bucket(hashes[i])], hashes[i], batch, place, probeColumns);
  }

  /// The next one after a place where one was found.
  int next(int found, Batch batch, int place, int[] probeColumns) {
    return from(nexts[found], hashes[found], batch, place, probeColumns);
  }

  private int from(int start, long hash, Batch batch, int probe, int[] probeColumns) {
    int place = start;
    while (place != NONE
        && (hashes[place] != hash
            || !byNumber && !equal(rows[place], batch, probe, probeColumns))) {
      place = nexts[place];
    }
    return place;
  }

  private boolean equal(Object[] row, Batch batch, int probe, int[] probeColumns) {
    for (int i = 0; i < columns.length; i++) {
      Object own = row[columns[i]];
      Column column = batch.column(probeColumns[i]);
      if (column instanceof LongColumn numbers
          ? numbers.codec().unbox(own) != numbers.values()[probe]
          : !codecs[i].equal(own, column.get(probe))) {
        return false;
      }
    }
    return true;
  }

  /// What [#hash] gives for the rows of a batch, in the order of its places; of rows with a null
  /// among the columns, anything.
  long[] hashes(Batch batch, int[] probeColumns) {
    return hashes(batch, probeColumns, codecs);
  }

  static long[] hashes(Batch batch, int[] probeColumns, TypeCodec[] codecs) {
    boolean byNumber = isNumber(codecs);
    int count = batch.count();
    int[] places = batch.places();
    long[] out = new long[count];
    for (int c = 0; c < probeColumns.length; c++) {
      Column column = batch.column(probeColumns[c]);
      for (int i = 0; i < count; i++) {
        int place = places[i];
        if (column instanceof LongColumn numbers) {
          long value = numbers.values()[place];
          out[i] = byNumber ? value : out[i] * 31 + numbers.codec().hashNumber(value);
        } else {
          Object value = column.get(place);
          out[i] =
              value == null
                  ? 0
                  : byNumber ? ((Number) value).longValue() : out[i] * 31 + codecs[c].hash(value);
        }
      }
    }
    return out;
  }

  private int from(int start, long hash, Object[] probe, int[] probeColumns) {
    int place = start;
    while (place != NONE
        && (hashes[place] != hash || !byNumber && !equal(rows[place], probe, probeColumns))) {
      place = nexts[place];
    }
    return place;
  }

  private boolean equal(Object[] row, Object[] probe, int[] probeColumns) {
    for (int i = 0; i < columns.length; i++) {
      if (!codecs[i].equal(row[columns[i]], probe[probeColumns[i]])) {
        return false;
      }
    }
    return true;
  }

  /// The numbers in a column of all rows, or null if there are too many.
  RuntimeFilter.Numbers numbers(int column) {
    RuntimeFilter.Numbers numbers = new RuntimeFilter.Numbers();
    for (int place = 0; place < size; place++) {
      Object value = rows[place][column];
      if (value != null && !numbers.add(((Number) value).longValue())) {
        return null;
      }
    }
    return numbers;
  }

  void mark(int place) {
    if (met == null) {
      met = new BitSet(size);
    }
    met.set(place);
  }

  /// The first row from a place on that was not marked, or -1.
  int unmarked(int from) {
    int place = met == null ? from : met.nextClearBit(from);
    return place < size ? place : NONE;
  }
}
