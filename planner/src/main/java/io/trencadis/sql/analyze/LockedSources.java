package io.trencadis.sql.analyze;

import io.trencadis.sql.ast.Query;
import io.trencadis.sql.ast.TableRef;
import java.util.List;
import org.apache.calcite.rex.RexInputRef;

/// FOR UPDATE of a view or a sub-select, which locks rows of the tables in it.
final class LockedSources {
  private LockedSources() {}

  /// The locking clauses that mean an item of FROM.
  ///
  /// @param alias null where the item has none
  /// @param name its own name; null where it has none
  static List<Query.Locking> meant(List<Query.Locking> locking, TableRef.Alias alias, String name) {
    String known = alias == null ? name : alias.name();
    return locking.stream()
        .filter(
            each ->
                each.of().isEmpty() || each.of().stream().anyMatch(of -> of.name().equals(known)))
        .toList();
  }

  /// The same of a view's query. As in PostgreSQL, nothing is locked in a view that is a UNION,
  /// while such a sub-select is refused.
  static List<Query.Locking> inView(
      Query query, List<Query.Locking> locking, TableRef.Alias alias, String name) {
    return query.body() instanceof Query.SetOperation ? List.of() : meant(locking, alias, name);
  }

  /// A view or sub-select over the tables in it that whoever locks it has to lock.
  static FromAnalyzer.From over(FromAnalyzer.From from, QueryAnalyzer.Result result) {
    List<Scope.Behind> behind =
        result.marks().stream()
            .map(
                mark ->
                    new Scope.Behind(
                        RexInputRef.of(mark.column(), result.rel().getRowType()), mark.relation()))
            .toList();
    return behind.isEmpty()
        ? from
        : new FromAnalyzer.From(
            from.rel(),
            List.of(from.items().getFirst().over(behind)),
            from.visible(),
            from.references());
  }
}
