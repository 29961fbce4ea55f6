package io.trencadis.sql.planning;

import io.trencadis.sql.collation.Collation;
import io.trencadis.sql.rel.CollationRules;
import io.trencadis.sql.rel.Operation;
import io.trencadis.sql.rel.PgCall;
import io.trencadis.sql.rel.PgRelType;
import io.trencadis.sql.rel.PgTypeFactory;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;

/// A search argument: a conjunct that compares a column with something known before the scan
/// starts.
///
/// @param place the column's place in the row
/// @param value of the column's own type, without columns in it
/// @param exact whether nothing else of the conjunct is left to be checked
/// @param more of a comparison of rows, what decides one after the other where the value is equal;
///   the kind is then that of the last one
record Sarg(int place, Kind kind, RexNode value, RexNode conjunct, boolean exact, List<Sarg> more) {
  Sarg(int place, Kind kind, RexNode value, RexNode conjunct, boolean exact) {
    this(place, kind, value, conjunct, exact, List.of());
  }

  enum Kind {
    EQUAL,
    LESS,
    LESS_EQUAL,
    GREATER,
    GREATER_EQUAL;

    boolean isLower() {
      return this == GREATER || this == GREATER_EQUAL;
    }

    boolean isUpper() {
      return this == LESS || this == LESS_EQUAL;
    }

    /// Whether the two are the ends of a range.
    boolean isOpposite(Kind other) {
      return isLower() && other.isUpper() || isUpper() && other.isLower();
    }
  }

  static Optional<Sarg> of(RexNode conjunct) {
    if (conjunct instanceof RexInputRef ref && PgRelType.of(ref.getType()) == Types.BOOL) {
      return Optional.empty();
    }
    if (!(conjunct instanceof RexCall call) || call.getOperands().size() != 2) {
      return Optional.empty();
    }
    Kind kind = kind(call.getKind());
    if (kind == null) {
      return Moments.of(conjunct);
    }
    RexNode left = call.getOperands().get(0);
    RexNode right = call.getOperands().get(1);
    Optional<Sarg> straight = compare(left, kind, right, conjunct);
    return straight.isPresent() ? straight : compare(right, mirrored(kind), left, conjunct);
  }

  /// A conjunct that compares an expression with something known before the scan starts.
  ///
  /// @param place what stands for the expression's place in the row
  static Optional<Sarg> on(RexNode expression, int place, RexNode conjunct) {
    if (!(conjunct instanceof RexCall call) || call.getOperands().size() != 2) {
      return Optional.empty();
    }
    Kind kind = kind(call.getKind());
    for (int side = 0; kind != null && side < 2; side++) {
      RexNode value = call.getOperands().get(1 - side);
      if (bare(call.getOperands().get(side)).equals(bare(expression))
          && isKnown(value)
          && comparesLike(expression, kind, call.getOperands().get(side), value)) {
        return Optional.of(
            new Sarg(place, side == 0 ? kind : mirrored(kind), value, conjunct, true));
      }
    }
    return Optional.empty();
  }

  /// An expression without what only calls it another type.
  static RexNode bare(RexNode node) {
    return node instanceof RexCall call
            && call.getOperator() instanceof PgCall pg
            && pg.operation() instanceof Operation.Relabel
        ? bare(call.getOperands().getFirst())
        : node;
  }

  static boolean isKnown(RexNode value) {
    return RelOptUtil.InputFinder.bits(value).isEmpty()
        && !SubPlans.isIn(value)
        && RexUtil.isDeterministic(value);
  }

  private static Kind kind(SqlKind kind) {
    return switch (kind) {
      case EQUALS -> Kind.EQUAL;
      case LESS_THAN -> Kind.LESS;
      case LESS_THAN_OR_EQUAL -> Kind.LESS_EQUAL;
      case GREATER_THAN -> Kind.GREATER;
      case GREATER_THAN_OR_EQUAL -> Kind.GREATER_EQUAL;
      default -> null;
    };
  }

  static Kind inclusive(Kind kind) {
    return switch (kind) {
      case LESS -> Kind.LESS_EQUAL;
      case GREATER -> Kind.GREATER_EQUAL;
      default -> kind;
    };
  }

  /// The value of the column, and those of the columns after it.
  List<RexNode> values() {
    return java.util.stream.Stream.concat(
            java.util.stream.Stream.of(value), more.stream().map(Sarg::value))
        .toList();
  }

  /// A value of any integer type as one of a column's; null where it does not fit.
  static RexNode narrowed(RexNode value, PgType type, boolean clamped) {
    return new org.apache.calcite.rex.RexBuilder(PgTypeFactory.INSTANCE)
        .makeCall(
            PgTypeFactory.of(type),
            new PgCall(new Operation.Narrow(type.oid(), clamped)),
            List.of(value));
  }

  static Kind mirrored(Kind kind) {
    return switch (kind) {
      case EQUAL -> Kind.EQUAL;
      case LESS -> Kind.GREATER;
      case LESS_EQUAL -> Kind.GREATER_EQUAL;
      case GREATER -> Kind.LESS;
      case GREATER_EQUAL -> Kind.LESS_EQUAL;
    };
  }

  private static Optional<Sarg> compare(
      RexNode column, Kind kind, RexNode value, RexNode conjunct) {
    if (!isKnown(value)) {
      return Optional.empty();
    }
    RexNode bare = column;
    boolean widened = false;
    while (bare instanceof RexCall call && call.getOperator() instanceof PgCall pg) {
      if (pg.operation() instanceof Operation.Relabel) {
        bare = call.getOperands().getFirst();
      } else if (pg.operation() instanceof Operation.Convert convert
          && isInteger(convert.sourceOid())
          && isInteger(convert.targetOid())) {
        bare = call.getOperands().getFirst();
        widened = true;
      } else {
        return Optional.empty();
      }
    }
    if (!(bare instanceof RexInputRef ref) || !comparesLike(ref, kind, column, value)) {
      return Optional.empty();
    }
    PgType type = PgRelType.of(ref.getType());
    if (!widened) {
      return Optional.of(new Sarg(ref.getIndex(), kind, value, conjunct, true));
    }
    // No value equals one that does not fit. A bound that does not fit becomes the outermost value,
    // which may be right or not: the conjunct itself decides.
    boolean equal = kind == Kind.EQUAL;
    RexNode own = narrowed(value, type, !equal);
    return Optional.of(new Sarg(ref.getIndex(), inclusive(kind), own, conjunct, equal));
  }

  /// Whether a comparison means by its collation what the column's own order says.
  private static boolean comparesLike(RexNode column, Kind kind, RexNode left, RexNode right) {
    Collation own = CollationRules.of(column);
    Collation written = CollationRules.of(left);
    written = written == null ? CollationRules.of(right) : written;
    if (own == null && written == null) {
      return true;
    }
    boolean bytes =
        (own == null || own.deterministic()) && (written == null || written.deterministic());
    return kind == Kind.EQUAL && bytes || Collation.sameOrder(own, written);
  }

  static boolean isInteger(int oid) {
    return oid == Types.INT2.oid() || oid == Types.INT4.oid() || oid == Types.INT8.oid();
  }
}
