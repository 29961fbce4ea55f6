package io.trencadis.sql.system;

import io.trencadis.sql.catalog.RoutineDescriptor;
import io.trencadis.sql.functions.ProcInfo;
import io.trencadis.sql.types.Identifiers;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The routines of users as the statements that make them.
final class RoutineText {
  private RoutineText() {}

  /// As `pg_get_functiondef` prints it.
  static String definition(Reading reading, RoutineDescriptor routine) {
    ProcInfo proc = reading.catalog().routine(routine.oid());
    StringBuilder out = new StringBuilder("CREATE OR REPLACE ");
    out.append(routine.isProcedure() ? "PROCEDURE " : "FUNCTION ")
        .append(Identifiers.quote(proc.schema()))
        .append('.')
        .append(Identifiers.quote(routine.name()))
        .append('(')
        .append(arguments(routine, true))
        .append(")\n");
    if (!routine.isProcedure()) {
      out.append(" RETURNS ").append(result(routine)).append('\n');
    }
    out.append(" LANGUAGE ").append(routine.language()).append('\n');
    List<String> words = words(routine);
    if (!words.isEmpty()) {
      out.append(' ').append(String.join(" ", words)).append('\n');
    }
    for (String setting : routine.settings()) {
      int equals = setting.indexOf('=');
      String name = setting.substring(0, equals);
      String value = setting.substring(equals + 1);
      out.append(" SET ").append(name).append(" TO ");
      out.append(
              name.equals("search_path")
                      || name.equals("temp_tablespaces")
                      || name.endsWith("_libraries")
                  ? list(value)
                  : "'" + value.replace("'", "''") + "'")
          .append('\n');
    }
    if (routine.body() != null) {
      return out.append(routine.body()).append('\n').toString();
    }
    String quote = "$" + (routine.isProcedure() ? "procedure" : "function");
    while (routine.source().contains(quote)) {
      quote += "x";
    }
    quote += "$";
    return out.append("AS ")
        .append(quote)
        .append(routine.source())
        .append(quote)
        .append('\n')
        .toString();
  }

  /// Values of a list are quoted one by one.
  private static String list(String value) {
    List<String> parts = new ArrayList<>();
    for (String part : value.split(",")) {
      String bare = part.strip();
      if (bare.length() > 1 && bare.startsWith("\"") && bare.endsWith("\"")) {
        bare = bare.substring(1, bare.length() - 1);
      }
      parts.add("'" + bare.replace("'", "''") + "'");
    }
    return String.join(", ", parts);
  }

  private static List<String> words(RoutineDescriptor routine) {
    List<String> words = new ArrayList<>();
    if (routine.volatility() != 'v') {
      words.add(routine.volatility() == 'i' ? "IMMUTABLE" : "STABLE");
    }
    if (routine.parallel() != 'u') {
      words.add("PARALLEL " + (routine.parallel() == 's' ? "SAFE" : "RESTRICTED"));
    }
    if (routine.strict()) {
      words.add("STRICT");
    }
    if (routine.securityDefiner()) {
      words.add("SECURITY DEFINER");
    }
    if (routine.leakproof()) {
      words.add("LEAKPROOF");
    }
    if (routine.cost() != 100) {
      words.add("COST " + number(routine.cost()));
    }
    if (routine.rows() != 0 && routine.rows() != 1000) {
      words.add("ROWS " + number(routine.rows()));
    }
    return words;
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e6
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%s", value);
  }

  static String result(RoutineDescriptor routine) {
    List<String> columns = new ArrayList<>();
    for (RoutineDescriptor.Argument argument : routine.arguments()) {
      if (argument.mode() == 't') {
        columns.add(Identifiers.quote(argument.name()) + " " + type(argument.typeOid()));
      }
    }
    if (!columns.isEmpty()) {
      return "TABLE(" + String.join(", ", columns) + ")";
    }
    return (routine.returnsSet() ? "SETOF " : "") + type(routine.resultOid());
  }

  private static String type(int oid) {
    PgType type = Types.byOid(oid);
    return type == null ? "???" : type.displayName();
  }

  private static String arguments(RoutineDescriptor routine, boolean defaults) {
    List<String> all = new ArrayList<>();
    for (RoutineDescriptor.Argument argument : routine.arguments()) {
      if (argument.mode() == 't') {
        continue;
      }
      StringBuilder out = new StringBuilder();
      switch (argument.mode()) {
        case 'o' -> out.append("OUT ");
        case 'b' -> out.append("INOUT ");
        case 'v' -> out.append("VARIADIC ");
        default -> out.append(routine.isProcedure() ? "IN " : "");
      }
      if (!argument.name().isEmpty()) {
        out.append(Identifiers.quote(argument.name())).append(' ');
      }
      out.append(type(argument.typeOid()));
      if (defaults && argument.defaultText() != null) {
        out.append(" DEFAULT ").append(argument.defaultText());
      }
      all.add(out.toString());
    }
    return String.join(", ", all);
  }
}
