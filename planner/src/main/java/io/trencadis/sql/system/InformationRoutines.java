package io.trencadis.sql.system;

import io.trencadis.sql.functions.PgCatalog;
import io.trencadis.sql.functions.ProcInfo;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;

/// information_schema: functions and their arguments, all of them built in.
final class InformationRoutines {
  private InformationRoutines() {}

  static void register(Registration to) {
    to.current("information_schema.routines", InformationRoutines::routines);
    to.current("information_schema.parameters", InformationRoutines::parameters);
  }

  private static String specificName(ProcInfo proc) {
    return proc.name() + "_" + proc.oid();
  }

  private static void routines(Rows rows, Reading reading) {
    String database = reading.databaseName();
    for (ProcInfo proc : PgCatalog.allFunctions()) {
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
          .set("data_type", InformationColumns.dataType(result))
          .set("type_udt_catalog", database)
          .set("type_udt_schema", result.schema())
          .set("type_udt_name", result.name())
          .set("dtd_identifier", "0")
          .set("routine_body", proc.language() == 's' ? "SQL" : "EXTERNAL")
          .set("routine_definition", proc.source())
          .set(
              "external_language",
              proc.language() == 's' ? "SQL" : proc.language() == 'c' ? "C" : "INTERNAL")
          .set("parameter_style", "GENERAL")
          .set("is_deterministic", proc.immutable())
          .set("sql_data_access", "MODIFIES")
          .set("is_null_call", proc.strict())
          .set("schema_level_routine", true)
          .set("max_dynamic_result_sets", 0)
          .set("security_type", "INVOKER")
          .set("as_locator", false)
          .set("is_udt_dependent", false);
    }
  }

  private static void parameters(Rows rows, Reading reading) {
    String database = reading.databaseName();
    for (ProcInfo proc : PgCatalog.allFunctions()) {
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
