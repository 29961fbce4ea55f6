package io.trencadis.sql.plpgsql;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlRow;
import io.trencadis.sql.types.Types;
import io.trencadis.sql.types.VoidValue;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// What a routine returns.
final class Results {
  private final Interpreter run;
  private final PlRoutine.Spec spec;
  private final Engine engine;
  private final Values values;
  private final List<Object> set = new ArrayList<>();
  private final List<Integer> outputs = new ArrayList<>();
  private Object value;

  Results(Interpreter run, PlRoutine.Spec spec, Engine engine, Values values) {
    this.run = run;
    this.spec = spec;
    this.engine = engine;
    this.values = values;
    for (int i = 0; i < spec.arguments().size(); i++) {
      if (spec.arguments().get(i).output()) {
        outputs.add(i);
      }
    }
  }

  Object value() {
    return value;
  }

  List<Object> rows() {
    return set;
  }

  /// RETURN.
  void take(Pl.Return ret) {
    if (spec.returnsSet()) {
      if (ret.value() != null) {
        throw new SqlException(
                SqlState.DATATYPE_MISMATCH,
                "RETURN cannot have a parameter in function returning set")
            .hint("Use RETURN NEXT or RETURN QUERY.");
      }
      return;
    }
    if (ret.value() == null) {
      if (!outputs.isEmpty()) {
        value = ofOutputs();
      } else if (spec.result() == Types.VOID || spec.procedure()) {
        value = VoidValue.VOID;
      } else {
        throw new SqlException(SqlState.SYNTAX_ERROR, "missing expression at or near \";\"");
      }
      return;
    }
    if (!outputs.isEmpty() && !spec.triggers()) {
      throw new SqlException(
          SqlState.DATATYPE_MISMATCH,
          spec.procedure()
              ? "RETURN cannot have a parameter in a procedure"
              : "RETURN cannot have a parameter in function with OUT parameters");
    }
    if (spec.result() == Types.VOID) {
      throw new SqlException(
          SqlState.DATATYPE_MISMATCH,
          spec.procedure()
              ? "RETURN cannot have a parameter in a procedure"
              : "RETURN cannot have a parameter in function returning void");
    }
    Engine.Value given = run.evaluate(ret.value());
    if (spec.triggers()) {
      value = given.value();
      return;
    }
    value = converted(given);
  }

  /// The body has ended without RETURN.
  void end(Supplier<SqlException> noReturn) {
    if (spec.returnsSet()) {
      return;
    }
    if (!outputs.isEmpty()) {
      value = ofOutputs();
    } else if (spec.result() == Types.VOID || spec.procedure()) {
      value = VoidValue.VOID;
    } else {
      throw noReturn.get();
    }
  }

  private Object converted(Engine.Value given) {
    PgType result = spec.result();
    boolean row = result.baseType().isRow();
    if (row && given.value() != null && !(given.value() instanceof SqlRow)) {
      throw new SqlException(
          SqlState.DATATYPE_MISMATCH,
          "cannot return non-composite value from function returning composite type");
    }
    if (row && given.value() instanceof SqlRow made) {
      return fitted(made, "returned record type does not match expected record type");
    }
    return values.converted(given.value(), given.type(), result, -1);
  }

  /// A row as one of the type that is wanted.
  private SqlRow fitted(SqlRow row, String fault) {
    PgType base = spec.result().baseType();
    List<PgType> wanted =
        base.oid() != Types.RECORD.oid() || !base.fields().isEmpty()
            ? base.fieldTypes()
            : spec.outputs().isEmpty() ? null : spec.outputs();
    if (wanted == null) {
      return row;
    }
    if (row.width() != wanted.size()) {
      throw new SqlException(SqlState.DATATYPE_MISMATCH, fault)
          .detail(
              "Number of returned columns ("
                  + row.width()
                  + ") does not match expected column count ("
                  + wanted.size()
                  + ").");
    }
    Object[] all = new Object[wanted.size()];
    for (int i = 0; i < all.length; i++) {
      if (row.types()[i] != wanted.get(i)
          && row.types()[i].baseType() != wanted.get(i).baseType()
          && row.types()[i] != Types.UNKNOWN) {
        String name = row.names() == null ? "f" + (i + 1) : row.names().get(i);
        boolean strict = spec.result().oid() == Types.RECORD.oid() || spec.returnsSet();
        if (strict && base.oid() == Types.RECORD.oid() && !base.fields().isEmpty()) {
          throw new SqlException(SqlState.DATATYPE_MISMATCH, fault)
              .detail(
                  "Returned type "
                      + row.types()[i].displayName()
                      + " does not match expected type "
                      + wanted.get(i).displayName()
                      + " in column "
                      + (i + 1)
                      + " (position "
                      + name
                      + ").");
        }
      }
      all[i] = values.converted(row.values()[i], row.types()[i], wanted.get(i), -1);
    }
    List<String> names = base.fields().isEmpty() ? row.names() : base.fieldNames();
    return new SqlRow(wanted.toArray(new PgType[0]), all, names);
  }

  /// The output arguments as the result.
  private Object ofOutputs() {
    if (outputs.size() == 1 && !spec.procedure()) {
      int only = outputs.getFirst();
      return values.get(only);
    }
    Object[] all = new Object[outputs.size()];
    PgType[] types = new PgType[all.length];
    List<String> names = new ArrayList<>();
    for (int i = 0; i < all.length; i++) {
      int datum = outputs.get(i);
      all[i] = values.get(datum);
      types[i] = spec.arguments().get(datum).type();
      names.add(spec.arguments().get(datum).name());
    }
    return new SqlRow(types, all, names);
  }

  /// RETURN NEXT.
  void add(Pl.ReturnNext next) {
    if (!spec.returnsSet()) {
      throw new SqlException(
          SqlState.DATATYPE_MISMATCH, "cannot use RETURN NEXT in a non-SETOF function");
    }
    if (next.value() == null) {
      if (outputs.isEmpty()) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "RETURN NEXT must have a parameter");
      }
      set.add(ofOutputs());
      return;
    }
    if (!outputs.isEmpty()) {
      throw new SqlException(
          SqlState.DATATYPE_MISMATCH,
          "RETURN NEXT cannot have a parameter in function with OUT parameters");
    }
    Engine.Value given = run.evaluate(next.value());
    boolean row = spec.result().baseType().isRow();
    if (row && given.value() == null) {
      set.add(null);
      return;
    }
    if (row && !(given.value() instanceof SqlRow)) {
      throw new SqlException(
          SqlState.DATATYPE_MISMATCH,
          "cannot return non-composite value from function returning composite type");
    }
    set.add(
        row
            ? fitted((SqlRow) given.value(), "wrong record type supplied in RETURN NEXT")
            : values.converted(given.value(), given.type(), spec.result(), -1));
  }

  /// RETURN QUERY.
  boolean addAll(Pl.ReturnQuery query) {
    if (!spec.returnsSet()) {
      throw new SqlException(
          SqlState.DATATYPE_MISMATCH, "cannot use RETURN QUERY in a non-SETOF function");
    }
    Engine.Answer answer =
        query.using() == null
            ? run.execute(query.query(), -1)
            : run.dynamic(query.query(), query.using(), -1);
    if (answer.columns() == null) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "cannot open a command without rows as cursor");
    }
    PgType[] types = answer.columns().stream().map(Engine.Column::type).toArray(PgType[]::new);
    List<String> names = answer.columns().stream().map(Engine.Column::name).toList();
    String fault = "structure of query does not match function result type";
    requireStructure(types, fault);
    boolean row = spec.result().baseType().isRow();
    for (Object[] each : answer.rows()) {
      set.add(
          row
              ? fitted(new SqlRow(types, each, names), fault)
              : values.converted(each[0], types[0], spec.result(), -1));
    }
    return !answer.rows().isEmpty();
  }

  /// The columns of a query have to be of the very types.
  private void requireStructure(PgType[] types, String fault) {
    PgType base = spec.result().baseType();
    List<PgType> wanted =
        !base.isRow()
            ? List.of(spec.result())
            : base.oid() != Types.RECORD.oid() || !base.fields().isEmpty()
                ? base.fieldTypes()
                : spec.outputs().isEmpty() ? null : spec.outputs();
    if (wanted == null) {
      return;
    }
    if (types.length != wanted.size()) {
      throw new SqlException(SqlState.DATATYPE_MISMATCH, fault)
          .detail(
              "Number of returned columns ("
                  + types.length
                  + ") does not match expected column count ("
                  + wanted.size()
                  + ").");
    }
    for (int i = 0; i < types.length; i++) {
      if (types[i].baseType() != wanted.get(i).baseType() && types[i] != Types.UNKNOWN) {
        throw new SqlException(SqlState.DATATYPE_MISMATCH, fault)
            .detail(
                "Returned type "
                    + types[i].displayName()
                    + " does not match expected type "
                    + wanted.get(i).displayName()
                    + " in column "
                    + (i + 1)
                    + ".");
      }
    }
  }

  /// What a trigger function has returned.
  Object triggerRow(TriggerData data) {
    if (value == null || !data.level().equals("ROW")) {
      return null;
    }
    if (!(value instanceof SqlRow row)) {
      throw new SqlException(
          SqlState.DATATYPE_MISMATCH,
          "cannot return non-composite value from function returning composite type");
    }
    PgType type = data.rowType().baseType();
    if (row.width() != type.fieldTypes().size()) {
      throw new SqlException(
              SqlState.DATATYPE_MISMATCH,
              "returned row structure does not match the structure of the triggering table")
          .detail(
              "Number of returned columns ("
                  + row.width()
                  + ") does not match expected column count ("
                  + type.fieldTypes().size()
                  + ").");
    }
    return values.converted(row, Types.RECORD, data.rowType(), -1);
  }

  Engine engine() {
    return engine;
  }
}
