package io.trencadis.sql.planning;

import io.trencadis.base.SqlException;
import io.trencadis.sql.rel.ShapeRels;
import io.trencadis.sql.rel.SourceRels;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.convert.ConverterRule;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalIntersect;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.logical.LogicalMinus;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rel.logical.LogicalUnion;
import org.apache.calcite.rel.logical.LogicalValues;
import org.apache.calcite.rel.rules.CoreRules;
import org.apache.calcite.rel.rules.FilterJoinRule;
import org.apache.calcite.rel.rules.JoinCommuteRule;

/// The rules of planning: those that always pay, and those that offer the cost model a choice.
final class Rules {
  private Rules() {}

  /// Applied until nothing changes, whatever the cost.
  static List<RelOptRule> rewriting() {
    return List.of(
        // A sub-select that is run for each row waits for the join to leave fewer of them. In an
        // outer join it says what a partner is, and stays.
        FilterJoinRule.FilterIntoJoinRule.FilterIntoJoinRuleConfig.DEFAULT
            .withPredicate(
                (join, kind, condition) ->
                    kind != JoinRelType.INNER || !JoinOrder.isDear(condition))
            .as(FilterJoinRule.FilterIntoJoinRule.FilterIntoJoinRuleConfig.class)
            .toRule(),
        CoreRules.JOIN_CONDITION_PUSH,
        CoreRules.JOIN_PUSH_EXPRESSIONS,
        CoreRules.FILTER_PROJECT_TRANSPOSE,
        CoreRules.FILTER_AGGREGATE_TRANSPOSE,
        CoreRules.FILTER_SET_OP_TRANSPOSE,
        CoreRules.FILTER_MERGE,
        CoreRules.PROJECT_MERGE,
        CoreRules.PROJECT_REMOVE,
        CoreRules.UNION_MERGE);
  }

  /// A conversion of one kind of logical node to a physical one.
  private static final class Implement extends ConverterRule {
    private final BiFunction<RelNode, RelTraitSet, RelNode> implementation;

    private Implement(Config config, BiFunction<RelNode, RelTraitSet, RelNode> implementation) {
      super(config);
      this.implementation = implementation;
    }

    static RelOptRule of(
        Class<? extends RelNode> logical,
        BiFunction<RelNode, RelTraitSet, RelNode> implementation) {
      return Config.INSTANCE
          .withConversion(
              logical, Convention.NONE, Physical.CONVENTION, "Implement" + logical.getSimpleName())
          .withRuleFactory(config -> new Implement(config, implementation))
          .toRule();
    }

    @Override
    public RelNode convert(RelNode rel) {
      return implementation.apply(rel, rel.getCluster().traitSetOf(Physical.CONVENTION));
    }
  }

  private static RelNode physical(RelNode input) {
    return RelOptRule.convert(input, input.getCluster().traitSetOf(Physical.CONVENTION));
  }

  private static List<RelNode> physical(List<RelNode> inputs) {
    List<RelNode> out = new ArrayList<>();
    for (RelNode input : inputs) {
      out.add(physical(input));
    }
    return out;
  }

  /// Conversions and alternatives for the cost-based phase.
  static List<RelOptRule> implementing(AccessPaths paths, PlanRules applied) {
    List<RelOptRule> rules = new ArrayList<>();
    rules.add(
        Implement.of(
            LogicalFilter.class,
            (rel, traits) -> {
              LogicalFilter filter = (LogicalFilter) rel;
              return new PhysicalRels.PhysicalFilter(
                  rel.getCluster(), traits, physical(filter.getInput()), filter.getCondition());
            }));
    rules.add(
        Implement.of(
            LogicalProject.class,
            (rel, traits) -> {
              LogicalProject project = (LogicalProject) rel;
              return new PhysicalRels.PhysicalProject(
                  rel.getCluster(),
                  traits,
                  physical(project.getInput()),
                  project.getProjects(),
                  rel.getRowType());
            }));
    rules.add(
        Implement.of(
            LogicalJoin.class,
            (rel, traits) -> {
              LogicalJoin join = (LogicalJoin) rel;
              return new PhysicalRels.PhysicalJoin(
                  rel.getCluster(),
                  traits,
                  physical(join.getLeft()),
                  physical(join.getRight()),
                  join.getCondition(),
                  join.getJoinType());
            }));
    rules.add(
        Implement.of(
            LogicalAggregate.class,
            (rel, traits) -> {
              LogicalAggregate aggregate = (LogicalAggregate) rel;
              return new PhysicalRels.PhysicalAggregate(
                  rel.getCluster(),
                  traits,
                  physical(aggregate.getInput()),
                  aggregate.getGroupSet(),
                  aggregate.getGroupSets(),
                  aggregate.getAggCallList());
            }));
    rules.add(
        Implement.of(
            LogicalSort.class,
            (rel, traits) -> {
              LogicalSort sort = (LogicalSort) rel;
              return new PhysicalRels.PhysicalSort(
                  rel.getCluster(), traits, physical(sort.getInput()), sort.getCollation());
            }));
    for (Class<? extends SetOp> setOperation :
        List.of(LogicalUnion.class, LogicalIntersect.class, LogicalMinus.class)) {
      rules.add(
          Implement.of(
              setOperation,
              (rel, traits) -> {
                SetOp operation = (SetOp) rel;
                return new PhysicalRels.PhysicalSetOperation(
                    rel.getCluster(),
                    traits,
                    physical(operation.getInputs()),
                    operation.kind,
                    operation.all);
              }));
    }
    for (Class<? extends RelNode> shape :
        List.of(
            ShapeRels.Apply.class,
            ShapeRels.ProjectSet.class,
            ShapeRels.Limit.class,
            ShapeRels.FirstOfEach.class,
            ShapeRels.LockRows.class,
            ShapeRels.Recursive.class,
            ShapeRels.Window.class)) {
      rules.add(
          Implement.of(
              shape,
              (rel, traits) ->
                  new PhysicalRels.Shape(
                      rel.getCluster(), traits, rel, physical(rel.getInputs()))));
    }
    rules.add(
        Implement.of(
            SourceRels.Rows.class,
            (rel, traits) ->
                new PhysicalRels.Rows(rel.getCluster(), traits, (SourceRels.Rows) rel)));
    rules.add(
        Implement.of(
            LogicalValues.class,
            (rel, traits) -> {
              // Only what a condition that is always false has left over: no rows.
              if (!LogicalValues.isEmpty((LogicalValues) rel)) {
                throw SqlException.internal("values from the optimizer");
              }
              return new PhysicalRels.Rows(
                  rel.getCluster(),
                  traits,
                  new SourceRels.Rows(rel.getCluster(), rel.getRowType(), List.of()));
            }));
    rules.add(
        Implement.of(
            SourceRels.Work.class,
            (rel, traits) ->
                new PhysicalRels.Work(rel.getCluster(), traits, (SourceRels.Work) rel)));
    rules.add(
        Implement.of(
            SourceRels.Shared.class,
            (rel, traits) ->
                new PhysicalRels.Shared(rel.getCluster(), traits, (SourceRels.Shared) rel)));
    rules.add(
        Implement.of(
            SourceRels.System.class,
            (rel, traits) ->
                new PhysicalRels.SystemScan(rel.getCluster(), traits, (SourceRels.System) rel)));
    rules.add(
        Implement.of(
            SourceRels.Functions.class,
            (rel, traits) ->
                new PhysicalRels.Functions(rel.getCluster(), traits, (SourceRels.Functions) rel)));
    rules.add(
        Implement.of(
            SourceRels.Table.class,
            (rel, traits) -> {
              SourceRels.Table table = (SourceRels.Table) rel;
              return new PhysicalRels.Scan(
                  rel.getCluster(), traits, table, null, paths.choose(table, null));
            }));
    if (applied.has(PlanRules.INDEX_SCAN)) {
      rules.add(ScanRule.create(paths));
    }
    if (applied.has(PlanRules.LOOKUP_JOIN)) {
      rules.add(LookupJoinRule.create(paths));
    }
    if (applied.has(PlanRules.DISTINCT_JOIN) && applied.has(PlanRules.LOOKUP_JOIN)) {
      rules.add(DistinctJoinRule.create(paths));
    }
    if (!applied.has(PlanRules.JOIN_COMMUTE)) {
      return rules;
    }
    rules.add(
        JoinCommuteRule.Config.DEFAULT
            .withOperandSupplier(
                join -> join.operand(LogicalJoin.class).predicate(Rules::mayCommute).anyInputs())
            .as(JoinCommuteRule.Config.class)
            .withSwapOuter(false)
            .toRule());
    return rules;
  }

  /// Joins of system views alone stay as they are written, see [JoinOrder#readsTables].
  private static boolean mayCommute(LogicalJoin join) {
    return join.getLeft().getId() != join.getRight().getId() && JoinOrder.readsTables(join);
  }
}
