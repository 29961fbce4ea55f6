package io.trencadis.sql.analyze;

import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.TableRef;
import java.util.ArrayList;
import java.util.List;

/// `unnest` of several arrays in FROM.
final class UnnestedArrays {
  private UnnestedArrays() {}

  /// An unnest of several arrays is several of one each, side by side.
  static List<TableRef.RowFunction> oneByOne(List<TableRef.RowFunction> functions) {
    List<TableRef.RowFunction> all = new ArrayList<>();
    for (TableRef.RowFunction function : functions) {
      if (function.call() instanceof Expr.FunctionCall call
          && call.name().schema() == null
          && call.name().name().equals("unnest")
          && call.args().size() > 1
          && !call.variadic()
          && !call.distinct()
          && call.orderBy().isEmpty()
          && call.filter() == null
          && function.columns().isEmpty()) {
        for (Expr.Argument arg : call.args()) {
          all.add(new TableRef.RowFunction(call.withArgs(List.of(arg)), List.of(), function.pos()));
        }
      } else {
        all.add(function);
      }
    }
    return all;
  }
}
