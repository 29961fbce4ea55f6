package io.trencadis.sql.rel;

import io.trencadis.sql.functions.ResolvedCall;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rex.RexNode;

/// An aggregate call as the analyzer found it, over the rows that are being aggregated.
///
/// @param filter the FILTER condition, or null
/// @param orderBy the ORDER BY inside the call; `sortDirections` has each one's direction
public record AggregateSpec(
    ResolvedCall call,
    List<RexNode> arguments,
    boolean distinct,
    RexNode filter,
    List<RexNode> orderBy,
    List<RelFieldCollation.Direction> sortDirections,
    List<RelFieldCollation.NullDirection> sortNulls) {
  /// All that it is computed from.
  public List<RexNode> expressions() {
    List<RexNode> all = new ArrayList<>(arguments);
    all.addAll(orderBy);
    if (filter != null) {
      all.add(filter);
    }
    return all;
  }

  /// The same over other expressions.
  public AggregateSpec map(UnaryOperator<RexNode> change) {
    return new AggregateSpec(
        call,
        arguments.stream().map(change).toList(),
        distinct,
        filter == null ? null : change.apply(filter),
        orderBy.stream().map(change).toList(),
        sortDirections,
        sortNulls);
  }

  /// Equal for calls that compute the same.
  public String digest() {
    return call.proc().oid()
        + (distinct ? " distinct" : "")
        + arguments
        + " filter "
        + filter
        + " order "
        + orderBy
        + sortDirections
        + sortNulls;
  }
}
