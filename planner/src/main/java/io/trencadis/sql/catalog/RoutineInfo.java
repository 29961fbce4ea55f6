package io.trencadis.sql.catalog;

import io.trencadis.sql.functions.ProcInfo;
import java.util.List;

/// Routines of users as calls see them.
final class RoutineInfo {
  private RoutineInfo() {}

  static ProcInfo of(RoutineDescriptor routine, String schema) {
    List<RoutineDescriptor.Argument> all = routine.arguments();
    StringBuilder modes = new StringBuilder();
    all.forEach(argument -> modes.append(argument.mode()));
    boolean onlyInputs = modes.chars().allMatch(mode -> mode == 'i');
    boolean named = all.stream().anyMatch(argument -> !argument.name().isEmpty());
    return new ProcInfo(
        routine.oid(),
        routine.name(),
        schema,
        routine.kind(),
        routine.volatility(),
        routine.parallel(),
        routine.strict(),
        routine.returnsSet(),
        routine.leakproof(),
        routine.resultOid(),
        routine.variadicOid(),
        routine.inputTypes().stream().mapToInt(oid -> oid).toArray(),
        onlyInputs ? null : all.stream().mapToInt(RoutineDescriptor.Argument::typeOid).toArray(),
        onlyInputs ? null : modes.toString(),
        named ? all.stream().map(RoutineDescriptor.Argument::name).toList() : null,
        all.stream()
            .filter(argument -> argument.input() && argument.defaultText() != null)
            .map(RoutineDescriptor.Argument::defaultText)
            .toList(),
        language(routine),
        routine.source(),
        (float) routine.cost(),
        (float) routine.rows(),
        0);
  }

  private static char language(RoutineDescriptor routine) {
    return switch (routine.language()) {
      case "plpgsql" -> 'p';
      case "c" -> 'c';
      default -> 's';
    };
  }
}
