package io.trencadis.sql.system;

import io.trencadis.sql.functions.PgCatalog;
import io.trencadis.sql.types.Identifiers;

/// Names of the rows of the smaller built-in relations, whose first two columns are oid and name.
final class BuiltInNames {
  private BuiltInNames() {}

  /// The oid that a name has, or -1.
  static long oid(String relation, String name) {
    for (String[] row : PgCatalog.rows(relation)) {
      if (row[1].equals(name)) {
        return Long.parseLong(row[0]);
      }
    }
    return -1;
  }

  /// The name in quotes if need be, or null.
  static String name(String relation, int oid) {
    for (String[] row : PgCatalog.rows(relation)) {
      if (Integer.parseInt(row[0]) == oid) {
        return Identifiers.quote(row[1]);
      }
    }
    return null;
  }

  /// Whether a relation has a row with that oid.
  static boolean exists(String relation, int oid) {
    return name(relation, oid) != null;
  }
}
