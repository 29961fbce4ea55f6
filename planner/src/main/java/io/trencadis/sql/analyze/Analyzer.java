package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.AstWalk;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.Query;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.functions.CastContext;
import io.trencadis.sql.functions.Casts;
import io.trencadis.sql.rel.IndexTerms;
import io.trencadis.sql.rel.PgRelType;
import io.trencadis.sql.rel.PgTypeFactory;
import io.trencadis.sql.rel.WorkTable;
import io.trencadis.sql.session.ResultColumn;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;

/// Finds the meaning of SELECT, INSERT, UPDATE and DELETE, and of single expressions. One use each.
public final class Analyzer {
  private Analysis analysis;

  /// @param cluster where trees are built
  /// @param parameterTypes type oids that the client declared, 0 where it did not
  public Analyzer(Names names, RelOptCluster cluster, int[] parameterTypes) {
    this.analysis = new Analysis(names, cluster, parameterTypes);
  }

  /// @param variables names that the statement may use beside those of columns
  public Analyzer(Names names, RelOptCluster cluster, Variables variables) {
    this(names, cluster, new int[0]);
    analysis.variables(variables);
  }

  /// From now on keeps what is found out about the parts of what is analyzed.
  public Trace traced() {
    analysis.keepTrace();
    return analysis.trace();
  }

  /// Where trees are built.
  public RelOptCluster cluster() {
    return analysis.cluster();
  }

  /// What was analyzed does with functions and tables.
  public List<io.trencadis.sql.rights.Access> accesses() {
    return analysis.accesses();
  }

  /// Where a query names a column of a table or view, not counting the texts of views in it:
  /// offsets of the names with what qualifies them.
  public Set<Integer> mentions(Query query, int relationOid, int column) {
    analysis.keepMentions();
    analyze(query);
    return analysis.mentions().stream()
        .filter(each -> each.relationOid() == relationOid && each.column() == column)
        .map(Analysis.Mention::pos)
        .collect(Collectors.toSet());
  }

  /// Oids of the users' functions that what was analyzed calls.
  public Set<Integer> routines() {
    return analysis.routines();
  }

  /// What CALL means: the procedure, and its arguments as a query of one row.
  public CallAnalyzer.Called analyzeCall(Expr.FunctionCall call) {
    ExpressionAnalyzer expressions =
        new ExpressionAnalyzer(
            analysis,
            new QueryAnalyzer(analysis),
            Scope.empty(null),
            null,
            ExpressionAnalyzer.Clause.CALL);
    return new CallAnalyzer(analysis, expressions).procedure(call);
  }

  /// Type oids of `$1`, `$2`, …
  ///
  /// @throws SqlException 42P18 for a parameter whose type nothing decided
  public int[] parameterTypes() {
    return analysis.parameterTypes();
  }

  /// Whether [#analyze] takes the statement.
  public static boolean takes(Statement statement) {
    return statement instanceof Statement.Select
        || statement instanceof Statement.Insert
        || statement instanceof Statement.Update
        || statement instanceof Statement.Delete
        || statement instanceof Statement.Merge;
  }

  /// @throws SqlException what PostgreSQL says of the statement
  public Analyzed analyze(Statement statement) {
    return withSystemColumns(() -> whole(statement));
  }

  /// Does work again with system columns in sight where a name may mean one of them: rows carry
  /// their locators only for statements that ask for them.
  private <T> T withSystemColumns(Supplier<T> work) {
    try {
      return work.get();
    } catch (SqlException e) {
      if (!SystemColumns.isMissing(e) || analysis.systemColumns()) {
        throw e;
      }
      analysis = analysis.fresh();
      analysis.withSystemColumns();
      return work.get();
    }
  }

  private Analyzed whole(Statement statement) {
    QueryAnalyzer queries = new QueryAnalyzer(analysis);
    List<Pending> parts = parts(statement, queries);
    Analyzed whole = analyze(statement, queries, null);
    queries.analyzeUnread();
    return (parts.isEmpty() ? whole : whole.withParts(inOrder(parts)))
        .withAccesses(analysis.accesses(), analysis.routines(), analysis.callsWriters());
  }

  private Analyzed analyze(Statement statement, QueryAnalyzer queries, Ctes inSight) {
    return switch (statement) {
      case Statement.Select select -> select(select, queries);
      case Statement.Insert insert ->
          new InsertAnalyzer(analysis, queries).analyze(insert, inSight);
      case Statement.Update update -> new UpdateAnalyzer(analysis, queries).update(update, inSight);
      case Statement.Delete delete -> new UpdateAnalyzer(analysis, queries).delete(delete, inSight);
      case Statement.Merge merge -> new MergeAnalyzer(analysis, queries).merge(merge, inSight);
      default -> throw new IllegalArgumentException("not a query: " + statement.getClass());
    };
  }

  /// Analyzes the data-modifying queries of a statement's WITH clause, which are run whether or not
  /// anything names them.
  private List<Pending> parts(Statement statement, QueryAnalyzer queries) {
    Query.With with =
        RecursiveReferences.withOf(
            statement instanceof Statement.Select select ? select.query() : (Record) statement);
    List<Pending> parts = new ArrayList<>();
    if (with == null
        || with.ctes().stream().allMatch(cte -> cte.statement() instanceof Statement.Select)) {
      return parts;
    }
    Ctes.with(null, with, null); // for its errors, before those of the parts
    List<Query.Cte> ordered = Ctes.inOrder(with);
    for (int i = 0; i < ordered.size(); i++) {
      Query.Cte cte = ordered.get(i);
      if (cte.statement() instanceof Statement.Select) {
        continue;
      }
      if (cte.statement() instanceof Statement.Merge) {
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "MERGE not supported in WITH query")
            .at(cte.pos());
      }
      Ctes before =
          Ctes.with(
              null, new Query.With(with.recursive(), ordered.subList(0, i), with.pos()), null);
      WorkTable table = new WorkTable(cte.name());
      Analyzed part = analysis.inPart(() -> analyze(cte.statement(), queries, before));
      Set<Ctes.Work> reads = new HashSet<>();
      for (Pending earlier : parts) {
        if (earlier.work.references > 0) {
          reads.add(earlier.work);
          earlier.work.references = 0;
        }
      }
      Ctes.Work work = work(table, part);
      analysis.changes().put(cte, work);
      parts.add(new Pending(work, part, reads));
    }
    return parts;
  }

  /// A data-modifying query and the earlier ones that it reads.
  private record Pending(Ctes.Work work, Analyzed statement, Set<Ctes.Work> reads) {}

  /// Those first that the statement reads, directly or through others; each after what it reads
  /// itself.
  private static List<Analyzed.Part> inOrder(List<Pending> parts) {
    Set<Ctes.Work> needed = new HashSet<>();
    for (Pending part : parts.reversed()) {
      if (part.work.references > 0 || needed.contains(part.work)) {
        needed.add(part.work);
        needed.addAll(part.reads);
      }
    }
    List<Analyzed.Part> ordered = new ArrayList<>();
    for (boolean read : new boolean[] {true, false}) {
      for (Pending part : parts) {
        if (needed.contains(part.work) == read) {
          ordered.add(new Analyzed.Part(part.work.table, part.statement, read));
        }
      }
    }
    return ordered;
  }

  private Ctes.Work work(WorkTable table, Analyzed part) {
    if (part.columns() == null) {
      return new Ctes.Work(table, null, List.of(), false);
    }
    var builder = analysis.cluster().getTypeFactory().builder();
    List<QueryAnalyzer.Output> outputs = new ArrayList<>();
    for (int i = 0; i < part.columns().size(); i++) {
      ResultColumn column = part.columns().get(i);
      builder.add("c" + i, part.change().returning().get(i).getType());
      outputs.add(
          new QueryAnalyzer.Output(column.name(), column.tableOid(), column.columnNumber()));
    }
    return new Ctes.Work(table, builder.build(), outputs, false);
  }

  private Analyzed select(Statement.Select select, QueryAnalyzer queries) {
    return query(select.query(), queries);
  }

  private Analyzed query(Query query, QueryAnalyzer queries) {
    QueryAnalyzer.Result result = queries.query(query, null, null, true);
    queries.analyzeUnread();
    return new Analyzed(
        analysis.cluster(),
        result.rel(),
        columns(result),
        analysis.slots(),
        analysis.parameterTypes(),
        analysis.pinnedLiterals(),
        analysis.tables(),
        null,
        locks(query) || analysis.locks(),
        List.of(),
        analysis.accesses(),
        analysis.routines(),
        analysis.callsWriters());
  }

  private static boolean locks(Query query) {
    return !query.locking().isEmpty()
        || (query.body() instanceof Query.Nested nested && locks(nested.query()));
  }

  private static List<ResultColumn> columns(QueryAnalyzer.Result result) {
    List<ResultColumn> columns = new ArrayList<>();
    for (int i = 0; i < result.columns().size(); i++) {
      QueryAnalyzer.Output output = result.columns().get(i);
      var type = result.rel().getRowType().getFieldList().get(i).getType();
      columns.add(
          new ResultColumn(
              output.name(),
              PgRelType.of(type),
              PgRelType.typmodOf(type),
              output.tableOid(),
              output.columnNumber(),
              PgRelType.collationOf(type)));
    }
    return columns;
  }

  /// A query whose columns are brought to a table's, for COPY and CREATE TABLE AS.
  public Analyzed analyze(Query query) {
    return withSystemColumns(() -> query(query, new QueryAnalyzer(analysis)));
  }

  /// What writing whole rows into a table means, wherever they come from.
  public Analyzed.Change insertInto(TableDescriptor table) {
    return new ChangeTargets(analysis, null, null).insertInto(table);
  }

  /// A single expression and the slots it reads.
  public record Expression(
      RexNode node, List<io.trencadis.sql.rel.Slot> slots, List<Integer> columns) {}

  /// A column's default, or another expression without columns, as a value of a type.
  public Expression value(Expr expr, String column, PgType type, int typmod) {
    return value(expr, column, type, typmod, ExpressionAnalyzer.Clause.DEFAULT);
  }

  /// A value in the bound of a partition.
  ///
  /// @param column of the partition key
  public Expression bound(Expr expr, String column, PgType type, int typmod) {
    return value(expr, column, type, typmod, ExpressionAnalyzer.Clause.BOUND);
  }

  private Expression value(
      Expr expr, String column, PgType type, int typmod, ExpressionAnalyzer.Clause clause) {
    ExpressionAnalyzer expressions =
        new ExpressionAnalyzer(analysis, null, Scope.empty(null), null, clause);
    Expr.ColumnRef ref = columnIn(expr, clause);
    if (ref != null) {
      throw new SqlException(
              SqlState.FEATURE_NOT_SUPPORTED,
              "cannot use column reference in "
                  + clause.single()
                  + (clause == ExpressionAnalyzer.Clause.BOUND ? " expression" : ""))
          .at(ref.pos());
    }
    RexNode node = asDefault(expressions, expr, column, type, typmod);
    return new Expression(node, analysis.slots(), List.of());
  }

  /// The column that an expression without columns names; of a bound, also within a call.
  private static Expr.ColumnRef columnIn(Expr expr, ExpressionAnalyzer.Clause clause) {
    if (expr instanceof Expr.ColumnRef ref) {
      return ref;
    }
    Expr.ColumnRef[] found = {null};
    boolean[] query = {clause != ExpressionAnalyzer.Clause.BOUND};
    AstWalk.visit(
        expr,
        each -> {
          query[0] |= each instanceof Query;
          if (found[0] == null && each instanceof Expr.ColumnRef ref) {
            found[0] = ref;
          }
        });
    return query[0] ? null : found[0];
  }

  private static RexNode asDefault(
      ExpressionAnalyzer expressions, Expr expr, String column, PgType type, int typmod) {
    RexNode value = expressions.analyze(expr);
    if (!Casts.exists(Analysis.typeOf(value), type, CastContext.ASSIGNMENT)) {
      throw new SqlException(
              SqlState.DATATYPE_MISMATCH,
              "column \""
                  + column
                  + "\" is of type "
                  + type.displayName()
                  + " but default expression is of type "
                  + Analysis.typeOf(value).displayName())
          .hint("You will need to rewrite or cast the expression.");
    }
    return expressions.conversions().assign(value, column, type, typmod, expr.pos());
  }

  /// Values of the columns that a source of rows leaves out.
  ///
  /// @param places of the columns in a row of live columns
  public record Defaults(
      List<Integer> places, List<RexNode> values, List<io.trencadis.sql.rel.Slot> slots) {}

  /// @param given the columns that the source has
  public Defaults defaults(
      TableDescriptor table, java.util.Set<io.trencadis.sql.catalog.Column> given) {
    List<Integer> places = new ArrayList<>();
    List<RexNode> values = new ArrayList<>();
    var live = table.liveColumns();
    for (int i = 0; i < live.size(); i++) {
      if (!given.contains(live.get(i))) {
        places.add(i);
        values.add(TableScopes.defaultValue(analysis, live.get(i)));
      }
    }
    return new Defaults(places, values, analysis.slots());
  }

  /// What a column gets where no value is given.
  public Expression absent(Column column) {
    return new Expression(TableScopes.defaultValue(analysis, column), analysis.slots(), List.of());
  }

  /// An expression of any type without columns; of type text where nothing says its type.
  public Expression value(Expr expr) {
    ExpressionAnalyzer expressions =
        new ExpressionAnalyzer(
            analysis,
            new QueryAnalyzer(analysis),
            Scope.empty(null),
            null,
            ExpressionAnalyzer.Clause.VALUES);
    RexNode node = expressions.analyze(expr);
    if (Analysis.typeOf(node) == Types.UNKNOWN) {
      node = expressions.coerceTo(node, PgTypeFactory.of(Types.TEXT), expr.pos());
    }
    return new Expression(node, analysis.slots(), List.of());
  }

  /// A condition over a table's columns: CHECK, or COPY's WHERE.
  public Expression condition(Expr expr, TableDescriptor table) {
    ExpressionAnalyzer expressions = overRow(table, ExpressionAnalyzer.Clause.CHECK);
    RexNode node = expressions.booleanOperand(expr, "argument of CHECK");
    return new Expression(node, analysis.slots(), numbers(node, table));
  }

  /// An expression over a table's columns, of whatever type.
  public Expression anything(Expr expr, TableDescriptor table) {
    RexNode node = overRow(table, ExpressionAnalyzer.Clause.INDEX).analyze(expr);
    return new Expression(node, analysis.slots(), List.of());
  }

  /// The slots of what was analyzed.
  public List<io.trencadis.sql.rel.Slot> slots() {
    return analysis.slots();
  }

  /// What a generated column is computed from.
  ///
  /// @throws SqlException 42P17 where it names a generated column or is not immutable
  public Expression generation(Expr expr, TableDescriptor table, Column column) {
    ExpressionAnalyzer expressions = overRow(table, ExpressionAnalyzer.Clause.GENERATED);
    RexNode node =
        asDefault(expressions, expr, column.name(), Types.byOid(column.typeOid()), column.typmod());
    if (!Immutability.of(node)) {
      throw new SqlException(
          SqlState.INVALID_OBJECT_DEFINITION, "generation expression is not immutable");
    }
    return new Expression(node, analysis.slots(), numbers(node, table));
  }

  /// What an index of a table computes from a row.
  public IndexTerms indexTerms(TableDescriptor table, IndexDescriptor index) {
    return TableScopes.indexTerms(analysis, table, index);
  }

  /// Whether two rows are in conflict by an exclusion constraint, over the columns of one and then
  /// those of the other.
  public RexNode exclusion(TableDescriptor table, IndexDescriptor index) {
    ExpressionAnalyzer expressions =
        new ExpressionAnalyzer(
            analysis, null, Scope.empty(null), null, ExpressionAnalyzer.Clause.INDEX);
    List<Column> live = table.liveColumns();
    List<RexNode> conditions = new ArrayList<>();
    for (int part = 0; part < index.parts().size(); part++) {
      Column column = table.columnNumbered(index.parts().get(part).column());
      var type = PgTypeFactory.of(column);
      int place = live.indexOf(column);
      conditions.add(
          expressions.operator(
              index.operators().get(part),
              new RexInputRef(place, type),
              new RexInputRef(live.size() + place, type),
              -1));
    }
    return RexUtil.composeConjunction(analysis.rex(), conditions);
  }

  /// What the expressions of a partitioned table's key compute.
  public List<RexNode> partitionTerms(TableDescriptor table) {
    return TableScopes.partitionTerms(analysis, table);
  }

  /// An expression that a table is to be partitioned by.
  ///
  /// @param part its number in the key, from 1
  /// @throws SqlException 42P16 and 42P17 for what cannot be a key
  public Expression partitionExpression(Expr expr, TableDescriptor table, int part) {
    RexNode node = overRow(table, ExpressionAnalyzer.Clause.PARTITION).analyze(expr);
    List<Integer> columns = numbers(node, table);
    PartitionTerm.require(node, Analysis.typeOf(node), columns, table, part);
    return new Expression(node, analysis.slots(), columns);
  }

  /// What keeps a view from being changed through, in words for a hint; null for nothing.
  public String updateObstacle(TableDescriptor view) {
    try {
      UpdatableView.of(analysis, new QueryAnalyzer(analysis), view, UpdatableView.Change.UPDATE);
      return null;
    } catch (SqlException e) {
      if (e.state() != SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE) {
        throw e;
      }
      return e.fields().get(SqlException.Field.DETAIL);
    }
  }

  /// Whether a view could be changed, by the looks of its query alone.
  public static boolean mayBeUpdatable(TableDescriptor view) {
    return UpdatableView.obstacle(ViewText.parse(view)) == null;
  }

  /// Names of the columns that a view can be given values of; null where it cannot be changed.
  public Set<String> updatableColumns(TableDescriptor view) {
    UpdatableView updatable;
    try {
      updatable =
          UpdatableView.of(
              analysis, new QueryAnalyzer(analysis), view, UpdatableView.Change.UPDATE);
    } catch (SqlException e) {
      return null;
    }
    Set<String> names = new HashSet<>();
    for (Scope.Column column : updatable.columns()) {
      if (column.value() instanceof RexInputRef) {
        names.add(column.name());
      }
    }
    return names;
  }

  /// The name that PostgreSQL gives a column of an expression, or null for one without.
  public static String columnName(Expr expr) {
    String name = ColumnNames.of(expr);
    return name.equals(ColumnNames.UNNAMED) ? null : name;
  }

  /// An expression that an index is to be ordered by.
  ///
  /// @throws SqlException 42P17 where it is not immutable
  public Expression indexExpression(Expr expr, TableDescriptor table) {
    ExpressionAnalyzer expressions = overRow(table, ExpressionAnalyzer.Clause.INDEX);
    RexNode node = expressions.analyze(expr);
    if (Analysis.typeOf(node) == Types.UNKNOWN) {
      node = expressions.coerce(node, Types.TEXT, expr.pos());
    }
    if (!Immutability.of(node)) {
      throw new SqlException(
          SqlState.INVALID_OBJECT_DEFINITION,
          "functions in index expression must be marked IMMUTABLE");
    }
    return new Expression(node, analysis.slots(), numbers(node, table));
  }

  /// The condition of the rows that a partial index is to have.
  ///
  /// @throws SqlException 42P17 where it is not immutable
  public Expression indexPredicate(Expr expr, TableDescriptor table) {
    ExpressionAnalyzer expressions = overRow(table, ExpressionAnalyzer.Clause.PREDICATE);
    RexNode node = expressions.booleanOperand(expr, "argument of WHERE");
    if (!Immutability.of(node)) {
      throw new SqlException(
          SqlState.INVALID_OBJECT_DEFINITION,
          "functions in index predicate must be marked IMMUTABLE");
    }
    return new Expression(node, analysis.slots(), numbers(node, table));
  }

  private static List<Integer> numbers(RexNode node, TableDescriptor table) {
    List<Integer> columns = new ArrayList<>();
    for (int place : org.apache.calcite.plan.RelOptUtil.InputFinder.bits(node)) {
      columns.add(table.liveColumns().get(place).number());
    }
    return columns;
  }

  /// An expression over a table's columns as a value of a type: ALTER COLUMN … USING.
  public Expression conversion(
      Expr expr, TableDescriptor table, String column, PgType type, int typmod) {
    ExpressionAnalyzer expressions = overRow(table, ExpressionAnalyzer.Clause.TRANSFORM);
    RexNode node = expressions.analyze(expr);
    PgType from = PgRelType.of(node.getType());
    if (from != Types.UNKNOWN && !Casts.exists(from, type, CastContext.ASSIGNMENT)) {
      throw new SqlException(
              SqlState.DATATYPE_MISMATCH,
              "result of USING clause for column \""
                  + column
                  + "\" cannot be cast automatically to type "
                  + type.displayName())
          .hint("You might need to add an explicit cast.");
    }
    return new Expression(
        expressions.conversions().assign(node, column, type, typmod, expr.pos()),
        analysis.slots(),
        List.of());
  }

  private ExpressionAnalyzer overRow(TableDescriptor table, ExpressionAnalyzer.Clause clause) {
    return new ExpressionAnalyzer(
        analysis, null, TableScopes.row(analysis, table, table.name()), null, clause);
  }
}
