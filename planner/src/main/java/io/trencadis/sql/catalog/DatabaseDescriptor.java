package io.trencadis.sql.catalog;

/// A database: a namespace of schemas that a connection is bound to.
///
/// @param ownerOid the role that owns it
/// @param connectionLimit most connections at once, -1 for no limit
/// @param template whether it is one that others are made like: `pg_database.datistemplate`
/// @param closed whether nobody can connect to it: not `pg_database.datallowconn`
public record DatabaseDescriptor(
    int oid, String name, int ownerOid, int connectionLimit, boolean template, boolean closed)
    implements Descriptor {
  /// One that everybody may connect to and that is no template.
  public DatabaseDescriptor(int oid, String name, int ownerOid, int connectionLimit) {
    this(oid, name, ownerOid, connectionLimit, false, false);
  }

  public DatabaseDescriptor withOwner(int roleOid) {
    return new DatabaseDescriptor(oid, name, roleOid, connectionLimit, template, closed);
  }

  public DatabaseDescriptor withName(String newName) {
    return new DatabaseDescriptor(oid, newName, ownerOid, connectionLimit, template, closed);
  }

  public DatabaseDescriptor withLimit(int connections) {
    return new DatabaseDescriptor(oid, name, ownerOid, connections, template, closed);
  }

  public DatabaseDescriptor withTemplate(boolean value) {
    return new DatabaseDescriptor(oid, name, ownerOid, connectionLimit, value, closed);
  }

  public DatabaseDescriptor withClosed(boolean value) {
    return new DatabaseDescriptor(oid, name, ownerOid, connectionLimit, template, value);
  }
}
