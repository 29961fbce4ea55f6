package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.rel.AggregateSpec;
import io.trencadis.sql.rel.Operation;
import io.trencadis.sql.rel.PgCall;
import io.trencadis.sql.rel.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;

/// Aggregates whose arguments name columns of enclosing queries only: each is an aggregate of the
/// innermost of those, over that query's rows, and a constant where it is written. Made before the
/// arguments are analyzed.
final class OuterAggregates {
  private final Analysis analysis;
  // From the next query outwards.
  private final List<OuterReferences> queries = new ArrayList<>();
  private final List<Integer> before = new ArrayList<>();

  OuterAggregates(Analysis analysis, Scope scope) {
    this.analysis = analysis;
    for (OuterReferences at = scope.outer(); at != null; at = at.scope().outer()) {
      queries.add(at);
      before.add(at.slots().size());
    }
  }

  /// The value of an aggregate that is an enclosing query's; null for one of the query itself.
  ///
  /// @param made makes the call from what it is of
  /// @throws SqlException 42803 where it must not stand in the enclosing query
  RexNode moved(AggregateSpec spec, Function<AggregateSpec, RexNode> made, int pos) {
    int nearest = nearest(spec.expressions());
    if (nearest < 0) {
      return null;
    }
    OuterReferences query = queries.get(nearest);
    requireOutsideFrom(query, "aggregate functions", pos);
    query.expressions().requireAggregates(pos);
    RexShuttle outwards = new Outwards(query);
    AggregateSpec there = spec.map(each -> each.accept(outwards));
    if (there.expressions().stream().anyMatch(GroupAnalyzer::hasAggregate)) {
      throw new SqlException(SqlState.GROUPING_ERROR, "aggregate function calls cannot be nested")
          .at(pos);
    }
    // What the arguments alone name is not asked for row by row.
    query.forget(before.get(nearest));
    return query.slotFor(made.apply(there));
  }

  /// The value of GROUPING that names an enclosing query's columns only; null for one of the query
  /// itself.
  ///
  /// @param made makes the call from what it is of
  /// @throws SqlException 42803 where it must not stand in the enclosing query
  RexNode movedGrouping(List<RexNode> arguments, Function<List<RexNode>, RexNode> made, int pos) {
    int nearest = nearest(arguments);
    if (nearest < 0) {
      return null;
    }
    OuterReferences query = queries.get(nearest);
    requireOutsideFrom(query, "grouping operations", pos);
    query.expressions().requireGroupings(pos);
    RexShuttle outwards = new Outwards(query);
    List<RexNode> there = arguments.stream().map(each -> each.accept(outwards)).toList();
    query.forget(before.get(nearest));
    return query.slotFor(made.apply(there));
  }

  private static void requireOutsideFrom(OuterReferences query, String what, int pos) {
    if (query.expressions() == null) {
      throw new SqlException(
              SqlState.GROUPING_ERROR,
              what + " are not allowed in FROM clause of their own query level")
          .at(pos);
    }
  }

  /// The number of the innermost query that the expressions name columns of; -1 if that is the
  /// query itself, or none.
  private int nearest(List<RexNode> expressions) {
    Levels levels = new Levels();
    expressions.forEach(each -> each.accept(levels));
    return levels.own ? -1 : levels.nearest;
  }

  /// Finds which query the columns in an expression are of.
  private final class Levels extends RexShuttle {
    boolean own;
    int nearest = -1;

    @Override
    public RexNode visitInputRef(RexInputRef ref) {
      own = true;
      return ref;
    }

    @Override
    public RexNode visitDynamicParam(RexDynamicParam slot) {
      if (analysis.slotOf(slot) instanceof Slot.Outer) {
        for (int i = 0; i < queries.size(); i++) {
          if (queries.get(i).slots().contains(slot.getIndex())) {
            nearest = nearest < 0 ? i : Math.min(nearest, i);
          }
        }
      }
      return slot;
    }

    @Override
    public RexNode visitCall(RexCall call) {
      // The columns that a sub-select names are not seen from here.
      own |= call.getOperator() instanceof PgCall pg && pg.operation() instanceof Operation.SubPlan;
      return super.visitCall(call);
    }
  }

  /// Puts the columns of a query in the places of the slots that bring them in.
  private static final class Outwards extends RexShuttle {
    private final OuterReferences query;

    Outwards(OuterReferences query) {
      this.query = query;
    }

    @Override
    public RexNode visitDynamicParam(RexDynamicParam slot) {
      int at = query.slots().indexOf(slot.getIndex());
      return at < 0 ? slot : query.values().get(at);
    }
  }
}
