package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.OperatorName;
import io.trencadis.sql.ast.Query;
import io.trencadis.sql.ast.TableRef;
import io.trencadis.sql.ast.TypeName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// SEARCH and CYCLE of a recursive query, as the columns that they stand for (PostgreSQL 15 manual,
/// 7.8.2): both terms of the UNION become sub-selects of a term that computes them, and the rows of
/// the last round carry them as columns that only these terms can name.
final class SearchCycle {
  private static final String LEFT = "*TLOCRN*";
  private static final String RIGHT = "*TROCRN*";

  /// Stands before the names of hidden columns: no statement can write it.
  private static final String HIDDEN = "\u0001";

  private final Query.Cte cte;
  private final List<String> names;
  private final Query.Search search;
  private final Query.Cycle cycle;

  /// @param names of the query's columns
  SearchCycle(Query.Cte cte, List<String> names) {
    this.cte = cte;
    this.names = names;
    this.search = cte.search();
    this.cycle = cte.cycle();
    requireNames();
  }

  /// Fails where a query has one of the clauses and does not name itself.
  static void requireRecursion(Ctes.Found found) {
    Query.Cte cte = found.cte();
    if (!found.recursive() && (cte.search() != null || cte.cycle() != null)) {
      int pos = cte.search() != null ? cte.search().pos() : cte.cycle().pos();
      throw syntax("WITH query is not recursive", pos);
    }
  }

  /// The names of the columns that the clauses add, as the recursive term sees them.
  List<String> hidden() {
    List<String> hidden = new ArrayList<>();
    added().forEach(name -> hidden.add(HIDDEN + name));
    return hidden;
  }

  private List<String> added() {
    List<String> added = new ArrayList<>();
    if (search != null) {
      added.add(search.sequence());
    }
    if (cycle != null) {
      added.add(cycle.mark());
      added.add(cycle.path());
    }
    return added;
  }

  private void requireNames() {
    if (search != null) {
      requireColumns("search", search.columns(), search.pos());
      requireNew("search sequence", search.sequence(), search.pos());
    }
    if (cycle != null) {
      requireColumns("cycle", cycle.columns(), cycle.pos());
      requireNew("cycle mark", cycle.mark(), cycle.pos());
      requireNew("cycle path", cycle.path(), cycle.pos());
      requireOther("cycle mark", cycle.mark(), "cycle path", cycle.path());
      if (search != null) {
        requireOther("search sequence", search.sequence(), "cycle mark", cycle.mark());
        requireOther("search sequence", search.sequence(), "cycle path", cycle.path());
      }
    }
  }

  private void requireColumns(String kind, List<String> columns, int pos) {
    Set<String> known = new HashSet<>();
    for (String column : columns) {
      if (!names.contains(column)) {
        throw syntax(kind + " column \"" + column + "\" not in WITH query column list", pos);
      }
      if (!known.add(column)) {
        throw new SqlException(
                SqlState.DUPLICATE_COLUMN,
                kind + " column \"" + column + "\" specified more than once")
            .at(pos);
      }
    }
  }

  private void requireNew(String kind, String column, int pos) {
    if (names.contains(column)) {
      throw syntax(
          kind + " column name \"" + column + "\" already used in WITH query column list", pos);
    }
  }

  private void requireOther(String kind, String column, String other, String otherColumn) {
    if (column.equals(otherColumn)) {
      throw syntax(kind + " column name and " + other + " column name are the same", cycle.pos());
    }
  }

  private static SqlException syntax(String message, int pos) {
    return new SqlException(SqlState.SYNTAX_ERROR, message).at(pos);
  }

  private static SqlException notBuilt(String message) {
    return new SqlException(
        SqlState.FEATURE_NOT_SUPPORTED, "with a SEARCH or CYCLE clause, " + message);
  }

  // ---- the terms

  Query.SetOperation rewritten(Query.SetOperation operation) {
    if (operation.left() instanceof Query.SetOperation) {
      throw notBuilt("the left side of the UNION must be a SELECT");
    }
    if (!(operation.right() instanceof Query.SelectCore right)) {
      throw notBuilt("the right side of the UNION must be a SELECT");
    }
    return new Query.SetOperation(
        operation.kind(), operation.all(), left(operation.left()), right(right), operation.pos());
  }

  private Query.SelectCore left(Query.Body term) {
    List<Query.Target> targets = copied(LEFT);
    if (search != null) {
      Expr row = row(LEFT, search.columns(), search.breadth() ? number("0") : null);
      targets.add(named(search.breadth() ? row : array(row), search.sequence()));
    }
    if (cycle != null) {
      // The mark has the type that both of its values have in common.
      targets.add(named(mark(new Expr.BooleanLiteral(false, -1)), cycle.mark()));
      targets.add(named(array(row(LEFT, cycle.columns(), null)), cycle.path()));
    }
    return select(targets, term, LEFT, names, null);
  }

  private Query.SelectCore right(Query.SelectCore term) {
    String own = own(term);
    List<Query.Target> within = new ArrayList<>(term.targets());
    List<String> columns = new ArrayList<>(names);
    for (String name : hidden()) {
      within.add(target(column(own, name)));
      columns.add(name);
    }
    List<Query.Target> targets = copied(RIGHT);
    if (search != null) {
      Expr before = column(RIGHT, HIDDEN + search.sequence());
      if (search.breadth()) {
        Expr depth = binary("+", new Expr.FieldAccess(before, "f1", -1), number("1"));
        targets.add(target(row(RIGHT, search.columns(), depth)));
      } else {
        targets.add(target(binary("||", before, row(RIGHT, search.columns(), null))));
      }
    }
    Expr where = null;
    if (cycle != null) {
      Expr path = column(RIGHT, HIDDEN + cycle.path());
      Expr row = row(RIGHT, cycle.columns(), null);
      targets.add(
          target(mark(new Expr.QuantifiedArray(row, OperatorName.of("="), false, path, -1))));
      targets.add(target(binary("||", path, row)));
      where = binary("<>", column(RIGHT, HIDDEN + cycle.mark()), cycle.value());
    }
    Query.SelectCore inner =
        new Query.SelectCore(
            term.distinct(),
            term.distinctOn(),
            within,
            term.from(),
            term.where(),
            term.groupByDistinct(),
            term.groupBy(),
            term.having(),
            term.windows(),
            term.pos());
    return select(targets, inner, RIGHT, columns, where);
  }

  private Expr mark(Expr condition) {
    return new Expr.Case(
        null, List.of(new Expr.When(condition, cycle.value(), -1)), cycle.otherwise(), cycle.pos());
  }

  /// What the recursive term calls the rows of the last round.
  private String own(Query.SelectCore term) {
    for (TableRef ref : term.from()) {
      String found = own(ref);
      if (found != null) {
        return found;
      }
    }
    throw notBuilt(
        "the recursive reference to WITH query \""
            + cte.name()
            + "\" must be at the top level of its right-hand SELECT");
  }

  private String own(TableRef ref) {
    return switch (ref) {
      case TableRef.TableName table when table.name().parts().equals(List.of(cte.name())) ->
          table.alias() == null ? cte.name() : table.alias().name();
      case TableRef.Join join -> {
        String left = own(join.left());
        yield left != null ? left : own(join.right());
      }
      default -> null;
    };
  }

  private List<Query.Target> copied(String from) {
    List<Query.Target> targets = new ArrayList<>();
    names.forEach(name -> targets.add(target(column(from, name))));
    return targets;
  }

  private static Query.SelectCore select(
      List<Query.Target> targets, Query.Body from, String alias, List<String> columns, Expr where) {
    TableRef source =
        new TableRef.SubqueryTable(
            false, Query.of(from), new TableRef.Alias(alias, columns, -1), from.pos());
    return new Query.SelectCore(
        false,
        List.of(),
        targets,
        List.of(source),
        where,
        false,
        List.of(),
        null,
        List.of(),
        from.pos());
  }

  private Query.Target target(Expr expr) {
    return new Query.Target(expr, null, cte.pos());
  }

  private Query.Target named(Expr expr, String name) {
    return new Query.Target(expr, name, cte.pos());
  }

  private static Expr column(String table, String name) {
    return new Expr.ColumnRef(List.of(table, name), false, -1);
  }

  private static Expr binary(String operator, Expr left, Expr right) {
    return new Expr.BinaryOp(OperatorName.of(operator), left, right, -1);
  }

  private static Expr array(Expr element) {
    return new Expr.ArrayConstructor(List.of(element), -1);
  }

  /// @param first what stands before the columns, or null
  private static Expr row(String table, List<String> columns, Expr first) {
    List<Expr> fields = new ArrayList<>();
    if (first != null) {
      fields.add(first);
    }
    columns.forEach(name -> fields.add(column(table, name)));
    return new Expr.Row(fields, true, -1);
  }

  private static Expr number(String digits) {
    return new Expr.Cast(
        new Expr.NumberLiteral(digits, Expr.NumberClass.INT4, false, -1, -1),
        TypeName.system("int8", -1),
        -1);
  }
}
