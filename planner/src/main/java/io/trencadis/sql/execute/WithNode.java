package io.trencadis.sql.execute;

import java.util.ArrayList;
import java.util.List;

/// Runs the data-modifying queries of a WITH clause, each once and to its end: those that the
/// statement reads before its own rows are computed, the others after. All of them read what was
/// there before the statement.
public final class WithNode extends PlanNode {
  private final List<Part> before;
  private final PlanNode input;
  private final List<Part> after;

  /// @param table under which the rows of RETURNING are left in the run's memory
  public record Part(Object table, ModifyNode change) {
    void run(Execution x) {
      List<Object[]> rows = new ArrayList<>();
      RowSource source = change.open(x);
      for (Object[] row = source.next(); row != null; row = source.next()) {
        rows.add(row);
      }
      x.memory().put(table, rows);
    }
  }

  /// @param after run when the last row of the input has been asked for; a change that stands above
  ///   this node has to run its own when it has written its rows
  public WithNode(List<Part> before, PlanNode input, List<Part> after) {
    super(input.estimate());
    this.before = List.copyOf(before);
    this.input = input;
    this.after = List.copyOf(after);
  }

  @Override
  protected RowSource start(Execution x) {
    x.readAtMark();
    before.forEach(part -> part.run(x));
    RowSource source = input.open(x);
    return new RowSource() {
      private boolean ended;

      @Override
      public Object[] next() {
        Object[] row = ended ? null : source.next();
        if (row == null && !ended) {
          ended = true;
          after.forEach(part -> part.run(x));
        }
        return row;
      }

      @Override
      public void close() {
        source.close();
      }
    };
  }

  @Override
  public String label() {
    return "With";
  }

  @Override
  public List<PlanNode> children() {
    List<PlanNode> all = new ArrayList<>();
    before.forEach(part -> all.add(part.change));
    all.add(input);
    after.forEach(part -> all.add(part.change));
    return all;
  }
}
