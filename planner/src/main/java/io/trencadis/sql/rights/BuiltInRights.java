package io.trencadis.sql.rights;

import java.util.Set;

/// What of the server's own objects is not for everybody.
public final class BuiltInRights {
  private static final Set<String> HIDDEN =
      Set.of(
          "pg_authid",
          "pg_shadow",
          "pg_statistic",
          "pg_statistic_ext_data",
          "pg_user_mapping",
          "pg_largeobject",
          "pg_subscription",
          "pg_hba_file_rules",
          "pg_ident_file_mappings",
          "pg_file_settings",
          "pg_config",
          "pg_backend_memory_contexts",
          "pg_shmem_allocations",
          "pg_replication_origin_status");

  private static final Set<String> GUARDED =
      Set.of(
          "pg_reload_conf",
          "pg_rotate_logfile",
          "pg_switch_wal",
          "pg_create_restore_point",
          "pg_hba_file_rules",
          "pg_ident_file_mappings",
          "pg_show_all_file_settings",
          "pg_config",
          "pg_stat_reset",
          "pg_read_file",
          "pg_read_binary_file",
          "pg_stat_file",
          "pg_ls_dir",
          "pg_ls_logdir",
          "pg_ls_waldir",
          "pg_promote",
          "pg_stat_statements_reset",
          "trencadis_backup",
          "trencadis_drain",
          "trencadis_replication_factor");

  private BuiltInRights() {}

  /// Whether a system relation can be read by superusers alone.
  public static boolean isHidden(String relation) {
    return HIDDEN.contains(relation);
  }

  /// Whether a function can be called by superusers alone.
  public static boolean isGuarded(String function) {
    return GUARDED.contains(function);
  }
}
