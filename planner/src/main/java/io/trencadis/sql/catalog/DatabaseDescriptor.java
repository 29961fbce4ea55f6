package io.trencadis.sql.catalog;

/// A database: a namespace of schemas that a connection is bound to.
///
/// @param ownerOid the role that owns it
/// @param connectionLimit most connections at once, -1 for no limit
public record DatabaseDescriptor(int oid, String name, int ownerOid, int connectionLimit)
    implements Descriptor {}
