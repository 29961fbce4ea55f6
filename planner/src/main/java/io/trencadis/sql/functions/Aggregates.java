package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.sql.collation.Collation;
import io.trencadis.sql.types.PgType;
import java.util.List;

/// The code of aggregates.
public final class Aggregates {
  private Aggregates() {}

  /// How a sort key is sorted.
  public record Order(boolean descending, boolean nullsFirst) {
    int compare(PgType type, Object a, Object b) {
      if (a == null || b == null) {
        return a == b ? 0 : (a == null) == nullsFirst ? -1 : 1;
      }
      int order = type.codec().compare(a, b);
      return descending ? -order : order;
    }
  }

  /// Whether a function is an aggregate that is called with WITHIN GROUP.
  public static boolean isOrderedSet(ProcInfo proc) {
    return proc.isAggregate() && PgCatalog.aggregate(proc.oid()).kind() != 'n';
  }

  /// Whether a function is an aggregate that places a row of its arguments among the others.
  public static boolean isHypothetical(ProcInfo proc) {
    return proc.isAggregate() && PgCatalog.aggregate(proc.oid()).kind() == 'h';
  }

  /// How many of an aggregate's arguments are evaluated once for a group, and not for each row.
  public static int directArguments(ResolvedCall call) {
    return isHypothetical(call.proc())
        ? call.argTypes().size() / 2
        : PgCatalog.aggregate(call.proc().oid()).directArgs();
  }

  /// Binds an aggregate that was resolved by [FunctionResolver]. DISTINCT, ORDER BY and FILTER are
  /// the caller's: it feeds the rows that count, in their order.
  ///
  /// @throws SqlException 0A000 if PostgreSQL has the aggregate and we do not
  public static AggregateFunction bind(ResolvedCall call) {
    return bind(call, List.of());
  }

  /// As the other one, with what ordered-set aggregates have to know of their ORDER BY.
  ///
  /// @param orders how each sort key is sorted
  public static AggregateFunction bind(ResolvedCall call, List<Order> orders) {
    if (isOrderedSet(call.proc()) && Collation.special(call.collation()) != null) {
      throw SqlException.notSupported(
          call.proc().name() + " by collation \"" + call.collation().name() + "\"");
    }
    AggregateFunction known =
        isOrderedSet(call.proc()) ? OrderedSets.find(call, orders) : AggregateCode.find(call);
    if (known == null) {
      throw SqlException.notSupported(
          "aggregate "
              + FunctionResolver.signature(call.proc().name(), call.argTypes(), List.of()));
    }
    return known;
  }
}
