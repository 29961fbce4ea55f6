package io.trencadis.sql.catalog;

import java.util.List;

/// What ALTER DEFAULT PRIVILEGES gave: privileges on objects that a role will make.
///
/// @param schemaOid where they are made, or 0 for everywhere
/// @param kind `pg_default_acl.defaclobjtype`: r, S, f, T or n
public record DefaultAclDescriptor(
    int oid, int databaseOid, int roleOid, int schemaOid, char kind, List<AclItem> items)
    implements Descriptor {
  @Override
  public String name() {
    return "";
  }
}
