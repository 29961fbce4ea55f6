package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.Floats;
import io.trencadis.sql.types.Json;
import io.trencadis.sql.types.Numeric;
import io.trencadis.sql.types.NumericText;
import java.math.RoundingMode;

/// The methods of jsonpath that make numbers: `abs()`, `floor()`, `ceiling()` and `double()`.
final class JsonPathNumbers {
  private JsonPathNumbers() {}

  static Json apply(String method, Object value) {
    if (method.equals("double")) {
      return toDouble(value);
    }
    if (!(value instanceof Json.Num number)) {
      throw invalid(
          "jsonpath item method ." + method + "() can only be applied to a numeric value");
    }
    Numeric of = number.value();
    return new Json.Num(
        switch (method) {
          case "abs" -> of.abs();
          case "floor" -> NumericMath.round(of, 0, RoundingMode.FLOOR);
          default -> NumericMath.round(of, 0, RoundingMode.CEILING);
        });
  }

  private static SqlException invalid(String message) {
    return new SqlException(SqlState.NON_NUMERIC_SQL_JSON_ITEM, message);
  }

  private static Json toDouble(Object value) {
    switch (value) {
      case Json.Num number -> {
        try {
          Floats.parseDouble(number.value().toString());
        } catch (SqlException e) {
          throw outOfRange(
              "numeric argument of jsonpath item method .double() is out of range for type double"
                  + " precision",
              e);
        }
        return number;
      }
      case Json.Str string -> {
        String message =
            "string argument of jsonpath item method .double() is not a valid representation of a"
                + " double precision number";
        try {
          double parsed = Floats.parseDouble(string.value());
          if (!Double.isFinite(parsed)) {
            throw invalid(message);
          }
          return new Json.Num(NumericText.parse(Floats.format(parsed, 0)));
        } catch (SqlException e) {
          throw outOfRange(message, e);
        }
      }
      default ->
          throw invalid(
              "jsonpath item method .double() can only be applied to a string or numeric value");
    }
  }

  private static SqlException outOfRange(String message, SqlException cause) {
    return new SqlException(SqlState.NON_NUMERIC_SQL_JSON_ITEM, message, cause);
  }
}
