package io.trencadis.sql.functions;

import java.util.ArrayList;
import java.util.List;

/// The functions that only the session's catalog can answer.
final class CatalogFunctions {
  private CatalogFunctions() {}

  static void register(Builtins.Registry to) {
    to.catalog(
        "pg_get_userbyid",
        "acldefault_sql",
        "pg_get_indexdef",
        "pg_get_indexdef_ext",
        "pg_get_constraintdef",
        "pg_get_constraintdef_ext",
        "pg_get_expr",
        "pg_get_expr_ext",
        "pg_get_viewdef",
        "pg_get_viewdef_ext",
        "pg_get_viewdef_name",
        "pg_get_viewdef_name_ext",
        "pg_get_viewdef_wrap",
        "pg_get_ruledef",
        "pg_get_ruledef_ext",
        "pg_get_triggerdef",
        "pg_get_triggerdef_ext",
        "pg_get_serial_sequence",
        "pg_get_partkeydef",
        "pg_get_partition_constraintdef",
        "pg_get_statisticsobjdef",
        "pg_get_statisticsobjdef_columns",
        "pg_get_statisticsobjdef_expressions",
        "pg_get_functiondef",
        "pg_get_function_sqlbody",
        "pg_get_replica_identity_index",
        "pg_get_publication_tables");
    to.catalog(
        "pg_table_is_visible",
        "pg_type_is_visible",
        "pg_function_is_visible",
        "pg_operator_is_visible",
        "pg_opclass_is_visible",
        "pg_opfamily_is_visible",
        "pg_collation_is_visible",
        "pg_conversion_is_visible",
        "pg_statistics_obj_is_visible",
        "pg_ts_config_is_visible",
        "pg_ts_dict_is_visible",
        "pg_ts_parser_is_visible",
        "pg_ts_template_is_visible");
    to.catalog(
        "pg_relation_size",
        "#2325",
        "pg_table_size",
        "pg_total_relation_size",
        "pg_indexes_size",
        "pg_database_size_oid",
        "pg_database_size_name",
        "pg_tablespace_size_oid",
        "pg_tablespace_size_name",
        "pg_relation_filenode",
        "pg_relation_filepath",
        "pg_filenode_relation",
        "pg_tablespace_location",
        "pg_partition_root",
        "pg_relation_is_updatable",
        "pg_column_is_updatable",
        "pg_relation_is_publishable",
        "pg_sequence_last_value",
        "pg_sequence_parameters",
        "pg_describe_object",
        "pg_identify_object",
        "pg_identify_object_as_address",
        "row_security_active",
        "row_security_active_name",
        "pg_is_other_temp_schema",
        "pg_my_temp_schema",
        "pg_index_column_has_property",
        "pg_index_has_property",
        "pg_indexam_has_property",
        "pg_collation_actual_version",
        "pg_database_collation_actual_version",
        "pg_cancel_backend",
        "pg_terminate_backend",
        "pg_blocking_pids",
        "pg_safe_snapshot_blocking_pids",
        "pg_isolation_test_session_is_blocked",
        "pg_reload_conf",
        "pg_notify",
        "pg_advisory_unlock_all",
        "pg_xact_status",
        "pg_stat_get_snapshot_timestamp",
        "pg_event_trigger_table_rewrite_oid",
        "pg_export_snapshot",
        "pg_stat_clear_snapshot",
        "pg_stat_reset",
        "to_regclass",
        "to_regproc",
        "to_regprocedure",
        "to_regoper",
        "to_regoperator",
        "to_regtype",
        "to_regnamespace",
        "to_regrole",
        "to_regcollation");
    to.catalog(
        "trencadis_backup",
        "trencadis_drain",
        "trencadis_replication_factor",
        "pg_stat_statements_reset");
    // The comments of objects: obj_description, col_description and shobj_description.
    to.catalog("#1215", "#1216", "#1348", "#1993");
    to.catalog(InformationFunctions.NAMES.toArray(String[]::new));
    // Helpers of information_schema.
    to.catalog("#13209", "#13210", "#13211");
    to.catalog(privileges());
    to.catalog(statistics());
    to.catalog(advisoryLocks());
  }

  private static String[] privileges() {
    List<String> all = new ArrayList<>();
    String[] objects = {
      "table",
      "sequence",
      "database",
      "function",
      "language",
      "schema",
      "tablespace",
      "type",
      "server",
      "foreign_data_wrapper",
      "any_column"
    };
    for (String object : objects) {
      for (String shape : new String[] {"id", "name", "id_id", "id_name", "name_id", "name_name"}) {
        all.add("has_" + object + "_privilege_" + shape);
      }
    }
    for (String shape :
        new String[] {
          "id_attnum",
          "id_name",
          "name_attnum",
          "name_name",
          "id_id_attnum",
          "id_id_name",
          "id_name_attnum",
          "id_name_name",
          "name_id_attnum",
          "name_id_name",
          "name_name_attnum",
          "name_name_name"
        }) {
      all.add("has_column_privilege_" + shape);
    }
    for (String shape : new String[] {"id", "name", "id_id", "id_name", "name_id", "name_name"}) {
      all.add("pg_has_role_" + shape);
    }
    for (String shape : new String[] {"name", "id_name", "name_name"}) {
      all.add("has_parameter_privilege_" + shape);
    }
    return all.toArray(String[]::new);
  }

  /// Every `pg_stat_get_*` function that returns a plain value.
  private static String[] statistics() {
    List<String> all = new ArrayList<>();
    for (ProcInfo proc : PgCatalog.allFunctions()) {
      String source = proc.source();
      if (source != null
          && proc.kind() == 'f'
          && !proc.returnsSet()
          && source.startsWith("pg_stat_get_")
          && !source.equals("pg_stat_get_snapshot_timestamp")
          && !all.contains(source)) {
        all.add(source);
      }
    }
    return all.toArray(String[]::new);
  }

  private static String[] advisoryLocks() {
    List<String> all = new ArrayList<>();
    for (String verb :
        new String[] {
          "advisory_lock",
          "advisory_lock_shared",
          "advisory_unlock",
          "advisory_unlock_shared",
          "advisory_xact_lock",
          "advisory_xact_lock_shared",
          "try_advisory_lock",
          "try_advisory_lock_shared",
          "try_advisory_xact_lock",
          "try_advisory_xact_lock_shared"
        }) {
      all.add("pg_" + verb + "_int4");
      all.add("pg_" + verb + "_int8");
    }
    return all.toArray(String[]::new);
  }
}
