package io.trencadis.sql.planning;

import io.trencadis.sql.collation.Collation;
import io.trencadis.sql.functions.FunctionResolver;
import io.trencadis.sql.functions.ResolvedCall;
import io.trencadis.sql.rel.CollationRules;
import io.trencadis.sql.rel.Operation;
import io.trencadis.sql.rel.PgCall;
import io.trencadis.sql.rel.PgRelType;
import io.trencadis.sql.rel.PgTypeFactory;
import io.trencadis.sql.rel.Slot;
import io.trencadis.sql.types.PgType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;

/// A conjunct `column = ANY (array)`, `column IN (…)` or `column = … OR column = …`, of an array
/// that is known before the scan starts: an equality with each of its values in turn. Or one like
/// `column BETWEEN … AND … OR column BETWEEN … AND …`: each of its ranges in turn.
///
/// @param first the values, or the lower ends of the ranges
/// @param last the upper ends; null for values
/// @param element the type of both
record ListArgument(Part first, Part last, PgType element) {
  /// @param slot where the one in turn is
  /// @param sarg the comparison with the slot; its conjunct is the whole one
  record Part(int slot, Sarg sarg, RexNode array) {}

  /// Of an array whose length is not known.
  private static final int USUAL_LENGTH = 10;

  /// What a conjunct can be taken for.
  static List<ListArgument> of(RexNode conjunct, SlotTable slots) {
    if (conjunct.getKind() == SqlKind.OR) {
      Optional<ListArgument> equalities = ofEqualities((RexCall) conjunct, slots);
      return equalities.isPresent()
          ? List.of(equalities.get())
          : ofRanges((RexCall) conjunct, slots);
    }
    return ofArray(conjunct, slots).stream().toList();
  }

  private static Optional<ListArgument> ofArray(RexNode conjunct, SlotTable slots) {
    if (!(conjunct instanceof RexCall call)
        || !(call.getOperator() instanceof PgCall pg)
        || !(pg.operation() instanceof Operation.Quantified quantified)
        || quantified.all()) {
      return Optional.empty();
    }
    RexNode left = call.getOperands().get(0);
    RexNode array = call.getOperands().get(1);
    PgType element = PgRelType.of(array.getType()).elementType();
    PgType tested = PgRelType.of(left.getType());
    boolean integers =
        element != null && Sarg.isInteger(element.oid()) && Sarg.isInteger(tested.oid());
    if (element == null
        || element != tested && !integers
        || !element.codec().ordered()
        || !isEquality(quantified.operator(), tested, element)
        || !suits(quantified.operator().collation(), left)
        || !Sarg.isKnown(array)) {
      return Optional.empty();
    }
    RexBuilder rex = new RexBuilder(PgTypeFactory.INSTANCE);
    int slot = slots.add(new Slot.Outer(element));
    RexNode value =
        rex.makeDynamicParam(element == tested ? left.getType() : PgTypeFactory.of(element), slot);
    RexNode equality =
        rex.makeCall(
            SqlStdOperatorTable.EQUALS,
            left,
            element == tested ? value : Sarg.narrowed(value, tested, false));
    return Sarg.of(equality)
        .map(
            sarg ->
                new ListArgument(
                    new Part(
                        slot,
                        new Sarg(sarg.place(), sarg.kind(), sarg.value(), conjunct, true),
                        array),
                    null,
                    element));
  }

  /// `column = a OR column = b OR …`.
  private static Optional<ListArgument> ofEqualities(RexCall or, SlotTable slots) {
    List<RexNode> values = new ArrayList<>();
    int place = -1;
    PgType element = null;
    for (RexNode side : or.getOperands()) {
      Sarg sarg = Sarg.of(side).orElse(null);
      if (sarg == null
          || sarg.kind() != Sarg.Kind.EQUAL
          || !sarg.exact()
          || place >= 0 && sarg.place() != place
          || element != null && PgRelType.of(sarg.value().getType()) != element) {
        return Optional.empty();
      }
      place = sarg.place();
      element = PgRelType.of(sarg.value().getType());
      values.add(sarg.value());
    }
    return isListable(element)
        ? Optional.of(
            new ListArgument(
                part(place, Sarg.Kind.EQUAL, values, element, or, true, slots), null, element))
        : Optional.empty();
  }

  private static boolean isListable(PgType element) {
    return element.arrayType() != null && !element.isArray() && element.codec().ordered();
  }

  private static Part part(
      int place,
      Sarg.Kind kind,
      List<RexNode> values,
      PgType element,
      RexNode conjunct,
      boolean exact,
      SlotTable slots) {
    RexBuilder rex = new RexBuilder(PgTypeFactory.INSTANCE);
    RexNode array =
        rex.makeCall(
            PgTypeFactory.of(element.arrayType()),
            new PgCall(new Operation.ArrayOf(false)),
            values);
    int slot = slots.add(new Slot.Outer(element));
    RexNode value = rex.makeDynamicParam(values.getFirst().getType(), slot);
    return new Part(slot, new Sarg(place, kind, value, conjunct, exact), array);
  }

  /// Sides that each give some column both ends of a range, or a value; for each such column. What
  /// else they say is left to be checked.
  private static List<ListArgument> ofRanges(RexCall or, SlotTable slots) {
    List<List<Sarg>> sides = new ArrayList<>();
    for (RexNode side : or.getOperands()) {
      List<Sarg> sargs = new ArrayList<>();
      for (RexNode conjunct : RelOptUtil.conjunctions(side)) {
        Sarg.of(conjunct).ifPresent(sargs::add);
      }
      sides.add(sargs);
    }
    return sides.getFirst().stream()
        .map(Sarg::place)
        .distinct()
        .flatMap(place -> ranges(place, sides, or, slots).stream())
        .toList();
  }

  private static Optional<ListArgument> ranges(
      int place, List<List<Sarg>> sides, RexNode or, SlotTable slots) {
    List<RexNode> lows = new ArrayList<>();
    List<RexNode> highs = new ArrayList<>();
    for (List<Sarg> side : sides) {
      RexNode low = null;
      RexNode high = null;
      for (Sarg sarg : side) {
        if (sarg.place() == place) {
          low = low == null && !sarg.kind().isUpper() ? sarg.value() : low;
          high = high == null && !sarg.kind().isLower() ? sarg.value() : high;
        }
      }
      if (low == null || high == null) {
        return Optional.empty();
      }
      lows.add(low);
      highs.add(high);
    }
    PgType element = PgRelType.of(lows.getFirst().getType());
    boolean alike =
        Stream.concat(lows.stream(), highs.stream())
            .allMatch(value -> PgRelType.of(value.getType()) == element);
    if (!alike || !isListable(element)) {
      return Optional.empty();
    }
    return Optional.of(
        new ListArgument(
            part(place, Sarg.Kind.GREATER_EQUAL, lows, element, or, false, slots),
            part(place, Sarg.Kind.LESS_EQUAL, highs, element, or, false, slots),
            element));
  }

  /// Whether the order of a column can be asked for what is equal by a collation.
  private static boolean suits(Collation collation, RexNode column) {
    Collation own = CollationRules.of(column);
    return Collation.sameOrder(own, collation)
        || (own == null || own.deterministic()) && (collation == null || collation.deterministic());
  }

  private static boolean isEquality(ResolvedCall operator, PgType left, PgType right) {
    if (left.baseType().isCitext() && right.baseType().isCitext()) {
      return "citext_eq".equals(operator.proc().source());
    }
    return operator.proc().oid() == FunctionResolver.operator("=", left, right).call().proc().oid();
  }

  RexNode conjunct() {
    return first.sarg.conjunct();
  }

  boolean isRanges() {
    return last != null;
  }

  /// The comparisons with what is in turn.
  List<Sarg> sargs() {
    return last == null ? List.of(first.sarg) : List.of(first.sarg, last.sarg);
  }

  /// How many values or ranges it has, as far as can be told.
  int guessedLength() {
    return first.array instanceof RexCall call
            && call.getOperator() instanceof PgCall pg
            && pg.operation() instanceof Operation.ArrayOf
        ? Math.max(1, call.getOperands().size())
        : USUAL_LENGTH;
  }
}
