package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.OperatorName;
import io.trencadis.sql.ast.TableElement;
import io.trencadis.sql.types.PgType;
import java.util.List;

/// What an exclusion constraint may say.
final class Exclusions {
  private static final List<String> COMMUTATIVE = List.of("=", "&&", "<>", "-|-");

  private Exclusions() {}

  static void requireMethod(TableElement.TableConstraint.Exclude exclude) {
    String method = exclude.method() == null ? "btree" : exclude.method();
    if (method.equals("gin") || method.equals("brin")) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED,
          "access method \"" + method + "\" does not support exclusion constraints");
    }
    if (!List.of("btree", "hash", "gist", "spgist").contains(method)) {
      throw new SqlException(
          SqlState.UNDEFINED_OBJECT, "access method \"" + method + "\" does not exist");
    }
  }

  /// The symbol of an operator.
  ///
  /// @throws SqlException 42809 unless it says the same of two values in either order
  static String operator(OperatorName operator, PgType type) {
    String shown = type.kind() == 'r' ? "anyrange" : type.displayName();
    if (!COMMUTATIVE.contains(operator.symbol())) {
      throw new SqlException(
              SqlState.WRONG_OBJECT_TYPE,
              "operator " + operator.symbol() + "(" + shown + "," + shown + ") is not commutative")
          .detail("Only commutative operators can be used in exclusion constraints.");
    }
    return operator.symbol();
  }
}
