package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.ast.Statement.RoutineArgument;
import io.trencadis.sql.ast.TypeName;
import io.trencadis.sql.catalog.RoutineDescriptor.Argument;
import io.trencadis.sql.session.Notice;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.List;
import java.util.Set;

/// The types of a routine's arguments and of its result.
final class RoutineTypes {
  private static final Set<PgType> SIMPLE =
      Set.of(
          Types.ANYELEMENT,
          Types.ANYARRAY,
          Types.ANYNONARRAY,
          Types.ANYENUM,
          Types.ANYRANGE,
          Types.ANYMULTIRANGE);
  private static final Set<PgType> COMPATIBLE =
      Set.of(
          Types.ANYCOMPATIBLE,
          Types.ANYCOMPATIBLEARRAY,
          Types.ANYCOMPATIBLENONARRAY,
          Types.ANYCOMPATIBLERANGE,
          Types.ANYCOMPATIBLEMULTIRANGE);

  private final DdlContext cx;
  private final String language;

  /// What a routine returns.
  record Result(int oid, boolean returnsSet) {}

  RoutineTypes(DdlContext cx, String language) {
    this.cx = cx;
    this.language = language;
  }

  static boolean isPolymorphic(PgType type) {
    return SIMPLE.contains(type) || COMPATIBLE.contains(type);
  }

  private PgType type(TypeName name) {
    PgType type =
        cx.names()
            .type(
                new TypeName(
                    name.parts(),
                    name.modifiers(),
                    name.arrayBounds(),
                    false,
                    name.percentType(),
                    name.pos()))
            .type();
    if (name.percentType()) {
      cx.notice(
          Notice.notice(
              "type reference "
                  + String.join(".", name.parts())
                  + "%TYPE converted to "
                  + type.displayName()));
    }
    DdlRights.requireUsage(cx, type);
    return type;
  }

  PgType argument(RoutineArgument written) {
    if (written.type().setOf()) {
      throw RoutineCommands.invalid(
          written.mode() == 't'
              ? "table functions cannot use SETOF columns"
              : "functions cannot accept set arguments");
    }
    PgType type;
    try {
      type = type(written.type());
    } catch (SqlException e) {
      // As PostgreSQL has it: here the name of a missing type is not quoted.
      throw e.state() == SqlState.UNDEFINED_OBJECT && e.getMessage().endsWith("does not exist")
          ? new SqlException(
              e.state(), "type " + String.join(".", written.type().parts()) + " does not exist")
          : e;
    }
    boolean allowed =
        !type.isPseudo()
            || isPolymorphic(type)
            || (type == Types.RECORD && language.equals("plpgsql"))
            || type == Types.RECORD && written.mode() != 'i';
    if (!allowed) {
      throw RoutineCommands.invalid(
          (language.equals("sql") ? "SQL" : "PL/pgSQL")
              + " functions cannot "
              + (written.mode() == 'o' || written.mode() == 't'
                  ? "return type "
                  : (language.equals("sql") ? "have arguments of type " : "accept type "))
              + type.displayName());
    }
    return type;
  }

  /// @throws SqlException 42P13 where the result is not what the outputs make
  Result result(Statement.CreateRoutine create, List<Argument> arguments) {
    List<Argument> outputs = arguments.stream().filter(Argument::output).toList();
    boolean table = outputs.stream().anyMatch(each -> each.mode() == 't');
    int made =
        outputs.isEmpty()
            ? 0
            : outputs.size() == 1 && !create.procedure()
                ? outputs.getFirst().typeOid()
                : Types.RECORD.oid();
    if (create.procedure()) {
      return new Result(made == 0 ? Types.VOID.oid() : made, false);
    }
    Result result;
    if (create.returns() != null) {
      PgType type = type(create.returns());
      if (made != 0 && made != type.oid()) {
        throw RoutineCommands.invalid(
            "function result type must be "
                + Types.byOid(made).displayName()
                + " because of OUT parameters");
      }
      requireReturnable(type);
      result = new Result(type.oid(), create.returns().setOf());
    } else if (made == 0) {
      throw RoutineCommands.invalid("function result type must be specified");
    } else {
      result = new Result(made, table);
    }
    requireDetermined(Types.byOid(result.oid()), arguments);
    for (Argument output : outputs) {
      requireDetermined(Types.byOid(output.typeOid()), arguments);
    }
    return result;
  }

  private void requireReturnable(PgType type) {
    boolean allowed =
        !type.isPseudo()
            || type == Types.VOID
            || type == Types.RECORD
            || isPolymorphic(type)
            || (type == Types.TRIGGER || type.name().equals("event_trigger"))
                && language.equals("plpgsql");
    if (!allowed) {
      throw RoutineCommands.invalid(
          (language.equals("sql") ? "SQL" : "PL/pgSQL")
              + " functions cannot return type "
              + type.displayName());
    }
  }

  private static void requireDetermined(PgType type, List<Argument> arguments) {
    Set<PgType> family =
        SIMPLE.contains(type) ? SIMPLE : COMPATIBLE.contains(type) ? COMPATIBLE : null;
    if (family == null) {
      return;
    }
    boolean found = false;
    boolean range = false;
    for (Argument each : arguments) {
      PgType of = Types.byOid(each.typeOid());
      if (each.input() && family.contains(of)) {
        found = true;
        range |= of.name().endsWith("range");
      }
    }
    boolean wantsRange = type.name().endsWith("range");
    if (!found || wantsRange && !range) {
      String list =
          wantsRange
              ? family == SIMPLE
                  ? "anyrange or anymultirange"
                  : "anycompatiblerange or anycompatiblemultirange"
              : family == SIMPLE
                  ? "anyelement, anyarray, anynonarray, anyenum, anyrange, or anymultirange"
                  : "anycompatible, anycompatiblearray, anycompatiblenonarray, anycompatiblerange, or"
                      + " anycompatiblemultirange";
      throw RoutineCommands.invalid("cannot determine result data type")
          .detail(
              "A result of type "
                  + type.name()
                  + " requires at least one input of type "
                  + list
                  + ".");
    }
  }
}
