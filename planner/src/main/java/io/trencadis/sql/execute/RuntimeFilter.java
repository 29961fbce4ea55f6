package io.trencadis.sql.execute;

import java.util.Arrays;

/// The numbers in a column of a hash join's right side, once that has been read: rows of the left
/// side with another number, or none, find no partner there, so that a scan far below may leave
/// them out. Stands for them in a plan; the [Numbers] are kept by the run.
public final class RuntimeFilter {
  /// More different numbers than these leave out too little for what it takes to look them up.
  public static final int MOST = 1 << 17;

  /// A set of numbers, with open addressing (Knuth, The Art of Computer Programming, volume 3,
  /// section 6.4). Filled by one thread; read by any number after that.
  static final class Numbers {
    private static final long FREE = Long.MIN_VALUE;

    private long[] table = new long[64];
    private int size;
    private boolean hasFree;

    Numbers() {
      Arrays.fill(table, FREE);
    }

    /// Whether there is still room.
    boolean add(long number) {
      if (number == FREE) {
        hasFree = true;
        return true;
      }
      int place = place(number);
      if (table[place] == FREE) {
        if (size == MOST) {
          return false;
        }
        table[place] = number;
        if (++size * 2 > table.length) {
          grow();
        }
      }
      return true;
    }

    /// How many different ones there are.
    int size() {
      return size + (hasFree ? 1 : 0);
    }

    /// All of them, ascending.
    long[] sorted() {
      long[] all = new long[size()];
      int next = 0;
      if (hasFree) {
        all[next++] = FREE;
      }
      for (long number : table) {
        if (number != FREE) {
          all[next++] = number;
        }
      }
      Arrays.sort(all);
      return all;
    }

    private void grow() {
      long[] old = table;
      table = new long[old.length * 2];
      Arrays.fill(table, FREE);
      for (long number : old) {
        if (number != FREE) {
          table[place(number)] = number;
        }
      }
    }

    private int place(long number) {
      int place = (int) JoinTable.mix(number) & table.length - 1;
      while (table[place] != number && table[place] != FREE) {
        place = place + 1 & table.length - 1;
      }
      return place;
    }

    boolean has(Object value) {
      if (value == null) {
        return false;
      }
      return has(((Number) value).longValue());
    }

    boolean has(long number) {
      return number == FREE ? hasFree : table[place(number)] == number;
    }
  }
}
