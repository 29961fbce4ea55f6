package io.trencadis.sql.catalog;

/// The comment on an object.
///
/// @param classOid the system relation that lists objects of this kind: `pg_class`, …
/// @param column of a relation, or 0 for the whole object
public record CommentDescriptor(
    int oid, int databaseOid, int classOid, int objectOid, int column, String text)
    implements Annotation {
  private static final int SCHEMAS = 2615;

  /// What schema `public` of a new database says of itself. `pg_dump` knows the words.
  public static CommentDescriptor ofPublic(int oid, int databaseOid, int schemaOid) {
    return new CommentDescriptor(oid, databaseOid, SCHEMAS, schemaOid, 0, "standard public schema");
  }

  @Override
  public String name() {
    return "";
  }
}
