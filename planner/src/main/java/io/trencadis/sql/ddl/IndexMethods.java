package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.ast.SortKey;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.OperatorClasses;
import io.trencadis.sql.types.PgType;
import java.util.List;

/// What CREATE INDEX may say with each access method. The entries of `hash` and `brin` are kept in
/// order, as those of `btree`; what they refuse in PostgreSQL they refuse here, too.
final class IndexMethods {
  private IndexMethods() {}

  /// @throws SqlException where the access method is not there, or lacks what is asked of it
  static void requireSupported(Statement.CreateIndex create) {
    String method = nameOf(create);
    if (!List.of("btree", "hash", "brin", "gin").contains(method)) {
      if (List.of("gist", "spgist").contains(method)) {
        throw SqlException.notSupported("access method \"" + method + "\"").at(create.pos());
      }
      throw new SqlException(
          SqlState.UNDEFINED_OBJECT, "access method \"" + method + "\" does not exist");
    }
    if (method.equals("btree")) {
      return;
    }
    if (create.unique()) {
      throw refused(method, "unique indexes");
    }
    if (!create.include().isEmpty()) {
      throw refused(method, "included columns");
    }
    if (method.equals("hash") && create.elements().size() > 1) {
      throw refused(method, "multicolumn indexes");
    }
  }

  static String nameOf(Statement.CreateIndex create) {
    return create.method() == null ? "btree" : create.method();
  }

  private static SqlException refused(String method, String what) {
    return new SqlException(
        SqlState.FEATURE_NOT_SUPPORTED,
        "access method \"" + method + "\" does not support " + what);
  }

  /// The operator class of a column or expression, as the index keeps it: null for the default of
  /// an ordered one.
  ///
  /// @param trigrams whether the classes of extension `pg_trgm` are there
  /// @throws SqlException where there is none, or it is for other types
  static String operatorClass(
      String method, Statement.IndexElement element, PgType type, boolean trigrams) {
    String chosen;
    if (method.equals("gin")) {
      chosen = InvertedIndexes.operatorClass(element, type, trigrams);
    } else {
      chosen = ordered(method, element.opclass(), type);
    }
    if (!method.equals("btree") && element.direction() != SortKey.Direction.DEFAULT) {
      throw refused(method, "ASC/DESC options");
    }
    if (!method.equals("btree") && element.nulls() != SortKey.Nulls.DEFAULT) {
      throw refused(method, "NULLS FIRST/LAST options");
    }
    return chosen;
  }

  /// The class of what an index has, when that gets another type.
  ///
  /// @param method the access method, or null for `btree`
  /// @param known the class so far
  static String operatorClassFor(String method, String known, PgType type) {
    if ("gin".equals(method)) {
      return InvertedIndexes.operatorClassFor(known, type);
    }
    return ordered(
        method == null ? "btree" : method,
        known == null ? null : QualifiedName.of(known, -1),
        type);
  }

  private static String ordered(String method, QualifiedName written, PgType type) {
    int methodOid = OperatorClasses.method(method);
    int usual = OperatorClasses.forType(methodOid, type.oid());
    if (written == null) {
      if (!type.codec().ordered() || usual == 0) {
        throw new SqlException(
                SqlState.UNDEFINED_OBJECT,
                "data type "
                    + type.displayName()
                    + " has no default operator class for access method \""
                    + method
                    + "\"")
            .hint(
                "You must specify an operator class for the index or define a default operator"
                    + " class for the data type.");
      }
      return null;
    }
    var named =
        written.schema() == null || written.schema().equals("pg_catalog")
            ? OperatorClasses.named(methodOid, written.name())
            : null;
    if (named == null) {
      throw new SqlException(
          SqlState.UNDEFINED_OBJECT,
          "operator class \"" + written + "\" does not exist for access method \"" + method + "\"");
    }
    if (!OperatorClasses.accepts(named, type)) {
      throw new SqlException(
          SqlState.DATATYPE_MISMATCH,
          "operator class \""
              + named.name()
              + "\" does not accept data type "
              + type.displayName());
    }
    if (!type.codec().ordered()) {
      throw SqlException.notSupported("an index of type " + type.displayName());
    }
    return named.oid() == usual ? null : named.name();
  }

  /// Whether a class orders text by its bytes, whatever the column's collation.
  static boolean ordersBytes(String operatorClass) {
    return operatorClass != null && operatorClass.endsWith("_pattern_ops");
  }
}
