package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.Set;

/// The collations there are: all of them order text by code points.
public final class Collations {
  private static final Set<String> KNOWN =
      Set.of("C", "POSIX", "C.UTF-8", "C.utf8", "default", "ucs_basic");

  private Collations() {}

  /// @param collation null where none was written
  /// @throws SqlException 42704 for one that is not there, 42804 for a type without any
  public static void require(QualifiedName collation, PgType type) {
    SqlException wrong = wrong(collation, type);
    if (wrong != null) {
      throw wrong;
    }
  }

  /// The same, where PostgreSQL says where the error is.
  public static void require(QualifiedName collation, PgType type, int pos) {
    SqlException wrong = wrong(collation, type);
    if (wrong != null) {
      throw wrong.at(pos);
    }
  }

  private static SqlException wrong(QualifiedName collation, PgType type) {
    if (collation == null) {
      return null;
    }
    if (!KNOWN.contains(collation.name())) {
      return new SqlException(
          SqlState.UNDEFINED_OBJECT,
          "collation \"" + collation + "\" for encoding \"UTF8\" does not exist");
    }
    return type != Types.UNKNOWN && type.collationOid() == 0
        ? new SqlException(
            SqlState.DATATYPE_MISMATCH,
            "collations are not supported by type " + type.displayName())
        : null;
  }
}
