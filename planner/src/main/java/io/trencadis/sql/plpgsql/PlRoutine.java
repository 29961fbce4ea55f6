package io.trencadis.sql.plpgsql;

import io.trencadis.sql.ast.TypeName;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;

/// A body that was read, for arguments of certain types. Belongs to one session, because it keeps
/// the plans of its statements.
public final class PlRoutine {
  private final Spec spec;
  private final PlParser.Body body;
  private final PgType[] given;
  private final int found;

  /// What is known of a routine beside its body.
  ///
  /// @param context what error contexts call it, such as `f(integer)`; null for a DO block
  /// @param name its name, which its arguments may be qualified with
  /// @param arguments all of them, outputs included
  /// @param result type of the result, or of a row of it
  /// @param outputs types of the output columns; empty where the function declares none
  /// @param triggers whether it returns trigger
  public record Spec(
      String context,
      String name,
      List<Argument> arguments,
      PgType result,
      List<PgType> outputs,
      boolean returnsSet,
      boolean procedure,
      boolean triggers) {}

  /// An argument.
  ///
  /// @param mode i, o, b, v or t
  public record Argument(char mode, String name, PgType type) {
    boolean input() {
      return mode != 'o' && mode != 't';
    }

    boolean output() {
      return mode == 'o' || mode == 'b' || mode == 't';
    }
  }

  private PlRoutine(Spec spec, PlParser.Body body, PgType[] given, int found) {
    this.spec = spec;
    this.body = body;
    this.given = given;
    this.found = found;
  }

  /// Reads a body.
  ///
  /// @throws io.trencadis.base.SqlException 42601 and the like for what is no PL/pgSQL
  public static PlRoutine of(String text, Spec spec) {
    Namespace names = new Namespace(null, spec.name());
    List<Pl.Datum> datums = new ArrayList<>();
    List<PgType> types = new ArrayList<>();
    for (Argument argument : spec.arguments()) {
      boolean record = argument.type() == Types.RECORD;
      datums.add(
          new Pl.Datum(
              argument.name().isEmpty() ? "$" + (datums.size() + 1) : argument.name(),
              argument.type() == Types.REFCURSOR ? TypeName.system("refcursor", -1) : null,
              record,
              false,
              false,
              null,
              null,
              null,
              0));
      types.add(record ? null : argument.type());
      names.declare("$" + datums.size(), datums.size() - 1);
      if (!argument.name().isEmpty()) {
        names.declare(argument.name(), datums.size() - 1);
      }
    }
    if (spec.triggers()) {
      TriggerData.declare(datums, types, names);
    }
    int found = datums.size();
    datums.add(
        new Pl.Datum(
            "found", TypeName.system("bool", -1), false, false, false, null, null, null, 0));
    types.add(Types.BOOL);
    names.declare("found", found);
    PlParser.Body body = new PlParser(text, datums, names, spec).parse();
    return new PlRoutine(spec, body, types.toArray(new PgType[0]), found);
  }

  Spec spec() {
    return spec;
  }

  PlParser.Body body() {
    return body;
  }

  PgType[] given() {
    return given;
  }

  int found() {
    return found;
  }

  /// The pieces of SQL in the body.
  public List<String> texts() {
    return body.texts().stream().map(Sql::text).toList();
  }

  /// The types that variables are declared with.
  public List<TypeName> types() {
    return body.datums().stream().map(Pl.Datum::type).filter(java.util.Objects::nonNull).toList();
  }

  /// The value of a call.
  ///
  /// @param args of the input arguments
  public Object call(Engine engine, Object[] args) {
    return new Interpreter(this, engine).call(args);
  }

  /// The rows of a call.
  public List<Object> rows(Engine engine, Object[] args) {
    return new Interpreter(this, engine).rows(args);
  }

  /// What a trigger makes of a row: the row to go on with, or null.
  public Object trigger(Engine engine, TriggerData data) {
    return new Interpreter(this, engine).trigger(data);
  }
}
