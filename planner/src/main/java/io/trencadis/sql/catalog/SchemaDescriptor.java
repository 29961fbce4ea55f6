package io.trencadis.sql.catalog;

/// A schema of one database.
public record SchemaDescriptor(int oid, int databaseOid, String name, int ownerOid)
    implements Descriptor {}
