package io.trencadis.sql.catalog;

/// The comment on an object.
///
/// @param classOid the system relation that lists objects of this kind: `pg_class`, …
/// @param column of a relation, or 0 for the whole object
public record CommentDescriptor(
    int oid, int databaseOid, int classOid, int objectOid, int column, String text)
    implements Annotation {
  @Override
  public String name() {
    return "";
  }
}
