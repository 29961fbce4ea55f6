package io.trencadis.sql.plpgsql;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.analyze.Variables;
import io.trencadis.sql.functions.ArrayAssignment;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.RowField;
import io.trencadis.sql.types.SqlArray;
import io.trencadis.sql.types.SqlRow;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The datums of one run of a body: their values, and the types that they have now.
final class Values {
  private final Engine engine;
  private final List<Pl.Datum> datums;
  private final Variables.Conflict conflict;
  private final Object[] values;
  private final PgType[] types;
  private final int[] typmods;

  Values(Engine engine, List<Pl.Datum> datums, PgType[] given, Variables.Conflict conflict) {
    this.engine = engine;
    this.datums = datums;
    this.conflict = conflict;
    this.values = new Object[datums.size()];
    this.types = Arrays.copyOf(given, datums.size());
    this.typmods = new int[datums.size()];
    Arrays.fill(typmods, -1);
    for (int i = 0; i < types.length; i++) {
      Pl.Datum datum = datums.get(i);
      if (types[i] == null && datum.type() != null) {
        Engine.Type type = engine.type(datum.type());
        types[i] = type.type();
        typmods[i] = type.typmod();
      }
    }
  }

  Object get(int datum) {
    return values[datum];
  }

  /// The type of a datum; null for a record that has no value yet.
  PgType type(int datum) {
    return types[datum];
  }

  Object[] all() {
    return values;
  }

  String name(int datum) {
    return datums.get(datum).name();
  }

  Pl.Datum datum(int number) {
    return datums.get(number);
  }

  /// Whether a datum is a record, or of a row type.
  boolean isRow(int datum) {
    return isRecord(datum) || types[datum].baseType().isRow();
  }

  boolean isRecord(int datum) {
    return datums.get(datum).type() == null && datums.get(datum).rowType();
  }

  /// Gives a datum a value that is of its type already.
  void put(int datum, Object value) {
    values[datum] = value;
  }

  /// Gives a datum a value and a type.
  void put(int datum, Object value, PgType type) {
    values[datum] = value;
    types[datum] = type;
  }

  /// Assigns a value of some type.
  void assign(int datum, Object value, PgType from) {
    Pl.Datum target = datums.get(datum);
    if (isRecord(datum)) {
      assignRecord(datum, value, from);
      return;
    }
    if (types[datum] == null) {
      put(datum, value, from);
      return;
    }
    Object converted = converted(value, from, types[datum], typmods[datum]);
    if (converted == null && target.notNull()) {
      throw new SqlException(
          SqlState.NULL_VALUE_NOT_ALLOWED,
          "null value cannot be assigned to variable \"" + target.name() + "\" declared NOT NULL");
    }
    values[datum] = converted;
  }

  private void assignRecord(int datum, Object value, PgType from) {
    if (value == null && !from.baseType().isRow()) {
      // NULL makes an empty record of a record that has fields.
      values[datum] = null;
      return;
    }
    if (value != null && !(value instanceof SqlRow)) {
      throw new SqlException(
          SqlState.DATATYPE_MISMATCH, "cannot assign non-composite value to a record variable");
    }
    SqlRow row = (SqlRow) value;
    if (row == null) {
      values[datum] = null;
      if (from.baseType().fieldTypes() != null && from.oid() != Types.RECORD.oid()) {
        types[datum] = from;
      }
      return;
    }
    put(datum, row, rowType(row, from));
  }

  /// The type of a row's value with its fields.
  static PgType rowType(SqlRow row, PgType declared) {
    if (declared.oid() != Types.RECORD.oid()) {
      return declared;
    }
    List<RowField> fields = new ArrayList<>();
    for (int i = 0; i < row.types().length; i++) {
      String name = row.names() == null ? "f" + (i + 1) : row.names().get(i);
      fields.add(new RowField(name, row.types()[i].oid(), -1, i + 1));
    }
    return PgType.anonymousRow(fields);
  }

  Object converted(Object value, PgType from, PgType to, int typmod) {
    if (from == to && typmod < 0 && !to.hasRules()) {
      return value;
    }
    if (to.baseType().isRow() && !to.hasRules() && value instanceof SqlRow row) {
      return asRow(row, to);
    }
    return engine.cast(value, from, to, typmod);
  }

  /// A row as one of a named type: its values one by one.
  private Object asRow(SqlRow row, PgType to) {
    PgType base = to.baseType();
    if (base.oid() == Types.RECORD.oid()) {
      return row;
    }
    List<PgType> fields = base.fieldTypes();
    Object[] all = new Object[fields.size()];
    for (int i = 0; i < all.length && i < row.width(); i++) {
      all[i] = converted(row.values()[i], row.types()[i], fields.get(i), -1);
    }
    return new SqlRow(fields.toArray(new PgType[0]), all, base.fieldNames());
  }

  /// Assigns to a datum or a part of it.
  void assign(Pl.Target target, Object value, PgType from, Subscripts subscripts) {
    if (target.path().isEmpty()) {
      assign(target.datum(), value, from);
      return;
    }
    if (types[target.datum()] == null) {
      throw unassigned(target.datum());
    }
    PgType type = types[target.datum()];
    Object whole =
        part(values[target.datum()], type, target.path(), 0, value, from, subscripts, target);
    values[target.datum()] = whole;
  }

  /// Computes subscripts.
  interface Subscripts {
    /// The integer, or null.
    Integer of(Sql expression);
  }

  private Object part(
      Object whole,
      PgType type,
      List<Pl.Step> path,
      int at,
      Object value,
      PgType from,
      Subscripts subscripts,
      Pl.Target target) {
    if (at == path.size()) {
      return converted(value, from, type, -1);
    }
    Pl.Step step = path.get(at);
    PgType base = type.baseType();
    if (step.field() != null) {
      int index = base.isRow() ? base.fieldNames().indexOf(step.field()) : -1;
      if (index < 0) {
        throw new SqlException(
            SqlState.UNDEFINED_COLUMN,
            isRecord(target.datum()) && at == 0
                ? "record \"" + name(target.datum()) + "\" has no field \"" + step.field() + "\""
                : "cannot assign to field \""
                    + step.field()
                    + "\" of column \""
                    + name(target.datum())
                    + "\" because there is no such column in data type "
                    + type.displayName());
      }
      List<PgType> fields = base.fieldTypes();
      SqlRow row = (SqlRow) whole;
      Object[] all = row == null ? new Object[fields.size()] : row.values().clone();
      all[index] =
          part(all[index], fields.get(index), path, at + 1, value, from, subscripts, target);
      return new SqlRow(fields.toArray(new PgType[0]), all, base.fieldNames());
    }
    if (!base.isArray()) {
      throw new SqlException(
          SqlState.DATATYPE_MISMATCH,
          "cannot subscript type "
              + type.displayName()
              + " because it does not support subscripting");
    }
    int end = at;
    while (end < path.size() && path.get(end).field() == null) {
      end++;
    }
    boolean slice = path.subList(at, end).stream().anyMatch(Pl.Step::slice);
    PgType element = base.elementType();
    SqlArray array = (SqlArray) whole;
    if (slice) {
      Integer[] lower = new Integer[end - at];
      Integer[] upper = new Integer[end - at];
      for (int i = at; i < end; i++) {
        Pl.Step each = path.get(i);
        Integer low = each.subscript() == null ? null : subscripts.of(each.subscript());
        lower[i - at] = each.slice() ? low : (Integer) 1;
        upper[i - at] =
            each.slice() ? each.upper() == null ? null : subscripts.of(each.upper()) : low;
      }
      Object made = converted(value, from, base, -1);
      return ArrayAssignment.slice(array, element, lower, upper, (SqlArray) made);
    }
    int[] places = new int[end - at];
    for (int i = at; i < end; i++) {
      Integer place = subscripts.of(path.get(i).subscript());
      if (place == null) {
        throw new SqlException(
            SqlState.NULL_VALUE_NOT_ALLOWED, "array subscript in assignment must not be null");
      }
      places[i - at] = place;
    }
    Object inner =
        end == path.size() || array == null || array.ndims() != places.length
            ? null
            : array.get(places);
    Object made = part(inner, element, path, end, value, from, subscripts, target);
    return ArrayAssignment.element(array, element, places, made);
  }

  SqlException unassigned(int datum) {
    return new SqlException(
            SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
            "record \"" + name(datum) + "\" is not assigned yet")
        .detail("The tuple structure of a not-yet-assigned record is indeterminate.");
  }

  /// The names that a piece of SQL may use.
  Variables variables(Namespace names) {
    return new Variables() {
      @Override
      public Reference find(List<String> parts) {
        Namespace.Found found = names.find(parts);
        if (found == null) {
          return null;
        }
        int datum = found.datum();
        if (!found.rest().isEmpty()) {
          if (!isRow(datum)) {
            return null;
          }
          if (types[datum] == null) {
            throw unassigned(datum);
          }
          String field = found.rest().getFirst();
          if (!types[datum].baseType().fieldNames().contains(field)) {
            if (!isRecord(datum)) {
              return null;
            }
            throw new SqlException(
                SqlState.UNDEFINED_COLUMN,
                "record \"" + name(datum) + "\" has no field \"" + field + "\"");
          }
        }
        return new Reference(datum + 1, found.rest());
      }

      @Override
      public PgType type(int number) {
        if (number < 1 || number > types.length) {
          return null;
        }
        if (types[number - 1] == null) {
          throw unassigned(number - 1);
        }
        return types[number - 1];
      }

      @Override
      public Conflict conflict() {
        return conflict;
      }
    };
  }
}
