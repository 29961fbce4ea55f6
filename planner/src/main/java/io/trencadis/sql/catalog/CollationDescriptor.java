package io.trencadis.sql.catalog;

import io.trencadis.sql.collation.Collation;

/// A collation that a user made.
///
/// @param provider i for ICU, c for the C library
/// @param collate the C library's LC_COLLATE; null for ICU
/// @param ctype the C library's LC_CTYPE; null for ICU
/// @param locale of ICU; null for the C library, whose only locales here are those of code points
/// @param version of the locale's data when it was made, or null
public record CollationDescriptor(
    int oid,
    int databaseOid,
    int schemaOid,
    String name,
    int ownerOid,
    char provider,
    boolean deterministic,
    String collate,
    String ctype,
    String locale,
    String version)
    implements Descriptor {
  public CollationDescriptor withName(int newSchemaOid, String newName) {
    return new CollationDescriptor(
        oid,
        databaseOid,
        newSchemaOid,
        newName,
        ownerOid,
        provider,
        deterministic,
        collate,
        ctype,
        locale,
        version);
  }

  public CollationDescriptor withOwner(int roleOid) {
    return new CollationDescriptor(
        oid,
        databaseOid,
        schemaOid,
        name,
        roleOid,
        provider,
        deterministic,
        collate,
        ctype,
        locale,
        version);
  }

  /// What columns and expressions know of it.
  public Collation collation(Catalog catalog) {
    String schema = catalog.byOid(schemaOid) instanceof SchemaDescriptor in ? in.name() : "";
    return new Collation(oid, schema, name, locale, deterministic);
  }
}
