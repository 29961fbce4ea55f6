package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.functions.Cast;
import io.trencadis.sql.functions.CastContext;
import io.trencadis.sql.functions.Casts;
import io.trencadis.sql.functions.EvalContext;
import io.trencadis.sql.functions.ResolvedCall;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlRow;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;

/// From the columns that a statement in a routine gives to what the routine returns.
///
/// @param whole whether the first column is the result; else the columns make a row
/// @param casts of the columns; null for those that pass as they are
/// @param names of the fields of the row, or null
record RoutineResult(boolean whole, Cast[] casts, PgType[] types, List<String> names) {
  /// @throws SqlException 42P13 where the columns do not fit
  static RoutineResult of(ResolvedCall call, List<ResultColumn> columns) {
    PgType result = call.resultType();
    if (result == Types.VOID) {
      return null;
    }
    boolean row = result.baseType().isRow();
    if (columns == null) {
      throw mismatch(result)
          .detail("Function's final statement must be SELECT or INSERT/UPDATE/DELETE RETURNING.");
    }
    if (!row) {
      if (columns.size() != 1) {
        throw mismatch(result).detail("Final statement must return exactly one column.");
      }
      PgType actual = columns.getFirst().type();
      if (!Casts.exists(actual, result, CastContext.ASSIGNMENT) && actual != result) {
        throw mismatch(result).detail("Actual return type is " + actual.displayName() + ".");
      }
      return new RoutineResult(true, new Cast[] {cast(actual, result)}, null, null);
    }
    List<PgType> wanted = fieldTypes(call);
    boolean single =
        columns.size() == 1
            && columns.getFirst().type().baseType().isRow()
            && (wanted == null || wanted.size() != 1 || !wanted.getFirst().baseType().isRow());
    if (single) {
      PgType actual = columns.getFirst().type();
      if (actual == result
          || result == Types.RECORD
          || actual == Types.RECORD
          || actual.baseType() == result.baseType()) {
        return new RoutineResult(true, new Cast[] {cast(actual, result)}, null, null);
      }
    }
    if (wanted == null) {
      PgType[] types = columns.stream().map(ResultColumn::type).toArray(PgType[]::new);
      List<String> names = columns.stream().map(ResultColumn::name).toList();
      return new RoutineResult(false, new Cast[types.length], types, names);
    }
    if (columns.size() != wanted.size()) {
      throw mismatch(result)
          .detail(
              columns.size() > wanted.size()
                  ? "Final statement returns too many columns."
                  : "Final statement returns too few columns.");
    }
    Cast[] casts = new Cast[wanted.size()];
    for (int i = 0; i < casts.length; i++) {
      PgType actual = columns.get(i).type();
      if (actual != wanted.get(i) && !Casts.exists(actual, wanted.get(i), CastContext.ASSIGNMENT)) {
        throw mismatch(result)
            .detail(
                "Final statement returns "
                    + actual.displayName()
                    + " instead of "
                    + wanted.get(i).displayName()
                    + " at column "
                    + (i + 1)
                    + ".");
      }
      casts[i] = cast(actual, wanted.get(i));
    }
    return new RoutineResult(false, casts, wanted.toArray(new PgType[0]), fieldNames(call));
  }

  /// Types of the fields of the row that a routine returns; null where only its rows tell.
  static List<PgType> fieldTypes(ResolvedCall call) {
    PgType base = call.resultType().baseType();
    if (!call.outputs().isEmpty() && base.oid() == Types.RECORD.oid()) {
      return call.outputs();
    }
    return base.oid() != Types.RECORD.oid() || !base.fields().isEmpty() ? base.fieldTypes() : null;
  }

  static List<String> fieldNames(ResolvedCall call) {
    PgType base = call.resultType().baseType();
    return base.oid() == Types.RECORD.oid() && base.fields().isEmpty()
        ? call.proc().outputNames()
        : base.fieldNames();
  }

  private static Cast cast(PgType from, PgType to) {
    if (from == to && !to.hasRules()
        || from.oid() == Types.RECORD.oid()
        || to.oid() == Types.RECORD.oid()) {
      return null;
    }
    Cast found = Casts.find(from, to, -1, CastContext.ASSIGNMENT);
    return found == null || found.isNoop() && !found.looksAtNull() ? null : found;
  }

  private static SqlException mismatch(PgType result) {
    return new SqlException(
        SqlState.INVALID_FUNCTION_DEFINITION,
        "return type mismatch in function declared to return " + result.displayName());
  }

  Object of(Object[] row, EvalContext cx) {
    if (whole) {
      return converted(casts[0], row[0], cx);
    }
    Object[] values = new Object[casts.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = converted(casts[i], row[i], cx);
    }
    return new SqlRow(types, values, names);
  }

  List<Object> all(List<Object[]> rows, EvalContext cx) {
    List<Object> out = new ArrayList<>(rows.size());
    for (Object[] row : rows) {
      out.add(of(row, cx));
    }
    return out;
  }

  private static Object converted(Cast cast, Object value, EvalContext cx) {
    return cast == null || value == null && !cast.looksAtNull() ? value : cast.apply(value, cx);
  }
}
