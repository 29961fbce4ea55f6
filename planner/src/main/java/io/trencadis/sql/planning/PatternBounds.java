package io.trencadis.sql.planning;

import io.trencadis.sql.collation.Collation;
import io.trencadis.sql.rel.CollationRules;
import io.trencadis.sql.rel.Operation;
import io.trencadis.sql.rel.PgCall;
import io.trencadis.sql.rel.PgRelType;
import io.trencadis.sql.rel.PgTypeFactory;
import io.trencadis.sql.rel.Slot;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;

/// `text LIKE 'start%'` as search arguments: what matches is not lower than the pattern's fixed
/// start, and lower than what follows all texts that begin so. The pattern itself is still checked.
/// Only literals tell their start; the analysis pins them, so the plan serves no other pattern.
final class PatternBounds {
  private PatternBounds() {}

  /// The arguments for a column that a conjunct compares with a pattern; none where it is another
  /// conjunct.
  static List<Sarg> of(RexNode conjunct, SlotTable slots) {
    return conjunct instanceof RexCall call
            && isLike(call)
            && Sarg.bare(call.getOperands().getFirst()) instanceof RexInputRef ref
        ? bounds(call, ref, ref.getIndex(), slots)
        : List.of();
  }

  /// The same for an expression that an index has.
  ///
  /// @param place what stands for the expression's place in the row
  static List<Sarg> on(RexNode expression, int place, RexNode conjunct, SlotTable slots) {
    return conjunct instanceof RexCall call
            && isLike(call)
            && Sarg.bare(call.getOperands().getFirst()).equals(Sarg.bare(expression))
        ? bounds(call, expression, place, slots)
        : List.of();
  }

  private static boolean isLike(RexCall call) {
    return call.getOperator() instanceof PgCall pg
        && pg.operation() instanceof Operation.Function function
        && "textlike".equals(function.call().proc().source());
  }

  private static List<Sarg> bounds(RexCall like, RexNode left, int place, SlotTable slots) {
    PgType type = PgRelType.of(left.getType());
    if ((type != Types.TEXT && type != Types.VARCHAR)
        || Collation.special(CollationRules.of(left)) != null
        || !(like.getOperands().get(1) instanceof RexDynamicParam pattern)
        || !(slots.get(pattern.getIndex()) instanceof Slot.Constant constant)
        || !(constant.value() instanceof String text)) {
      return List.of();
    }
    StringBuilder start = new StringBuilder();
    boolean whole = fixed(text, start);
    List<Sarg> found = new ArrayList<>();
    if (whole) {
      found.add(sarg(like, place, Sarg.Kind.EQUAL, start.toString(), type, slots));
    } else if (!start.isEmpty()) {
      found.add(sarg(like, place, Sarg.Kind.GREATER_EQUAL, start.toString(), type, slots));
      String after = following(start.toString());
      if (after != null) {
        found.add(sarg(like, place, Sarg.Kind.LESS, after, type, slots));
      }
    }
    return found;
  }

  /// Finds what a pattern begins with.
  ///
  /// @return whether that is all of it
  private static boolean fixed(String pattern, StringBuilder start) {
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '%' || c == '_') {
        return false;
      }
      if (c == '\\') {
        if (++i == pattern.length()) {
          // An error, for whoever comes to read it.
          start.setLength(0);
          return false;
        }
        c = pattern.charAt(i);
      }
      start.append(c);
    }
    return true;
  }

  /// The lowest text, by code points, that is greater than all that begin with another; null if
  /// there is none.
  static String following(String start) {
    int end = start.length();
    while (end > 0) {
      int last = start.codePointBefore(end);
      end -= Character.charCount(last);
      if (last < Character.MAX_CODE_POINT) {
        int next = last + 1;
        if (next >= Character.MIN_SURROGATE && next <= Character.MAX_SURROGATE) {
          // What comes next in UTF-8.
          next = Character.MAX_SURROGATE + 1;
        }
        return start.substring(0, end) + Character.toString(next);
      }
    }
    return null;
  }

  private static Sarg sarg(
      RexCall like, int place, Sarg.Kind kind, String bound, PgType type, SlotTable slots) {
    int slot = slots.add(new Slot.Constant(bound, bound, -1, type, -1, false, type));
    RexNode value =
        new RexBuilder(PgTypeFactory.INSTANCE).makeDynamicParam(PgTypeFactory.of(type), slot);
    return new Sarg(place, kind, value, like, false);
  }
}
