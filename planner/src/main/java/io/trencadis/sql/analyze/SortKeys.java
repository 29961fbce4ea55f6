package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.SortKey;
import io.trencadis.sql.types.PgType;
import org.apache.calcite.rel.RelFieldCollation;

/// What ORDER BY items mean.
final class SortKeys {
  private SortKeys() {}

  /// The collation of a column by an ORDER BY item.
  ///
  /// @throws SqlException 42883 for a type without an order
  static RelFieldCollation collation(SortKey key, int column, PgType type) {
    requireOrder(type, key.expr().pos());
    return new RelFieldCollation(column, direction(key), nulls(key));
  }

  static void requireOrder(PgType type, int pos) {
    if (!type.codec().ordered()) {
      throw new SqlException(
              SqlState.UNDEFINED_FUNCTION,
              "could not identify an ordering operator for type " + type.displayName())
          .at(pos)
          .hint("Use an explicit ordering operator or modify the query.");
    }
  }

  static RelFieldCollation.Direction direction(SortKey key) {
    return descending(key)
        ? RelFieldCollation.Direction.DESCENDING
        : RelFieldCollation.Direction.ASCENDING;
  }

  private static boolean descending(SortKey key) {
    if (key.using() != null) {
      return switch (key.using().symbol()) {
        case "<" -> false;
        case ">" -> true;
        default ->
            throw new SqlException(
                    SqlState.WRONG_OBJECT_TYPE,
                    "operator " + key.using().symbol() + " is not a valid ordering operator")
                .at(key.pos())
                .hint(
                    "Ordering operators must be \"<\" or \">\" members of btree operator families.");
      };
    }
    return key.direction() == SortKey.Direction.DESC;
  }

  static RelFieldCollation.NullDirection nulls(SortKey key) {
    boolean first =
        switch (key.nulls()) {
          case FIRST -> true;
          case LAST -> false;
          case DEFAULT -> descending(key);
        };
    return first ? RelFieldCollation.NullDirection.FIRST : RelFieldCollation.NullDirection.LAST;
  }

  /// Whether it is a constant other than a number, which is no name of a column either.
  static boolean isConstant(Expr expr) {
    return expr instanceof Expr.StringLiteral
        || expr instanceof Expr.NullLiteral
        || expr instanceof Expr.BooleanLiteral;
  }

  static SqlException noInteger(String clause, int pos) {
    return new SqlException(SqlState.SYNTAX_ERROR, "non-integer constant in " + clause).at(pos);
  }

  /// The zero-based column that an integer in ORDER BY, GROUP BY or DISTINCT ON means. The
  /// literal's value shapes the plan.
  static int ordinal(Expr.NumberLiteral number, int columns, String clause, Analysis analysis) {
    analysis.pin(number.literalIndex());
    if (number.numberClass() != Expr.NumberClass.INT4) {
      throw noInteger(clause, number.pos());
    }
    int position = Integer.parseInt(number.text());
    if (position < 1 || position > columns) {
      throw new SqlException(
              SqlState.INVALID_COLUMN_REFERENCE,
              clause + " position " + position + " is not in select list")
          .at(number.pos());
    }
    return position - 1;
  }
}
