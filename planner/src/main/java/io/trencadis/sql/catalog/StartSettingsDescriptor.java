package io.trencadis.sql.catalog;

import java.util.List;

/// Settings that sessions begin with: ALTER ROLE … SET and ALTER DATABASE … SET.
///
/// @param databaseOid for sessions in one database, or 0 for any
/// @param roleOid for sessions of one role, or 0 for any
/// @param settings each as `name=value`
public record StartSettingsDescriptor(int oid, int databaseOid, int roleOid, List<String> settings)
    implements Descriptor {
  @Override
  public String name() {
    return "";
  }
}
