package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.sql.collation.Collation;
import io.trencadis.sql.collation.TextOrder;
import io.trencadis.sql.types.TypeCodec;
import io.trencadis.sql.types.Types;
import java.util.Map;
import java.util.Set;

/// The code of functions that depend on the collation of their arguments, for collations that are
/// not the order of code points.
public final class CollatedFunctions {
  private static final Map<String, String> CASES =
      Map.of(
          "lower",
          "lower() function",
          "upper",
          "upper() function",
          "initcap",
          "initcap() function");

  private static final Set<String> COMPARISONS =
      Set.of(
          "texteq",
          "textne",
          "text_lt",
          "text_le",
          "text_gt",
          "text_ge",
          "bttextcmp",
          "text_larger",
          "text_smaller",
          "bpchareq",
          "bpcharne",
          "bpcharlt",
          "bpcharle",
          "bpchargt",
          "bpcharge",
          "bpcharcmp",
          "bpchar_larger",
          "bpchar_smaller");

  private static final Set<String> SEARCHES =
      Set.of("textpos", "replace_text", "split_part", "text_to_array", "text_to_table");

  private static final Set<String> LIKES = Set.of("textlike", "textnlike", "namelike", "namenlike");

  private static final Set<String> ILIKES =
      Set.of("texticlike", "texticnlike", "nameiclike", "nameicnlike");

  private CollatedFunctions() {}

  /// What a call computes by a collation, as the error names it that there is none; null where it
  /// needs none.
  public static String purpose(ProcInfo proc) {
    String source = proc == null || proc.source() == null ? "" : proc.source();
    if (COMPARISONS.contains(source) || source.equals("aggregate_dummy") && isExtreme(proc)) {
      return "string comparison";
    }
    return LIKES.contains(source)
        ? "LIKE"
        : ILIKES.contains(source)
            ? "ILIKE"
            : isRegex(source)
                ? "regular expression"
                : SEARCHES.contains(source) ? "string search" : CASES.get(source);
  }

  private static boolean isExtreme(ProcInfo proc) {
    return proc.name().equals("min") || proc.name().equals("max");
  }

  private static boolean isRegex(String source) {
    return source.contains("regex") && !source.startsWith("reg") || source.startsWith("regexp_");
  }

  /// The code of a call over arguments of such a collation, or null if it does not depend on it.
  ///
  /// @throws SqlException 0A000 for what no collation can do that is not deterministic
  static Fn bind(ResolvedCall call) {
    Collation collation = Collation.special(call.collation());
    String source = call.proc().source();
    if (collation == null || source == null) {
      return null;
    }
    if (!collation.deterministic()) {
      requireDeterministic(source);
    }
    if (CASES.containsKey(source) && call.argTypes().getFirst().oid() == Types.TEXT.oid()) {
      TextOrder locale = new TextOrder(collation.locale());
      Fn1 letters =
          switch (source) {
            case "lower" -> (a, _) -> locale.lower((String) a);
            case "upper" -> (a, _) -> locale.upper((String) a);
            default -> (a, _) -> locale.title((String) a);
          };
      return letters;
    }
    if (ILIKES.contains(source)) {
      TextOrder locale = new TextOrder(collation.locale());
      boolean wanted = !source.endsWith("nlike");
      Fn2 like =
          (a, b, _) ->
              LikeMatcher.matches(locale.lower((String) a), locale.lower((String) b)) == wanted;
      return like;
    }
    return COMPARISONS.contains(source)
        ? comparison(source, call.argTypes().getFirst().codec(collation))
        : null;
  }

  private static Fn2 comparison(String source, TypeCodec codec) {
    String name = source.replace("bpchar", "").replace("text_", "").replace("text", "");
    return switch (name.startsWith("_") ? name.substring(1) : name) {
      case "eq" -> (a, b, _) -> codec.equal(a, b);
      case "ne" -> (a, b, _) -> !codec.equal(a, b);
      case "lt" -> (a, b, _) -> codec.compare(a, b) < 0;
      case "le" -> (a, b, _) -> codec.compare(a, b) <= 0;
      case "gt" -> (a, b, _) -> codec.compare(a, b) > 0;
      case "ge" -> (a, b, _) -> codec.compare(a, b) >= 0;
      case "larger" -> (a, b, _) -> codec.compare(a, b) > 0 ? a : b;
      case "smaller" -> (a, b, _) -> codec.compare(a, b) < 0 ? a : b;
      default -> (a, b, _) -> codec.compare(a, b);
    };
  }

  private static void requireDeterministic(String source) {
    String what =
        LIKES.contains(source)
            ? "LIKE"
            : ILIKES.contains(source)
                ? "ILIKE"
                : isRegex(source)
                    ? "regular expressions"
                    : SEARCHES.contains(source) ? "substring searches" : null;
    if (what != null) {
      throw new SqlException(
          io.trencadis.base.SqlState.FEATURE_NOT_SUPPORTED,
          "nondeterministic collations are not supported for " + what);
    }
  }
}
