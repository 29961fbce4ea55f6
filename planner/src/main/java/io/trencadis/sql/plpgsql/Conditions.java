package io.trencadis.sql.plpgsql;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Names of errors, as EXCEPTION and RAISE write them (manual, appendix A).
final class Conditions {
  private static final Map<String, String> CODES = new HashMap<>();

  static {
    for (SqlState state : SqlState.values()) {
      String name = state.name().replaceFirst("^(S_R_E|E_R_I_E|E_R_E|S_E|T_R)_", "");
      CODES.putIfAbsent(name.toLowerCase(Locale.ROOT), state.code());
    }
  }

  private Conditions() {}

  static boolean isKnown(String name) {
    return CODES.containsKey(name);
  }

  /// The SQLSTATE of a name, or null.
  static String code(String name) {
    return CODES.get(name);
  }

  /// Whether a handler is for an error.
  static boolean match(List<String> conditions, SqlException error) {
    String code = error.code();
    for (String condition : conditions) {
      if (condition.equals("others")) {
        // What heals itself by running the statement again is left to that.
        boolean passes =
            error.state() == SqlState.QUERY_CANCELED
                || error.state() == SqlState.ASSERT_FAILURE
                || error.state() == SqlState.SERIALIZATION_FAILURE
                || error.fatal();
        if (!passes) {
          return true;
        }
        continue;
      }
      String wanted = condition.startsWith("=") ? condition.substring(1) : CODES.get(condition);
      if (wanted.equals(code)
          || wanted.endsWith("000") && code.startsWith(wanted.substring(0, 2))) {
        return true;
      }
    }
    return false;
  }
}
