package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.ast.Query;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.ast.TableRef;
import io.trencadis.sql.catalog.AclDescriptor;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.SequenceDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.functions.PgCatalog;
import io.trencadis.sql.functions.SystemView;
import io.trencadis.sql.rel.PgTypeFactory;
import io.trencadis.sql.rel.ShapeRels;
import io.trencadis.sql.rel.SharedQuery;
import io.trencadis.sql.rel.SourceRels;
import io.trencadis.sql.rel.TransitionTable;
import io.trencadis.sql.rights.BuiltInRights;
import io.trencadis.sql.rights.Kind;
import io.trencadis.sql.rights.Privilege;
import io.trencadis.sql.rights.Target;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;

/// Analyzes FROM clauses: tables, views, WITH queries, sub-selects, functions, joins.
final class FromAnalyzer {
  // PostgreSQL numbers its system columns so.
  private static final int TABLE_OID_NUMBER = -6;

  private final Analysis analysis;
  private final QueryAnalyzer queries;
  private final OuterReferences outer;
  // What LATERAL items may name beside those to their left: inside a join, the items before it.
  private final OuterReferences around;
  private final Ctes ctes;
  private final List<Query.Locking> locking;

  /// A FROM item or a join of several.
  ///
  /// @param references what it uses of items to its left (LATERAL), or null
  record From(
      RelNode rel,
      List<Scope.Item> items,
      List<Scope.Column> visible,
      OuterReferences references) {}

  /// @param locking the clauses whose tables carry the column that locates their rows
  FromAnalyzer(
      Analysis analysis,
      QueryAnalyzer queries,
      OuterReferences outer,
      Ctes ctes,
      List<Query.Locking> locking) {
    this(analysis, queries, outer, outer, ctes, locking);
  }

  private FromAnalyzer(
      Analysis analysis,
      QueryAnalyzer queries,
      OuterReferences outer,
      OuterReferences around,
      Ctes ctes,
      List<Query.Locking> locking) {
    this.analysis = analysis;
    this.queries = queries;
    this.outer = outer;
    this.around = around;
    this.ctes = ctes;
    this.locking = locking;
  }

  /// The whole clause: items side by side. Null for an empty list.
  From from(List<TableRef> refs) {
    From all = null;
    for (TableRef ref : refs) {
      From next = item(ref, all);
      if (all == null) {
        all = next;
      } else {
        requireDistinctNames(all, next, ref.pos());
        all = join(all, next, JoinRelType.INNER, null);
      }
    }
    return all;
  }

  From addTo(From left, List<TableRef> refs) {
    From all = left;
    for (TableRef ref : refs) {
      From next = item(ref, all);
      requireDistinctNames(all, next, ref.pos());
      all = join(all, next, JoinRelType.INNER, null);
    }
    return all;
  }

  private static void requireDistinctNames(From left, From right, int pos) {
    for (Scope.Item item : right.items) {
      for (Scope.Item other : left.items) {
        if (item.name().equals(other.name())
            && (item.schema() == null
                || other.schema() == null
                || item.schema().equals(other.schema()))) {
          throw new SqlException(
                  SqlState.DUPLICATE_ALIAS,
                  "table name \"" + item.name() + "\" specified more than once")
              .at(pos);
        }
      }
    }
  }

  /// The rows of the table behind a view that the view shows, named as the view names them.
  From updatableView(UpdatableView view, TableRef.Alias alias, boolean qualified) {
    From base = storedTable(view.table(), null, qualified, true, view.only(), null);
    RelNode rel = base.rel;
    if (!view.conditions().isEmpty()) {
      rel =
          LogicalFilter.create(
              rel, RexUtil.composeConjunction(analysis.rex(), view.conditions(), false));
    }
    RexNode locator = base.items.getFirst().locator();
    String name = alias == null ? null : alias.name();
    Scope.Item item = TableScopes.item(analysis, view.view(), name, view.columns(), locator);
    return new From(rel, List.of(item), view.columns(), null);
  }

  /// Two items joined by a condition that may name both.
  From joined(From left, From right, JoinRelType kind, Function<Scope, RexNode> condition) {
    From both = join(left, right, JoinRelType.INNER, null);
    return join(left, right, kind, condition.apply(scopeOf(both)));
  }

  Scope scopeOf(From from) {
    return from == null ? Scope.empty(outer) : new Scope(from.items, from.visible, outer);
  }

  /// @param left what a LATERAL item may name; null for nothing
  private From item(TableRef ref, From left) {
    From item =
        left == null ? alone(ref, null) : analysis.besides(left.items, () -> alone(ref, left));
    if (analysis.trace() != null) {
      analysis.trace().source(ref, item.items.getFirst());
    }
    return item;
  }

  private From alone(TableRef ref, From left) {
    return switch (ref) {
      case TableRef.TableName table -> table(table);
      case TableRef.SubqueryTable subquery -> subquery(subquery, left);
      case TableRef.FunctionTable function -> functions(function, left);
      case TableRef.Join join -> join(join, left);
    };
  }

  // ---- tables

  private From table(TableRef.TableName ref) {
    if (ref.sample() != null) {
      return sampled(ref);
    }
    QualifiedName name = ref.name();
    if (name.parts().size() == 1) {
      Ctes.Found cte = Ctes.find(ctes, name.name());
      if (cte != null) {
        return cte(cte, ref);
      }
    }
    TransitionTable transition = analysis.names().transition(name);
    if (transition != null) {
      return transition(transition, ref);
    }
    SystemView view = analysis.names().findSystemView(name);
    if (view != null) {
      return systemView(view, ref, systemAccess(view));
    }
    Descriptor found = analysis.names().findRelation(name);
    return switch (found) {
      case null -> throw missing(name);
      case TableDescriptor table when table.isView() -> view(table, ref);
      case TableDescriptor table ->
          storedTable(
              table,
              ref.alias(),
              name.schema() != null,
              !locking.isEmpty(),
              ref.only(),
              analysis.access(Target.of(table)).need(Privilege.SELECT));
      case SequenceDescriptor sequence ->
          systemView(
              analysis.names().environment().sequenceView(sequence),
              ref,
              analysis.access(Target.of(sequence)).need(Privilege.SELECT));
      default -> throw Names.undefined(name).at(name.pos());
    };
  }

  /// Rows that the statement has changed whose trigger runs.
  private From transition(TransitionTable transition, TableRef.TableName ref) {
    List<Column> columns = transition.table().liveColumns();
    var builder = analysis.cluster().getTypeFactory().builder();
    List<QueryAnalyzer.Output> outputs = new ArrayList<>();
    for (Column column : columns) {
      builder.add(column.name(), PgTypeFactory.of(column));
      outputs.add(new QueryAnalyzer.Output(column.name(), 0, 0));
    }
    RelNode rel = new SourceRels.Work(analysis.cluster(), builder.build(), transition.rows());
    return named(
        rel,
        columnsOf(new QueryAnalyzer.Result(rel, outputs)),
        ref.alias(),
        null,
        ref.name().name(),
        null,
        0,
        false);
  }

  private From sampled(TableRef.TableName ref) {
    QualifiedName name = ref.name();
    boolean cte = name.parts().size() == 1 && Ctes.find(ctes, name.name()) != null;
    if (!cte && analysis.names().findSystemView(name) != null) {
      throw SqlException.notSupported("TABLESAMPLE of system tables").at(ref.sample().pos());
    }
    Descriptor found = cte ? null : analysis.names().findRelation(name);
    if (!cte && found == null) {
      throw missing(name);
    }
    if (!(found instanceof TableDescriptor table) || table.isView()) {
      throw TableSamples.noTable(ref.pos());
    }
    From base =
        storedTable(
            table,
            ref.alias(),
            name.schema() != null,
            true,
            ref.only(),
            analysis.access(Target.of(table)).need(Privilege.SELECT));
    ExpressionAnalyzer expressions =
        new ExpressionAnalyzer(
            analysis, queries, Scope.empty(outer), ctes, ExpressionAnalyzer.Clause.FUNCTION);
    RexNode locator = base.items.getFirst().locator();
    RexNode taken = TableSamples.condition(ref.sample(), locator, expressions);
    return new From(LogicalFilter.create(base.rel, taken), base.items, base.visible, null);
  }

  private SqlException missing(QualifiedName name) {
    if (analysis.names().tableOfIndex(name) != null) {
      return new SqlException(
              SqlState.WRONG_OBJECT_TYPE, "cannot open relation \"" + name.name() + "\"")
          .at(name.pos())
          .detail("This operation is not supported for indexes.");
    }
    return Names.undefined(name).at(name.pos());
  }

  /// A stored table, all its live columns, with the rows of its descendants.
  ///
  /// @param only whether descendants are left out
  /// @param access what to tell which columns are read, or null
  From storedTable(
      TableDescriptor table,
      TableRef.Alias alias,
      boolean qualified,
      boolean wantsLocator,
      boolean only,
      TableAccess access) {
    boolean withLocator = wantsLocator || analysis.systemColumns();
    List<TableDescriptor> leaves = TableScopes.leaves(analysis, table, only);
    var builder = analysis.cluster().getTypeFactory().builder();
    List<Column> columns = table.liveColumns();
    for (Column column : columns) {
      builder.add(column.name(), PgTypeFactory.of(column));
    }
    if (withLocator) {
      builder.add("ctid", PgTypeFactory.of(Types.TID));
    }
    RelDataType rowType = builder.build();
    double rows = 0;
    for (TableDescriptor leaf : leaves) {
      rows += analysis.names().environment().estimatedRows(leaf);
    }
    rows = Math.max(1, rows);
    RelNode rel =
        new SourceRels.Table(
            analysis.cluster(),
            rowType,
            table,
            leaves,
            withLocator,
            rows,
            DistinctGuesses.of(table, analysis.names(), rows),
            TableScopes.figures(analysis, table, rows),
            analysis.slots(),
            TableScopes.indexTerms(analysis, leaves));
    List<Scope.Column> scoped = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      scoped.add(
          new Scope.Column(
              columns.get(i).name(),
              analysis.rex().makeInputRef(rel, i),
              table.oid(),
              columns.get(i).number(),
              access));
    }
    RexNode locator = withLocator ? analysis.rex().makeInputRef(rel, columns.size()) : null;
    SchemaDescriptor schema =
        (SchemaDescriptor) analysis.names().catalog().byOid(table.schemaOid());
    From from =
        named(
            rel,
            scoped,
            alias,
            schema == null ? null : schema.name(),
            table.name(),
            locator,
            table.oid(),
            false);
    return analysis.systemColumns()
        ? withHidden(from, SystemColumns.of(locator, analysis, access))
        : from;
  }

  /// What is done with a system relation; null where everybody may.
  private TableAccess systemAccess(SystemView view) {
    Target target =
        Target.builtIn(Kind.TABLE, view.oid(), analysis.names().databaseOid(), view.name());
    boolean open =
        !BuiltInRights.isHidden(view.name())
            && analysis
                    .names()
                    .catalog()
                    .annotation(
                        AclDescriptor.class,
                        target.databaseOid(),
                        Kind.TABLE.classOid(),
                        view.oid(),
                        0)
                == null;
    if (open) {
      return null;
    }
    boolean isView =
        PgCatalog.systemRelations().stream()
            .anyMatch(each -> each.oid() == view.oid() && each.kind() == 'v');
    return analysis
        .access(
            isView
                ? Target.builtIn(Kind.VIEW, view.oid(), analysis.names().databaseOid(), view.name())
                : target)
        .need(Privilege.SELECT);
  }

  /// @param access what to tell which columns are read, or null
  private From systemView(SystemView view, TableRef.TableName ref, TableAccess access) {
    var builder = analysis.cluster().getTypeFactory().builder();
    for (SystemView.ViewColumn column : view.columns()) {
      builder.add(column.name(), PgTypeFactory.of(column.type()));
    }
    if (view.hasTableOid()) {
      builder.add("tableoid", PgTypeFactory.of(Types.OID));
    }
    RelNode rel = new SourceRels.System(analysis.cluster(), builder.build(), view);
    List<Scope.Column> columns = new ArrayList<>();
    for (int i = 0; i < view.columns().size(); i++) {
      columns.add(
          new Scope.Column(
              view.columns().get(i).name(),
              analysis.rex().makeInputRef(rel, i),
              view.oid(),
              i + 1,
              access));
    }
    From from =
        named(rel, columns, ref.alias(), view.schema(), view.name(), null, view.oid(), false);
    return view.hasTableOid() ? withTableOid(from, view.columns().size()) : from;
  }

  private From withTableOid(From from, int position) {
    Scope.Column hidden =
        new Scope.Column(
            "tableoid", analysis.rex().makeInputRef(from.rel, position), 0, TABLE_OID_NUMBER);
    return withHidden(from, List.of(hidden));
  }

  /// The same with columns that only their names bring out.
  private static From withHidden(From from, List<Scope.Column> hidden) {
    Scope.Item item = from.items.getFirst().withHidden(hidden);
    return new From(from.rel, List.of(item), from.visible, from.references);
  }

  /// The rows of a view as it is queried.
  From view(TableDescriptor view, TableRef.TableName ref) {
    analysis.tables().add(view);
    TableAccess access = analysis.access(Target.of(view)).need(Privilege.SELECT);
    Query query = ViewText.parse(view);
    List<Query.Locking> locks = LockedSources.inView(query, locking, ref.alias(), view.name());
    QueryAnalyzer.Result[] analyzed = new QueryAnalyzer.Result[1];
    analysis.withoutLiterals(
        () -> {
          analyzed[0] =
              analysis.inView(
                  ViewText.roleOf(view),
                  () -> queries.inside(view).locked(query, null, null, locks));
          return null;
        });
    QueryAnalyzer.Result result = analyzed[0];
    List<Scope.Column> columns = new ArrayList<>();
    List<Column> declared = view.liveColumns();
    for (int i = 0; i < declared.size(); i++) {
      columns.add(
          new Scope.Column(
              declared.get(i).name(),
              analysis.rex().makeInputRef(result.rel(), i),
              view.oid(),
              declared.get(i).number(),
              access));
    }
    SchemaDescriptor schema = (SchemaDescriptor) analysis.names().catalog().byOid(view.schemaOid());
    return LockedSources.over(
        named(
            result.rel(),
            columns,
            ref.alias(),
            schema.name(),
            view.name(),
            null,
            view.oid(),
            false),
        result);
  }

  private From cte(Ctes.Found found, TableRef.TableName ref) {
    Query.Cte cte = found.cte();
    if (found.work() != null) {
      return work(found, ref);
    }
    queries.read(cte);
    if (!(cte.statement() instanceof Statement.Select select)) {
      return returned(cte, ref);
    }
    SearchCycle.requireRecursion(found);
    // The query is analyzed where it is used; what it may name is what was in sight where it was
    // written.
    QueryAnalyzer.Result result = rows(found, select);
    List<Scope.Column> columns = renamed(columnsOf(result), cte);
    return named(result.rel(), columns, ref.alias(), null, cte.name(), null, 0, false);
  }

  /// The rows of a WITH query; the same for all references where it depends on nothing around it.
  private QueryAnalyzer.Result rows(Ctes.Found found, Statement.Select select) {
    Query.Cte cte = found.cte();
    boolean apart =
        found.outer() == null
            && cte.materialized() != Query.Materialized.NEVER
            && !Ctes.anyOwnTerm(found.ctes());
    Analysis.SharedCte known = apart ? analysis.shared().get(cte) : null;
    if (known == null) {
      QueryAnalyzer.Result result =
          found.recursive()
              ? new RecursiveAnalyzer(analysis, queries).analyze(found)
              : queries.query(select.query(), found.outer(), found.ctes(), true);
      if (!apart) {
        return result;
      }
      SharedQuery query =
          new SharedQuery(
              cte.name(), result.rel(), cte.materialized() == Query.Materialized.ALWAYS);
      known = new Analysis.SharedCte(query, result);
      analysis.shared().put(cte, known);
    }
    known.query().refer();
    return new QueryAnalyzer.Result(
        new SourceRels.Shared(analysis.cluster(), known.query()), known.result().columns());
  }

  /// What a data-modifying WITH query returns.
  private From returned(Query.Cte cte, TableRef.TableName ref) {
    Ctes.Work work = analysis.changes().get(cte);
    if (work.rowType == null) {
      throw new SqlException(
              SqlState.FEATURE_NOT_SUPPORTED,
              "WITH query \"" + cte.name() + "\" does not have a RETURNING clause")
          .at(ref.pos());
    }
    work.references++;
    RelNode rel = new SourceRels.Work(analysis.cluster(), work.rowType, work.table);
    List<Scope.Column> columns =
        renamed(columnsOf(new QueryAnalyzer.Result(rel, work.columns)), cte);
    return named(rel, columns, ref.alias(), null, cte.name(), null, 0, false);
  }

  private static List<Scope.Column> renamed(List<Scope.Column> columns, Query.Cte cte) {
    Ctes.requireColumns(cte, columns.size());
    return renamed(columns, cte.columns());
  }

  /// Rows that are there when they are read.
  private From work(Ctes.Found found, TableRef.TableName ref) {
    Ctes.Work work = found.work();
    String name = found.cte().name();
    if (work.ownTerm) {
      String offence =
          found.barrier() != null
              ? "within " + found.barrier()
              : work.references > 0 ? "more than once" : null;
      if (offence != null) {
        throw new SqlException(
                SqlState.INVALID_RECURSION,
                "recursive reference to query \"" + name + "\" must not appear " + offence)
            .at(ref.pos());
      }
      work.references++;
    }
    RelNode rel = new SourceRels.Work(analysis.cluster(), work.rowType, work.table);
    List<Scope.Column> columns = columnsOf(new QueryAnalyzer.Result(rel, work.columns));
    From from = named(rel, columns, ref.alias(), null, name, null, 0, false);
    return withHidden(from, work.hidden(analysis, rel));
  }

  /// This analyzer, for one side of a join.
  ///
  /// @param before what LATERAL items in the join may name beside those to their left
  private FromAnalyzer within(boolean outerJoin, OuterReferences before) {
    Ctes inside = outerJoin ? Ctes.within(ctes, "an outer join") : ctes;
    return new FromAnalyzer(analysis, queries, outer, before, inside, locking);
  }

  private List<Scope.Column> columnsOf(RelNode rel) {
    List<Scope.Column> columns = new ArrayList<>();
    for (var field : rel.getRowType().getFieldList()) {
      columns.add(
          new Scope.Column(
              field.getName(), analysis.rex().makeInputRef(rel, field.getIndex()), 0, 0));
    }
    return columns;
  }

  private List<Scope.Column> columnsOf(QueryAnalyzer.Result result) {
    List<Scope.Column> columns = new ArrayList<>();
    for (int i = 0; i < result.columns().size(); i++) {
      QueryAnalyzer.Output output = result.columns().get(i);
      columns.add(
          new Scope.Column(
              output.name(),
              analysis.rex().makeInputRef(result.rel(), i),
              output.tableOid(),
              output.columnNumber()));
    }
    return columns;
  }

  private static List<Scope.Column> renamed(List<Scope.Column> columns, List<String> names) {
    List<Scope.Column> out = new ArrayList<>(columns);
    for (int i = 0; i < names.size(); i++) {
      Scope.Column column = out.get(i);
      out.set(i, column.named(names.get(i)));
    }
    return out;
  }

  private static From named(
      RelNode rel,
      List<Scope.Column> columns,
      TableRef.Alias alias,
      String schema,
      String name,
      RexNode locator,
      int tableOid,
      boolean function) {
    List<Scope.Column> visible = columns;
    if (alias != null) {
      if (alias.columns().size() > columns.size()) {
        throw new SqlException(
                SqlState.INVALID_COLUMN_REFERENCE,
                "table \""
                    + alias.name()
                    + "\" has "
                    + columns.size()
                    + " columns available but "
                    + alias.columns().size()
                    + " columns specified")
            .at(alias.pos());
      }
      visible = renamed(columns, alias.columns());
    }
    Scope.Item item =
        new Scope.Item(
            alias == null ? schema : null,
            alias == null ? name : alias.name(),
            visible,
            locator,
            tableOid,
            function);
    return new From(rel, List.of(item), visible, null);
  }

  // ---- sub-selects and functions

  private OuterReferences lateral(From left) {
    return left == null
        ? around
        : new OuterReferences(analysis, new Scope(left.items, left.visible, around));
  }

  /// What an item uses of the items to its left: nothing where it could not name them.
  private OuterReferences own(OuterReferences references) {
    return references == outer || references == around ? null : references;
  }

  private From subquery(TableRef.SubqueryTable ref, From left) {
    OuterReferences references = ref.lateral() ? lateral(left) : outer;
    QueryAnalyzer.Result result =
        queries.locked(
            ref.query(), references, ctes, LockedSources.meant(locking, ref.alias(), null));
    if (ref.alias() == null) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "subquery in FROM must have an alias")
          .at(ref.pos())
          .hint("For example, FROM (SELECT ...) [AS] foo.");
    }
    From named =
        named(
            result.rel(), columnsOf(result), ref.alias(), null, ref.alias().name(), null, 0, false);
    return new From(
        named.rel, LockedSources.over(named, result).items, named.visible, own(references));
  }

  private From functions(TableRef.FunctionTable ref, From left) {
    OuterReferences references = lateral(left);
    ExpressionAnalyzer expressions =
        new ExpressionAnalyzer(
            analysis, queries, Scope.empty(references), ctes, ExpressionAnalyzer.Clause.FUNCTION);
    var builder = analysis.cluster().getTypeFactory().builder();
    List<RexNode> calls = new ArrayList<>();
    List<Integer> widths = new ArrayList<>();
    String firstName = null;
    int columns = 0;
    for (TableRef.RowFunction function : UnnestedArrays.oneByOne(ref.functions())) {
      RexNode call = expressions.analyze(function.call());
      String name = ColumnNames.of(function.call());
      firstName = firstName == null ? name : firstName;
      List<TableRef.ColumnDefinition> definitions =
          !function.columns().isEmpty()
              ? function.columns()
              : ref.rowsFrom() ? List.of() : ref.columns();
      List<FunctionColumn> fields =
          FunctionColumn.of(analysis.names(), call, name, definitions, ref);
      boolean row = FunctionColumn.isRow(call);
      widths.add(row ? fields.size() : -1);
      if (row && !definitions.isEmpty()) {
        call =
            expressions.rows().returning(call, fields.stream().map(FunctionColumn::field).toList());
      }
      for (FunctionColumn field : fields) {
        builder.add(FunctionColumn.uniqueName(field.name(), columns), field.type());
        columns++;
      }
      calls.add(call);
    }
    if (ref.withOrdinality()) {
      builder.add("ordinality", PgTypeFactory.of(Types.INT8));
    }
    RelDataType rowType = builder.build();
    RelNode rel =
        new SourceRels.Functions(
            analysis.cluster(), rowType, calls, widths, ref.withOrdinality(), firstName);
    List<Scope.Column> scoped = new ArrayList<>();
    for (var field : rowType.getFieldList()) {
      scoped.add(
          new Scope.Column(
              FunctionColumn.plainName(field.getName()),
              analysis.rex().makeInputRef(rel, field.getIndex()),
              0,
              0));
    }
    TableRef.Alias alias = ref.alias();
    boolean scalar = calls.size() == 1 && columns == 1 && ref.columns().isEmpty();
    if (scalar
        && alias != null
        && alias.columns().isEmpty()
        && !FunctionColumn.isRow(calls.getFirst())
        && scoped.getFirst().name().equals(firstName)) {
      // The alias of a function that returns one scalar names its column too, unless the function
      // has a name for it.
      List<Scope.Column> first = new ArrayList<>(scoped);
      first.set(0, new Scope.Column(alias.name(), scoped.getFirst().value(), 0, 0));
      scoped = first;
    }
    From named = named(rel, scoped, alias, null, firstName, null, 0, true);
    return new From(named.rel, named.items, named.visible, own(references));
  }

  // ---- joins

  private static JoinRelType relType(TableRef.JoinKind kind) {
    return switch (kind) {
      case CROSS, INNER -> JoinRelType.INNER;
      case LEFT -> JoinRelType.LEFT;
      case RIGHT -> JoinRelType.RIGHT;
      case FULL -> JoinRelType.FULL;
    };
  }

  /// The name of the item that a value is a column of.
  private static String named(List<Scope.Item> items, RexNode value) {
    return items.stream()
        .filter(item -> item.columns().stream().anyMatch(column -> column.value().equals(value)))
        .findFirst()
        .orElse(items.getFirst())
        .name();
  }

  private From join(TableRef.Join ref, From before) {
    JoinRelType kind = relType(ref.kind());
    boolean leftIsOptional = kind == JoinRelType.RIGHT || kind == JoinRelType.FULL;
    boolean rightIsOptional = kind == JoinRelType.LEFT || kind == JoinRelType.FULL;
    OuterReferences references = lateral(before);
    From left = within(leftIsOptional, references).item(ref.left(), null);
    From right = within(rightIsOptional, references).item(ref.right(), left);
    requireDistinctNames(left, right, ref.right().pos());
    if (right.references != null
        && !right.references.slots().isEmpty()
        && (kind == JoinRelType.RIGHT || kind == JoinRelType.FULL)) {
      throw new SqlException(
              SqlState.INVALID_COLUMN_REFERENCE,
              "invalid reference to FROM-clause entry for table \""
                  + named(left.items, right.references.values().getFirst())
                  + "\"")
          .at(ref.right().pos())
          .detail("The combining JOIN type must be INNER or LEFT for a LATERAL reference.");
    }
    int leftWidth = left.rel.getRowType().getFieldCount();
    From shifted = shift(right, leftWidth);
    List<Scope.Item> items = new ArrayList<>();
    left.items.forEach(item -> items.add(leftIsOptional ? item.asOptional() : item));
    shifted.items.forEach(item -> items.add(rightIsOptional ? item.asOptional() : item));

    List<String> using = ref.natural() ? commonNames(left, right) : ref.using();
    RexNode condition = null;
    List<Scope.Column> visible = new ArrayList<>();
    if (!using.isEmpty()) {
      Set<String> merged = new LinkedHashSet<>(using);
      List<RexNode> equalities = new ArrayList<>();
      ExpressionAnalyzer expressions =
          new ExpressionAnalyzer(
              analysis, queries, Scope.empty(outer), ctes, ExpressionAnalyzer.Clause.ON);
      for (String name : merged) {
        Scope.Column l = UsingColumns.single(left.visible, name, "left", ref.pos());
        Scope.Column r = UsingColumns.single(shifted.visible, name, "right", ref.pos());
        equalities.add(expressions.equality(l.value(), r.value(), ref.pos()));
        visible.add(UsingColumns.merge(l, r, kind, expressions));
      }
      for (Scope.Column column : left.visible) {
        if (!merged.contains(column.name())) {
          visible.add(column);
        }
      }
      for (Scope.Column column : shifted.visible) {
        if (!merged.contains(column.name())) {
          visible.add(column);
        }
      }
      condition = RexUtil.composeConjunction(analysis.rex(), equalities);
    } else {
      visible.addAll(left.visible);
      visible.addAll(shifted.visible);
      if (ref.on() != null) {
        Scope scope = new Scope(items, visible, outer);
        condition =
            new ExpressionAnalyzer(analysis, queries, scope, ctes, ExpressionAnalyzer.Clause.ON)
                .condition(ref.on());
      }
    }
    From joined = join(left, right, kind, condition);
    if (ref.alias() != null) {
      From named =
          named(joined.rel, visible, ref.alias(), null, ref.alias().name(), null, 0, false);
      return new From(joined.rel, named.items, named.visible, own(references));
    }
    if (ref.usingAlias() != null) {
      items.add(
          new Scope.Item(null, ref.usingAlias(), visible.subList(0, using.size()), null, 0, false));
    }
    return new From(joined.rel, items, visible, own(references));
  }

  private static List<String> commonNames(From left, From right) {
    List<String> names = new ArrayList<>();
    for (Scope.Column l : left.visible) {
      for (Scope.Column r : right.visible) {
        if (l.name().equals(r.name()) && !names.contains(l.name())) {
          names.add(l.name());
        }
      }
    }
    return names;
  }

  private static From shift(From from, int offset) {
    return new From(
        from.rel,
        from.items.stream().map(item -> item.shifted(offset)).toList(),
        Scope.Column.shifted(from.visible, offset),
        from.references);
  }

  /// @param condition over the joined row; null for none
  private From join(From left, From right, JoinRelType kind, RexNode condition) {
    RelNode rel;
    if (right.references != null && !right.references.slots().isEmpty()) {
      rel =
          new ShapeRels.Apply(
              analysis.cluster(),
              analysis.cluster().traitSetOf(Convention.NONE),
              left.rel,
              right.rel,
              kind,
              condition,
              List.copyOf(right.references.slots()),
              List.copyOf(right.references.values()));
    } else {
      RexNode on = condition == null ? analysis.rex().makeLiteral(true) : condition;
      rel = LogicalJoin.create(left.rel, right.rel, List.of(), on, Set.of(), kind);
    }
    From shifted = shift(right, left.rel.getRowType().getFieldCount());
    List<Scope.Item> items = new ArrayList<>(left.items);
    items.addAll(shifted.items);
    List<Scope.Column> visible = new ArrayList<>(left.visible);
    visible.addAll(shifted.visible);
    return new From(rel, items, visible, left.references);
  }
}
