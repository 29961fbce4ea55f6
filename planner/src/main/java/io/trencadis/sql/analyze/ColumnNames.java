package io.trencadis.sql.analyze;

import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.Query;
import java.util.Locale;

/// The name of a result column that was given no alias, by PostgreSQL's rules (manual, 7.3.2 and
/// the behaviour of FigureColname).
final class ColumnNames {
  static final String UNNAMED = "?column?";

  private ColumnNames() {}

  static String of(Expr expr) {
    Figured figured = figure(expr);
    return figured == null ? UNNAMED : figured.name;
  }

  /// A name and whether a better one further in would win (`weak`).
  private record Figured(String name, boolean weak) {}

  private static Figured strong(String name) {
    return new Figured(name, false);
  }

  private static Figured figure(Expr expr) {
    return switch (expr) {
      case Expr.ColumnRef column -> column.star() ? null : strong(column.parts().getLast());
      case Expr.FieldAccess field ->
          field.field() == null ? figure(field.base()) : strong(field.field());
      case Expr.Subscript subscript -> figure(subscript.base());
      case Expr.FunctionCall call -> strong(call.name().name());
      case Expr.Cast cast -> {
        Figured inner = figure(cast.operand());
        yield inner == null || inner.weak ? new Figured(cast.type().name(), true) : inner;
      }
      case Expr.TypedLiteral literal -> new Figured(literal.type().name(), true);
      case Expr.Collate collate -> figure(collate.operand());
      case Expr.Case choice -> {
        Figured otherwise = choice.otherwise() == null ? null : figure(choice.otherwise());
        yield otherwise == null || otherwise.weak ? new Figured("case", true) : otherwise;
      }
      case Expr.Coalesce _ -> strong("coalesce");
      case Expr.NullIf _ -> strong("nullif");
      case Expr.Greatest _ -> strong("greatest");
      case Expr.Least _ -> strong("least");
      case Expr.ArrayConstructor _ -> strong("array");
      case Expr.Row _ -> strong("row");
      case Expr.Exists _ -> strong("exists");
      case Expr.ArraySubquery _ -> strong("array");
      case Expr.ScalarSubquery subquery -> subqueryName(subquery.query());
      case Expr.GroupingCall _ -> strong("grouping");
      case Expr.SqlValueFunction function ->
          strong(function.function().name().toLowerCase(Locale.ROOT));
      default -> null;
    };
  }

  private static Figured subqueryName(Query query) {
    if (query.body() instanceof Query.SelectCore core && !core.targets().isEmpty()) {
      Query.Target target = core.targets().getFirst();
      return target.alias() != null ? strong(target.alias()) : figure(target.expr());
    }
    return query.body() instanceof Query.Values ? strong("column1") : null;
  }
}
