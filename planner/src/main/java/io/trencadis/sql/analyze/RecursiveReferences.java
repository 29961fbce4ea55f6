package io.trencadis.sql.analyze;

import io.trencadis.sql.ast.Query;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.ast.TableRef;
import java.util.List;

/// Finds out whether a WITH RECURSIVE list is recursive at all: many are written so that are not.
final class RecursiveReferences {
  private RecursiveReferences() {}

  /// Whether some query of the list names itself or a later one of the list in a FROM clause.
  static boolean in(Query.With with) {
    List<Query.Cte> ctes = with.ctes();
    for (int i = 0; i < ctes.size(); i++) {
      if (ctes.get(i).statement() instanceof Statement.Select select) {
        for (Query.Cte later : ctes.subList(i, ctes.size())) {
          if (names(select.query(), later.name())) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static boolean names(Query query, String name) {
    if (query.with() != null) {
      for (Query.Cte cte : query.with().ctes()) {
        if (cte.statement() instanceof Statement.Select select && names(select.query(), name)) {
          return true;
        }
      }
    }
    return names(query.body(), name);
  }

  private static boolean names(Query.Body body, String name) {
    return switch (body) {
      case Query.SelectCore core -> core.from().stream().anyMatch(ref -> names(ref, name));
      case Query.SetOperation operation ->
          names(operation.left(), name) || names(operation.right(), name);
      case Query.Nested nested -> names(nested.query(), name);
      case Query.Values _ -> false;
    };
  }

  private static boolean names(TableRef ref, String name) {
    return switch (ref) {
      case TableRef.TableName table -> table.name().parts().equals(List.of(name));
      case TableRef.Join join -> names(join.left(), name) || names(join.right(), name);
      case TableRef.SubqueryTable subquery -> names(subquery.query(), name);
      case TableRef.FunctionTable _ -> false;
    };
  }
}
