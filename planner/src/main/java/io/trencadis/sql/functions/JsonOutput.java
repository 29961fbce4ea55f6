package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.Json;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlArray;
import io.trencadis.sql.types.SqlRow;
import io.trencadis.sql.types.TypeContext;
import io.trencadis.sql.types.Types;
import java.time.ZoneId;
import java.util.List;

/// How SQL values look as JSON text (PostgreSQL 15 manual, 9.16, `to_json`).
final class JsonOutput {
  private JsonOutput() {}

  /// Appends a value.
  ///
  /// @param pretty whether the elements of this array or row stand on lines of their own
  static void write(Object value, PgType type, boolean pretty, StringBuilder out, EvalContext cx) {
    if (value == null) {
      out.append("null");
    } else if (value instanceof Boolean || value instanceof Json) {
      out.append(value instanceof Json json ? json.text() : value.toString());
    } else if (value instanceof SqlRow row) {
      row(row, pretty, out, cx);
    } else if (value instanceof SqlArray array && !type.isVector()) {
      array(array, pretty, out, cx);
    } else if (type == Types.JSON) {
      out.append(value);
    } else {
      scalar(value, type.baseType(), out, cx);
    }
  }

  private static void scalar(Object value, PgType type, StringBuilder out, EvalContext cx) {
    String text = text(value, type, cx);
    boolean number =
        switch (type.oid()) {
          case 20, 21, 23 -> true;
          case 700, 701, 1700 -> !text.equals("NaN") && !text.endsWith("Infinity");
          default -> false;
        };
    if (number) {
      out.append(text);
    } else {
      Json.quote(text, out);
    }
  }

  /// A scalar's text: dates and times as XML Schema writes them, whatever the session's style is.
  static String text(Object value, PgType type, EvalContext cx) {
    PgType known = type == Types.UNKNOWN ? Types.TEXT : type;
    if (type != Types.DATE && type != Types.TIMESTAMP && type != Types.TIMESTAMPTZ) {
      return known.codec().format(value, cx);
    }
    ZoneId zone = cx.timeZone();
    TypeContext iso =
        new TypeContext() {
          @Override
          public ZoneId timeZone() {
            return zone;
          }
        };
    String text = known.codec().format(value, iso);
    int space = text.indexOf(' ');
    if (type == Types.DATE || space < 0) {
      return text;
    }
    String era = text.endsWith(" BC") ? " BC" : "";
    String plain = text.substring(0, text.length() - era.length());
    boolean hoursOnly = plain.length() > 2 && "+-".indexOf(plain.charAt(plain.length() - 3)) >= 0;
    return plain.substring(0, space)
        + "T"
        + plain.substring(space + 1)
        + (hoursOnly && type == Types.TIMESTAMPTZ ? ":00" : "")
        + era;
  }

  private static void row(SqlRow row, boolean pretty, StringBuilder out, EvalContext cx) {
    out.append('{');
    for (int i = 0; i < row.width(); i++) {
      if (i > 0) {
        out.append(pretty ? ",\n " : ",");
      }
      List<String> names = row.names();
      Json.quote(names == null ? "f" + (i + 1) : names.get(i), out);
      out.append(':');
      write(row.values()[i], row.types()[i], false, out, cx);
    }
    out.append('}');
  }

  private static void array(SqlArray array, boolean pretty, StringBuilder out, EvalContext cx) {
    if (array.size() == 0) {
      out.append("[]");
    } else {
      dimension(array, 0, new int[1], pretty, out, cx);
    }
  }

  private static void dimension(
      SqlArray array, int level, int[] next, boolean pretty, StringBuilder out, EvalContext cx) {
    out.append('[');
    for (int i = 0; i < array.dims()[level]; i++) {
      if (i > 0) {
        out.append(pretty ? ",\n " : ",");
      }
      if (level + 1 < array.ndims()) {
        dimension(array, level + 1, next, false, out, cx);
      } else {
        write(array.elements()[next[0]++], array.elementType(), false, out, cx);
      }
    }
    out.append(']');
  }

  static String toJson(Object value, PgType type, EvalContext cx) {
    StringBuilder out = new StringBuilder();
    write(value, type, false, out, cx);
    return out.toString();
  }

  static Json toJsonb(Object value, PgType type, EvalContext cx) {
    return value instanceof Json json ? json : Json.parse(toJson(value, type, cx));
  }

  /// The text of a value that is to be an object's key; it is not null.
  static String key(Object value, PgType type, EvalContext cx) {
    PgType base = type.baseType();
    if (base == Types.JSON || base == Types.JSONB || base.isRow() || base.isArray()) {
      throw new SqlException(
          SqlState.INVALID_PARAMETER_VALUE,
          "key value must be scalar, not array, composite, or json");
    }
    return text(value, base, cx);
  }
}
