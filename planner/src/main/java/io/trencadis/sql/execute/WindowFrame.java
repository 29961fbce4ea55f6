package io.trencadis.sql.execute;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.functions.RangeDistance;

/// Which rows of a partition a row's value is computed from (PostgreSQL 15 manual, 4.2.8).
/// Immutable and thread-safe; [Cursor] is one walk through a partition.
///
/// @param startOffset the distance of PRECEDING and FOLLOWING, else null
/// @param endOffset likewise
/// @param sort the sort column of RANGE with offsets, else null
public record WindowFrame(
    Unit unit,
    Bound start,
    Eval startOffset,
    Bound end,
    Eval endOffset,
    Exclusion exclusion,
    SortColumn sort) {
  /// What offsets count.
  public enum Unit {
    ROWS,
    RANGE,
    GROUPS
  }

  /// Where a frame starts or ends, seen from the current row.
  public enum Bound {
    UNBOUNDED_PRECEDING,
    PRECEDING,
    CURRENT_ROW,
    FOLLOWING,
    UNBOUNDED_FOLLOWING
  }

  /// Which rows of the frame do not count.
  public enum Exclusion {
    NO_OTHERS,
    CURRENT_ROW,
    GROUP,
    TIES
  }

  /// @param key its place among the keys of a row
  public record SortColumn(
      int key, RangeDistance distance, boolean descending, boolean nullsFirst) {}

  private static final Object[] NO_ROW = {};

  /// The value of an offset, which is the same for every row.
  private Object offset(Eval offset, String which, Execution x) {
    if (offset == null) {
      return null;
    }
    Object value = offset.eval(NO_ROW, x);
    if (value == null) {
      throw new SqlException(
          SqlState.NULL_VALUE_NOT_ALLOWED, "frame " + which + " offset must not be null");
    }
    if (unit != Unit.RANGE && (Long) value < 0) {
      throw new SqlException(
          SqlState.INVALID_PRECEDING_OR_FOLLOWING_SIZE,
          "frame " + which + " offset must not be negative");
    }
    return value;
  }

  /// The offsets of one run.
  ///
  /// @throws SqlException 22004 for a null offset, 22013 for a negative one
  Offsets offsets(Execution x) {
    return new Offsets(offset(startOffset, "starting", x), offset(endOffset, "ending", x));
  }

  /// @param start null where the frame's start has no offset
  record Offsets(Object start, Object end) {}

  /// Goes through a partition's rows in order and tells each one's frame: up to three stretches of
  /// rows. Not thread-safe.
  final class Cursor {
    private final WindowPartition partition;
    private final Offsets offsets;
    private final Execution x;
    private int head;
    private int tail;
    private final int[] stretches = new int[6];
    private int count;

    Cursor(WindowPartition partition, Offsets offsets, Execution x) {
      this.partition = partition;
      this.offsets = offsets;
      this.x = x;
    }

    /// Moves to a row, which must not be before the last one.
    void moveTo(int row) {
      int from = first(row);
      int to = after(row);
      count = 0;
      int firstOut =
          switch (exclusion) {
            case NO_OTHERS -> to;
            case CURRENT_ROW -> row;
            case GROUP, TIES -> partition.firstPeer(row);
          };
      int afterOut =
          switch (exclusion) {
            case NO_OTHERS -> to;
            case CURRENT_ROW -> row + 1;
            case GROUP, TIES -> partition.afterPeers(row);
          };
      add(from, Math.min(to, firstOut));
      if (exclusion == Exclusion.TIES && row >= from && row < to) {
        add(row, row + 1);
      }
      if (exclusion != Exclusion.NO_OTHERS) {
        add(Math.max(from, afterOut), to);
      }
    }

    private void add(int from, int to) {
      if (from < to) {
        stretches[2 * count] = from;
        stretches[2 * count + 1] = to;
        count++;
      }
    }

    /// How many stretches the frame has.
    int stretches() {
      return count;
    }

    int from(int stretch) {
      return stretches[2 * stretch];
    }

    /// The row after the stretch.
    int to(int stretch) {
      return stretches[2 * stretch + 1];
    }

    /// The row of that number in the frame, from 0; -1 if it has fewer.
    int nth(long number) {
      long left = number;
      for (int i = 0; i < count; i++) {
        int length = to(i) - from(i);
        if (left < length) {
          return from(i) + (int) left;
        }
        left -= length;
      }
      return -1;
    }

    int last() {
      return count == 0 ? -1 : to(count - 1) - 1;
    }

    private int first(int row) {
      return switch (start) {
        case UNBOUNDED_PRECEDING -> 0;
        case CURRENT_ROW -> unit == Unit.ROWS ? row : partition.firstPeer(row);
        case UNBOUNDED_FOLLOWING -> partition.size();
        case PRECEDING, FOLLOWING ->
            switch (unit) {
              case ROWS -> clipped(moved(row, offsets.start, start), partition.size());
              case GROUPS ->
                  partition.groupStart(
                      clipped(
                          moved(partition.group(row), offsets.start, start), partition.groups()));
              case RANGE -> {
                while (head < partition.size() && !isWithinStart(head, row)) {
                  head++;
                }
                yield head;
              }
            };
      };
    }

    private int after(int row) {
      return switch (end) {
        case UNBOUNDED_PRECEDING -> 0;
        case CURRENT_ROW -> unit == Unit.ROWS ? row + 1 : partition.afterPeers(row);
        case UNBOUNDED_FOLLOWING -> partition.size();
        case PRECEDING, FOLLOWING ->
            switch (unit) {
              case ROWS -> clipped(next(moved(row, offsets.end, end)), partition.size());
              case GROUPS ->
                  partition.groupStart(
                      clipped(
                          next(moved(partition.group(row), offsets.end, end)), partition.groups()));
              case RANGE -> {
                while (tail < partition.size() && isWithinEnd(tail, row)) {
                  tail++;
                }
                yield tail;
              }
            };
      };
    }

    private static long moved(int from, Object offset, Bound direction) {
      long distance = (Long) offset;
      if (direction == Bound.PRECEDING) {
        return from - distance;
      }
      return distance > Integer.MAX_VALUE ? Integer.MAX_VALUE : from + distance;
    }

    private static long next(long row) {
      return row + 1;
    }

    private static int clipped(long row, int size) {
      return (int) Math.max(0, Math.min(row, size));
    }

    /// Whether a row is not before the start of another's frame. Nulls are peers of one another and
    /// at no distance from anything else.
    private boolean isWithinStart(int tested, int row) {
      Object value = partition.key(tested, sort.key);
      Object base = partition.key(row, sort.key);
      if (value == null || base == null) {
        return sort.nullsFirst ? value != null || base == null : value == null || base != null;
      }
      boolean preceding = start == Bound.PRECEDING;
      return sort.distance.test(
          value, base, offsets.start, preceding != sort.descending, sort.descending, x.cx());
    }

    private boolean isWithinEnd(int tested, int row) {
      Object value = partition.key(tested, sort.key);
      Object base = partition.key(row, sort.key);
      if (value == null || base == null) {
        return sort.nullsFirst ? value == null : base == null;
      }
      boolean preceding = end == Bound.PRECEDING;
      return sort.distance.test(
          value, base, offsets.end, preceding != sort.descending, !sort.descending, x.cx());
    }
  }
}
