package io.trencadis.sql.rel;

import io.trencadis.sql.functions.ResolvedCall;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rex.RexNode;

/// A window function call as the analyzer found it.
///
/// @param call a window function or an aggregate
/// @param filter the FILTER condition of an aggregate, or null
public record WindowSpecification(
    ResolvedCall call,
    List<RexNode> arguments,
    RexNode filter,
    List<RexNode> partitionBy,
    List<RexNode> orderBy,
    List<RelFieldCollation.Direction> sortDirections,
    List<RelFieldCollation.NullDirection> sortNulls,
    Frame frame) {

  /// What frame ends count.
  public enum Unit {
    ROWS,
    RANGE,
    GROUPS
  }

  /// Where a frame starts or ends, seen from the current row.
  public enum Bound {
    UNBOUNDED_PRECEDING,
    PRECEDING,
    CURRENT_ROW,
    FOLLOWING,
    UNBOUNDED_FOLLOWING
  }

  /// Which rows of the frame do not count.
  public enum Exclusion {
    NO_OTHERS,
    CURRENT_ROW,
    GROUP,
    TIES
  }

  /// The rows of the partition that a row's value is computed from.
  ///
  /// @param startOffset the distance of PRECEDING and FOLLOWING, without columns; otherwise null
  /// @param endOffset likewise
  public record Frame(
      Unit unit,
      Bound start,
      RexNode startOffset,
      Bound end,
      RexNode endOffset,
      Exclusion exclusion) {
    /// The frame of a window that names none.
    public static final Frame DEFAULT =
        new Frame(
            Unit.RANGE,
            Bound.UNBOUNDED_PRECEDING,
            null,
            Bound.CURRENT_ROW,
            null,
            Exclusion.NO_OTHERS);
  }

  /// Every expression in the call and its window.
  public List<RexNode> expressions() {
    List<RexNode> all = new ArrayList<>(arguments);
    all.addAll(partitionBy);
    all.addAll(orderBy);
    for (RexNode optional : new RexNode[] {filter, frame.startOffset, frame.endOffset}) {
      if (optional != null) {
        all.add(optional);
      }
    }
    return all;
  }

  /// The same call over other rows.
  public WindowSpecification map(UnaryOperator<RexNode> change) {
    return new WindowSpecification(
        call,
        arguments.stream().map(change).toList(),
        filter == null ? null : change.apply(filter),
        partitionBy.stream().map(change).toList(),
        orderBy.stream().map(change).toList(),
        sortDirections,
        sortNulls,
        frame);
  }

  /// Equal for calls that compute the same.
  public String digest() {
    return call.proc().oid()
        + ""
        + arguments
        + " filter "
        + filter
        + " partition "
        + partitionBy
        + " order "
        + orderBy
        + sortDirections
        + sortNulls
        + frame;
  }
}
