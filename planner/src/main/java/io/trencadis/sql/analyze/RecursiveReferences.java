package io.trencadis.sql.analyze;

import io.trencadis.sql.ast.AstWalk;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.ast.Query;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.ast.TableRef;
import java.util.List;

/// Finds out whether the queries of a WITH RECURSIVE list name each other or themselves: many are
/// written so that do not. Stateless.
final class RecursiveReferences {
  private RecursiveReferences() {}

  /// Whether a query or change has the name for a table somewhere in it, where no WITH query of its
  /// own has taken it. The table that a change is to counts as well, as it does in PostgreSQL.
  static boolean names(Object part, String name) {
    boolean[] found = new boolean[1];
    AstWalk.visitWhile(
        part,
        node -> {
          if (found[0]) {
            return false;
          }
          Query.With with = withOf(node);
          if (with != null && with.ctes().stream().anyMatch(cte -> cte.name().equals(name))) {
            found[0] = !with.recursive() && namedBeforeTaken(with.ctes(), name);
            return false;
          }
          found[0] = named(node, name);
          return true;
        });
    return found[0];
  }

  /// The queries of a WITH list without RECURSIVE see the name up to the one that takes it.
  private static boolean namedBeforeTaken(List<Query.Cte> ctes, String name) {
    for (Query.Cte cte : ctes) {
      if (names(cte.statement(), name)) {
        return true;
      }
      if (cte.name().equals(name)) {
        return false;
      }
    }
    return false;
  }

  private static boolean named(Record node, String name) {
    return switch (node) {
      case TableRef.TableName table -> is(table.name(), name);
      case Statement.Insert insert -> is(insert.table(), name);
      case Statement.Update update -> is(update.table(), name);
      case Statement.Delete delete -> is(delete.table(), name);
      case Statement.Merge merge -> is(merge.table(), name);
      default -> false;
    };
  }

  private static boolean is(QualifiedName table, String name) {
    return table.parts().equals(List.of(name));
  }

  /// The WITH clause of a query or change, or null.
  static Query.With withOf(Record node) {
    return switch (node) {
      case Query query -> query.with();
      case Statement.Insert insert -> insert.with();
      case Statement.Update update -> update.with();
      case Statement.Delete delete -> delete.with();
      case Statement.Merge merge -> merge.with();
      default -> null;
    };
  }
}
