package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.functions.Casts;
import io.trencadis.sql.types.PgType;
import java.util.List;
import org.apache.calcite.rel.core.JoinRelType;

/// The columns that USING and NATURAL join by.
final class UsingColumns {
  private UsingColumns() {}

  /// The column of that name on one side of a join.
  ///
  /// @param side left or right
  /// @throws SqlException 42702 if there are several, 42703 if there is none
  static Scope.Column single(List<Scope.Column> columns, String name, String side, int pos) {
    Scope.Column found = null;
    for (Scope.Column column : columns) {
      if (column.name().equals(name)) {
        if (found != null) {
          throw new SqlException(
                  SqlState.AMBIGUOUS_COLUMN,
                  "common column name \""
                      + name
                      + "\" appears more than once in "
                      + side
                      + " table")
              .at(pos);
        }
        found = column;
      }
    }
    if (found == null) {
      throw new SqlException(
              SqlState.UNDEFINED_COLUMN,
              "column \""
                  + name
                  + "\" specified in USING clause does not exist in "
                  + side
                  + " table")
          .at(pos);
    }
    return found;
  }

  /// The column that a join makes of two: that of a side whose rows are all there, where it has the
  /// type of both; else the first that is not null.
  static Scope.Column merge(
      Scope.Column l, Scope.Column r, JoinRelType kind, ExpressionAnalyzer expressions) {
    l.read();
    r.read();
    List<PgType> types = List.of(Analysis.typeOf(l.value()), Analysis.typeOf(r.value()));
    PgType common = Casts.selectCommonType(types, "JOIN/USING");
    boolean left = types.get(0) == common;
    // With a modifier of its own it is not yet what both are.
    boolean right = types.get(1) == common && (left || Analysis.typmodOf(r.value()) < 0);
    return switch (kind) {
      case INNER -> left ? l : right ? r : converted(l, common, expressions);
      case LEFT -> left ? l : converted(l, common, expressions);
      case RIGHT -> right ? r : converted(r, common, expressions);
      default ->
          new Scope.Column(l.name(), expressions.coalesce(List.of(l.value(), r.value())), 0, 0);
    };
  }

  private static Scope.Column converted(
      Scope.Column column, PgType type, ExpressionAnalyzer expressions) {
    return new Scope.Column(column.name(), expressions.coerce(column.value(), type, -1), 0, 0);
  }
}
