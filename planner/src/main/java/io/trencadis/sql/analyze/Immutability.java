package io.trencadis.sql.analyze;

import io.trencadis.sql.functions.ResolvedCall;
import io.trencadis.sql.rel.Operation;
import io.trencadis.sql.rel.PgCall;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;

/// Whether an expression always gives the same for the same values.
final class Immutability {
  private Immutability() {}

  static boolean of(RexNode node) {
    if (!(node instanceof RexCall call)) {
      return true;
    }
    if (call.getOperator() instanceof PgCall pg) {
      boolean stable =
          switch (pg.operation()) {
            case Operation.Function function -> isImmutable(function.call());
            case Operation.Convert convert -> convert.cast().volatility() == 'i';
            default -> true;
          };
      if (!stable) {
        return false;
      }
    }
    return call.getOperands().stream().allMatch(Immutability::of);
  }

  private static boolean isImmutable(ResolvedCall call) {
    // `text || anything`, in PostgreSQL an SQL function, is as stable as the output of that type.
    boolean concatenation =
        call.proc().name().equals("textanycat") || call.proc().name().equals("anytextcat");
    return concatenation
        ? call.argTypes().stream().allMatch(Immutability::hasFixedOutput)
        : call.proc().volatility() == 'i';
  }

  /// Whether no setting shapes the text of the type's values.
  private static boolean hasFixedOutput(PgType type) {
    return !type.isArray()
        && type != Types.RECORD
        && type != Types.DATE
        && type != Types.TIMESTAMP
        && type != Types.TIMESTAMPTZ;
  }
}
