package io.trencadis.sql.catalog;

/// A schema of one database.
public record SchemaDescriptor(int oid, int databaseOid, String name, int ownerOid)
    implements Descriptor {
  private static final String TEMPORARY = "pg_temp_";

  /// The name of the schema of a session's temporary tables.
  public static String temporaryName(int processId) {
    return TEMPORARY + processId;
  }

  /// Whether it holds the temporary tables of a session.
  public boolean isTemporary() {
    return name.startsWith(TEMPORARY);
  }
}
