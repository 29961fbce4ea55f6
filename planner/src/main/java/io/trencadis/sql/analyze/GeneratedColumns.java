package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Expr;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;

/// What expressions of generated columns may name.
final class GeneratedColumns {
  private GeneratedColumns() {}

  /// @throws SqlException 42P17 for a generated column or a whole row
  static void requireAllowed(Scope scope, RexNode found, Expr.ColumnRef ref) {
    if (!(found instanceof RexInputRef input)) {
      throw new SqlException(
              SqlState.INVALID_OBJECT_DEFINITION,
              "cannot use whole-row variable in column generation expression")
          .detail("This would cause the generated column to depend on its own value.")
          .at(ref.pos());
    }
    if (scope.generated().contains(input.getIndex())) {
      throw new SqlException(
              SqlState.INVALID_OBJECT_DEFINITION,
              "cannot use generated column \""
                  + ref.parts().getLast()
                  + "\" in column generation expression")
          .detail("A generated column cannot reference another generated column.")
          .at(ref.pos());
    }
  }
}
