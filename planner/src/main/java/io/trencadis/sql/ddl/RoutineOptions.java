package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.RoutineDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The options of CREATE and ALTER FUNCTION that were written; null for those that were not.
final class RoutineOptions {
  private final DdlContext cx;
  private final boolean procedure;
  private final List<Statement> sets = new ArrayList<>();

  List<String> source;
  String language;
  Character volatility;
  Character parallel;
  Boolean strict;
  Boolean leakproof;
  Boolean definer;
  Double cost;
  Double rows;

  RoutineOptions(DdlContext cx, boolean procedure) {
    this.cx = cx;
    this.procedure = procedure;
  }

  void take(Statement.RoutineOption option) {
    if (procedure
        && !List.of("as", "language", "set", "definer", "transform").contains(option.name())) {
      throw new SqlException(
              SqlState.INVALID_FUNCTION_DEFINITION, "invalid attribute in procedure definition")
          .at(option.pos());
    }
    switch (option.name()) {
      case "as" -> source = ((List<?>) option.value()).stream().map(String.class::cast).toList();
      case "language" -> language = (String) option.value();
      case "volatility" -> volatility = ((String) option.value()).charAt(0);
      case "parallel" ->
          parallel =
              switch ((String) option.value()) {
                case "safe" -> 's';
                case "restricted" -> 'r';
                case "unsafe" -> 'u';
                default ->
                    throw new SqlException(
                        SqlState.SYNTAX_ERROR,
                        "parameter \"parallel\" must be SAFE, RESTRICTED, or UNSAFE");
              };
      case "strict" -> strict = (Boolean) option.value();
      case "leakproof" -> {
        leakproof = (Boolean) option.value();
        if (leakproof && !cx.role().superuser()) {
          throw new SqlException(
              SqlState.INSUFFICIENT_PRIVILEGE, "only superuser can define a leakproof function");
        }
      }
      case "definer" -> definer = (Boolean) option.value();
      case "cost" -> cost = positive(option, "COST");
      case "rows" -> rows = positive(option, "ROWS");
      case "set" -> sets.add((Statement) option.value());
      default ->
          throw SqlException.notSupported(
                  option.name().toUpperCase(java.util.Locale.ROOT) + " of a function")
              .at(option.pos());
    }
  }

  private static double positive(Statement.RoutineOption option, String name) {
    double value = Double.parseDouble((String) option.value());
    if (value <= 0) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, name + " must be positive");
    }
    return value;
  }

  /// The settings of SET and RESET clauses, after those that were there.
  List<String> settings(List<String> before) {
    List<String> all = new ArrayList<>(before);
    for (Statement set : sets) {
      if (set instanceof Statement.ResetVariable reset && reset.name().equals("all")) {
        all.clear();
        continue;
      }
      Map.Entry<String, String> setting = cx.startSetting(set);
      all.removeIf(
          each ->
              each.regionMatches(
                  true, 0, setting.getKey() + "=", 0, setting.getKey().length() + 1));
      if (setting.getValue() != null) {
        all.add(setting.getKey() + "=" + setting.getValue());
      }
    }
    return List.copyOf(all);
  }

  /// The routine with what ALTER changes of it.
  RoutineDescriptor applied(RoutineDescriptor routine) {
    if (rows != null && !routine.returnsSet()) {
      throw new SqlException(
          SqlState.INVALID_PARAMETER_VALUE,
          "ROWS is not applicable when function does not return a set");
    }
    return routine.withOptions(
        volatility == null ? routine.volatility() : volatility,
        parallel == null ? routine.parallel() : parallel,
        strict == null ? routine.strict() : strict,
        leakproof == null ? routine.leakproof() : leakproof,
        definer == null ? routine.securityDefiner() : definer,
        cost == null ? routine.cost() : cost,
        rows == null ? routine.rows() : rows,
        settings(routine.settings()));
  }
}
