package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import java.util.List;

/// The code of aggregates.
public final class Aggregates {
  private Aggregates() {}

  /// Binds an aggregate that was resolved by [FunctionResolver]. DISTINCT, ORDER BY and FILTER are
  /// the caller's: it feeds the rows that count, in their order.
  ///
  /// @throws SqlException 0A000 if PostgreSQL has the aggregate and we do not
  public static AggregateFunction bind(ResolvedCall call) {
    AggregateFunction known = AggregateCode.find(call);
    if (known == null) {
      throw SqlException.notSupported(
          "aggregate "
              + FunctionResolver.signature(call.proc().name(), call.argTypes(), List.of()));
    }
    return known;
  }
}
