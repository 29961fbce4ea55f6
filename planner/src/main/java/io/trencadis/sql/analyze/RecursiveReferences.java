package io.trencadis.sql.analyze;

import io.trencadis.sql.ast.Query;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.ast.TableRef;
import java.util.List;

/// Finds out whether the queries of a WITH RECURSIVE list name each other or themselves: many are
/// written so that do not.
final class RecursiveReferences {
  private RecursiveReferences() {}

  /// Whether a query names something in a FROM clause, its own WITH queries included.
  static boolean names(Query query, String name) {
    if (query.with() != null) {
      for (Query.Cte cte : query.with().ctes()) {
        if (cte.name().equals(name)) {
          return false;
        }
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
