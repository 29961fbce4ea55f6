package io.trencadis.sql.catalog;

import java.util.List;

/// An extension that a user has created in a database. `plpgsql`, which is in every database from
/// the start, has none.
///
/// @param schemaOid where its objects are
/// @param members oids of the routines that came with it
public record ExtensionDescriptor(
    int oid,
    int databaseOid,
    String name,
    int ownerOid,
    int schemaOid,
    String version,
    List<Integer> members)
    implements Descriptor {
  public ExtensionDescriptor withOwner(int roleOid) {
    return new ExtensionDescriptor(oid, databaseOid, name, roleOid, schemaOid, version, members);
  }

  public ExtensionDescriptor withSchema(int newSchemaOid) {
    return new ExtensionDescriptor(
        oid, databaseOid, name, ownerOid, newSchemaOid, version, members);
  }
}
