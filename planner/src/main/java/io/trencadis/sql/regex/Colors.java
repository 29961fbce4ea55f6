package io.trencadis.sql.regex;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Sorts characters into as few colors as an expression can tell apart. Immutable.
final class Colors {
  /// What stands before a place, or behind it.
  static final byte NOTHING = 0;

  static final byte NEWLINE = 1;
  static final byte WORD = 2;
  static final byte OTHER = 3;

  private static final int TABLE = 256;

  private final int[] starts;
  private final int[] colorOf;
  private final int[] table = new int[TABLE];
  private final byte[] kinds;
  private final boolean[][] members;
  private final Map<CharSet, Integer> numbers;

  /// @param sets all that the expression asks for
  /// @param words whether it asks for places at words
  Colors(List<CharSet> sets, boolean words) {
    List<CharSet> all = new ArrayList<>(sets);
    all.add(CharSet.NEWLINE);
    if (words) {
      all.add(CharClasses.word());
    }
    numbers = new HashMap<>();
    for (CharSet set : all) {
      numbers.putIfAbsent(set, numbers.size());
    }
    CharSet[] byNumber = new CharSet[numbers.size()];
    numbers.forEach((set, number) -> byNumber[number] = set);
    starts = boundaries(byNumber);
    colorOf = new int[starts.length];
    Map<List<Boolean>, Integer> signatures = new HashMap<>();
    List<boolean[]> rows = new ArrayList<>();
    List<Byte> kindOfColor = new ArrayList<>();
    for (int i = 0; i < starts.length; i++) {
      List<Boolean> signature = new ArrayList<>(byNumber.length);
      for (CharSet set : byNumber) {
        signature.add(set.contains(starts[i]));
      }
      Integer known = signatures.get(signature);
      if (known == null) {
        known = signatures.size();
        signatures.put(signature, known);
        boolean[] row = new boolean[byNumber.length];
        for (int k = 0; k < row.length; k++) {
          row[k] = signature.get(k);
        }
        rows.add(row);
        kindOfColor.add(
            starts[i] == '\n'
                ? NEWLINE
                : words && CharClasses.word().contains(starts[i]) ? WORD : OTHER);
      }
      colorOf[i] = known;
    }
    members = rows.toArray(new boolean[0][]);
    kinds = new byte[members.length + 1];
    for (int i = 0; i < members.length; i++) {
      kinds[i] = kindOfColor.get(i);
    }
    kinds[members.length] = NOTHING;
    for (int c = 0; c < TABLE; c++) {
      table[c] = find(c);
    }
  }

  private static int[] boundaries(CharSet[] sets) {
    int[] all = new int[16];
    int count = 1;
    for (CharSet set : sets) {
      int[] ranges = set.ranges();
      if (count + ranges.length > all.length) {
        all = Arrays.copyOf(all, (count + ranges.length) * 2);
      }
      for (int i = 0; i < ranges.length; i += 2) {
        all[count++] = ranges[i];
        all[count++] = ranges[i + 1] + 1;
      }
    }
    int[] sorted = Arrays.copyOf(all, count);
    Arrays.sort(sorted);
    return Arrays.stream(sorted).filter(c -> c <= Character.MAX_CODE_POINT).distinct().toArray();
  }

  private int find(int c) {
    int i = Arrays.binarySearch(starts, c);
    return colorOf[i >= 0 ? i : -i - 2];
  }

  int of(int c) {
    return c < TABLE ? table[c] : find(c);
  }

  /// The color of what is behind the last character.
  int end() {
    return members.length;
  }

  /// How many there are, the end's included.
  int count() {
    return kinds.length;
  }

  byte kind(int color) {
    return kinds[color];
  }

  int number(CharSet set) {
    return numbers.get(set);
  }

  boolean in(int color, int set) {
    return members[color][set];
  }
}
