package io.trencadis.sql.regex;

import java.util.Arrays;
import java.util.function.IntPredicate;

/// A set of code points, as ranges in order that do not touch. Immutable.
final class CharSet {
  static final CharSet ALL = new CharSet(new int[] {0, Character.MAX_CODE_POINT});
  static final CharSet NONE = new CharSet(new int[0]);
  static final CharSet NEWLINE = of('\n');

  /// Case variants are looked for one by one; of larger sets all that could be added is in them.
  private static final int MOST_VARIANTS = 200_000;

  /// First and last of each range.
  private final int[] ranges;

  private CharSet(int[] ranges) {
    this.ranges = ranges;
  }

  static CharSet of(int c) {
    return new CharSet(new int[] {c, c});
  }

  static CharSet range(int from, int to) {
    return new CharSet(new int[] {from, to});
  }

  static CharSet where(IntPredicate holds) {
    Builder out = new Builder();
    int from = -1;
    for (int c = 0; c <= Character.MAX_CODE_POINT + 1; c++) {
      boolean in = c <= Character.MAX_CODE_POINT && holds.test(c);
      if (in && from < 0) {
        from = c;
      } else if (!in && from >= 0) {
        out.add(from, c - 1);
        from = -1;
      }
    }
    return out.build();
  }

  /// Gathers ranges in any order.
  static final class Builder {
    private int[] pairs = new int[16];
    private int count;

    Builder add(int from, int to) {
      if (count == pairs.length) {
        pairs = Arrays.copyOf(pairs, count * 2);
      }
      pairs[count++] = from;
      pairs[count++] = to;
      return this;
    }

    Builder add(CharSet set) {
      for (int i = 0; i < set.ranges.length; i += 2) {
        add(set.ranges[i], set.ranges[i + 1]);
      }
      return this;
    }

    CharSet build() {
      long[] sorted = new long[count / 2];
      for (int i = 0; i < sorted.length; i++) {
        sorted[i] = (long) pairs[2 * i] << 32 | pairs[2 * i + 1];
      }
      Arrays.sort(sorted);
      int[] out = new int[count];
      int n = 0;
      for (long each : sorted) {
        int from = (int) (each >>> 32);
        int to = (int) each;
        if (n > 0 && from <= out[n - 1] + 1) {
          out[n - 1] = Math.max(out[n - 1], to);
        } else {
          out[n++] = from;
          out[n++] = to;
        }
      }
      return new CharSet(Arrays.copyOf(out, n));
    }
  }

  CharSet complement() {
    Builder out = new Builder();
    int next = 0;
    for (int i = 0; i < ranges.length; i += 2) {
      if (ranges[i] > next) {
        out.add(next, ranges[i] - 1);
      }
      next = ranges[i + 1] + 1;
    }
    if (next <= Character.MAX_CODE_POINT) {
      out.add(next, Character.MAX_CODE_POINT);
    }
    return out.build();
  }

  CharSet without(CharSet other) {
    return new Builder().add(complement()).add(other).build().complement();
  }

  /// The set with the other cases of its letters.
  CharSet anyCase() {
    long size = 0;
    for (int i = 0; i < ranges.length; i += 2) {
      size += ranges[i + 1] - ranges[i] + 1;
    }
    if (size > MOST_VARIANTS) {
      return this;
    }
    Builder out = new Builder().add(this);
    for (int i = 0; i < ranges.length; i += 2) {
      for (int c = ranges[i]; c <= ranges[i + 1]; c++) {
        int lower = Character.toLowerCase(c);
        int upper = Character.toUpperCase(c);
        if (lower != c) {
          out.add(lower, lower);
        }
        if (upper != c) {
          out.add(upper, upper);
        }
      }
    }
    return out.build();
  }

  boolean contains(int c) {
    int low = 0;
    int high = ranges.length / 2 - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (c < ranges[2 * middle]) {
        high = middle - 1;
      } else if (c > ranges[2 * middle + 1]) {
        low = middle + 1;
      } else {
        return true;
      }
    }
    return false;
  }

  int[] ranges() {
    return ranges;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CharSet set && Arrays.equals(set.ranges, ranges);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(ranges);
  }
}
