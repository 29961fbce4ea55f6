package io.trencadis.sql.session;

import io.trencadis.sql.types.PgType;

/// The functions that only the catalog can answer: `pg_get_*`, `*_is_visible`, `has_*_privilege`,
/// and the names behind the reg… types. Stateless; thread-safe.
public interface CatalogFunctions {
  /// Calls one of them.
  ///
  /// @param prosrc the function's internal name
  Object call(String prosrc, Object[] args, CatalogAccess access);

  /// The oid that a reg… type's input names, or -1.
  long lookupReg(PgType regType, String text, CatalogAccess access);

  /// What a reg… type prints for an oid, or null.
  String regName(PgType regType, long oid, CatalogAccess access);
}
