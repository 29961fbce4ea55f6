package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.catalog.ExtensionDescriptor;
import io.trencadis.sql.catalog.RoutineDescriptor;
import io.trencadis.sql.functions.FunctionResolver;
import io.trencadis.sql.functions.ResolvedCall;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.List;
import java.util.Map;

/// Operators that come with extensions: those of `pg_trgm`, which compare texts. They are there
/// where the extension was created and its schema is on the search path, and no other operator
/// fits.
final class ExtensionOperators {
  private static final String EXTENSION = "pg_trgm";
  private static final Map<String, String> FUNCTIONS =
      Map.of(
          "%", "similarity_op",
          "<->", "similarity_dist",
          "<%", "word_similarity_op",
          "%>", "word_similarity_commutator_op",
          "<<->", "word_similarity_dist_op",
          "<->>", "word_similarity_dist_commutator_op",
          "<<%", "strict_word_similarity_op",
          "%>>", "strict_word_similarity_commutator_op",
          "<<<->", "strict_word_similarity_dist_op",
          "<->>>", "strict_word_similarity_dist_commutator_op");

  private ExtensionOperators() {}

  /// The function behind an operator between two types, or null.
  static ResolvedCall find(Names names, String symbol, PgType left, PgType right) {
    String source = FUNCTIONS.get(symbol);
    if (source == null
        || !isText(left) && left != Types.UNKNOWN
        || !isText(right) && right != Types.UNKNOWN
        || left == right && left == Types.UNKNOWN) {
      return null;
    }
    RoutineDescriptor member = member(names, source);
    if (member == null) {
      return null;
    }
    QualifiedName name = QualifiedName.of(member.name(), -1);
    try {
      ResolvedCall call =
          FunctionResolver.function(
              member.name(), names.routines(name), List.of(left, right), List.of(), false);
      return call.proc() != null && call.proc().oid() == member.oid() ? call : null;
    } catch (SqlException e) {
      // Not on the search path.
      return null;
    }
  }

  private static boolean isText(PgType type) {
    PgType base = type.baseType();
    return base == Types.TEXT || base == Types.VARCHAR || base == Types.BPCHAR;
  }

  private static RoutineDescriptor member(Names names, String source) {
    for (ExtensionDescriptor each :
        names.catalog().all(ExtensionDescriptor.class, names.databaseOid())) {
      for (int oid : each.name().equals(EXTENSION) ? each.members() : List.<Integer>of()) {
        if (names.catalog().byOid(oid) instanceof RoutineDescriptor routine
            && routine.source().equals(source)) {
          return routine;
        }
      }
    }
    return null;
  }
}
