package io.trencadis.sql.rel;

import io.trencadis.sql.functions.ResolvedCall;
import java.util.List;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rex.RexNode;

/// A window function call as the analyzer found it, with the default frame.
///
/// @param call `row_number`, `rank`, `dense_rank`, or an aggregate
public record WindowSpecification(
    ResolvedCall call,
    List<RexNode> arguments,
    List<RexNode> partitionBy,
    List<RexNode> orderBy,
    List<RelFieldCollation.Direction> sortDirections,
    List<RelFieldCollation.NullDirection> sortNulls) {
  /// Equal for calls that compute the same.
  public String digest() {
    return call.proc().oid()
        + ""
        + arguments
        + " partition "
        + partitionBy
        + " order "
        + orderBy
        + sortDirections
        + sortNulls;
  }
}
