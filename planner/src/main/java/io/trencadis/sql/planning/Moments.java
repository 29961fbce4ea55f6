package io.trencadis.sql.planning;

import io.trencadis.sql.execute.Eval;
import io.trencadis.sql.rel.Operation;
import io.trencadis.sql.rel.PgCall;
import io.trencadis.sql.rel.PgRelType;
import io.trencadis.sql.rel.PgTypeFactory;
import io.trencadis.sql.types.Calendar;
import io.trencadis.sql.types.DateTimeComparison;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;

/// Comparisons of a column of dates with a timestamp, or of timestamps with a date, as search
/// arguments of the column: `shipped < date '1995-01-01' + interval '1 year'` is a range of dates.
final class Moments {
  private Moments() {}

  /// The argument that a conjunct like that is, if it is one.
  static Optional<Sarg> of(RexNode conjunct) {
    if (!(conjunct instanceof RexCall call)
        || call.getOperands().size() != 2
        || !(call.getOperator() instanceof PgCall pg)
        || !(pg.operation() instanceof Operation.Function function)) {
      return Optional.empty();
    }
    PgType left = PgRelType.of(call.getOperands().get(0).getType());
    PgType right = PgRelType.of(call.getOperands().get(1).getType());
    if (!isMoment(left) || !isMoment(right) || left == right) {
      return Optional.empty();
    }
    Sarg.Kind kind = kind(function.call().proc().name(), left, right);
    if (kind == null) {
      return Optional.empty();
    }
    Optional<Sarg> straight =
        compare(call.getOperands().get(0), kind, call.getOperands().get(1), conjunct);
    return straight.isPresent()
        ? straight
        : compare(
            call.getOperands().get(1), Sarg.mirrored(kind), call.getOperands().get(0), conjunct);
  }

  private static boolean isMoment(PgType type) {
    return type == Types.DATE || type == Types.TIMESTAMP || type == Types.TIMESTAMPTZ;
  }

  private static Sarg.Kind kind(String name, PgType left, PgType right) {
    String prefix = left.name() + "_";
    String suffix = "_" + right.name();
    if (name.length() != prefix.length() + suffix.length() + 2
        || !name.startsWith(prefix)
        || !name.endsWith(suffix)) {
      return null;
    }
    return switch (name.substring(prefix.length(), prefix.length() + 2)) {
      case "eq" -> Sarg.Kind.EQUAL;
      case "lt" -> Sarg.Kind.LESS;
      case "le" -> Sarg.Kind.LESS_EQUAL;
      case "gt" -> Sarg.Kind.GREATER;
      case "ge" -> Sarg.Kind.GREATER_EQUAL;
      default -> null;
    };
  }

  private static Optional<Sarg> compare(
      RexNode column, Sarg.Kind kind, RexNode value, RexNode conjunct) {
    if (!(column instanceof RexInputRef ref) || !Sarg.isKnown(value)) {
      return Optional.empty();
    }
    PgType own = PgRelType.of(ref.getType());
    PgType other = PgRelType.of(value.getType());
    if (own == Types.TIMESTAMP && other == Types.DATE) {
      return Optional.of(
          new Sarg(
              ref.getIndex(),
              kind,
              bound(own, other, Operation.Moment.Rounding.DOWN, value),
              conjunct,
              true));
    }
    if (own == Types.DATE && other == Types.TIMESTAMP) {
      Operation.Moment.Rounding rounding =
          switch (kind) {
            case EQUAL -> Operation.Moment.Rounding.NULL;
            case LESS, GREATER_EQUAL -> Operation.Moment.Rounding.UP;
            case GREATER, LESS_EQUAL -> Operation.Moment.Rounding.DOWN;
          };
      return Optional.of(
          new Sarg(ref.getIndex(), kind, bound(own, other, rounding, value), conjunct, true));
    }
    if (own == Types.DATE && other == Types.TIMESTAMPTZ && kind != Sarg.Kind.EQUAL) {
      // Where a day begins depends on the time zone: the conjunct itself decides at the edge.
      boolean upper = kind == Sarg.Kind.LESS || kind == Sarg.Kind.LESS_EQUAL;
      return Optional.of(
          new Sarg(
              ref.getIndex(),
              upper ? Sarg.Kind.LESS_EQUAL : Sarg.Kind.GREATER_EQUAL,
              bound(
                  own,
                  other,
                  upper ? Operation.Moment.Rounding.AFTER : Operation.Moment.Rounding.BEFORE,
                  value),
              conjunct,
              false));
    }
    return Optional.empty();
  }

  private static RexNode bound(
      PgType own, PgType other, Operation.Moment.Rounding rounding, RexNode value) {
    return new RexBuilder(PgTypeFactory.INSTANCE)
        .makeCall(
            PgTypeFactory.of(own),
            new PgCall(new Operation.Moment(other.oid(), own.oid(), rounding)),
            List.of(value));
  }

  static Eval eval(Operation.Moment moment, Eval operand) {
    return (row, x) -> {
      Object value = operand.eval(row, x);
      return value == null ? null : value(moment, value);
    };
  }

  /// The bound that a value is.
  static Object value(Operation.Moment moment, Object value) {
    if (moment.sourceOid() == Types.DATE.oid()) {
      return DateTimeComparison.bound((Integer) value);
    }
    long timestamp = (Long) value;
    int date = DateTimeComparison.dateNotAfter(timestamp);
    boolean whole = DateTimeComparison.isDate(timestamp);
    return switch (moment.rounding()) {
      case DOWN -> date;
      case UP -> whole ? date : date + 1;
      case NULL -> whole ? date : null;
      // No time zone is a day away from another one's day.
      case BEFORE -> Calendar.isInfinite(date) ? date : date - 1;
      case AFTER -> Calendar.isInfinite(date) ? date : date + 1;
    };
  }
}
