package io.trencadis.sql.system;

import io.trencadis.sql.catalog.RoutineDescriptor;
import io.trencadis.sql.functions.PgCatalog;
import io.trencadis.sql.functions.ProcInfo;
import io.trencadis.sql.rights.Privilege;
import io.trencadis.sql.rights.Target;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;

/// information_schema: functions and their arguments.
final class InformationRoutines {
  private InformationRoutines() {}

  static void register(Registration to) {
    to.current("information_schema.routines", InformationRoutines::routines);
    to.current("information_schema.parameters", InformationRoutines::parameters);
  }

  private static String specificName(ProcInfo proc) {
    return proc.name() + "_" + proc.oid();
  }

  private static RoutineDescriptor own(ProcInfo proc, Reading reading) {
    return reading.catalog().byOid(proc.oid()) instanceof RoutineDescriptor own ? own : null;
  }

  /// Those that the role may call.
  private static List<ProcInfo> all(Reading reading) {
    List<ProcInfo> all = new ArrayList<>(PgCatalog.allFunctions());
    for (RoutineDescriptor routine :
        reading.catalog().all(RoutineDescriptor.class, reading.databaseOid())) {
      if (reading
          .rights()
          .has(reading.access().role().oid(), Target.of(routine), Privilege.EXECUTE)) {
        all.add(reading.catalog().routine(routine.oid()));
      }
    }
    return all;
  }

  private static String language(ProcInfo proc) {
    return switch (proc.language()) {
      case 's' -> "SQL";
      case 'c' -> "C";
      case 'p' -> "PLPGSQL";
      default -> "INTERNAL";
    };
  }

  private static String definition(ProcInfo proc, RoutineDescriptor own, Reading reading) {
    boolean owner =
        own == null || reading.rights().owns(reading.access().role().oid(), Target.of(own));
    return !owner ? null : own != null && own.body() != null ? own.body() : proc.source();
  }

  private static void routines(Rows rows, Reading reading) {
    String database = reading.databaseName();
    for (ProcInfo proc : all(reading)) {
      RoutineDescriptor own = own(proc, reading);
      PgType result = Types.byOid(proc.resultType());
      rows.add()
          .set("specific_catalog", database)
          .set("specific_schema", proc.schema())
          .set("specific_name", specificName(proc))
          .set("routine_catalog", database)
          .set("routine_schema", proc.schema())
          .set("routine_name", proc.name())
          .set(
              "routine_type",
              proc.kind() == 'f' ? "FUNCTION" : proc.kind() == 'p' ? "PROCEDURE" : null)
          .set("data_type", proc.isProcedure() ? null : InformationColumns.dataType(result))
          .set("type_udt_catalog", proc.isProcedure() ? null : database)
          .set("type_udt_schema", proc.isProcedure() ? null : result.schema())
          .set("type_udt_name", proc.isProcedure() ? null : result.name())
          .set("dtd_identifier", proc.isProcedure() ? null : "0")
          .set("routine_body", proc.language() == 's' ? "SQL" : "EXTERNAL")
          .set("routine_definition", definition(proc, own, reading))
          .set("external_language", language(proc))
          .set("parameter_style", "GENERAL")
          .set("is_deterministic", proc.immutable())
          .set("sql_data_access", "MODIFIES")
          .set("is_null_call", proc.strict())
          .set("schema_level_routine", true)
          .set("max_dynamic_result_sets", 0)
          .set("security_type", own != null && own.securityDefiner() ? "DEFINER" : "INVOKER")
          .set("as_locator", false)
          .set("is_udt_dependent", false);
    }
  }

  private static void parameters(Rows rows, Reading reading) {
    String database = reading.databaseName();
    for (ProcInfo proc : all(reading)) {
      int[] types = proc.allArgTypes() == null ? proc.argTypes() : proc.allArgTypes();
      for (int i = 0; i < types.length; i++) {
        char mode = proc.argModes() == null ? 'i' : proc.argModes().charAt(i);
        String name = proc.argNames() == null ? "" : proc.argNames().get(i);
        rows.add()
            .set("specific_catalog", database)
            .set("specific_schema", proc.schema())
            .set("specific_name", specificName(proc))
            .set("ordinal_position", i + 1)
            .set(
                "parameter_mode", mode == 'o' || mode == 't' ? "OUT" : mode == 'b' ? "INOUT" : "IN")
            .set("is_result", false)
            .set("as_locator", false)
            .set("parameter_name", name.isEmpty() ? null : name)
            .set("dtd_identifier", Integer.toString(i + 1));
        InformationColumns.type(rows, database, types[i], -1, false);
      }
    }
  }
}
