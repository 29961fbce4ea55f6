package io.trencadis.sql.execute;

import io.trencadis.sql.types.TypeCodec;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// UNION ALL, INTERSECT and EXCEPT. (UNION is a UNION ALL under an aggregate.)
public final class SetOperationNode extends PlanNode {
  public enum Kind {
    UNION_ALL,
    INTERSECT,
    EXCEPT
  }

  private final Kind kind;
  private final boolean all;
  private final List<PlanNode> inputs;
  private final TypeCodec[] codecs;

  public SetOperationNode(
      Estimate estimate, Kind kind, boolean all, List<PlanNode> inputs, TypeCodec[] codecs) {
    super(estimate);
    this.kind = kind;
    this.all = all;
    this.inputs = List.copyOf(inputs);
    this.codecs = codecs;
  }

  @Override
  protected RowSource start(Execution x) {
    return kind == Kind.UNION_ALL ? new Append(x) : new Counted(x);
  }

  private final class Append implements RowSource {
    private final Execution x;
    private int next;
    private RowSource source;

    Append(Execution x) {
      this.x = x;
    }

    @Override
    public Object[] next() {
      while (true) {
        if (source == null) {
          if (next == inputs.size()) {
            return null;
          }
          source = inputs.get(next++).open(x);
        }
        Object[] row = source.next();
        if (row != null) {
          return row;
        }
        source.close();
        source = null;
      }
    }

    @Override
    public void close() {
      if (source != null) {
        source.close();
      }
    }
  }

  /// Counts how often each row comes from each side.
  private final class Counted implements RowSource {
    private final Execution x;
    private Iterator<Map.Entry<Grouping, long[]>> rows;
    private Object[] repeated;
    private long left;

    Counted(Execution x) {
      this.x = x;
    }

    private Map<Grouping, long[]> counts() {
      Map<Grouping, long[]> counts = new LinkedHashMap<>();
      int inputsRead = 0;
      for (PlanNode input : inputs) {
        int side = Math.min(inputsRead++, 1);
        Map<Grouping, long[]> seen = counts;
        try (RowSource source = input.open(x)) {
          int steps = 0;
          for (Object[] row = source.next(); row != null; row = source.next()) {
            if ((++steps & 0xfff) == 0) {
              x.checkInterrupts();
            }
            Grouping key = new Grouping(row, codecs);
            long[] count = side == 0 ? seen.computeIfAbsent(key, _ -> new long[2]) : seen.get(key);
            if (count != null) {
              count[side]++;
            }
          }
        }
        if (side == 1) {
          // More than two inputs combine from the left.
          seen.replaceAll((_, count) -> new long[] {combined(count), 0});
        }
      }
      return counts;
    }

    private long combined(long[] count) {
      if (kind == Kind.INTERSECT) {
        return all ? Math.min(count[0], count[1]) : count[0] > 0 && count[1] > 0 ? 1 : 0;
      }
      return all ? Math.max(0, count[0] - count[1]) : count[0] > 0 && count[1] == 0 ? 1 : 0;
    }

    @Override
    public Object[] next() {
      if (rows == null) {
        rows = inputs.size() < 2 ? Collections.emptyIterator() : counts().entrySet().iterator();
      }
      while (left == 0) {
        if (!rows.hasNext()) {
          return null;
        }
        Map.Entry<Grouping, long[]> entry = rows.next();
        repeated = entry.getKey().values();
        left = entry.getValue()[0];
      }
      left--;
      return repeated.clone();
    }
  }

  @Override
  public String label() {
    return switch (kind) {
      case UNION_ALL -> "Append";
      case INTERSECT -> all ? "HashSetOp Intersect All" : "HashSetOp Intersect";
      case EXCEPT -> all ? "HashSetOp Except All" : "HashSetOp Except";
    };
  }

  @Override
  public List<PlanNode> children() {
    return inputs;
  }
}
