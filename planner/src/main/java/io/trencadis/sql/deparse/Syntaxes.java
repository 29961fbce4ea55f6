package io.trencadis.sql.deparse;

import io.trencadis.sql.functions.ProcInfo;
import io.trencadis.sql.types.Types;
import java.util.List;
import java.util.Set;

/// Functions that PostgreSQL writes in SQL's own ways where they were written so.
final class Syntaxes {
  private static final Set<String> KNOWN =
      Set.of(
          "timezone",
          "overlaps",
          "extract",
          "is_normalized",
          "pg_collation_for",
          "normalize",
          "overlay",
          "position",
          "substring",
          "btrim",
          "ltrim",
          "rtrim");

  private Syntaxes() {}

  static boolean has(ProcInfo proc, int arguments) {
    if (proc.isUsers() || !KNOWN.contains(proc.name())) {
      return false;
    }
    // A pattern in the place of a position is a plain call.
    return !proc.name().equals("substring")
        || arguments == 3 && proc.argTypes()[1] == Types.TEXT.oid()
        || proc.argTypes()[1] == Types.INT4.oid();
  }

  /// The template of a call: numbers stand for arguments, `#` for one whose string is a word.
  static String template(String function, List<Tree> args) {
    int count = args.size();
    return switch (function) {
      case "timezone" -> "(<1> AT TIME ZONE <0>)";
      case "overlaps" -> "((0, 1) OVERLAPS (2, 3))";
      case "extract" -> "EXTRACT(#0 FROM 1)";
      case "is_normalized" -> count == 2 ? "(<0> IS #1 NORMALIZED)" : "(<0> IS NORMALIZED)";
      case "pg_collation_for" -> "COLLATION FOR (0)";
      case "normalize" -> count == 2 ? "NORMALIZE(0, #1)" : "NORMALIZE(0)";
      case "overlay" -> "OVERLAY(0 PLACING 1 FROM 2" + (count == 4 ? " FOR 3)" : ")");
      case "position" -> "POSITION((1) IN (0))";
      case "substring" ->
          count == 3 && isText(args.get(1))
              ? "SUBSTRING(0 SIMILAR 1 ESCAPE 2)"
              : "SUBSTRING(0 FROM 1" + (count == 3 ? " FOR 2)" : ")");
      default ->
          "TRIM("
              + switch (function) {
                case "ltrim" -> "LEADING";
                case "rtrim" -> "TRAILING";
                default -> "BOTH";
              }
              + (count == 2 ? " 1" : "")
              + " FROM 0)";
    };
  }

  private static boolean isText(Tree tree) {
    return tree instanceof Tree.Constant constant && constant.type() == Types.TEXT
        || tree instanceof Tree.Cast cast && cast.type() == Types.TEXT;
  }
}
