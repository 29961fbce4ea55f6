package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Query;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.rel.WorkTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;

/// The WITH queries that may be named, innermost first. Immutable, but for the count of references
/// in a [Work].
///
/// @param before what was in sight where `cte` was written
/// @param recursive whether the query names itself
/// @param work set while the query's own recursive term is analyzed, or once it has been made to
///   run: what its name stands for
/// @param barrier what a reference to `work` must not appear within, or null
record Ctes(
    Query.Cte cte,
    Ctes before,
    OuterReferences outer,
    boolean recursive,
    Work work,
    String barrier) {
  /// A WITH query and what its own text may name.
  record Found(
      Query.Cte cte,
      Ctes ctes,
      OuterReferences outer,
      boolean recursive,
      Work work,
      String barrier) {}

  /// Rows that a name stands for.
  static final class Work {
    final WorkTable table;
    final RelDataType rowType;
    final List<QueryAnalyzer.Output> columns;
    final boolean ownTerm;
    final List<QueryAnalyzer.Output> hidden;
    int references;

    /// @param ownTerm whether these are the rows of a recursive query's last round
    Work(
        WorkTable table, RelDataType rowType, List<QueryAnalyzer.Output> columns, boolean ownTerm) {
      this(table, rowType, columns, List.of(), ownTerm);
    }

    /// @param hidden columns behind the others that no `*` shows
    Work(
        WorkTable table,
        RelDataType rowType,
        List<QueryAnalyzer.Output> columns,
        List<QueryAnalyzer.Output> hidden,
        boolean ownTerm) {
      this.hidden = hidden;
      this.table = table;
      this.rowType = rowType;
      this.columns = columns;
      this.ownTerm = ownTerm;
    }

    /// The hidden columns over rows of the table.
    List<Scope.Column> hidden(Analysis analysis, RelNode rows) {
      List<Scope.Column> all = new ArrayList<>();
      for (QueryAnalyzer.Output each : hidden) {
        int place = columns.size() + all.size();
        all.add(new Scope.Column(each.name(), analysis.rex().makeInputRef(rows, place), 0, 0));
      }
      return all;
    }
  }

  static Ctes with(Ctes before, Query.With with, OuterReferences outer) {
    requireDistinct(with.ctes());
    Ctes all = before;
    for (Query.Cte cte : inOrder(with)) {
      boolean recursive =
          with.recursive() && RecursiveReferences.names(cte.statement(), cte.name());
      if (recursive && !(cte.statement() instanceof Statement.Select)) {
        throw new SqlException(
                SqlState.INVALID_RECURSION,
                "recursive query \"" + cte.name() + "\" must not contain data-modifying statements")
            .at(cte.pos());
      }
      all = new Ctes(cte, all, outer, recursive, null, null);
    }
    return all;
  }

  private static void requireDistinct(List<Query.Cte> ctes) {
    Set<String> names = new HashSet<>();
    for (Query.Cte cte : ctes) {
      if (!names.add(cte.name())) {
        throw new SqlException(
                SqlState.DUPLICATE_ALIAS,
                "WITH query name \"" + cte.name() + "\" specified more than once")
            .at(cte.pos());
      }
    }
  }

  /// Fails where more columns are named than a WITH query has.
  static void requireColumns(Query.Cte cte, int available) {
    if (cte.columns().size() > available) {
      throw new SqlException(
              SqlState.INVALID_COLUMN_REFERENCE,
              "WITH query \""
                  + cte.name()
                  + "\" has "
                  + available
                  + " columns available but "
                  + cte.columns().size()
                  + " columns specified")
          .at(cte.pos());
    }
  }

  /// The queries of a WITH list, each after those that it names: RECURSIVE lets them stand in any
  /// order.
  static List<Query.Cte> inOrder(Query.With with) {
    if (!with.recursive()) {
      return with.ctes();
    }
    List<Query.Cte> ordered = new ArrayList<>(with.ctes());
    for (int i = 0; i < ordered.size(); i++) {
      int ready = i;
      while (ready < ordered.size()
          && namesAnother(ordered.get(ready), ordered.subList(i, ordered.size()))) {
        ready++;
      }
      if (ready == ordered.size()) {
        throw new SqlException(
                SqlState.FEATURE_NOT_SUPPORTED,
                "mutual recursion between WITH items is not implemented")
            .at(ordered.get(i).pos());
      }
      // Exchanged, not moved: changes that nothing orders run in the order that PostgreSQL has.
      Collections.swap(ordered, i, ready);
    }
    return ordered;
  }

  private static boolean namesAnother(Query.Cte cte, List<Query.Cte> all) {
    return all.stream()
        .anyMatch(
            other -> other != cte && RecursiveReferences.names(cte.statement(), other.name()));
  }

  /// A name that stands for rows which are there when it is read.
  static Ctes working(
      Ctes before, Query.Cte cte, OuterReferences outer, Work work, String barrier) {
    return new Ctes(cte, before, outer, false, work, barrier);
  }

  /// The same names, inside of something that a recursive reference must not appear within.
  static Ctes within(Ctes ctes, String what) {
    if (ctes == null || !anyOwnTerm(ctes)) {
      return ctes;
    }
    return new Ctes(
        ctes.cte,
        within(ctes.before, what),
        ctes.outer,
        ctes.recursive,
        ctes.work,
        ctes.barrier == null ? what : ctes.barrier);
  }

  /// Whether the rows of a recursive query's last round are in sight.
  static boolean anyOwnTerm(Ctes ctes) {
    for (Ctes at = ctes; at != null; at = at.before) {
      if (at.work != null && at.work.ownTerm) {
        return true;
      }
    }
    return false;
  }

  /// How many references to the rows of recursive queries have been met.
  static int recursiveReferences(Ctes ctes) {
    int count = 0;
    for (Ctes at = ctes; at != null; at = at.before) {
      count += at.work != null && at.work.ownTerm ? at.work.references : 0;
    }
    return count;
  }

  /// The WITH query of that name, or null.
  static Found find(Ctes ctes, String name) {
    for (Ctes at = ctes; at != null; at = at.before) {
      if (at.cte.name().equals(name)) {
        return at.found();
      }
    }
    return null;
  }

  /// The innermost name itself.
  Found found() {
    return new Found(cte, before, outer, recursive, work, barrier);
  }
}
