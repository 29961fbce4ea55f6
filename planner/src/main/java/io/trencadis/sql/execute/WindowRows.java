package io.trencadis.sql.execute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The rows of one partition of a window, found by their number: in memory as long as they fit,
/// else in a temporary file of which some pages are kept. Filled first, then read. Confined to one
/// thread.
final class WindowRows implements AutoCloseable {
  private static final int PAGE_ROWS = 64;

  private final RowBytes bytes;
  private final RowBytes resultBytes;
  private final Execution x;
  private final List<Object[]> rows = new ArrayList<>();
  private long memory;
  private int size;
  private RowSpool spool;
  private long[] pageStarts;
  private RowSpool results;
  private int set;
  private int column;
  private Map<Integer, Object[][]> pages;
  private int pagesKept;

  /// @param bytes how rows are put aside; null where they must stay in memory
  /// @param resultBytes of the one column that is set
  WindowRows(RowBytes bytes, RowBytes resultBytes, Execution x) {
    this.bytes = bytes;
    this.resultBytes = resultBytes;
    this.x = x;
  }

  void add(Object[] row) {
    if (spool != null) {
      write(row);
      return;
    }
    rows.add(row);
    size++;
    if (bytes != null) {
      memory += RowBytes.memory(row) + 8;
      if (memory > x.workMemBytes()) {
        pagesKept = Math.max(4, size / PAGE_ROWS);
        spool = new RowSpool(bytes, x, RowSorter.LEAST_BUFFER);
        pageStarts = new long[16];
        size = 0;
        rows.forEach(this::write);
        rows.clear();
      }
    }
  }

  private void write(Object[] row) {
    if (size % PAGE_ROWS == 0) {
      int page = size / PAGE_ROWS;
      if (page == pageStarts.length) {
        pageStarts = Arrays.copyOf(pageStarts, page * 2);
      }
      pageStarts[page] = spool.position();
    }
    spool.add(row);
    size++;
  }

  int size() {
    return size;
  }

  Object[] row(int number) {
    if (spool == null) {
      return rows.get(number);
    }
    if (pages == null) {
      pages =
          new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Integer, Object[][]> eldest) {
              return size() > pagesKept;
            }
          };
    }
    int number64 = number / PAGE_ROWS;
    Object[][] page = pages.get(number64);
    if (page == null) {
      page = new Object[Math.min(PAGE_ROWS, size - number64 * PAGE_ROWS)][];
      RowSource source = spool.readFrom(pageStarts[number64]);
      for (int i = 0; i < page.length; i++) {
        page[i] = source.next();
      }
      pages.put(number64, page);
    }
    return page[number % PAGE_ROWS];
  }

  /// Sets the value of a column, which is always the same one; rows come in order, and some may be
  /// left out.
  void set(int number, int place, Object value) {
    if (spool == null) {
      rows.get(number)[place] = value;
      return;
    }
    if (results == null) {
      results = new RowSpool(resultBytes, x, RowSorter.LEAST_BUFFER);
      column = place;
    }
    for (; set < number; set++) {
      results.add(new Object[1]);
    }
    results.add(new Object[] {value});
    set++;
  }

  /// The rows in order with what was set.
  RowSource finished() {
    if (spool == null) {
      int[] at = new int[1];
      return () -> at[0] == size ? null : rows.set(at[0]++, null);
    }
    RowSource all = spool.read();
    RowSource values = results == null ? () -> null : results.read();
    return () -> {
      Object[] row = all.next();
      Object[] value = row == null ? null : values.next();
      if (value != null) {
        row[column] = value[0];
      }
      return row;
    };
  }

  @Override
  public void close() {
    if (spool != null) {
      spool.close();
    }
    if (results != null) {
      results.close();
    }
  }
}
