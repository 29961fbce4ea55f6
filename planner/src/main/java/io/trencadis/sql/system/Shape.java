package io.trencadis.sql.system;

import io.trencadis.sql.functions.PgCatalog;
import io.trencadis.sql.functions.ProcInfo;
import io.trencadis.sql.functions.SystemView;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlArray;
import io.trencadis.sql.types.Types;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The columns of a system relation: where each is in a row, and how values get their types.
final class Shape {
  private final String relation;
  private final List<SystemView.ViewColumn> columns;
  private final Map<String, Integer> positions = new HashMap<>();
  private final Object[] initial;

  /// @param tableOid what every row ends with; 0 for nothing
  Shape(String relation, List<SystemView.ViewColumn> columns, int tableOid) {
    this.relation = relation;
    this.columns = columns;
    this.initial = new Object[columns.size() + (tableOid == 0 ? 0 : 1)];
    if (tableOid != 0) {
      initial[columns.size()] = Integer.toUnsignedLong(tableOid);
    }
    for (int i = 0; i < columns.size(); i++) {
      positions.put(columns.get(i).name(), i);
      initial[i] = columns.get(i).notNull() ? neutral(columns.get(i).type()) : null;
    }
  }

  private static Object neutral(PgType type) {
    if (type.isArray()) {
      return type.isVector()
          ? vector(type.elementType(), List.of())
          : SqlArray.empty(type.elementType());
    }
    return switch (type.oid()) {
      case 16 -> false;
      case 21 -> (short) 0;
      case 23 -> 0;
      case 20, 24, 26, 28, 2205, 2206 -> 0L;
      case 700 -> 0f;
      case 701 -> 0d;
      default -> "";
    };
  }

  /// A row with nulls, and with neutral values where null is not allowed.
  Object[] newRow() {
    return initial.clone();
  }

  int position(String column) {
    Integer position = positions.get(column);
    if (position == null) {
      throw new IllegalArgumentException(relation + " has no column " + column);
    }
    return position;
  }

  /// The value as the column's type holds it. Numbers may be of any width, and texts may be
  /// numbers, flags or the names of functions.
  Object value(int position, Object value) {
    PgType type = columns.get(position).type();
    if (type.isArray()) {
      return array(type, value);
    }
    return switch (value) {
      case null -> null;
      case Character c -> c == ' ' ? "" : c.toString();
      case Boolean truth -> type == Types.BOOL ? truth : truth ? "YES" : "NO";
      case Number number -> number(type, number);
      case String text -> text(type, text);
      default -> value;
    };
  }

  private static Object array(PgType type, Object value) {
    if (!(value instanceof List<?> list)) {
      return value;
    }
    PgType element = type.elementType();
    Object[] elements = list.toArray();
    for (int i = 0; i < elements.length; i++) {
      elements[i] = elements[i] instanceof Number number ? number(element, number) : elements[i];
    }
    return type.isVector()
        ? vector(element, Arrays.asList(elements))
        : SqlArray.of(element, elements);
  }

  private static SqlArray vector(PgType element, List<?> elements) {
    return new SqlArray(element, new int[] {elements.size()}, new int[] {0}, elements.toArray());
  }

  private static Object number(PgType type, Number number) {
    return switch (type.oid()) {
      case 21 -> number.shortValue();
      case 23 -> number.intValue();
      case 20 -> number.longValue();
      case 24, 26, 28, 2205, 2206 -> number.longValue() & 0xffff_ffffL;
      case 700 -> number.floatValue();
      case 701 -> number.doubleValue();
      default -> number;
    };
  }

  private static Object text(PgType type, String text) {
    return switch (type.oid()) {
      case 16 -> text.equals("1");
      case 20, 21, 23, 26, 28 -> number(type, Long.parseLong(text));
      case 24 -> function(text);
      default -> text;
    };
  }

  private static long function(String text) {
    if (text.isEmpty() || text.equals("-")) {
      return 0;
    }
    if (Character.isDigit(text.charAt(0))) {
      return Long.parseLong(text);
    }
    List<ProcInfo> named = PgCatalog.functions(text);
    return named.isEmpty() ? 0 : named.getFirst().oid();
  }
}
