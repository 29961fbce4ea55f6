package io.trencadis.sql.catalog;

import java.util.List;

/// The privileges on an object, where they are not those that it is born with.
///
/// @param classOid the system relation that lists objects of this kind: `pg_class`, …
/// @param objectOid the object; any kind may have privileges, built-in ones too
/// @param column of a relation, or 0 for the whole object
public record AclDescriptor(
    int oid, int databaseOid, int classOid, int objectOid, int column, List<AclItem> items)
    implements Annotation {
  @Override
  public String name() {
    return "";
  }
}
