package io.trencadis.sql.execute;

import io.trencadis.sql.batch.Batch;
import io.trencadis.sql.batch.Column;
import io.trencadis.sql.batch.DecimalColumn;
import io.trencadis.sql.batch.LongColumn;
import io.trencadis.sql.functions.Accumulator;
import io.trencadis.sql.functions.AggregateFunction;
import io.trencadis.sql.functions.EvalContext;
import io.trencadis.sql.types.TypeCodec;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Groups its input by some columns and computes aggregates of each group, in a hash table.
public final class AggregateNode extends PlanNode {
  private final PlanNode input;
  private final int[] keys;
  private final TypeCodec[] keyCodecs;
  private final Call[] calls;
  private final String keyText;
  private final boolean inParts;
  private final boolean inOrder;
  private final int[] keyPlaces;
  private final RowBytes inputBytes;
  private final boolean storable;

  private final Mode mode;

  /// What the rows are, and what becomes of them.
  public enum Mode {
    /// Groups of rows.
    SIMPLE,
    /// Groups of rows, which others put together.
    PARTIAL,
    /// Puts groups together: rows are the groups' own values and a [Accumulator#state] for each
    /// aggregate.
    FINALIZE
  }

  /// How a group's number is written.
  static final RowBytes NUMBER = new RowBytes(new TypeCodec[] {Types.INT4.codec()});

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
    /// Feeds the arguments of a batch's row to an accumulator.
    ///
    /// @param values room for the arguments
    void feed(Accumulator to, Batch batch, int place, Object[] values, EvalContext cx) {
      Column only = arguments.length == 1 ? batch.column(arguments[0]) : null;
      if (only instanceof DecimalColumn decimals && !decimals.isNull(place)) {
        to.addDecimal(decimals.unscaled()[place], decimals.scale(), cx);
      } else if (only instanceof LongColumn numbers && !numbers.isNull(place)) {
        to.addNumber(numbers.values()[place], numbers.codec(), cx);
      } else {
        for (int i = 0; i < arguments.length; i++) {
          values[i] = batch.column(arguments[i]).get(place);
        }
        to.add(values, cx);
      }
    }

    boolean buffered() {
      return order != null;
    }

    /// Whether equal arguments can be told by sorting.
    boolean sortsDistinct() {
      return distinct && Arrays.stream(argumentCodecs).allMatch(TypeCodec::ordered);
    }

    /// An order of input rows by the arguments.
    RowOrder distinctOrder() {
      List<RowOrder.Key> keys = new ArrayList<>();
      for (int i = 0; i < arguments.length; i++) {
        keys.add(new RowOrder.Key(arguments[i], argumentCodecs[i], false, false));
      }
      return new RowOrder(keys);
    }
  }

  /// @param inParts whether groups may be made of parts of the input side by side and then be put
  ///   together, with the same result
  /// @param inOrder whether the input's rows come group by group, each group in one of its parts
  /// @param inputBytes how input rows are put aside
  public AggregateNode(
      Estimate estimate,
      PlanNode input,
      int[] keys,
      TypeCodec[] keyCodecs,
      Call[] calls,
      String keyText,
      boolean inParts,
      boolean inOrder,
      RowBytes inputBytes) {
    this(
        estimate,
        input,
        keys,
        keyCodecs,
        calls,
        keyText,
        inParts,
        inOrder,
        inputBytes,
        Mode.SIMPLE);
  }

  private AggregateNode(
      Estimate estimate,
      PlanNode input,
      int[] keys,
      TypeCodec[] keyCodecs,
      Call[] calls,
      String keyText,
      boolean inParts,
      boolean inOrder,
      RowBytes inputBytes,
      Mode mode) {
    super(estimate);
    this.mode = mode;
    this.input = input;
    this.keys = keys;
    this.keyCodecs = keyCodecs;
    this.calls = calls;
    this.keyText = keyText;
    this.inParts = inParts;
    this.inOrder = inOrder;
    this.inputBytes = inputBytes;
    this.storable = inputBytes.isStorable();
    this.keyPlaces = new int[keys.length];
    Arrays.setAll(keyPlaces, i -> i);
  }

  /// What makes groups of the same rows, perhaps smaller ones, that are put together by others.
  ///
  /// @param rows what is grouped
  /// @param by the columns that they are made by: see [#merging]
  /// @param byText the same, for EXPLAIN
  public AggregateNode partial(
      Estimate estimate, PlanNode rows, int[] by, TypeCodec[] byCodecs, String byText) {
    Call[] plain = Arrays.stream(calls).filter(call -> !call.distinct()).toArray(Call[]::new);
    return new AggregateNode(
        estimate, rows, by, byCodecs, plain, byText, false, false, inputBytes, Mode.PARTIAL);
  }

  /// What puts the groups together that others have made, by these columns or by more of them.
  ///
  /// @param groups their states
  /// @param bytes of those
  /// @param by the columns that they have made them by, which the states begin with: all keys, and
  ///   the arguments of those calls that look at different values only, of which there are no
  ///   states
  public AggregateNode merging(PlanNode groups, RowBytes bytes, int[] by) {
    Call[] merging = new Call[calls.length];
    int state = by.length;
    for (int i = 0; i < calls.length; i++) {
      merging[i] =
          calls[i].distinct()
              ? new Call(
                  calls[i].accumulator(),
                  placesIn(by, calls[i].arguments()),
                  calls[i].argumentCodecs(),
                  true,
                  -1,
                  null)
              : new Call(
                  calls[i].accumulator(),
                  new int[] {state++},
                  new TypeCodec[] {Types.RECORD.codec()},
                  false,
                  -1,
                  null);
    }
    return new AggregateNode(
        estimate(),
        groups,
        placesIn(by, keys),
        keyCodecs,
        merging,
        keyText,
        false,
        false,
        bytes,
        Mode.FINALIZE);
  }

  private static int[] placesIn(int[] by, int[] columns) {
    return IntStream.of(columns)
        .map(
            column ->
                IntStream.range(0, by.length)
                    .filter(i -> by[i] == column)
                    .findFirst()
                    .orElseThrow())
        .toArray();
  }

  Mode mode() {
    return mode;
  }

  Call[] calls() {
    return calls;
  }

  int[] keys() {
    return keys;
  }

  /// Where a group's own values are, in the order of the keys.
  int[] keyPlaces() {
    return keyPlaces;
  }

  TypeCodec[] keyCodecs() {
    return keyCodecs;
  }

  RowBytes inputBytes() {
    return inputBytes;
  }

  /// Whether rows may be put aside.
  boolean spills(Execution x) {
    return storable && x.spill() != null;
  }

  @Override
  protected Parts parts(Execution x) {
    return inOrder
        ? RowNodes.mapped(input.parts(x), (source, worker) -> new GroupStream(this, source, worker))
        : null;
  }

  @Override
  protected RowSource start(Execution x) {
    if (inOrder) {
      return new GroupStream(this, input.open(x), x);
    }
    return new RowSource() {
      private RowSource groups;

      @Override
      public Object[] next() {
        if (groups == null) {
          groups = build(x);
        }
        return groups.next();
      }

      @Override
      public void close() {
        if (groups != null) {
          groups.close();
        }
      }
    };
  }

  private RowSource build(Execution x) {
    Parts parts = inParts ? input.parts(x) : null;
    Groups groups = parts == null ? null : inParts(parts, x);
    if (groups == null) {
      groups = new Groups(this, x, 0, false);
      try (RowSource source = input.open(x)) {
        groups.read(source);
      } catch (RuntimeException | Error e) {
        groups.close();
        throw e;
      }
    }
    return groups.rows();
  }

  /// Groups made side by side; null where there are too many for memory.
  private Groups inParts(Parts parts, Execution x) {
    List<Groups> all;
    try {
      all =
          new ParallelRun<>(
                  parts, x, (source, worker) -> new Groups(this, worker, 0, true).read(source))
              .run();
    } catch (Groups.TooManyException e) {
      parts.finish();
      return null;
    }
    // The workers' executions end here; results are made by the session's own.
    Groups groups = new Groups(this, x, 0, false);
    for (Groups more : all) {
      groups.merge(more);
      x.checkInterrupts();
    }
    return groups;
  }

  @Override
  public boolean growsWithReads() {
    return input.growsWithReads();
  }

  @Override
  public String label() {
    String name = keys.length == 0 ? "Aggregate" : inOrder ? "GroupAggregate" : "HashAggregate";
    return switch (mode) {
      case SIMPLE -> name;
      case PARTIAL -> "Partial " + name;
      case FINALIZE -> "Finalize " + name;
    };
  }

  @Override
  public List<String> details() {
    List<String> lines = new ArrayList<>();
    if (keys.length > 0) {
      lines.add("Group Key: " + keyText);
    }
    if (inParts && !inOrder) {
      lines.add("Partial Groups: by shard");
    }
    return lines;
  }

  @Override
  public List<PlanNode> children() {
    return List.of(input);
  }
}
