package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.functions.Aggregates;
import io.trencadis.sql.functions.Casts;
import io.trencadis.sql.functions.FunctionResolver;
import io.trencadis.sql.functions.PgCatalog;
import io.trencadis.sql.functions.ProcInfo;
import io.trencadis.sql.functions.ResolvedCall;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;

/// The rules of calls with WITHIN GROUP (PostgreSQL 15 manual, 4.2.7). The function is looked for
/// with the direct arguments and those of the ORDER BY, one after the other.
final class OrderedSetAnalyzer {
  private OrderedSetAnalyzer() {}

  static void refuseWindow(Expr.FunctionCall call) {
    if (call.withinGroup()) {
      throw new SqlException(
              SqlState.FEATURE_NOT_SUPPORTED,
              "OVER is not supported for ordered-set aggregate " + call.name().name())
          .at(call.pos());
    }
  }

  /// Fails where the call and what it means do not agree on WITHIN GROUP.
  ///
  /// @param given types of the direct arguments and the sort keys
  static void check(Expr.FunctionCall call, ResolvedCall resolved, List<PgType> given) {
    ProcInfo proc = resolved.proc();
    String name = call.name().name();
    boolean orderedSet = Aggregates.isOrderedSet(proc);
    if (!call.withinGroup()) {
      if (orderedSet) {
        throw new SqlException(
                SqlState.WRONG_OBJECT_TYPE,
                "WITHIN GROUP is required for ordered-set aggregate " + name)
            .at(call.pos());
      }
      return;
    }
    if (!proc.isAggregate()) {
      throw new SqlException(
              SqlState.WRONG_OBJECT_TYPE,
              "WITHIN GROUP specified, but " + name + " is not an aggregate function")
          .at(call.pos());
    }
    if (!orderedSet) {
      throw new SqlException(
              SqlState.WRONG_OBJECT_TYPE,
              name + " is not an ordered-set aggregate, so it cannot have WITHIN GROUP")
          .at(call.pos());
    }
    int direct = call.args().size();
    int keys = call.orderBy().size();
    if (Aggregates.isHypothetical(proc)) {
      if (direct != keys) {
        throw missing(
            call,
            given,
            "To use the hypothetical-set aggregate "
                + name
                + ", the number of hypothetical direct arguments (here "
                + direct
                + ") must match the number of ordering columns (here "
                + keys
                + ").");
      }
      return;
    }
    int wanted = PgCatalog.aggregate(proc.oid()).directArgs();
    if (direct != wanted) {
      throw missing(
          call,
          given,
          "There is an ordered-set aggregate "
              + name
              + ", but it requires "
              + wanted
              + " direct argument"
              + (wanted == 1 ? "" : "s")
              + ", not "
              + direct
              + ".");
    }
  }

  private static SqlException missing(Expr.FunctionCall call, List<PgType> given, String hint) {
    return new SqlException(
            SqlState.UNDEFINED_FUNCTION,
            "function "
                + FunctionResolver.signature(call.name().name(), given, List.of())
                + " does not exist")
        .at(call.pos())
        .hint(hint);
  }

  /// The call with what each hypothetical argument and its sort key both become.
  static ResolvedCall unified(Expr.FunctionCall call, ResolvedCall resolved, List<PgType> given) {
    if (!Aggregates.isHypothetical(resolved.proc())) {
      return resolved;
    }
    int n = call.args().size();
    List<PgType> types = new ArrayList<>(resolved.argTypes());
    for (int i = 0; i < n; i++) {
      PgType common;
      try {
        common = Casts.selectCommonType(List.of(given.get(n + i), given.get(i)), "WITHIN GROUP");
      } catch (SqlException e) {
        throw e.at(call.args().get(i).value().pos());
      }
      common = common == Types.UNKNOWN ? Types.TEXT : common;
      types.set(i, common);
      types.set(n + i, common);
    }
    return new ResolvedCall(
        resolved.proc(),
        null,
        resolved.resultType(),
        List.copyOf(types),
        resolved.argSources(),
        resolved.defaults(),
        resolved.packedFrom(),
        resolved.variadicArray(),
        resolved.outputs(),
        resolved.collation());
  }
}
