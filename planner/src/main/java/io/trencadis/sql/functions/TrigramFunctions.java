package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.Floats;
import io.trencadis.sql.types.SqlArray;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;

/// The functions of extension `pg_trgm` (manual, F.35): how alike texts are by the sequences of
/// three characters that their words have in common.
final class TrigramFunctions {
  private static final float DEFAULT_THRESHOLD = 0.3f;
  private static final float DEFAULT_WORD_THRESHOLD = 0.6f;
  private static final float DEFAULT_STRICT_THRESHOLD = 0.5f;

  /// How alike two texts are, from 0 to 1.
  private interface Measure {
    float of(String a, String b);
  }

  private TrigramFunctions() {}

  static void register(Builtins.Registry to) {
    to.fn1("show_trgm", (a, cx) -> shown((String) a));
    to.fn0("show_limit", cx -> limit(cx, "similarity_threshold", DEFAULT_THRESHOLD));
    to.fn1("set_limit", (a, cx) -> setLimit((Float) a, cx));
    measure(to, "similarity", "similarity_threshold", DEFAULT_THRESHOLD, TrigramFunctions::whole);
    measure(
        to,
        "word_similarity",
        "word_similarity_threshold",
        DEFAULT_WORD_THRESHOLD,
        (a, b) -> extent(a, b, false));
    measure(
        to,
        "strict_word_similarity",
        "strict_word_similarity_threshold",
        DEFAULT_STRICT_THRESHOLD,
        (a, b) -> extent(a, b, true));
  }

  /// A measure, its distance, the comparison with its threshold, and both with operands exchanged.
  private static void measure(
      Builtins.Registry to, String name, String setting, float usual, Measure measure) {
    to.fn2(name, (a, b, cx) -> measure.of((String) a, (String) b));
    String distance = name + "_dist" + (name.equals("similarity") ? "" : "_op");
    to.fn2(distance, (a, b, cx) -> 1 - measure.of((String) a, (String) b));
    to.fn2(
        name + "_op",
        (a, b, cx) -> measure.of((String) a, (String) b) >= limit(cx, setting, usual));
    if (!name.equals("similarity")) {
      to.fn2(name + "_dist_commutator_op", (a, b, cx) -> 1 - measure.of((String) b, (String) a));
      to.fn2(
          name + "_commutator_op",
          (a, b, cx) -> measure.of((String) b, (String) a) >= limit(cx, setting, usual));
    }
  }

  private static float limit(EvalContext cx, String setting, float usual) {
    String value = cx.setting("pg_trgm." + setting);
    if (value == null || value.isEmpty()) {
      return usual;
    }
    try {
      return Float.parseFloat(value);
    } catch (NumberFormatException _) {
      throw new SqlException(
          SqlState.INVALID_PARAMETER_VALUE,
          "invalid value for parameter \"pg_trgm." + setting + "\": \"" + value + "\"");
    }
  }

  private static Float setLimit(float value, EvalContext cx) {
    if (!(value >= 0 && value <= 1)) {
      throw new SqlException(
          SqlState.INVALID_PARAMETER_VALUE,
          Floats.format(value, 1)
              + " is outside the valid range for parameter \"pg_trgm.similarity_threshold\""
              + " (0 .. 1)");
    }
    cx.setSetting("pg_trgm.similarity_threshold", Float.toString(value), false);
    return value;
  }

  private static SqlArray shown(String text) {
    List<Object> all = new ArrayList<>();
    for (int bytes : Trigrams.distinct(Trigrams.of(text))) {
      int[] each = {bytes >> 16 & 0xff, bytes >> 8 & 0xff, bytes & 0xff};
      boolean printable = true;
      StringBuilder out = new StringBuilder();
      for (int c : each) {
        printable &= c >= 0x20 && c < 0x7f;
        out.append((char) c);
      }
      all.add(printable ? out.toString() : String.format("0x%06x", bytes));
    }
    return SqlArray.of(Types.TEXT, all.toArray());
  }

  private static float whole(String a, String b) {
    SortedSet<Integer> one = Trigrams.distinct(Trigrams.of(a));
    SortedSet<Integer> other = Trigrams.distinct(Trigrams.of(b));
    if (one.isEmpty() || other.isEmpty()) {
      return 0;
    }
    int common = (int) one.stream().filter(other::contains).count();
    return ratio(common, one.size(), other.size());
  }

  private static float ratio(int common, int one, int other) {
    return (float) common / (one + other - common);
  }

  /// The greatest similarity of a text with any stretch of another.
  ///
  /// @param words whether a stretch begins and ends where words do
  private static float extent(String text, String within, boolean words) {
    SortedSet<Integer> wanted = Trigrams.distinct(Trigrams.of(text));
    List<Trigrams.Trigram> all = Trigrams.of(within);
    Map<Integer, Integer> numbers = new HashMap<>();
    all.forEach(each -> numbers.putIfAbsent(each.bytes(), numbers.size()));
    float best = 0;
    for (int from = 0; from < all.size(); from++) {
      boolean begins = words ? all.get(from).first() : wanted.contains(all.get(from).bytes());
      BitSet met = new BitSet();
      int common = 0;
      for (int to = from; begins && to < all.size(); to++) {
        int bytes = all.get(to).bytes();
        if (!met.get(numbers.get(bytes))) {
          met.set(numbers.get(bytes));
          common += wanted.contains(bytes) ? 1 : 0;
        }
        if (!words || all.get(to).last()) {
          best = Math.max(best, ratio(common, wanted.size(), met.cardinality()));
        }
      }
    }
    return best;
  }
}
