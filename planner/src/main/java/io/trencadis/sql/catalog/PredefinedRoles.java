package io.trencadis.sql.catalog;

import java.util.List;

/// The roles that every server has (PostgreSQL 15 manual, 22.5).
public final class PredefinedRoles {
  /// The owner of the current database is its only member.
  public static final int DATABASE_OWNER = 6171;

  public static final int READ_ALL_DATA = 6181;
  public static final int WRITE_ALL_DATA = 6182;
  public static final int MONITOR = 3373;
  public static final int READ_ALL_SETTINGS = 3374;
  public static final int READ_ALL_STATS = 3375;
  public static final int STAT_SCAN_TABLES = 3377;
  public static final int SIGNAL_BACKEND = 4200;
  public static final int READ_SERVER_FILES = 4569;
  public static final int WRITE_SERVER_FILES = 4570;
  public static final int EXECUTE_SERVER_PROGRAM = 4571;
  public static final int CHECKPOINT = 4544;

  private PredefinedRoles() {}

  static List<RoleDescriptor> all() {
    return List.of(
        role(DATABASE_OWNER, "pg_database_owner", List.of()),
        role(READ_ALL_DATA, "pg_read_all_data", List.of()),
        role(WRITE_ALL_DATA, "pg_write_all_data", List.of()),
        role(MONITOR, "pg_monitor", List.of(READ_ALL_SETTINGS, READ_ALL_STATS, STAT_SCAN_TABLES)),
        role(READ_ALL_SETTINGS, "pg_read_all_settings", List.of()),
        role(READ_ALL_STATS, "pg_read_all_stats", List.of()),
        role(STAT_SCAN_TABLES, "pg_stat_scan_tables", List.of()),
        role(READ_SERVER_FILES, "pg_read_server_files", List.of()),
        role(WRITE_SERVER_FILES, "pg_write_server_files", List.of()),
        role(EXECUTE_SERVER_PROGRAM, "pg_execute_server_program", List.of()),
        role(SIGNAL_BACKEND, "pg_signal_backend", List.of()),
        role(CHECKPOINT, "pg_checkpoint", List.of()));
  }

  private static RoleDescriptor role(int oid, String name, List<Integer> memberOf) {
    return new RoleDescriptor(
        oid, name, false, true, false, false, false, false, false, -1, null, null, memberOf);
  }
}
