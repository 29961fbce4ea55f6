package io.trencadis.sql.rel;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.collation.Collation;
import io.trencadis.sql.functions.ResolvedCall;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlOperator;

/// Which collation an expression has (manual, 24.2.1): one that was written goes before those of
/// columns, and among those one that is not the default goes before the default.
public final class CollationRules {
  private CollationRules() {}

  /// Makes calls whose types have the collation that follows from the operands.
  public static final class Builder extends RexBuilder {
    public Builder() {
      super(PgTypeFactory.INSTANCE);
    }

    @Override
    public RexNode makeCall(RelDataType type, SqlOperator operator, List<RexNode> operands) {
      return super.makeCall(typeOf(type, operator, operands), operator, operands);
    }

    private static RelDataType typeOf(
        RelDataType type, SqlOperator operator, List<RexNode> operands) {
      if (!(type instanceof PgRelType pg)
          || pg.type().collationOid() == 0
          || operator instanceof PgCall call && call.operation() instanceof Operation.Collate
          || !isCollated(operands)) {
        return type;
      }
      return PgTypeFactory.collated(type, derive(operands));
    }
  }

  /// The collation of an expression, null for the default one.
  public static Collation of(RexNode node) {
    return node.getType() instanceof PgRelType pg ? pg.collation() : null;
  }

  private static boolean isCollated(List<RexNode> nodes) {
    for (RexNode node : nodes) {
      if (of(node) != null) {
        return true;
      }
    }
    return false;
  }

  /// Whether the collation was written, in the expression or in one that it is made of.
  private static boolean isWritten(RexNode node) {
    if (of(node) == null || !(node instanceof RexCall call)) {
      return false;
    }
    return call.getOperator() instanceof PgCall pg && pg.operation() instanceof Operation.Collate
        || call.getOperands().stream().anyMatch(CollationRules::isWritten);
  }

  /// The collation by which something over these operands is computed; null for the default one.
  ///
  /// @return [Collation#INDETERMINATE] where columns contradict each other
  /// @throws SqlException 42P21 where two different ones were written
  public static Collation derive(List<RexNode> operands) {
    Collation written = null;
    Collation implied = null;
    for (RexNode operand : operands) {
      Collation own = of(operand);
      if (own == null) {
        continue;
      }
      if (!isWritten(operand)) {
        boolean isDefault = own.oid() == Collation.DEFAULT.oid();
        implied =
            isDefault || implied == null || implied.oid() == own.oid() || implied.isConflict()
                ? implied == null && !isDefault ? own : implied
                : own.isConflict() ? own : Collation.conflict(implied, own);
        continue;
      }
      if (written != null && written.oid() != own.oid()) {
        throw mismatch("explicit", written.name(), own.name()).at(position(operand));
      }
      written = own;
    }
    return written != null ? written : implied;
  }

  /// Where the collation of an expression was written, or -1.
  private static int position(RexNode node) {
    if (!(node instanceof RexCall call)) {
      return -1;
    }
    if (call.getOperator() instanceof PgCall pg
        && pg.operation() instanceof Operation.Collate collate) {
      return collate.pos();
    }
    return call.getOperands().stream()
        .filter(CollationRules::isWritten)
        .findFirst()
        .map(CollationRules::position)
        .orElse(-1);
  }

  private static SqlException mismatch(String kind, String one, String other) {
    return new SqlException(
        SqlState.COLLATION_MISMATCH,
        "collation mismatch between " + kind + " collations \"" + one + "\" and \"" + other + "\"");
  }

  /// The error of a sort or a grouping by what has no one collation.
  static SqlException undecided(Collation conflict) {
    return mismatch("implicit", conflict.parties().getFirst(), conflict.parties().getLast())
        .hint(
            "You can choose the collation by applying the COLLATE clause to one or both"
                + " expressions.");
  }

  /// The collation of a column that rows of several queries are in; null for the default one.
  ///
  /// @param all whether equal rows stay, so that nothing is compared yet
  /// @throws SqlException 42P21 where they contradict each other
  public static Collation common(List<RexNode> columns, boolean all) {
    Collation derived = derive(columns);
    if (derived != null && derived.isConflict() && !all) {
      throw undecided(derived);
    }
    return derived;
  }

  /// The same value, of a type with that collation, which may be null.
  public static RexNode told(RexBuilder rex, RexNode node, Collation collation) {
    Collation named = collation == null ? Collation.DEFAULT : collation;
    return rex.makeCall(
        PgTypeFactory.collated(node.getType(), collation),
        new PgCall(new Operation.Collate(named, -1)),
        List.of(node));
  }

  /// What is compared by a collation: an operand with another one is told to have this.
  public static RexNode under(RexBuilder rex, RexNode node, Collation collation) {
    Collation own = of(node);
    boolean same =
        own == null
            ? collation == null || collation.deterministic()
            : collation != null && own.oid() == collation.oid();
    Collation wanted = collation == null ? Collation.DEFAULT : collation;
    return same
        ? node
        : rex.makeCall(
            PgTypeFactory.collated(node.getType(), wanted),
            new PgCall(new Operation.Collate(wanted, -1)),
            List.of(node));
  }

  /// The type of what a call returns.
  public static RelDataType result(ResolvedCall call) {
    RelDataType type = PgTypeFactory.of(call.resultType());
    return call.resultType().collationOid() == 0
        ? type
        : PgTypeFactory.collated(type, call.collation());
  }

  /// The error of a comparison by a conflict of collations.
  ///
  /// @param what is computed by it: `string comparison`
  public static SqlException indeterminate(String what) {
    return new SqlException(
            SqlState.INDETERMINATE_COLLATION,
            "could not determine which collation to use for " + what)
        .hint("Use the COLLATE clause to set the collation explicitly.");
  }
}
