package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.Query;
import io.trencadis.sql.catalog.KeyPart;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.functions.Aggregates;
import io.trencadis.sql.rel.AggregateSpec;
import io.trencadis.sql.rel.CollationRules;
import io.trencadis.sql.rel.Operation;
import io.trencadis.sql.rel.PgAggregate;
import io.trencadis.sql.rel.PgCall;
import io.trencadis.sql.rel.PgTypeFactory;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalUnion;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.ImmutableBitSet;

/// Turns expressions over a FROM clause into expressions over its groups.
final class GroupAnalyzer {
  private static final int MOST_SETS = 4096;

  private final Analysis analysis;
  private final Scope scope;
  private final ExpressionAnalyzer expressions;
  private final List<RexNode> below = new ArrayList<>();
  private final List<AggregateSpec> specs = new ArrayList<>();
  private final List<RexCall> groupings = new ArrayList<>();

  /// Places in `below` of direct arguments, which see a key as null where a set leaves it out.
  private final Set<Integer> directs = new HashSet<>();

  private int keys;

  /// A select list item that GROUP BY may name.
  record Named(String name, RexNode value) {}

  /// @param values what was asked for, over the rows of `rel`
  record Grouped(RelNode rel, List<RexNode> values) {}

  GroupAnalyzer(Analysis analysis, Scope scope, ExpressionAnalyzer expressions) {
    this.analysis = analysis;
    this.scope = scope;
    this.expressions = expressions;
  }

  static boolean hasAggregate(RexNode node) {
    if (node instanceof RexCall call) {
      return (call.getOperator() instanceof PgCall pg
              && (pg.operation() instanceof Operation.AggregateCall
                  || pg.operation() instanceof Operation.GroupingBits
                  || (pg.operation() instanceof Operation.WindowCall window
                      && window.specification().expressions().stream()
                          .anyMatch(GroupAnalyzer::hasAggregate))))
          || call.getOperands().stream().anyMatch(GroupAnalyzer::hasAggregate);
    }
    return false;
  }

  /// @param values the select list and what ORDER BY adds to it
  /// @param having may be null
  /// @param distinctSets GROUP BY DISTINCT: equal grouping sets count once
  Grouped group(
      RelNode input,
      List<Query.GroupItem> items,
      List<Named> names,
      List<RexNode> values,
      RexNode having,
      boolean distinctSets) {
    List<List<Integer>> sets = List.of(List.of());
    for (Query.GroupItem item : items) {
      sets = product(sets, setsOf(item, names));
    }
    if (distinctSets) {
      sets =
          sets.stream().map(set -> set.stream().sorted().distinct().toList()).distinct().toList();
    }
    sets = withDependentColumns(sets);
    keys = below.size();
    values.forEach(this::collectGroupings);
    if (having != null) {
      collectGroupings(having);
    }
    Rewriter rewriter = new Rewriter();
    List<RexNode> rewritten = new ArrayList<>();
    for (RexNode value : values) {
      rewritten.add(value.accept(rewriter));
    }
    RexNode condition = having == null ? null : having.accept(rewriter);
    RelNode rel = aggregate(input, sets);
    if (condition != null) {
      rel = LogicalFilter.create(rel, condition);
    }
    return new Grouped(rel, rewritten);
  }

  private int addKey(RexNode key) {
    int known = below.indexOf(key);
    if (known < 0) {
      below.add(key);
    }
    return known < 0 ? below.size() - 1 : known;
  }

  // ---- grouping sets

  private static List<List<Integer>> product(List<List<Integer>> left, List<List<Integer>> right) {
    List<List<Integer>> out = new ArrayList<>();
    for (List<Integer> a : left) {
      for (List<Integer> b : right) {
        List<Integer> both = new ArrayList<>(a);
        both.addAll(b);
        out.add(both);
      }
    }
    if (out.size() > MOST_SETS) {
      throw new SqlException(
          SqlState.STATEMENT_TOO_COMPLEX, "too many grouping sets present (maximum 4096)");
    }
    return out;
  }

  /// The sets of keys that an item of GROUP BY stands for.
  private List<List<Integer>> setsOf(Query.GroupItem item, List<Named> names) {
    return switch (item) {
      case Query.GroupExpr expr -> List.of(keysOf(expr.expr(), names));
      case Query.GroupEmpty _ -> List.of(List.of());
      case Query.Rollup rollup -> {
        List<List<Integer>> sets = new ArrayList<>();
        List<Integer> prefix = List.of();
        sets.add(prefix);
        for (Expr element : rollup.elements()) {
          prefix = product(List.of(prefix), List.of(keysOf(element, names))).getFirst();
          sets.addFirst(prefix);
        }
        yield sets;
      }
      case Query.Cube cube -> {
        if (cube.elements().size() > 12) {
          throw new SqlException(SqlState.TOO_MANY_COLUMNS, "CUBE is limited to 12 elements")
              .at(cube.pos());
        }
        List<List<Integer>> sets = List.of(List.of());
        for (Expr element : cube.elements()) {
          sets = product(sets, List.of(keysOf(element, names), List.of()));
        }
        yield sets;
      }
      case Query.GroupingSets several -> {
        List<List<Integer>> sets = new ArrayList<>();
        several.sets().forEach(set -> sets.addAll(setsOf(set, names)));
        yield sets;
      }
    };
  }

  /// Parentheses make several keys of one item.
  private List<Integer> keysOf(Expr expr, List<Named> names) {
    if (expr instanceof Expr.Row row && !row.explicit()) {
      List<Integer> all = new ArrayList<>();
      row.fields().forEach(field -> all.add(addKey(key(field, names))));
      return all;
    }
    return List.of(addKey(key(expr, names)));
  }

  private void collectGroupings(RexNode node) {
    if (node instanceof RexCall call) {
      if (call.getOperator() instanceof PgCall pg
          && pg.operation() instanceof Operation.GroupingBits
          && !groupings.contains(call)) {
        groupings.add(call);
      }
      if (call.getOperator() instanceof PgCall pg
          && pg.operation() instanceof Operation.WindowCall window) {
        window.specification().expressions().forEach(this::collectGroupings);
      }
      call.getOperands().forEach(this::collectGroupings);
    }
  }

  /// What GROUPING gives in one set: a bit for each operand, set where it is not grouped by.
  private int bits(RexCall grouping, List<Integer> set) {
    int bits = 0;
    for (RexNode operand : grouping.getOperands()) {
      int key = below.subList(0, keys).indexOf(operand);
      if (key < 0) {
        throw new SqlException(
            SqlState.GROUPING_ERROR,
            "arguments to GROUPING must be grouping expressions of the associated query level");
      }
      bits = bits << 1 | (set.contains(key) ? 0 : 1);
    }
    return bits;
  }

  /// One grouping after the other: in each, keys that it does not group by are null.
  private RelNode severally(
      LogicalProject project, List<List<Integer>> sets, List<AggregateCall> calls) {
    List<RelNode> parts = new ArrayList<>();
    for (List<Integer> set : sets) {
      ImmutableBitSet by = ImmutableBitSet.of(set);
      RelNode rows = directs.isEmpty() ? project : withoutOthers(project, by);
      RelNode grouped = LogicalAggregate.create(rows, List.of(), by, null, calls);
      List<RexNode> columns = new ArrayList<>();
      List<String> names = new ArrayList<>();
      for (int key = 0; key < keys; key++) {
        RexNode value = below.get(key);
        columns.add(
            by.get(key) ? analysis.rex().makeInputRef(grouped, by.indexOf(key)) : nothing(value));
        names.add("g" + key);
      }
      for (RexCall grouping : groupings) {
        columns.add(analysis.fixed(bits(grouping, set), Types.INT4));
        names.add("grouping" + columns.size());
      }
      for (int i = 0; i < calls.size(); i++) {
        columns.add(analysis.rex().makeInputRef(grouped, by.cardinality() + i));
        names.add("agg" + i);
      }
      parts.add(LogicalProject.create(grouped, List.of(), columns, names, Collections.emptySet()));
    }
    return parts.size() == 1 ? parts.getFirst() : LogicalUnion.create(parts, true);
  }

  /// Null, of another value's type.
  private RexNode nothing(RexNode value) {
    PgType type = Analysis.typeOf(value);
    return analysis.constant(null, null, -1, type, type, Analysis.typmodOf(value), false);
  }

  /// The rows as the aggregates of one grouping see them.
  private RelNode withoutOthers(LogicalProject project, ImmutableBitSet by) {
    RexShuttle nulls =
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef ref) {
            int key = keyAmong(ref);
            return key < 0 || by.get(key) ? ref : nothing(ref);
          }

          @Override
          public RexNode visitCall(RexCall call) {
            int key = keyAmong(call);
            if (key < 0) {
              return super.visitCall(call);
            }
            return by.get(key) ? call : nothing(call);
          }

          private int keyAmong(RexNode value) {
            for (int key = 0; key < keys; key++) {
              if (Analysis.same(value, project.getProjects().get(key))) {
                return key;
              }
            }
            return -1;
          }
        };
    List<RexNode> columns = new ArrayList<>(project.getProjects());
    directs.forEach(direct -> columns.set(direct, columns.get(direct).accept(nulls)));
    return LogicalProject.create(
        project.getInput(),
        List.of(),
        columns,
        project.getRowType().getFieldNames(),
        Collections.emptySet());
  }

  private RexNode key(Expr expr, List<Named> names) {
    RexNode key;
    if (expr instanceof Expr.NumberLiteral number) {
      key = names.get(SortKeys.ordinal(number, names.size(), "GROUP BY", analysis)).value();
    } else if (SortKeys.isConstant(expr)) {
      throw SortKeys.noInteger("GROUP BY", expr.pos());
    } else {
      key = byColumnOrAlias(expr, names);
    }
    if (hasAggregate(key)) {
      throw new SqlException(
              SqlState.GROUPING_ERROR, "aggregate functions are not allowed in GROUP BY")
          .at(expr.pos());
    }
    if (WindowAnalyzer.isIn(key)) {
      throw new SqlException(
              SqlState.WINDOWING_ERROR, "window functions are not allowed in GROUP BY")
          .at(expr.pos());
    }
    if (Analysis.typeOf(key) == Types.UNKNOWN) {
      key = expressions.coerce(key, Types.TEXT, expr.pos());
    }
    if (!Analysis.typeOf(key).codec().ordered()) {
      throw new SqlException(
              SqlState.UNDEFINED_FUNCTION,
              "could not identify an equality operator for type "
                  + Analysis.typeOf(key).displayName())
          .at(expr.pos());
    }
    return key;
  }

  /// In GROUP BY a lone name is an input column first, and only then an output column.
  private RexNode byColumnOrAlias(Expr expr, List<Named> names) {
    if (expr instanceof Expr.ColumnRef column && column.parts().size() == 1 && !column.star()) {
      String name = column.parts().getFirst();
      boolean inputColumn =
          scope.visible().stream().anyMatch(visible -> visible.name().equals(name));
      if (!inputColumn) {
        RexNode found = null;
        for (Named named : names) {
          if (named.name().equals(name)) {
            if (found != null && !Analysis.same(found, named.value())) {
              throw new SqlException(
                      SqlState.AMBIGUOUS_COLUMN, "GROUP BY \"" + name + "\" is ambiguous")
                  .at(column.pos());
            }
            found = named.value();
          }
        }
        if (found != null) {
          return found;
        }
      }
    }
    return expressions.analyze(expr);
  }

  /// A table whose whole primary key is grouped by may be used column by column (functional
  /// dependency).
  ///
  /// @return the sets of keys with those columns, which belong to all of them
  private List<List<Integer>> withDependentColumns(List<List<Integer>> sets) {
    Set<Integer> common = new HashSet<>(sets.getFirst());
    sets.forEach(common::retainAll);
    List<RexNode> grouped = common.stream().map(below::get).toList();
    List<Integer> dependent = new ArrayList<>();
    for (Scope.Item item : scope.items()) {
      TableDescriptor table =
          item.tableOid() == 0 ? null : analysis.names().catalog().table(item.tableOid());
      if (table == null || table.primaryKey() == null) {
        continue;
      }
      boolean whole = true;
      for (KeyPart part : table.primaryKey().parts()) {
        whole &=
            item.columns().stream()
                .anyMatch(
                    column ->
                        column.columnNumber() == part.column() && grouped.contains(column.value()));
      }
      if (whole) {
        for (Scope.Column column : item.columns()) {
          if (column.value() instanceof RexInputRef input
              && scope.uses().containsKey(input.getIndex())) {
            // A column that some sets group by stays null in the others.
            if (!below.contains(column.value())) {
              dependent.add(addKey(column.value()));
            }
          }
        }
      }
    }
    if (dependent.isEmpty()) {
      return sets;
    }
    List<List<Integer>> all = new ArrayList<>();
    for (List<Integer> set : sets) {
      List<Integer> more = new ArrayList<>(set);
      dependent.stream().filter(key -> !set.contains(key)).forEach(more::add);
      all.add(more);
    }
    return all;
  }

  /// The number of the group key that computes the same, or -1.
  private int keyOf(RexNode value) {
    for (int key = 0; key < keys; key++) {
      if (Analysis.same(value, below.get(key))) {
        return key;
      }
    }
    return -1;
  }

  /// Replaces group keys and aggregates by the columns of the grouped rows.
  private final class Rewriter extends RexShuttle {
    @Override
    public RexNode visitLiteral(RexLiteral literal) {
      return constant(literal);
    }

    @Override
    public RexNode visitDynamicParam(RexDynamicParam slot) {
      return constant(slot);
    }

    /// In the sets that leave it out, even a constant key is null.
    private RexNode constant(RexNode value) {
      int key = keyOf(value);
      return key >= 0 ? analysis.rex().makeInputRef(value.getType(), key) : value;
    }

    @Override
    public RexNode visitInputRef(RexInputRef ref) {
      int key = keyOf(ref);
      if (key >= 0) {
        return analysis.rex().makeInputRef(ref.getType(), key);
      }
      Scope.Use use = scope.uses().get(ref.getIndex());
      throw new SqlException(
              SqlState.GROUPING_ERROR,
              use == null
                  ? "subquery uses ungrouped column \""
                      + scope.describe(ref.getIndex())
                      + "\" from outer query"
                  : "column \""
                      + use.name()
                      + "\" must appear in the GROUP BY clause or be used in an aggregate function")
          .at(use == null ? -1 : use.pos());
    }

    /// Direct arguments have one value for a whole group.
    private void requireGrouped(AggregateSpec spec) {
      int direct = Aggregates.directArguments(spec.call());
      try {
        for (RexNode argument : spec.arguments().subList(0, direct)) {
          argument.accept(this);
        }
      } catch (SqlException e) {
        throw e.state() == SqlState.GROUPING_ERROR
            ? e.detail(
                "Direct arguments of an ordered-set aggregate must use only grouped columns.")
            : e;
      }
    }

    @Override
    public RexNode visitCall(RexCall call) {
      int key = keyOf(call);
      if (key >= 0) {
        return analysis.rex().makeInputRef(call.getType(), key);
      }
      if (call.getOperator() instanceof PgCall pg
          && pg.operation() instanceof Operation.AggregateCall aggregate) {
        requireGrouped(aggregate.spec());
        int index = keys + groupings.size() + indexOf(aggregate.spec());
        return analysis.rex().makeInputRef(call.getType(), index);
      }
      if (call.getOperator() instanceof PgCall pg
          && pg.operation() instanceof Operation.WindowCall window) {
        return expressions.call(
            new Operation.WindowCall(
                window.specification().map(expression -> expression.accept(this))),
            call.getType(),
            List.of());
      }
      int grouping = groupings.indexOf(call);
      if (grouping >= 0) {
        return analysis.rex().makeInputRef(call.getType(), keys + grouping);
      }
      return super.visitCall(call);
    }
  }

  private int indexOf(AggregateSpec spec) {
    for (int i = 0; i < specs.size(); i++) {
      if (specs.get(i).digest().equals(spec.digest())) {
        return i;
      }
    }
    specs.add(spec);
    return specs.size() - 1;
  }

  private int column(RexNode value) {
    int known = below.indexOf(value);
    if (known >= 0) {
      return known;
    }
    below.add(value);
    return below.size() - 1;
  }

  /// Calcite wants filters that are never null.
  private RexNode certain(RexNode condition) {
    return analysis
        .rex()
        .makeCall(
            PgTypeFactory.INSTANCE.createSqlType(SqlTypeName.BOOLEAN),
            SqlStdOperatorTable.IS_TRUE,
            List.of(condition));
  }

  private RelNode aggregate(RelNode input, List<List<Integer>> sets) {
    List<AggregateCall> calls = new ArrayList<>();
    for (int i = 0; i < specs.size(); i++) {
      AggregateSpec spec = specs.get(i);
      List<Integer> arguments = new ArrayList<>();
      int direct = sets.size() == 1 ? 0 : Aggregates.directArguments(spec.call());
      for (RexNode argument : spec.arguments()) {
        if (arguments.size() < direct) {
          directs.add(below.size());
          arguments.add(below.size());
          below.add(argument);
        } else {
          arguments.add(column(argument));
        }
      }
      List<RelFieldCollation> collations = new ArrayList<>();
      for (int j = 0; j < spec.orderBy().size(); j++) {
        collations.add(
            new RelFieldCollation(
                column(spec.orderBy().get(j)),
                spec.sortDirections().get(j),
                spec.sortNulls().get(j)));
      }
      RelCollation collation = RelCollations.of(collations);
      calls.add(
          AggregateCall.create(
              new PgAggregate(spec.call()),
              spec.distinct(),
              false,
              false,
              List.of(),
              arguments,
              spec.filter() == null ? -1 : column(certain(spec.filter())),
              null,
              collation,
              CollationRules.result(spec.call()),
              "agg" + i));
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < below.size(); i++) {
      names.add("g" + i);
    }
    List<RexNode> columns = new ArrayList<>(below);
    RelNode rows = SetColumns.moved(analysis, input, columns);
    LogicalProject project =
        LogicalProject.create(rows, List.of(), columns, names, Collections.emptySet());
    return sets.size() == 1 && groupings.isEmpty()
        ? LogicalAggregate.create(project, List.of(), ImmutableBitSet.range(keys), null, calls)
        : severally(
            project,
            sets.size() == 1 ? List.of(ImmutableBitSet.range(keys).asList()) : sets,
            calls);
  }
}
