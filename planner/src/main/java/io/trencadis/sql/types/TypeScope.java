package io.trencadis.sql.types;

/// The types of users as one session sees them. Called on the session's thread.
public interface TypeScope {
  /// The user's type with this oid, or null. The same type is the same object as long as its
  /// definition and those of all other types of users stay what they are.
  PgType byOid(int oid);

  /// Whether the search path leads to the type, so that its name needs no schema.
  boolean visible(PgType type);

  /// The name of a schema, or null where it is not known.
  default String schemaName(int oid) {
    return null;
  }
}
