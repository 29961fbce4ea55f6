package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.Query;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.collation.Collation;
import io.trencadis.sql.functions.Casts;
import io.trencadis.sql.rel.CollationRules;
import io.trencadis.sql.rel.PgRelType;
import io.trencadis.sql.rel.ShapeRels;
import io.trencadis.sql.rel.Slot;
import io.trencadis.sql.rel.SourceRels;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalIntersect;
import org.apache.calcite.rel.logical.LogicalMinus;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rel.logical.LogicalUnion;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.util.ImmutableBitSet;

/// Analyzes whole queries: WITH, set operations, VALUES, ORDER BY, LIMIT. What stands between
/// SELECT and HAVING is [SelectAnalyzer]'s.
final class QueryAnalyzer {
  /// Up to so many rows a plan serves that was made for another number of them.
  private static final long MOST_FIRST = 1_000;

  private final Analysis analysis;
  private int depth;
  private final Deque<Ctes.Found> unread = new ArrayDeque<>();
  private final Set<Query.Cte> read = Collections.newSetFromMap(new IdentityHashMap<>());

  /// A result column: its name, and the stored column it is, if it is one unchanged.
  record Output(String name, int tableOid, int columnNumber) {}

  /// An analyzed query.
  ///
  /// @param marks what the query around it has to lock; their columns come behind its own
  record Result(RelNode rel, List<Output> columns, List<ShapeRels.LockRows.Mark> marks) {
    Result(RelNode rel, List<Output> columns) {
      this(rel, columns, List.of());
    }

    PgType type(int column) {
      return io.trencadis.sql.rel.PgRelType.of(
          rel.getRowType().getFieldList().get(column).getType());
    }
  }

  QueryAnalyzer(Analysis analysis) {
    this.analysis = analysis;
  }

  /// An analyzer for the text of a view.
  QueryAnalyzer inside(TableDescriptor view) {
    if (depth > 100) {
      throw new SqlException(
          SqlState.INVALID_OBJECT_DEFINITION,
          "infinite recursion detected in rules for relation \"" + view.name() + "\"");
    }
    QueryAnalyzer inner = new QueryAnalyzer(analysis);
    inner.depth = depth + 1;
    return inner;
  }

  /// @param outer what the query may use of enclosing ones, or null
  /// @param resolveUnknowns whether result columns of unknown type become text
  Result query(Query query, OuterReferences outer, Ctes ctes, boolean resolveUnknowns) {
    return query(query, outer, ctes, resolveUnknowns, false);
  }

  /// A view or sub-select of a query that locks its rows: those of the tables in it. That query
  /// locks them ([Result#marks]), so that its conditions come first, unless this one counts its
  /// rows.
  ///
  /// @param locking the clauses of the query around that mean it; none of them in most queries
  Result locked(Query query, OuterReferences outer, Ctes ctes, List<Query.Locking> locking) {
    if (locking.isEmpty() || query.body() instanceof Query.Values) {
      return query(query, outer, ctes, true);
    }
    boolean bare = query.locking().isEmpty() && query.limit() == null && query.offset() == null;
    if (bare
        && query.body() instanceof Query.Nested nested
        && query.with() == null
        && query.orderBy().isEmpty()) {
      return locked(nested.query(), outer, ctes, locking);
    }
    boolean lifting = bare && query.body() instanceof Query.SelectCore;
    List<Query.Locking> all = new ArrayList<>(query.locking());
    for (Query.Locking each : lifting ? locking.subList(0, 1) : locking) {
      all.add(new Query.Locking(each.strength(), List.of(), each.lockWait(), -1));
    }
    Query asked =
        new Query(
            query.with(),
            query.body(),
            query.orderBy(),
            query.limit(),
            query.withTies(),
            query.offset(),
            all,
            query.pos());
    return query(asked, outer, ctes, true, lifting);
  }

  private Result query(
      Query query, OuterReferences outer, Ctes ctes, boolean resolveUnknowns, boolean lifting) {
    if (++depth > 500) {
      throw new SqlException(SqlState.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded");
    }
    try {
      Ctes inSight = ctes;
      if (query.with() != null) {
        requireParts(query.with());
        inSight = written(Ctes.with(ctes, query.with(), outer), ctes);
      }
      Result result = body(query.body(), query, outer, inSight, resolveUnknowns, lifting);
      return resolveUnknowns ? withoutUnknowns(result) : result;
    } finally {
      depth--;
    }
  }

  /// What a change's own WITH clause adds to the names in sight.
  ///
  /// @param with may be null
  Ctes inSight(Query.With with, Ctes outside) {
    if (with == null) {
      return outside;
    }
    requireParts(with);
    return written(Ctes.with(outside, with, null), outside);
  }

  /// Remembers the queries of a WITH clause until something names them.
  ///
  /// @param outside the names in sight without them
  Ctes written(Ctes inSight, Ctes outside) {
    for (Ctes at = inSight; at != outside; at = at.before()) {
      unread.addFirst(at.found());
    }
    return inSight;
  }

  /// Says that something names a query of a WITH clause, which is analyzed for that.
  void read(Query.Cte cte) {
    read.add(cte);
  }

  /// Analyzes the queries of WITH clauses that nothing names: what is wrong in them is wrong.
  void analyzeUnread() {
    while (!unread.isEmpty()) {
      Ctes.Found found = unread.removeFirst();
      if (found.work() != null
          || read.contains(found.cte())
          || !(found.cte().statement() instanceof Statement.Select select)) {
        continue;
      }
      SearchCycle.requireRecursion(found);
      Result result =
          found.recursive()
              ? new RecursiveAnalyzer(analysis, this).analyze(found)
              : query(select.query(), found.outer(), found.ctes(), true);
      Ctes.requireColumns(found.cte(), result.columns.size());
    }
  }

  /// Data-modifying queries were analyzed before all else where they may stand.
  private void requireParts(Query.With with) {
    for (Query.Cte cte : with.ctes()) {
      if (!(cte.statement() instanceof Statement.Select) && !analysis.changes().containsKey(cte)) {
        throw new SqlException(
                SqlState.FEATURE_NOT_SUPPORTED,
                "WITH clause containing a data-modifying statement must be at the top level")
            .at(cte.pos());
      }
    }
  }

  /// @param whole the query that the body is all of, with its ORDER BY and LIMIT
  private Result body(
      Query.Body body,
      Query whole,
      OuterReferences outer,
      Ctes ctes,
      boolean resolveUnknowns,
      boolean lifting) {
    return switch (body) {
      case Query.SelectCore core ->
          new SelectAnalyzer(analysis, this, outer, ctes)
              .select(core, whole, resolveUnknowns, lifting);
      case Query.Values values -> ordered(values(values, outer, ctes), whole, outer, ctes);
      case Query.Nested nested ->
          ordered(query(nested.query(), outer, ctes, resolveUnknowns), whole, outer, ctes);
      case Query.SetOperation operation ->
          ordered(setOperation(operation, outer, ctes), whole, outer, ctes);
    };
  }

  private static Query plain(Query.Body body) {
    return Query.of(body);
  }

  // ---- VALUES

  private Result values(Query.Values values, OuterReferences outer, Ctes ctes) {
    ExpressionAnalyzer expressions =
        new ExpressionAnalyzer(
            analysis, this, Scope.empty(outer), ctes, ExpressionAnalyzer.Clause.VALUES);
    List<List<RexNode>> rows = new ArrayList<>();
    List<List<Integer>> places = new ArrayList<>();
    for (List<Expr> row : values.rows()) {
      List<RexNode> cells = new ArrayList<>();
      List<Integer> at = new ArrayList<>();
      for (Expr cell : row) {
        if (cell instanceof Expr.ColumnRef ref && ref.star()) {
          expressions.star(ref).forEach(column -> cells.add(column.value()));
        } else {
          cells.add(expressions.analyze(cell));
        }
        while (at.size() < cells.size()) {
          at.add(cell.pos());
        }
      }
      rows.add(cells);
      places.add(at);
      if (cells.size() != rows.getFirst().size()) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "VALUES lists must all be the same length")
            .at(row.isEmpty() ? values.pos() : row.getFirst().pos());
      }
    }
    int width = rows.getFirst().size();
    var builder = analysis.cluster().getTypeFactory().builder();
    List<Output> outputs = new ArrayList<>();
    for (int column = 0; column < width; column++) {
      List<RexNode> cells = new ArrayList<>();
      List<Integer> positions = new ArrayList<>();
      for (int i = 0; i < rows.size(); i++) {
        cells.add(rows.get(i).get(column));
        positions.add(places.get(i).get(column));
      }
      List<RexNode> unified =
          rows.size() == 1 ? cells : expressions.unify(cells, positions, "VALUES");
      for (int i = 0; i < rows.size(); i++) {
        rows.get(i).set(column, unified.get(i));
      }
      builder.add("column" + (column + 1), unified.getFirst().getType());
      outputs.add(new Output("column" + (column + 1), 0, 0));
    }
    return new Result(new SourceRels.Rows(analysis.cluster(), builder.build(), rows), outputs);
  }

  // ---- set operations

  private Result setOperation(Query.SetOperation operation, OuterReferences outer, Ctes ctes) {
    String name = operation.kind().name();
    boolean except = operation.kind() == Query.SetKind.EXCEPT;
    boolean both = operation.all() && operation.kind() != Query.SetKind.UNION;
    for (Query.Body branch : List.of(operation.left(), operation.right())) {
      if (branch instanceof Query.Nested nested) {
        refuseLocking(nested.query());
      }
    }
    Result left = operand(operation.left(), outer, both ? Ctes.within(ctes, name) : ctes);
    Result right =
        operand(operation.right(), outer, both || except ? Ctes.within(ctes, name) : ctes);
    int width = left.columns.size();
    if (width != right.columns.size()) {
      throw new SqlException(
              SqlState.SYNTAX_ERROR, "each " + name + " query must have the same number of columns")
          .at(firstTarget(operation.right()));
    }
    List<RelDataType> types = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      PgType l = left.type(i);
      PgType r = right.type(i);
      PgType common;
      try {
        common = Casts.selectCommonType(List.of(l, r), name);
      } catch (SqlException e) {
        throw e.at(targetPosition(operation.right(), i));
      }
      int typmod = l == r && typmod(left, i) == typmod(right, i) ? typmod(left, i) : -1;
      RelDataType type = io.trencadis.sql.rel.PgTypeFactory.of(common, typmod);
      types.add(
          common.collationOid() == 0
              ? type
              : io.trencadis.sql.rel.PgTypeFactory.collated(
                  type,
                  CollationRules.common(
                      List.of(column(left.rel, i), column(right.rel, i)),
                      operation.all() && operation.kind() == Query.SetKind.UNION)));
    }
    RelNode leftRel = coerced(left, types);
    RelNode rightRel = coerced(right, types);
    List<RelNode> inputs = List.of(leftRel, rightRel);
    RelNode rel =
        switch (operation.kind()) {
          case UNION -> {
            RelNode all = LogicalUnion.create(inputs, true);
            yield operation.all() ? all : distinct(all);
          }
          case INTERSECT -> LogicalIntersect.create(inputs, operation.all());
          case EXCEPT -> LogicalMinus.create(inputs, operation.all());
        };
    List<Output> outputs = new ArrayList<>();
    for (Output output : left.columns) {
      outputs.add(new Output(output.name, 0, 0));
    }
    return new Result(rel, outputs);
  }

  /// A term of a recursive query that gives the columns' types.
  Result term(Query.Body body, OuterReferences outer, Ctes ctes) {
    return withoutUnknowns(operand(body, outer, ctes));
  }

  Result operand(Query.Body body, OuterReferences outer, Ctes ctes) {
    return body(body, plain(body), outer, ctes, false, false);
  }

  private static int typmod(Result result, int column) {
    return io.trencadis.sql.rel.PgRelType.typmodOf(
        result.rel.getRowType().getFieldList().get(column).getType());
  }

  private static int firstTarget(Query.Body body) {
    return targetPosition(body, 0);
  }

  static int targetPosition(Query.Body body, int column) {
    return switch (body) {
      case Query.SelectCore core ->
          column < core.targets().size()
              ? Beginnings.of(core.targets().get(column).expr())
              : core.pos();
      // Its columns have no place of their own.
      case Query.Values _ -> -1;
      case Query.SetOperation operation -> targetPosition(operation.left(), column);
      case Query.Nested nested -> targetPosition(nested.query().body(), column);
    };
  }

  RelNode distinct(RelNode rel) {
    return LogicalAggregate.create(
        rel, List.of(), ImmutableBitSet.range(rel.getRowType().getFieldCount()), null, List.of());
  }

  // ---- result columns

  private Result withoutUnknowns(Result result) {
    List<RelDataType> types = new ArrayList<>();
    boolean changed = false;
    for (int i = 0; i < result.columns.size(); i++) {
      RelDataType type = result.rel.getRowType().getFieldList().get(i).getType();
      if (result.type(i) == Types.UNKNOWN) {
        type = io.trencadis.sql.rel.PgTypeFactory.of(Types.TEXT);
        changed = true;
      }
      types.add(type);
    }
    return changed ? new Result(coerced(result, types), result.columns) : result;
  }

  /// The query with its columns brought to these types. Literals become values of the new type
  /// where they stand.
  RelNode coerced(Result result, List<RelDataType> types) {
    ExpressionAnalyzer expressions =
        new ExpressionAnalyzer(
            analysis, this, Scope.empty(null), null, ExpressionAnalyzer.Clause.VALUES);
    RelNode rel = result.rel;
    if (rel instanceof SourceRels.Rows rows) {
      List<List<RexNode>> converted = new ArrayList<>();
      for (List<RexNode> row : rows.rows()) {
        converted.add(coerceAll(expressions, row, types));
      }
      return new SourceRels.Rows(analysis.cluster(), renamed(rel.getRowType(), types), converted);
    }
    if (rel instanceof LogicalProject project) {
      List<RexNode> converted = coerceAll(expressions, project.getProjects(), types);
      return converted.equals(project.getProjects())
          ? rel
          : LogicalProject.create(
              project.getInput(),
              List.of(),
              converted,
              project.getRowType().getFieldNames(),
              Collections.emptySet());
    }
    List<RexNode> columns = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      columns.add(analysis.rex().makeInputRef(rel, i));
    }
    List<RexNode> converted = coerceAll(expressions, columns, types);
    return converted.equals(columns)
        ? rel
        : LogicalProject.create(
            rel, List.of(), converted, rel.getRowType().getFieldNames(), Collections.emptySet());
  }

  /// A column of a query, as the expression that it is where the query says so.
  private RexNode column(RelNode rel, int column) {
    return rel instanceof LogicalProject project
        ? project.getProjects().get(column)
        : analysis.rex().makeInputRef(rel, column);
  }

  private RelDataType renamed(RelDataType rowType, List<RelDataType> types) {
    var builder = analysis.cluster().getTypeFactory().builder();
    for (int i = 0; i < types.size(); i++) {
      builder.add(rowType.getFieldNames().get(i), types.get(i));
    }
    return builder.build();
  }

  private static List<RexNode> coerceAll(
      ExpressionAnalyzer expressions, List<RexNode> nodes, List<RelDataType> types) {
    List<RexNode> out = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      RexNode node = expressions.coerceTo(nodes.get(i), types.get(i), -1);
      Collation collation = PgRelType.collationOf(types.get(i));
      out.add(
          Objects.equals(CollationRules.of(node), collation)
              ? node
              : CollationRules.told(expressions.rex(), node, collation));
    }
    return out;
  }

  // ---- ORDER BY and LIMIT of what is not a plain SELECT

  private Result ordered(Result result, Query whole, OuterReferences outer, Ctes ctes) {
    refuseLocking(whole);
    RelNode rel = result.rel;
    if (!whole.orderBy().isEmpty()) {
      List<RelFieldCollation> collations = new ArrayList<>();
      for (var key : whole.orderBy()) {
        int column = outputColumn(key.expr(), result);
        collations.add(SortKeys.collation(key, column, result.type(column)));
      }
      rel = LogicalSort.create(rel, RelCollations.of(collations), null, null);
    }
    return new Result(limited(rel, whole, whole.orderBy().size(), outer, ctes), result.columns);
  }

  private static void refuseLocking(Query query) {
    if (!query.locking().isEmpty()) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED,
          SelectAnalyzer.lockName(query.locking().getFirst())
              + " is not allowed with UNION/INTERSECT/EXCEPT");
    }
  }

  private int outputColumn(Expr expr, Result result) {
    if (expr instanceof Expr.NumberLiteral number) {
      return SortKeys.ordinal(number, result.columns.size(), "ORDER BY", analysis);
    }
    if (expr instanceof Expr.ColumnRef column && column.parts().size() == 1 && !column.star()) {
      int found = -1;
      for (int i = 0; i < result.columns.size(); i++) {
        if (result.columns.get(i).name.equals(column.parts().getFirst())) {
          if (found >= 0) {
            throw new SqlException(
                    SqlState.AMBIGUOUS_COLUMN,
                    "ORDER BY \"" + column.parts().getFirst() + "\" is ambiguous")
                .at(column.pos());
          }
          found = i;
        }
      }
      if (found >= 0) {
        return found;
      }
      throw new SqlException(
              SqlState.UNDEFINED_COLUMN,
              "column \"" + column.parts().getFirst() + "\" does not exist")
          .at(column.pos());
    }
    throw new SqlException(
            SqlState.FEATURE_NOT_SUPPORTED, "invalid UNION/INTERSECT/EXCEPT ORDER BY clause")
        .at(expr.pos())
        .detail("Only result column names can be used, not expressions or functions.")
        .hint("Add the expression/function to every SELECT, or move the UNION into a FROM clause.");
  }

  /// Puts LIMIT and OFFSET over a tree.
  ///
  /// @param sortColumns how many columns the tree is sorted by
  RelNode limited(RelNode rel, Query whole, int sortColumns, OuterReferences outer, Ctes ctes) {
    if (whole.limit() == null && whole.offset() == null) {
      return rel;
    }
    ExpressionAnalyzer expressions =
        new ExpressionAnalyzer(
            analysis, this, Scope.empty(outer), ctes, ExpressionAnalyzer.Clause.LIMIT);
    RexNode fetch = count(expressions, whole.limit(), "LIMIT");
    RexNode offset = count(expressions, whole.offset(), "OFFSET");
    if (whole.withTies() && sortColumns == 0) {
      throw new SqlException(
          SqlState.SYNTAX_ERROR, "WITH TIES cannot be specified without ORDER BY clause");
    }
    return new ShapeRels.Limit(
        analysis.cluster(),
        analysis.cluster().traitSetOf(Convention.NONE),
        rel,
        offset,
        fetch,
        whole.withTies() ? sortColumns : 0);
  }

  private RexNode count(ExpressionAnalyzer expressions, Expr expr, String clause) {
    if (expr == null || expr instanceof Expr.NullLiteral) {
      return null;
    }
    RexNode value = expressions.analyze(expr);
    if (analysis.slotOf(value) instanceof Slot.Constant literal
        && literal.value() instanceof Number number
        && number.longValue() > MOST_FIRST) {
      // A plan for so many rows is none for the first few.
      analysis.pin(literal.literal());
    }
    return expressions.coerceAssigned(
        value,
        io.trencadis.sql.rel.PgTypeFactory.of(Types.INT8),
        expr.pos(),
        "argument of " + clause + " must be type bigint, not type ");
  }
}
