package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.OperatorClasses;
import io.trencadis.sql.execute.InvertedTerms;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.List;

/// Which operator classes CREATE INDEX … USING gin takes.
final class InvertedIndexes {
  private static final List<String> JSON_CLASSES = List.of("jsonb_ops", "jsonb_path_ops");

  private InvertedIndexes() {}

  /// The operator class of one column or expression.
  ///
  /// @param trigrams whether extension `pg_trgm` was created
  static String operatorClass(Statement.IndexElement element, PgType type, boolean trigrams) {
    String named = element.opclass() == null ? null : element.opclass().name();
    if (InvertedTerms.TRIGRAM_CLASS.equals(named) && trigrams) {
      if (!OperatorClasses.accepts(
          OperatorClasses.named(OperatorClasses.method("gin"), named), type)) {
        throw notFor(named, type);
      }
      return named;
    }
    return operatorClass(named, type);
  }

  private static SqlException notFor(String named, PgType type) {
    return new SqlException(
        SqlState.DATATYPE_MISMATCH,
        "operator class \"" + named + "\" does not accept data type " + type.displayName());
  }

  /// What becomes of a class when what the index has gets another type: the default of one is
  /// followed by that of the other.
  static String operatorClassFor(String known, PgType type) {
    if (InvertedTerms.TRIGRAM_CLASS.equals(known)) {
      if (type.baseType() != Types.TEXT && type.baseType() != Types.VARCHAR) {
        throw notFor(known, type);
      }
      return known;
    }
    return operatorClass("jsonb_path_ops".equals(known) ? known : null, type);
  }

  private static String operatorClass(String named, PgType type) {
    PgType base = type.baseType();
    if (named != null && !named.equals("array_ops") && !JSON_CLASSES.contains(named)) {
      throw new SqlException(
          SqlState.UNDEFINED_OBJECT,
          "operator class \"" + named + "\" does not exist for access method \"gin\"");
    }
    boolean fits =
        named == null
            ? base == Types.JSONB || base.isArray()
            : named.equals("array_ops") ? base.isArray() : base == Types.JSONB;
    if (!fits && named != null) {
      throw notFor(named, type);
    }
    if (!fits) {
      throw new SqlException(
              SqlState.UNDEFINED_OBJECT,
              "data type "
                  + type.displayName()
                  + " has no default operator class for access method \"gin\"")
          .hint(
              "You must specify an operator class for the index or define a default operator class"
                  + " for the data type.");
    }
    if (base.isArray() && !base.elementType().codec().ordered()) {
      throw new SqlException(
          SqlState.UNDEFINED_FUNCTION,
          "could not identify a comparison function for type " + base.elementType().displayName());
    }
    return named != null ? named : base.isArray() ? "array_ops" : "jsonb_ops";
  }
}
