package io.trencadis.sql.deparse;

import io.trencadis.sql.analyze.Analyzer;
import io.trencadis.sql.analyze.Names;
import io.trencadis.sql.analyze.Trace;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.Query;
import io.trencadis.sql.ast.SortKey;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.ast.WindowSpec;
import io.trencadis.sql.types.Identifiers;
import java.util.ArrayList;
import java.util.List;

/// Writes queries that were analyzed, each clause on a line of its own.
final class QueryPrinter {
  private final Trace trace;
  private final Frames frames;
  private final TreeBuilder builder;
  private final Output out = new Output();
  private final TreePrinter printer;
  private final FromPrinter from;
  private final int wrap;

  /// A column of a select list.
  ///
  /// @param name null for none of its own
  private record Target(Tree tree, String name) {}

  /// @param wrap how many characters a line may have before the next column begins another one
  QueryPrinter(Names names, Trace trace, Frames frames, boolean pretty, int wrap) {
    this.trace = trace;
    this.frames = frames;
    this.builder = new TreeBuilder(names, trace, frames);
    this.printer = new TreePrinter(out, pretty, inner -> query(inner, null, false));
    this.from = new FromPrinter(names, trace, frames, this, pretty);
    this.wrap = wrap;
  }

  Output out() {
    return out;
  }

  int wrap() {
    return wrap;
  }

  TreeBuilder builder() {
    return builder;
  }

  TreePrinter printer() {
    return printer;
  }

  /// @param names of the columns where they are others than the query says, or null
  /// @param named whether whoever uses the query sees its columns' names
  void query(Query query, List<String> names, boolean named) {
    int level = out.level();
    frames.enter(
        query.body() instanceof Query.SelectCore core
            ? FromPrinter.itemNames(core.from())
            : List.of());
    with(query.with());
    List<Target> targets = List.of();
    switch (query.body()) {
      case Query.SelectCore core -> {
        targets = targets(core, names);
        select(core, targets, named);
      }
      case Query.Values values -> values(values, names);
      case Query.SetOperation operation -> operand(operation, names, named);
      case Query.Nested nested -> {
        out.level(level);
        frames.leave();
        frames.enter(List.of());
        query(nested.query(), names, named);
      }
    }
    if (!query.orderBy().isEmpty()) {
      clause(" ORDER BY ", 1);
      orderBy(query, targets);
    }
    limits(query);
    locks(query);
    frames.leave();
    out.level(level);
  }

  private void clause(String word, int plus) {
    out.line(word, -Output.STEP, Output.STEP, plus);
  }

  // ---- WITH

  private void with(Query.With with) {
    if (with == null) {
      return;
    }
    out.indent(Output.STEP);
    out.add(with.recursive() ? " WITH RECURSIVE " : " WITH ");
    for (int i = 0; i < with.ctes().size(); i++) {
      Query.Cte cte = with.ctes().get(i);
      if (!(cte.statement() instanceof Statement.Select select)) {
        throw new TreeBuilder.Unwritable("a change in WITH");
      }
      out.add((i == 0 ? "" : ", ") + Identifiers.quote(cte.name()));
      if (!cte.columns().isEmpty()) {
        out.add(FromPrinter.columns(cte.columns()));
      }
      out.add(
          switch (cte.materialized()) {
            case DEFAULT -> " AS (";
            case ALWAYS -> " AS MATERIALIZED (";
            case NEVER -> " AS NOT MATERIALIZED (";
          });
      out.line("", 0, 0, 0);
      query(select.query(), null, true);
      out.line(")", 0, 0, 0);
      walk(cte);
    }
    out.line("", -Output.STEP, 0, 0);
  }

  /// SEARCH and CYCLE.
  private void walk(Query.Cte cte) {
    Query.Search search = cte.search();
    if (search != null) {
      out.add(search.breadth() ? " SEARCH BREADTH FIRST BY " : " SEARCH DEPTH FIRST BY ");
      out.add(FromPrinter.list(search.columns()));
      out.add(" SET " + Identifiers.quote(search.sequence()));
    }
    Query.Cycle cycle = cte.cycle();
    if (cycle == null) {
      return;
    }
    out.add(" CYCLE " + FromPrinter.list(cycle.columns()));
    out.add(" SET " + Identifiers.quote(cycle.mark()));
    boolean plain =
        cycle.value() == null
            || cycle.value() instanceof Expr.BooleanLiteral value
                && value.value()
                && cycle.otherwise() instanceof Expr.BooleanLiteral otherwise
                && !otherwise.value();
    if (!plain) {
      out.add(" TO ");
      printer.print(builder.constantOf(cycle.value()), false);
      out.add(" DEFAULT ");
      printer.print(builder.constantOf(cycle.otherwise()), false);
    }
    out.add(" USING " + Identifiers.quote(cycle.path()));
  }

  // ---- set operations

  private void operand(Query.Body body, List<String> names, boolean named) {
    if (!(body instanceof Query.SetOperation operation)) {
      Query inner = body instanceof Query.Nested nested ? nested.query() : Query.of(body);
      boolean enclosed =
          inner.with() != null
              || !inner.orderBy().isEmpty()
              || !inner.locking().isEmpty()
              || inner.offset() != null
              || inner.limit() != null
              || inner.body() instanceof Query.SetOperation;
      out.add(enclosed ? "(" : "");
      query(inner, names, named);
      out.add(enclosed ? ")" : "");
      return;
    }
    boolean left =
        operation.left() instanceof Query.SetOperation other
            && (other.kind() != operation.kind() || other.all() != operation.all());
    if (left) {
      out.add("(");
      out.line("", Output.STEP, 0, 0);
    }
    operand(operation.left(), names, named);
    out.line(left ? ") " : "", left ? -Output.STEP : 0, 0, 0);
    out.add(operation.kind() + " " + (operation.all() ? "ALL " : ""));
    boolean right = operation.right() instanceof Query.SetOperation;
    out.add(right ? "(" : "");
    out.line("", right ? Output.STEP : 0, 0, 0);
    operand(operation.right(), names, false);
    if (right) {
      out.indent(-Output.STEP);
      out.line(")", 0, 0, 0);
    }
  }

  private void values(Query.Values values, List<String> names) {
    for (int i = 0; names != null && i < names.size(); i++) {
      if (!names.get(i).equals("column" + (i + 1))) {
        throw new TreeBuilder.Unwritable("VALUES with names for its columns");
      }
    }
    out.indent(Output.STEP);
    out.add(" VALUES ");
    for (int i = 0; i < values.rows().size(); i++) {
      out.add(i == 0 ? "(" : ", (");
      List<Expr> row = values.rows().get(i);
      for (int j = 0; j < row.size(); j++) {
        out.add(j == 0 ? "" : ",");
        printer.print(builder.as(row.get(j)), false);
      }
      out.add(")");
    }
  }

  // ---- SELECT

  private void select(Query.SelectCore core, List<Target> targets, boolean named) {
    out.indent(Output.STEP);
    out.add(" SELECT");
    if (!core.distinctOn().isEmpty()) {
      out.add(" DISTINCT ON (");
      for (int i = 0; i < core.distinctOn().size(); i++) {
        out.add(i == 0 ? "" : ", ");
        printer.key(sortKey(core.distinctOn().get(i), targets));
      }
      out.add(")");
    } else if (core.distinct()) {
      out.add(" DISTINCT");
    }
    list(targets, named);
    from.from(core.from());
    if (core.where() != null) {
      clause(" WHERE ", 1);
      printer.print(builder.as(core.where()), false);
    }
    if (!core.groupBy().isEmpty()) {
      clause(" GROUP BY ", 1);
      out.add(core.groupByDistinct() ? "DISTINCT " : "");
      groups(core.groupBy(), targets, true);
    }
    if (core.having() != null) {
      clause(" HAVING ", 0);
      printer.print(builder.as(core.having()), false);
    }
    windows(core.windows());
  }

  private List<Target> targets(Query.SelectCore core, List<String> names) {
    List<Target> targets = new ArrayList<>();
    for (Query.Target item : core.targets()) {
      if (item.expr() instanceof Expr.ColumnRef ref && ref.star()) {
        List<Trace.Place> columns = trace.star(ref);
        if (columns == null) {
          throw new TreeBuilder.Unwritable("the columns of a star");
        }
        for (Trace.Place place : columns) {
          targets.add(new Target(frames.column(place), place.column()));
        }
      } else {
        String own = item.alias() != null ? item.alias() : Analyzer.columnName(item.expr());
        targets.add(new Target(builder.as(item.expr()), own == null ? "?column?" : own));
      }
    }
    if (names == null) {
      return targets;
    }
    List<Target> renamed = new ArrayList<>();
    for (int i = 0; i < names.size() && i < targets.size(); i++) {
      renamed.add(new Target(targets.get(i).tree(), names.get(i)));
    }
    return renamed;
  }

  private void list(List<Target> targets, boolean named) {
    boolean lines = false;
    for (int i = 0; i < targets.size(); i++) {
      Target target = targets.get(i);
      out.add(i == 0 ? " " : ", ");
      String text =
          out.apart(
              () -> {
                printer.print(target.tree(), true);
                String shown =
                    target.tree() instanceof Tree.Column column
                        ? column.name()
                        : named ? null : "?column?";
                if (!target.name().equals(shown)) {
                  out.add(" AS " + Identifiers.quote(target.name()));
                }
              });
      if (text.startsWith("\n")) {
        out.trim();
      } else if (i > 0 && (lines || out.lineLength() + text.length() > wrap)) {
        out.line("", -Output.STEP, Output.STEP, 4);
      }
      lines = text.lastIndexOf('\n') > 0;
      out.add(text);
    }
  }

  private Tree sortKey(Expr expr, List<Target> targets) {
    if (expr instanceof Expr.NumberLiteral number
        && number.effectiveClass() == Expr.NumberClass.INT4) {
      return targets.get(Integer.parseInt(number.text()) - 1).tree();
    }
    if (expr instanceof Expr.ColumnRef ref && trace.place(ref) == null && !ref.star()) {
      for (Target target : targets) {
        if (target.name().equals(ref.parts().getLast())) {
          return target.tree();
        }
      }
    }
    return builder.as(expr);
  }

  /// @param bare whether one expression stands without parentheses
  private void groups(List<Query.GroupItem> items, List<Target> targets, boolean bare) {
    for (int i = 0; i < items.size(); i++) {
      out.add(i == 0 ? "" : ", ");
      switch (items.get(i)) {
        case Query.GroupExpr expr -> group(expr.expr(), targets, bare);
        case Query.GroupEmpty _ -> out.add("()");
        case Query.Rollup rollup -> elements("ROLLUP(", rollup.elements(), targets);
        case Query.Cube cube -> elements("CUBE(", cube.elements(), targets);
        case Query.GroupingSets sets -> {
          out.add("GROUPING SETS (");
          groups(sets.sets(), targets, false);
          out.add(")");
        }
      }
    }
  }

  private void group(Expr expr, List<Target> targets, boolean bare) {
    List<Expr> exprs =
        expr instanceof Expr.Row row && !row.explicit() ? row.fields() : List.of(expr);
    boolean enclosed = !bare || exprs.size() > 1;
    out.add(enclosed ? "(" : "");
    for (int i = 0; i < exprs.size(); i++) {
      out.add(i == 0 ? "" : ", ");
      printer.key(sortKey(exprs.get(i), targets));
    }
    out.add(enclosed ? ")" : "");
  }

  private void elements(String word, List<Expr> elements, List<Target> targets) {
    out.add(word);
    for (int i = 0; i < elements.size(); i++) {
      out.add(i == 0 ? "" : ", ");
      group(elements.get(i), targets, true);
    }
    out.add(")");
  }

  private void windows(List<WindowSpec> windows) {
    for (int i = 0; i < windows.size(); i++) {
      if (i == 0) {
        clause(" WINDOW ", 1);
      } else {
        out.add(", ");
      }
      out.add(Identifiers.quote(windows.get(i).name()) + " AS ");
      printer.window(builder.window(windows.get(i)));
    }
  }

  // ---- ORDER BY, LIMIT and FOR UPDATE

  private void orderBy(Query query, List<Target> targets) {
    for (int i = 0; i < query.orderBy().size(); i++) {
      SortKey key = query.orderBy().get(i);
      out.add(i == 0 ? "" : ", ");
      if (query.body() instanceof Query.SelectCore) {
        printer.key(sortKey(key.expr(), targets));
      } else {
        out.add(String.valueOf(place(key.expr(), query.body())));
      }
      out.add(TreeBuilder.suffix(key));
    }
  }

  /// The number of a column that ORDER BY names.
  private int place(Expr expr, Query.Body body) {
    if (expr instanceof Expr.NumberLiteral number) {
      return Integer.parseInt(number.text());
    }
    Query.Body first = body;
    while (!(first instanceof Query.SelectCore core)) {
      first =
          switch (first) {
            case Query.SetOperation operation -> operation.left();
            case Query.Nested nested -> nested.query().body();
            default -> throw new TreeBuilder.Unwritable("ORDER BY a column of VALUES");
          };
    }
    frames.enter(FromPrinter.itemNames(core.from()));
    try {
      List<Target> targets = targets(core, null);
      for (int i = 0; i < targets.size(); i++) {
        if (expr instanceof Expr.ColumnRef ref
            && targets.get(i).name().equals(ref.parts().getLast())) {
          return i + 1;
        }
      }
    } finally {
      frames.leave();
    }
    throw new TreeBuilder.Unwritable("ORDER BY something else");
  }

  private void limits(Query query) {
    if (query.offset() != null && !(query.offset() instanceof Expr.NullLiteral)) {
      clause(" OFFSET ", 0);
      printer.print(builder.as(query.offset()), false);
    }
    if (query.limit() == null) {
      return;
    }
    if (query.withTies()) {
      clause(" FETCH FIRST ", 0);
      out.add("(");
      printer.print(builder.as(query.limit()), false);
      out.add(") ROWS WITH TIES");
    } else {
      clause(" LIMIT ", 0);
      if (query.limit() instanceof Expr.NullLiteral) {
        out.add("ALL");
      } else {
        printer.print(builder.as(query.limit()), false);
      }
    }
  }

  private void locks(Query query) {
    for (Query.Locking lock : query.locking()) {
      List<String> items = new ArrayList<>();
      lock.of().forEach(name -> items.add(name.name()));
      if (items.isEmpty() && query.body() instanceof Query.SelectCore core) {
        items.addAll(FromPrinter.itemNames(core.from()));
      }
      for (String item : items) {
        clause(" FOR " + lock.strength().name().replace('_', ' '), 0);
        out.add(" OF " + Identifiers.quote(frames.name(item)));
        out.add(
            switch (lock.lockWait()) {
              case BLOCK -> "";
              case NOWAIT -> " NOWAIT";
              case SKIP_LOCKED -> " SKIP LOCKED";
            });
      }
    }
  }
}
