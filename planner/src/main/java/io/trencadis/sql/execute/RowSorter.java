package io.trencadis.sql.execute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/// Sorts rows, stably: in memory as long as they fit, else in runs that are written to a temporary
/// file and merged (Knuth, The Art of Computer Programming, volume 3, section 5.4). Confined to one
/// thread.
final class RowSorter implements AutoCloseable {
  static final int LEAST_BUFFER = 4 << 10;
  static final int MOST_BUFFER = 64 << 10;
  private static final int MOST_MERGED = 64;
  private static final int LEAST_MERGED = 6;

  private final Comparator<Object[]> order;
  private final RowBytes bytes;
  private final Execution x;
  private final long limit;
  private final int bufferBytes;
  private final int mergedAtOnce;
  private Object[][] rows = new Object[16][];
  private int count;
  private long memory;
  private long peak;
  private List<RowSpool> runs;
  private SpillFile file;
  private RowBytes.Stream stream;
  private long spilled;

  /// @param bytes how rows are written; null where they have to stay in memory
  /// @param limit how many bytes rows may take in memory
  RowSorter(Comparator<Object[]> order, RowBytes bytes, Execution x, long limit) {
    this.order = order;
    this.bytes = x.spill() == null ? null : bytes;
    this.x = x;
    this.limit = limit;
    this.bufferBytes = (int) Math.max(LEAST_BUFFER, Math.min(MOST_BUFFER, limit / MOST_MERGED));
    this.mergedAtOnce = (int) Math.max(LEAST_MERGED, Math.min(MOST_MERGED, limit / bufferBytes));
  }

  void add(Object[] row) {
    if (count == rows.length) {
      rows = Arrays.copyOf(rows, count + (count >> 1));
    }
    rows[count++] = row;
    if (bytes != null) {
      memory += RowBytes.memory(row) + 4;
      if (memory > limit) {
        writeRun();
      }
    }
    if ((count & 0xfff) == 0) {
      x.checkInterrupts();
    }
  }

  private void writeRun() {
    peak = Math.max(peak, memory);
    sortInMemory();
    if (runs == null) {
      runs = new ArrayList<>();
      file = x.spill().create();
      stream = bytes.new Stream();
    }
    RowSpool run = new RowSpool(file, stream, x, bufferBytes);
    for (int i = 0; i < count; i++) {
      run.add(rows[i]);
      rows[i] = null;
    }
    run.finish();
    runs.add(run);
    count = 0;
    memory = 0;
  }

  private void sortInMemory() {
    Arrays.sort(rows, 0, count, order);
  }

  /// The rows in order; to be called once, when all are in.
  RowSource sorted() {
    if (runs == null) {
      peak = Math.max(peak, memory);
      sortInMemory();
      return new InMemory();
    }
    if (count > 0) {
      writeRun();
    }
    rows = null;
    spilled = file.size();
    while (runs.size() > mergedAtOnce) {
      mergeSome();
    }
    return merged(runs);
  }

  /// Makes one run of as many neighbours as can be merged at once, all along the file.
  private void mergeSome() {
    SpillFile next = x.spill().create();
    List<RowSpool> longer = new ArrayList<>();
    for (int from = 0; from < runs.size(); from += mergedAtOnce) {
      RowSource source = merged(runs.subList(from, Math.min(runs.size(), from + mergedAtOnce)));
      RowSpool run = new RowSpool(next, stream, x, bufferBytes);
      for (Object[] row = source.next(); row != null; row = source.next()) {
        run.add(row);
      }
      run.finish();
      longer.add(run);
    }
    file.close();
    file = next;
    runs = longer;
    spilled = Math.max(spilled, file.size());
  }

  private final class InMemory implements RowSource {
    private int at;

    @Override
    public Object[] next() {
      if (at == count) {
        return null;
      }
      Object[] row = rows[at];
      rows[at++] = null;
      return row;
    }
  }

  /// A run's next row; of equal rows that of the earlier run comes first.
  private static final class Head {
    final RowSource source;
    final int number;
    Object[] row;

    Head(RowSource source, int number) {
      this.source = source;
      this.number = number;
      this.row = source.next();
    }
  }

  private RowSource merged(List<RowSpool> some) {
    PriorityQueue<Head> heads =
        new PriorityQueue<>(
            (a, b) -> {
              int byOrder = order.compare(a.row, b.row);
              return byOrder != 0 ? byOrder : Integer.compare(a.number, b.number);
            });
    for (int i = 0; i < some.size(); i++) {
      Head head = new Head(some.get(i).read(), i);
      if (head.row != null) {
        heads.add(head);
      }
    }
    return () -> {
      Head head = heads.poll();
      if (head == null) {
        return null;
      }
      Object[] row = head.row;
      head.row = head.source.next();
      if (head.row != null) {
        heads.add(head);
      }
      return row;
    };
  }

  /// Whether not all rows fitted into memory.
  boolean isExternal() {
    return runs != null;
  }

  /// Bytes that were on disk at the same time, or were in memory at the most.
  long space() {
    return isExternal() ? spilled : peak;
  }

  @Override
  public void close() {
    if (file != null) {
      file.close();
    }
    rows = new Object[0][];
    count = 0;
  }
}
