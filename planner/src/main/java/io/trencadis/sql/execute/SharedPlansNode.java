package io.trencadis.sql.execute;

import java.util.List;

/// A query with the plans that several of its nodes read: ends them with the query.
public final class SharedPlansNode extends PlanNode {
  private final PlanNode input;
  private final List<SharedPlan> shared;

  public SharedPlansNode(PlanNode input, List<SharedPlan> shared) {
    super(input.estimate());
    this.input = input;
    this.shared = List.copyOf(shared);
  }

  public List<SharedPlan> shared() {
    return shared;
  }

  @Override
  protected RowSource start(Execution x) {
    RowSource source = input.open(x);
    return new RowSource() {
      @Override
      public Object[] next() {
        return source.next();
      }

      @Override
      public void close() {
        source.close();
        shared.forEach(plan -> plan.close(x));
      }
    };
  }

  @Override
  public String label() {
    // EXPLAIN shows the query itself, and the others below it.
    return input.label();
  }

  @Override
  public List<PlanNode> children() {
    return List.of(input);
  }
}
