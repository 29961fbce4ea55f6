package io.trencadis.sql.execute;

import io.trencadis.sql.functions.Accumulator;
import io.trencadis.sql.functions.AggregateFunction;
import io.trencadis.sql.types.TypeCodec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Groups its input by some columns and computes aggregates of each group, in a hash table.
public final class AggregateNode extends PlanNode {
  private final PlanNode input;
  private final int[] keys;
  private final TypeCodec[] keyCodecs;
  private final Call[] calls;
  private final String keyText;
  private final boolean inParts;

  /// One aggregate.
  ///
  /// @param arguments input columns
  /// @param argumentCodecs of the arguments, for DISTINCT
  /// @param filter input column of a condition, or -1
  /// @param order of the input rows before they are fed in, or null
  public record Call(
      AggregateFunction accumulator,
      int[] arguments,
      TypeCodec[] argumentCodecs,
      boolean distinct,
      int filter,
      RowOrder order) {
    boolean buffered() {
      return order != null;
    }
  }

  /// @param inParts whether groups may be made of parts of the input side by side and then be put
  ///   together, with the same result
  public AggregateNode(
      Estimate estimate,
      PlanNode input,
      int[] keys,
      TypeCodec[] keyCodecs,
      Call[] calls,
      String keyText,
      boolean inParts) {
    super(estimate);
    this.input = input;
    this.keys = keys;
    this.keyCodecs = keyCodecs;
    this.calls = calls;
    this.keyText = keyText;
    this.inParts = inParts;
  }

  private final class Group {
    final Accumulator[] accumulators = new Accumulator[calls.length];
    final List<List<Object[]>> buffers = new ArrayList<>();
    final List<Set<Grouping>> seen = new ArrayList<>();

    Group() {
      for (int i = 0; i < calls.length; i++) {
        accumulators[i] = calls[i].accumulator.newAccumulator();
        buffers.add(calls[i].buffered() ? new ArrayList<>() : null);
        seen.add(calls[i].distinct ? new HashSet<>() : null);
      }
    }

    void add(Object[] row, Execution x) {
      for (int i = 0; i < calls.length; i++) {
        Call call = calls[i];
        if (call.filter >= 0 && !Boolean.TRUE.equals(row[call.filter])) {
          continue;
        }
        if (call.buffered()) {
          buffers.get(i).add(row);
        } else {
          feed(i, row, x);
        }
      }
    }

    private void feed(int i, Object[] row, Execution x) {
      Call call = calls[i];
      Object[] arguments = new Object[call.arguments.length];
      for (int j = 0; j < arguments.length; j++) {
        arguments[j] = row[call.arguments[j]];
      }
      if (call.distinct && !seen.get(i).add(new Grouping(arguments, call.argumentCodecs))) {
        return;
      }
      accumulators[i].add(arguments, x.cx());
    }

    void merge(Group other) {
      for (int i = 0; i < calls.length; i++) {
        accumulators[i].merge(other.accumulators[i].state());
      }
    }

    Object result(int i, Execution x) {
      if (calls[i].buffered()) {
        Object[][] rows = buffers.get(i).toArray(new Object[0][]);
        Arrays.sort(rows, calls[i].order);
        for (Object[] row : rows) {
          feed(i, row, x);
        }
      }
      return accumulators[i].result(x.cx());
    }
  }

  @Override
  protected RowSource start(Execution x) {
    return new RowSource() {
      private Iterator<Map.Entry<Grouping, Group>> groups;

      @Override
      public Object[] next() {
        if (groups == null) {
          groups = build(x).entrySet().iterator();
        }
        if (!groups.hasNext()) {
          return null;
        }
        Map.Entry<Grouping, Group> entry = groups.next();
        Object[] out = new Object[keys.length + calls.length];
        System.arraycopy(entry.getKey().values(), 0, out, 0, keys.length);
        for (int i = 0; i < calls.length; i++) {
          out[keys.length + i] = entry.getValue().result(i, x);
        }
        return out;
      }
    };
  }

  private Map<Grouping, Group> build(Execution x) {
    Parts parts = inParts ? input.parts(x) : null;
    if (parts != null) {
      List<Map<Grouping, Group>> all = new ParallelRun<>(parts, x, this::groups).run();
      Map<Grouping, Group> groups = all.getFirst();
      for (Map<Grouping, Group> more : all.subList(1, all.size())) {
        more.forEach(
            (key, group) -> {
              Group known = groups.putIfAbsent(key, group);
              if (known != null) {
                known.merge(group);
              }
            });
        x.checkInterrupts();
      }
      return groups;
    }
    try (RowSource source = input.open(x)) {
      return groups(source, x);
    }
  }

  private Map<Grouping, Group> groups(RowSource source, Execution x) {
    Map<Grouping, Group> groups = new LinkedHashMap<>();
    Group only = null;
    if (keys.length == 0) {
      only = new Group();
      groups.put(new Grouping(new Object[0], keyCodecs), only);
    }
    int rows = 0;
    for (Object[] row = source.next(); row != null; row = source.next()) {
      if ((++rows & 0xfff) == 0) {
        x.checkInterrupts();
      }
      Group group = only;
      if (group == null) {
        Object[] values = new Object[keys.length];
        for (int i = 0; i < keys.length; i++) {
          values[i] = row[keys[i]];
        }
        group = groups.computeIfAbsent(new Grouping(values, keyCodecs), _ -> new Group());
      }
      group.add(row, x);
    }
    return groups;
  }

  @Override
  public String label() {
    return keys.length == 0 ? "Aggregate" : "HashAggregate";
  }

  @Override
  public List<String> details() {
    List<String> lines = new ArrayList<>();
    if (keys.length > 0) {
      lines.add("Group Key: " + keyText);
    }
    if (inParts) {
      lines.add("Partial Groups: by shard");
    }
    return lines;
  }

  @Override
  public List<PlanNode> children() {
    return List.of(input);
  }
}
