package io.trencadis.sql.rel;

import io.trencadis.sql.functions.ResolvedCall;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.util.Optionality;

/// An aggregate of PostgreSQL's as Calcite sees it: opaque, so that no rule rewrites it by
/// Calcite's ideas of what SUM or COUNT return.
public final class PgAggregate extends SqlAggFunction {
  private final ResolvedCall call;

  public PgAggregate(ResolvedCall call) {
    super(
        call.proc().name() + "#" + call.proc().oid() + ">" + call.resultType().oid(),
        null,
        SqlKind.OTHER_FUNCTION,
        null,
        null,
        null,
        SqlFunctionCategory.USER_DEFINED_FUNCTION,
        false,
        false,
        Optionality.OPTIONAL);
    this.call = call;
  }

  public ResolvedCall call() {
    return call;
  }

  @Override
  public RelDataType inferReturnType(SqlOperatorBinding binding) {
    return CollationRules.result(call);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PgAggregate that && that.getName().equals(getName());
  }

  @Override
  public int hashCode() {
    return getName().hashCode();
  }
}
