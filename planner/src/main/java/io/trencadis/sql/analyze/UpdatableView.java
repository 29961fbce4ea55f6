package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.Query;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.ast.TableRef;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.rel.Operation;
import io.trencadis.sql.rel.PgCall;
import io.trencadis.sql.rights.Privilege;
import io.trencadis.sql.rights.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;

/// A view that is changed by changing the one table behind it (PostgreSQL 15 manual, CREATE VIEW).
///
/// @param columns the view's columns, over a row of the table's live columns
/// @param conditions of the view and of those behind it, over the same
/// @param access what the statement does with the view, and so with what is behind it
/// @param only whether the table's descendants are left out, as some FROM ONLY behind it says
/// @param behind the view's source: a view, or the table as if it were one; null for that
/// @param checks what new rows have to satisfy by CHECK OPTION, the innermost view's first
record UpdatableView(
    TableDescriptor view,
    TableDescriptor table,
    List<Scope.Column> columns,
    List<RexNode> conditions,
    List<Analyzed.NamedCheck> checks,
    TableAccess access,
    boolean only,
    UpdatableView behind) {
  /// Notes that a column of the table behind is given a value through the view.
  void gives(int place, Change change) {
    for (Scope.Column column : columns) {
      if (column.value() instanceof RexInputRef input && input.getIndex() == place) {
        if (change == Change.INSERT) {
          access.inserts(column.columnNumber());
        } else {
          access.updates(column.columnNumber());
        }
      }
    }
    if (behind != null) {
      behind.gives(place, change);
    }
  }

  private static final String OPTION = "check_option=";

  /// Whether a trigger does what a statement wants done to a view.
  static boolean hasTrigger(Names names, TableDescriptor view, Change change) {
    return view.isView()
        && names.catalog().triggersOf(view.oid()).stream()
            .anyMatch(
                trigger ->
                    trigger.timing() == 'i'
                        && switch (change) {
                          case INSERT -> trigger.onInsert();
                          case UPDATE -> trigger.onUpdate();
                          case DELETE -> trigger.onDelete();
                        });
  }

  /// What a statement does with a view, in the words of its errors.
  enum Change {
    INSERT("insert into", "inserting into"),
    UPDATE("update", "updating"),
    DELETE("delete from", "deleting from");

    final String verb;
    final String doing;

    Change(String verb, String doing) {
      this.verb = verb;
      this.doing = doing;
    }
  }

  /// The view as a target.
  ///
  /// @throws SqlException 55000 if it is not automatically updatable
  static UpdatableView of(
      Analysis analysis, QueryAnalyzer queries, TableDescriptor view, Change change) {
    TableAccess access = analysis.access(Target.of(view));
    access.need(
        switch (change) {
          case INSERT -> Privilege.INSERT;
          case UPDATE -> Privilege.UPDATE;
          case DELETE -> Privilege.DELETE;
        });
    return analysis.inView(
        ViewText.roleOf(view), () -> of(analysis, queries, view, change, false, access));
  }

  private static UpdatableView of(
      Analysis analysis,
      QueryAnalyzer queries,
      TableDescriptor view,
      Change change,
      boolean cascaded,
      TableAccess access) {
    analysis.tables().add(view);
    Query query = ViewText.parse(view);
    String obstacle = obstacle(query);
    if (obstacle != null) {
      throw refusal(view, change, obstacle);
    }
    Query.SelectCore core = (Query.SelectCore) query.body();
    TableRef.TableName from = (TableRef.TableName) core.from().getFirst();
    if (!(analysis.names().findRelation(from.name()) instanceof TableDescriptor base)) {
      throw refusal(view, change, NO_SINGLE_TABLE);
    }
    if (hasTrigger(analysis.names(), base, change)) {
      throw SqlException.notSupported("changing a view over one that has an INSTEAD OF trigger");
    }
    String option = checkOption(view);
    boolean all = cascaded || "cascaded".equals(option);
    TableAccess below = analysis.access(Target.of(base)).follows(access);
    UpdatableView behind =
        base.isView()
            ? analysis.inView(
                ViewText.roleOf(base), () -> of(analysis, queries, base, change, all, below))
            : new UpdatableView(
                null,
                base,
                TableScopes.columns(analysis, base, below),
                List.of(),
                List.of(),
                below,
                false,
                null);
    List<Scope.Column> named = new ArrayList<>(behind.columns);
    String alias = from.alias() == null ? null : from.alias().name();
    if (from.alias() != null) {
      for (int i = 0; i < from.alias().columns().size(); i++) {
        Scope.Column column = named.get(i);
        named.set(i, column.named(from.alias().columns().get(i)));
      }
    }
    Scope.Item item = TableScopes.item(analysis, base, alias, named, null);
    Scope scope =
        TableScopes.scope(
            analysis.systemColumns() && !base.isView()
                ? SystemColumns.behind(item, base, analysis, below)
                : item);
    List<Scope.Column> columns = new ArrayList<>();
    List<RexNode> conditions = new ArrayList<>(behind.conditions);
    List<Analyzed.NamedCheck> checks = new ArrayList<>(behind.checks);
    analysis.withoutLiterals(
        () -> {
          List<RexNode> values = values(analysis, queries, scope, core);
          for (RexNode value : values) {
            String fault = computed(value);
            if (fault != null) {
              throw refusal(view, change, fault);
            }
          }
          List<Column> own = view.liveColumns();
          for (int i = 0; i < own.size(); i++) {
            columns.add(
                new Scope.Column(
                    own.get(i).name(), values.get(i), view.oid(), own.get(i).number(), access));
          }
          if (core.where() != null) {
            RexNode condition =
                new ExpressionAnalyzer(
                        analysis, queries, scope, null, ExpressionAnalyzer.Clause.WHERE)
                    .condition(core.where());
            conditions.add(condition);
            if (cascaded || option != null) {
              checks.add(new Analyzed.NamedCheck(view.name(), condition, true));
            }
          }
          return null;
        });
    boolean only = base.isView() ? behind.only : from.only();
    return new UpdatableView(view, behind.table, columns, conditions, checks, access, only, behind);
  }

  private static List<RexNode> values(
      Analysis analysis, QueryAnalyzer queries, Scope scope, Query.SelectCore core) {
    ExpressionAnalyzer expressions =
        new ExpressionAnalyzer(analysis, queries, scope, null, ExpressionAnalyzer.Clause.SELECT);
    List<RexNode> values = new ArrayList<>();
    for (Query.Target target : core.targets()) {
      if (target.expr() instanceof Expr.ColumnRef ref && ref.star()) {
        expressions.star(ref).forEach(column -> values.add(column.value()));
      } else {
        values.add(expressions.analyze(target.expr()));
      }
    }
    return values;
  }

  /// `local`, `cascaded` or null.
  static String checkOption(TableDescriptor view) {
    for (String option : view.options()) {
      if (option.startsWith(OPTION)) {
        return option.substring(OPTION.length()).toLowerCase(Locale.ROOT);
      }
    }
    return null;
  }

  /// The storage option that CHECK OPTION is kept as.
  static String optionText(String kind) {
    return OPTION + kind;
  }

  private static final String NO_SINGLE_TABLE =
      "Views that do not select from a single table or view are not automatically updatable.";

  /// What keeps a query from being updatable, as far as its syntax tells; null for nothing.
  static String obstacle(Query query) {
    if (query.body() instanceof Query.SetOperation) {
      return "Views containing UNION, INTERSECT, or EXCEPT are not automatically updatable.";
    }
    if (query.with() != null) {
      return "Views containing WITH are not automatically updatable.";
    }
    if (query.limit() != null || query.offset() != null) {
      return "Views containing LIMIT or OFFSET are not automatically updatable.";
    }
    if (!(query.body() instanceof Query.SelectCore core)) {
      return NO_SINGLE_TABLE;
    }
    if (core.distinct()) {
      return "Views containing DISTINCT are not automatically updatable.";
    }
    if (!core.groupBy().isEmpty()) {
      return "Views containing GROUP BY are not automatically updatable.";
    }
    if (core.having() != null) {
      return "Views containing HAVING are not automatically updatable.";
    }
    return core.from().size() == 1 && core.from().getFirst() instanceof TableRef.TableName
        ? null
        : NO_SINGLE_TABLE;
  }

  private static String computed(RexNode value) {
    if (GroupAnalyzer.hasAggregate(value)) {
      return "Views that return aggregate functions are not automatically updatable.";
    }
    if (WindowAnalyzer.isIn(value)) {
      return "Views that return window functions are not automatically updatable.";
    }
    return SetColumns.isIn(value)
        ? "Views that return set-returning functions are not automatically updatable."
        : null;
  }

  private static SqlException refusal(TableDescriptor view, Change change, String obstacle) {
    return new SqlException(
            SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
            "cannot " + change.verb + " view \"" + view.name() + "\"")
        .detail(obstacle)
        .hint(
            "To enable "
                + change.doing
                + " the view, provide an INSTEAD OF "
                + change.name()
                + " trigger or an unconditional ON "
                + change.name()
                + " DO INSTEAD rule.");
  }

  /// The place in the table of a column that a statement gives a value.
  ///
  /// @throws SqlException 42703 if the view has no such column, 0A000 if it is computed
  int place(Statement.ColumnTarget target, Change change) {
    for (Scope.Column column : columns) {
      if (column.name().equals(target.name())) {
        return place(column, change);
      }
    }
    throw new SqlException(
            SqlState.UNDEFINED_COLUMN,
            "column \"" + target.name() + "\" of relation \"" + view.name() + "\" does not exist")
        .at(target.pos());
  }

  int place(Scope.Column column, Change change) {
    if (column.value() instanceof RexInputRef input) {
      return input.getIndex();
    }
    throw new SqlException(
            SqlState.FEATURE_NOT_SUPPORTED,
            "cannot "
                + change.verb
                + " column \""
                + column.name()
                + "\" of view \""
                + view.name()
                + "\"")
        .detail(
            column.value() instanceof RexCall call
                    && call.getOperator() instanceof PgCall pg
                    && pg.operation() instanceof Operation.SystemColumn
                ? "View columns that refer to system columns are not updatable."
                : "View columns that are not columns of their base relation are not updatable.");
  }
}
