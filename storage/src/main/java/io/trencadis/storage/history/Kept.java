package io.trencadis.storage.history;

import java.util.Arrays;
import java.util.function.LongPredicate;

/// Which times can still be read.
///
/// @param horizon no read comes below it
/// @param pastFrom reads at it and at every later time may come, as far as there is room; at or
///   above the horizon
/// @param open the times of snapshots that are open and stay where they are, ascending; they come
///   before the rest of the past, and no other reads come below `pastFrom`; not to be modified
public record Kept(long horizon, long pastFrom, long[] open) {
  static final Kept ALL = from(0);

  /// Every time from a horizon on.
  public static Kept from(long horizon) {
    return new Kept(horizon, horizon, new long[0]);
  }

  /// Whether one of the open snapshots lies in `[from, to)`.
  boolean isOpenIn(long from, long to) {
    int at = Arrays.binarySearch(open, from);
    int first = at >= 0 ? at : -at - 1;
    return first < open.length && open[first] < to;
  }

  boolean isOpen(long ts) {
    return Arrays.binarySearch(open, ts) >= 0;
  }

  /// With those open snapshots only that are asked for.
  Kept onlyOpen(LongPredicate wanted) {
    return new Kept(horizon, pastFrom, Arrays.stream(open).filter(wanted).toArray());
  }
}
