package io.trencadis.sql.execute;

import io.trencadis.sql.types.TypeCodec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// WITH RECURSIVE: the first input's rows, then the second's over those, over what that gave, and
/// so on until a round gives nothing.
public final class RecursiveNode extends PlanNode {
  private final PlanNode first;
  private final PlanNode round;
  private final Object table;
  private final TypeCodec[] distinct;

  /// @param table under which the rows of the last round are left in the run's memory
  /// @param distinct for UNION without ALL, the columns' codecs: rows that came before are dropped;
  ///   else null
  public RecursiveNode(
      Estimate estimate, PlanNode first, PlanNode round, Object table, TypeCodec[] distinct) {
    super(estimate);
    this.first = first;
    this.round = round;
    this.table = table;
    this.distinct = distinct;
  }

  @Override
  protected RowSource start(Execution x) {
    return new Rounds(x);
  }

  private final class Rounds implements RowSource {
    private final Execution x;
    private final Set<Grouping> seen = new HashSet<>();
    private final Deque<Object[]> ready = new ArrayDeque<>();
    private RowSource source;
    private List<Object[]> gathered = new ArrayList<>();

    Rounds(Execution x) {
      this.x = x;
      source = first.open(x);
    }

    @Override
    public Object[] next() {
      while (source != null) {
        Object[] row = source.next();
        if (row == null) {
          source.close();
          nextRound();
        } else if (distinct == null || seen.add(new Grouping(row, distinct))) {
          gathered.add(row);
          return row;
        }
      }
      return null;
    }

    private void nextRound() {
      x.checkInterrupts();
      if (gathered.isEmpty()) {
        source = null;
        return;
      }
      x.memory().put(table, gathered);
      gathered = new ArrayList<>();
      source = round.open(x);
    }

    @Override
    public void close() {
      if (source != null) {
        source.close();
        source = null;
      }
    }
  }

  @Override
  public String label() {
    return "Recursive Union";
  }

  @Override
  public List<PlanNode> children() {
    return List.of(first, round);
  }
}
