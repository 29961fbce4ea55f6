package io.trencadis.sql.execute;

import java.util.HashMap;
import java.util.Map;

/// What look-ups by one number or text have found, so that those that come again find it without
/// reading, as PostgreSQL's Memoize does. It only begins when there are many, and gives up where
/// few come again. Confined to one thread.
final class LookupMemory {
  private static final int FIRST = 64;
  private static final int TRIAL = 4096;
  private static final int LEAST_HITS = TRIAL / 8;
  private static final int ENTRY_BYTES = 64;

  /// Where a look-up has found nothing.
  private static final Object[] NOTHING = {};

  private final long mostBytes;
  private Map<Object, Object[]> found;
  private int asked;
  private int hits;
  private long bytes;

  /// @param mostBytes what it may take in memory, roughly
  LookupMemory(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /// Whether a value's look-up may be remembered now. Equal values of these types are the same.
  boolean takes(Object value) {
    if (asked < FIRST) {
      asked++;
      return false;
    }
    if (asked == TRIAL && hits < LEAST_HITS) {
      found = null;
      return false;
    }
    return value instanceof Integer || value instanceof Long || value instanceof String;
  }

  /// The row that was found by a value, or [#NOTHING]; null where it was not looked up.
  Object[] get(Object value) {
    if (asked < TRIAL) {
      asked++;
    }
    if (found == null) {
      found = new HashMap<>();
    }
    Object[] row = found.get(value);
    if (row != null && hits < TRIAL) {
      hits++;
    }
    return row;
  }

  static boolean isNothing(Object[] row) {
    return row == NOTHING;
  }

  /// @param row null for none
  void put(Object value, Object[] row) {
    if (found != null && bytes < mostBytes) {
      found.put(value, row == null ? NOTHING : row);
      bytes += ENTRY_BYTES + (row == null ? 0 : RowBytes.memory(row));
    }
  }
}
