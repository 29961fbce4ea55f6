package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.QualifiedName;
import java.util.List;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;

/// Analyzes names in expressions: columns, whole rows, and the variables of a function's body.
final class NameAnalyzer {
  private final Analysis analysis;
  private final ExpressionAnalyzer expressions;
  private final CallAnalyzer calls;
  private final RowAnalyzer rows;
  private final Scope scope;

  NameAnalyzer(
      Analysis analysis,
      ExpressionAnalyzer expressions,
      CallAnalyzer calls,
      RowAnalyzer rows,
      Scope scope) {
    this.analysis = analysis;
    this.expressions = expressions;
    this.calls = calls;
    this.rows = rows;
    this.scope = scope;
  }

  RexNode column(Expr.ColumnRef ref) {
    List<String> parts = ref.parts();
    if (ref.star()) {
      return rowOfStar(ref);
    }
    Variables.Reference variable =
        analysis.variables() == null ? null : analysis.variables().find(parts);
    if (variable == null) {
      try {
        return columnOf(ref);
      } catch (SqlException e) {
        RexNode called =
            e.state() == SqlState.UNDEFINED_COLUMN && parts.size() == 2 ? ofRow(ref) : null;
        if (called == null) {
          throw e;
        }
        return called;
      }
    }
    RexNode shadowing =
        analysis.variables().conflict() == Variables.Conflict.VARIABLE ? null : columnOrNull(ref);
    if (shadowing == null) {
      return valueOf(variable, ref.pos());
    }
    if (analysis.variables().conflict() == Variables.Conflict.ERROR) {
      throw new SqlException(
              SqlState.AMBIGUOUS_COLUMN,
              "column reference \"" + String.join(".", parts) + "\" is ambiguous")
          .detail("It could refer to either a PL/pgSQL variable or a table column.")
          .at(ref.pos());
    }
    return shadowing;
  }

  /// A variable's value, or that of a field of it.
  private RexNode valueOf(Variables.Reference variable, int pos) {
    RexNode value = analysis.parameter(variable.number(), pos);
    for (String field : variable.fields()) {
      RexNode selected = rows.fieldOrNull(value, field);
      if (selected == null) {
        throw new SqlException(
                SqlState.UNDEFINED_COLUMN,
                "column \""
                    + field
                    + "\" not found in data type "
                    + Analysis.typeOf(value).displayName())
            .at(pos);
      }
      value = selected;
    }
    return value;
  }

  /// `table.function`, a function of the table's rows written as a column of it; null if there is
  /// none.
  private RexNode ofRow(Expr.ColumnRef ref) {
    QualifiedName function = QualifiedName.of(ref.parts().getLast(), ref.pos());
    boolean known =
        analysis.names().routines(function).stream()
            .flatMap(List::stream)
            .anyMatch(proc -> proc.isUsers() && proc.argTypes().length > 0);
    if (!known || scope.columnsOf(null, ref.parts().getFirst(), ref.pos()) == null) {
      return null;
    }
    Expr row = new Expr.ColumnRef(ref.parts().subList(0, 1), false, ref.pos());
    try {
      return calls.call(
          Expr.FunctionCall.plain(
              function, List.of(new Expr.Argument(null, row, ref.pos())), ref.pos()));
    } catch (SqlException e) {
      return null;
    }
  }

  private RexNode columnOrNull(Expr.ColumnRef ref) {
    try {
      return columnOf(ref);
    } catch (SqlException e) {
      if (e.state() == SqlState.UNDEFINED_COLUMN || e.state() == SqlState.UNDEFINED_TABLE) {
        return null;
      }
      throw e;
    }
  }

  private RexNode lookedUp(Expr.ColumnRef ref) {
    List<String> parts = ref.parts();
    analysis.namedAt(ref.pos());
    try {
      return switch (parts.size()) {
        case 1 -> unqualified(parts.getFirst(), ref.pos());
        case 2 -> scope.qualified(null, parts.get(0), parts.get(1), ref.pos());
        case 3 -> scope.qualified(parts.get(0), parts.get(1), parts.get(2), ref.pos());
        default -> scope.qualified(parts.get(1), parts.get(2), parts.get(3), ref.pos());
      };
    } finally {
      analysis.namedAt(-1);
    }
  }

  private RexNode columnOf(Expr.ColumnRef ref) {
    List<String> parts = ref.parts();
    RexNode found = lookedUp(ref);
    if (found == null && parts.size() > 1) {
      String item = parts.get(parts.size() - 2);
      if (scope.hidden() != null && scope.hidden().name().equals(item)
          || analysis.isOutOfSight(item)) {
        throw new SqlException(
                SqlState.UNDEFINED_TABLE,
                "invalid reference to FROM-clause entry for table \"" + item + "\"")
            .at(ref.pos())
            .hint(
                "There is an entry for table \""
                    + item
                    + "\", but it cannot be referenced from this part of the query.");
      }
      throw new SqlException(
              SqlState.UNDEFINED_TABLE,
              "missing FROM-clause entry for table \"" + parts.get(parts.size() - 2) + "\"")
          .at(ref.pos());
    }
    if (expressions.clause() == ExpressionAnalyzer.Clause.GENERATED) {
      GeneratedColumns.requireAllowed(scope, found, ref);
    }
    if (expressions.within().isFrame() && found != null && RexUtil.containsInputRef(found)) {
      throw new SqlException(
              SqlState.INVALID_COLUMN_REFERENCE,
              "argument of " + expressions.within() + " must not contain variables")
          .at(ref.pos());
    }
    if (found instanceof RexInputRef input && !expressions.insideAggregate()) {
      scope.noteUse(input.getIndex(), ref.pos());
    }
    if (analysis.trace() != null) {
      analysis.trace().named(ref, scope);
    }
    return found;
  }

  private RexNode unqualified(String name, int pos) {
    RexNode found = scope.column(name, pos);
    if (found != null) {
      return found;
    }
    List<Scope.Column> columns = scope.columnsOf(null, name, pos);
    if (columns != null) {
      Scope.Item item = scope.item(null, name, pos);
      if (item.function() && columns.size() == 1) {
        return columns.getFirst().value();
      }
      noteUses(columns, pos);
      return rows.wholeRow(item, columns);
    }
    SqlException missing =
        new SqlException(SqlState.UNDEFINED_COLUMN, "column \"" + name + "\" does not exist")
            .at(pos);
    boolean hidden =
        scope.hidden() != null
            && scope.hidden().columns().stream().anyMatch(column -> column.name().equals(name));
    throw hidden
        ? missing.hint(
            "There is a column named \""
                + name
                + "\" in table \""
                + scope.hidden().name()
                + "\", but it cannot be referenced from this part of the query.")
        : missing;
  }

  /// `table.*` as one value.
  RexNode rowOfStar(Expr.ColumnRef ref) {
    List<String> parts = ref.parts();
    String schema = parts.size() > 1 ? parts.get(parts.size() - 2) : null;
    List<Scope.Column> columns = star(ref);
    return rows.wholeRow(
        parts.isEmpty() ? null : scope.item(schema, parts.getLast(), ref.pos()), columns);
  }

  /// The columns that `*` and `table.*` stand for.
  List<Scope.Column> star(Expr.ColumnRef ref) {
    List<String> parts = ref.parts();
    if (analysis.trace() != null) {
      analysis.trace().starred(ref, scope);
    }
    if (parts.isEmpty()) {
      if (scope.items().isEmpty()) {
        throw new SqlException(
                SqlState.SYNTAX_ERROR, "SELECT * with no tables specified is not valid")
            .at(ref.pos());
      }
      scope.visible().forEach(Scope.Column::read);
      noteUses(scope.visible(), ref.pos());
      return scope.visible();
    }
    String schema = parts.size() > 1 ? parts.get(parts.size() - 2) : null;
    List<Scope.Column> columns = scope.columnsOf(schema, parts.getLast(), ref.pos());
    Variables.Reference variable =
        columns != null || analysis.variables() == null ? null : analysis.variables().find(parts);
    if (variable != null) {
      return rows.expand(valueOf(variable, ref.pos()), ref.pos());
    }
    if (columns == null) {
      throw new SqlException(
              SqlState.UNDEFINED_TABLE,
              "missing FROM-clause entry for table \"" + parts.getLast() + "\"")
          .at(ref.pos());
    }
    noteUses(columns, ref.pos());
    return columns;
  }

  private void noteUses(List<Scope.Column> columns, int pos) {
    if (!expressions.insideAggregate()) {
      for (Scope.Column column : columns) {
        if (column.value() instanceof RexInputRef input) {
          scope.noteUse(input.getIndex(), pos);
        }
      }
    }
  }

  /// The columns of the table that a lone name is, or null.
  List<Scope.Column> wholeRow(Expr expr) {
    return expr instanceof Expr.ColumnRef ref
            && !ref.star()
            && ref.parts().size() == 1
            && scope.column(ref.parts().getFirst(), ref.pos()) == null
        ? scope.columnsOf(null, ref.parts().getFirst(), ref.pos())
        : null;
  }
}
