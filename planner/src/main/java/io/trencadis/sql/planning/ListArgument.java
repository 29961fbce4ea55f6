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
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;

/// A conjunct `column = ANY (array)`, `column IN (…)` or `column = … OR column = …`, of an array
/// that is known before the scan starts: an equality with each of its values in turn.
///
/// @param slot where the value in turn is
/// @param value the equality with the slot; its conjunct is the whole one
/// @param element the array's element type
record ListArgument(int slot, Sarg value, RexNode array, PgType element) {
  /// Of an array whose length is not known.
  private static final int USUAL_LENGTH = 10;

  static Optional<ListArgument> of(RexNode conjunct, SlotTable slots) {
    if (conjunct.getKind() == SqlKind.OR) {
      return ofEqualities((RexCall) conjunct, slots);
    }
    if (!(conjunct instanceof RexCall call)
        || !(call.getOperator() instanceof PgCall pg)
        || !(pg.operation() instanceof Operation.Quantified quantified)
        || quantified.all()) {
      return Optional.empty();
    }
    RexNode left = call.getOperands().get(0);
    RexNode array = call.getOperands().get(1);
    PgType element = PgRelType.of(array.getType()).elementType();
    if (element == null
        || element != PgRelType.of(left.getType())
        || !element.codec().ordered()
        || !isEquality(quantified.operator(), element)
        || !suits(quantified.operator().collation(), left)
        || !Sarg.isKnown(array)) {
      return Optional.empty();
    }
    RexBuilder rex = new RexBuilder(PgTypeFactory.INSTANCE);
    int slot = slots.add(new Slot.Outer(element));
    RexNode equality =
        rex.makeCall(SqlStdOperatorTable.EQUALS, left, rex.makeDynamicParam(left.getType(), slot));
    return Sarg.of(equality)
        .map(
            sarg ->
                new ListArgument(
                    slot,
                    new Sarg(sarg.place(), sarg.kind(), sarg.value(), conjunct, true),
                    array,
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
    if (element.arrayType() == null || element.isArray() || !element.codec().ordered()) {
      return Optional.empty();
    }
    RexBuilder rex = new RexBuilder(PgTypeFactory.INSTANCE);
    RexNode array =
        rex.makeCall(
            PgTypeFactory.of(element.arrayType()),
            new PgCall(new Operation.ArrayOf(false)),
            values);
    int slot = slots.add(new Slot.Outer(element));
    RexNode value = rex.makeDynamicParam(values.getFirst().getType(), slot);
    return Optional.of(
        new ListArgument(slot, new Sarg(place, Sarg.Kind.EQUAL, value, or, true), array, element));
  }

  /// Whether the order of a column can be asked for what is equal by a collation.
  private static boolean suits(Collation collation, RexNode column) {
    Collation own = CollationRules.of(column);
    return Collation.sameOrder(own, collation)
        || (own == null || own.deterministic()) && (collation == null || collation.deterministic());
  }

  private static boolean isEquality(ResolvedCall operator, PgType type) {
    return operator.proc().oid() == FunctionResolver.operator("=", type, type).call().proc().oid();
  }

  RexNode conjunct() {
    return value.conjunct();
  }

  /// How many values it has, as far as can be told.
  int guessedLength() {
    return array instanceof RexCall call
            && call.getOperator() instanceof PgCall pg
            && pg.operation() instanceof Operation.ArrayOf
        ? Math.max(1, call.getOperands().size())
        : USUAL_LENGTH;
  }
}
