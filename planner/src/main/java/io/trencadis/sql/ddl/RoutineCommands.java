package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.analyze.Analyzer;
import io.trencadis.sql.analyze.StoredText;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.ast.Statement.RoutineArgument;
import io.trencadis.sql.catalog.RoutineDescriptor;
import io.trencadis.sql.catalog.RoutineDescriptor.Argument;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.functions.ProcInfo;
import io.trencadis.sql.planning.QueryPlanner;
import io.trencadis.sql.rights.Rights;
import io.trencadis.sql.rights.Target;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;

/// CREATE FUNCTION and CREATE PROCEDURE.
final class RoutineCommands {
  private final DdlContext cx;

  RoutineCommands(DdlContext cx) {
    this.cx = cx;
  }

  static SqlException invalid(String message) {
    return new SqlException(SqlState.INVALID_FUNCTION_DEFINITION, message);
  }

  void create(Statement.CreateRoutine create) {
    SchemaDescriptor schema = ObjectNames.schemaFor(cx, create.name(), false);
    RoutineOptions options = new RoutineOptions(cx, create.procedure());
    create.options().forEach(options::take);
    String language = language(create, options);
    RoutineTypes types = new RoutineTypes(cx, language);
    List<Argument> arguments = arguments(create, types);
    RoutineTypes.Result result = types.result(create, arguments);
    if (options.rows != null && !result.returnsSet()) {
      throw new SqlException(
          SqlState.INVALID_PARAMETER_VALUE,
          "ROWS is not applicable when function does not return a set");
    }
    boolean polymorphic =
        arguments.stream()
            .anyMatch(
                each -> each.input() && RoutineTypes.isPolymorphic(Types.byOid(each.typeOid())));
    if (create.body() != null && polymorphic) {
      throw invalid("SQL function with unquoted function body cannot have polymorphic arguments");
    }
    String name = create.name().name();
    RoutineDescriptor known = existing(schema.oid(), name, arguments);
    if (known != null) {
      requireReplaceable(create, known, arguments, result);
    }
    RoutineDescriptor made =
        new RoutineDescriptor(
            known == null ? cx.newOid() : known.oid(),
            cx.databaseOid(),
            schema.oid(),
            name,
            known == null ? cx.role().oid() : known.ownerOid(),
            create.procedure() ? 'p' : 'f',
            language,
            options.volatility == null ? 'v' : options.volatility,
            options.parallel == null ? 'u' : options.parallel,
            Boolean.TRUE.equals(options.strict),
            Boolean.TRUE.equals(options.leakproof),
            Boolean.TRUE.equals(options.definer),
            result.returnsSet(),
            result.oid(),
            variadic(arguments),
            List.copyOf(arguments),
            create.body() == null ? options.source.getFirst() : null,
            create.body() == null ? null : create.body().text(),
            create.body() == null ? List.of() : cx.names().relationPath(),
            options.cost == null ? 100 : options.cost,
            options.rows == null ? result.returnsSet() ? 1000 : 0 : options.rows,
            options.settings(List.of()));
    cx.put(made);
    cx.checkRoutine(made);
  }

  private static String language(Statement.CreateRoutine create, RoutineOptions options) {
    if (options.language == null && create.body() == null) {
      throw invalid("no language specified");
    }
    String language = options.language == null ? "sql" : options.language;
    if (language.equals("c") || language.equals("internal")) {
      throw SqlException.notSupported(
          "CREATE "
              + (create.procedure() ? "PROCEDURE" : "FUNCTION")
              + " ... LANGUAGE "
              + language.toUpperCase(java.util.Locale.ROOT));
    }
    if (!language.equals("sql") && !language.equals("plpgsql")) {
      throw new SqlException(
          SqlState.UNDEFINED_OBJECT, "language \"" + language + "\" does not exist");
    }
    if (create.body() == null && options.source == null) {
      throw invalid("no function body specified");
    }
    if (create.body() != null && options.source != null) {
      throw invalid("duplicate function body specified");
    }
    if (create.body() != null && !language.equals("sql")) {
      throw invalid("inline SQL function body only valid for language SQL");
    }
    if (create.body() == null && options.source.size() > 1) {
      throw invalid("only one AS item needed for language \"" + language + "\"");
    }
    return language;
  }

  private List<Argument> arguments(Statement.CreateRoutine create, RoutineTypes types) {
    List<Argument> arguments = new ArrayList<>();
    boolean defaults = false;
    boolean variadic = false;
    for (RoutineArgument written : create.arguments()) {
      PgType type = types.argument(written);
      boolean input = written.mode() != 'o' && written.mode() != 't';
      if (input && variadic) {
        throw invalid("VARIADIC parameter must be the last input parameter");
      }
      if (!input && create.procedure() && variadic) {
        throw invalid("VARIADIC parameter must be the last parameter");
      }
      if (written.mode() == 'v') {
        variadic = true;
        if (!isVariadic(type)) {
          throw invalid("VARIADIC parameter must be an array");
        }
      }
      requireUnused(written, arguments);
      String fallback = null;
      if (written.defaultValue() != null) {
        if (!input) {
          throw invalid("only input parameters can have default values");
        }
        defaults = true;
        fallback = fallback(written, type);
      } else if (input && defaults) {
        throw invalid("input parameters after one with a default value must also have defaults");
      } else if (!input && defaults && create.procedure()) {
        throw invalid("procedure OUT parameters cannot appear after one with a default value");
      }
      arguments.add(
          new Argument(
              written.mode(), written.name() == null ? "" : written.name(), type.oid(), fallback));
    }
    return arguments;
  }

  private static boolean isVariadic(PgType type) {
    return type == Types.ANY
        || type == Types.ANYARRAY
        || type == Types.ANYCOMPATIBLEARRAY
        || type.isArray();
  }

  private static int variadic(List<Argument> arguments) {
    for (Argument each : arguments) {
      if (each.mode() == 'v') {
        PgType type = Types.byOid(each.typeOid());
        return type == Types.ANY
            ? type.oid()
            : type == Types.ANYARRAY
                ? Types.ANYELEMENT.oid()
                : type == Types.ANYCOMPATIBLEARRAY
                    ? Types.ANYCOMPATIBLE.oid()
                    : type.elementType().oid();
      }
    }
    return 0;
  }

  /// Inputs may share a name with outputs, but with nothing of their own kind.
  private static void requireUnused(RoutineArgument written, List<Argument> before) {
    if (written.name() == null) {
      return;
    }
    for (Argument each : before) {
      boolean apart =
          "iv".indexOf(written.mode()) >= 0 && "ot".indexOf(each.mode()) >= 0
              || "ot".indexOf(written.mode()) >= 0 && "iv".indexOf(each.mode()) >= 0;
      if (each.name().equals(written.name()) && !apart) {
        throw invalid("parameter name \"" + written.name() + "\" used more than once");
      }
    }
  }

  private String fallback(RoutineArgument written, PgType type) {
    Analyzer analyzer = new Analyzer(cx.names(), QueryPlanner.newCluster(), new int[0]);
    if (!RoutineTypes.isPolymorphic(type)) {
      analyzer.value(written.defaultValue(), "", type, -1);
    }
    return StoredText.ofExpression(cx.names(), written.defaultText());
  }

  private RoutineDescriptor existing(int schemaOid, String name, List<Argument> arguments) {
    List<Integer> inputs =
        arguments.stream().filter(Argument::input).map(Argument::typeOid).toList();
    for (ProcInfo each : cx.catalog().routines(schemaOid, name)) {
      RoutineDescriptor routine = (RoutineDescriptor) cx.catalog().byOid(each.oid());
      if (routine.inputTypes().equals(inputs)) {
        return routine;
      }
    }
    return null;
  }

  private void requireReplaceable(
      Statement.CreateRoutine create,
      RoutineDescriptor known,
      List<Argument> arguments,
      RoutineTypes.Result result) {
    if (!create.replace()) {
      throw new SqlException(
          SqlState.DUPLICATE_FUNCTION,
          "function \"" + known.name() + "\" already exists with same argument types");
    }
    new Rights(cx.catalog(), cx.databaseOid()).requireOwner(cx.role().oid(), Target.of(known));
    if (known.isProcedure() != create.procedure()) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot change routine kind")
          .detail(
              "\""
                  + known.name()
                  + "\" is a "
                  + (known.isProcedure() ? "procedure" : "function")
                  + ".");
    }
    String hint =
        "Use DROP "
            + (known.isProcedure() ? "PROCEDURE " : "FUNCTION ")
            + RoutineNames.signature(known)
            + " first.";
    if (known.resultOid() != result.oid() || known.returnsSet() != result.returnsSet()) {
      throw invalid(
              known.isProcedure()
                  ? "cannot change whether a procedure has output parameters"
                  : "cannot change return type of existing function")
          .hint(hint);
    }
    List<Argument> before = known.arguments().stream().filter(Argument::output).toList();
    List<Argument> now = arguments.stream().filter(Argument::output).toList();
    boolean sameRow =
        before.stream()
                .map(Argument::typeOid)
                .toList()
                .equals(now.stream().map(Argument::typeOid).toList())
            && (before.size() < 2
                || before.stream()
                    .map(Argument::name)
                    .toList()
                    .equals(now.stream().map(Argument::name).toList()));
    if (result.oid() == Types.RECORD.oid() && !sameRow) {
      throw invalid("cannot change return type of existing function")
          .detail("Row type defined by OUT parameters is different.")
          .hint(hint);
    }
    List<Argument> inputsBefore = known.arguments().stream().filter(Argument::input).toList();
    List<Argument> inputsNow = arguments.stream().filter(Argument::input).toList();
    for (int i = 0; i < inputsBefore.size(); i++) {
      String name = inputsBefore.get(i).name();
      if (!name.isEmpty() && !name.equals(inputsNow.get(i).name())) {
        throw invalid("cannot change name of input parameter \"" + name + "\"").hint(hint);
      }
    }
    for (int i = 0; i < inputsBefore.size(); i++) {
      if (inputsBefore.get(i).defaultText() != null && inputsNow.get(i).defaultText() == null) {
        throw invalid("cannot remove parameter defaults from existing function").hint(hint);
      }
    }
  }
}
