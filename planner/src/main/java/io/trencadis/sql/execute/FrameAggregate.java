package io.trencadis.sql.execute;

import io.trencadis.sql.functions.Accumulator;
import io.trencadis.sql.functions.AggregateFunction;

/// An aggregate over the frame of each row of a partition. The accumulator is kept as long as
/// frames only grow at their end, and begun anew where they do not. Not thread-safe.
final class FrameAggregate {
  private final WindowFunction.Work work;
  private final AggregateFunction aggregate;
  private final Eval filter;
  private Accumulator accumulator;
  private int fed;

  /// @param filter which rows count, or null
  FrameAggregate(WindowFunction.Work work, AggregateFunction aggregate, Eval filter) {
    this.work = work;
    this.aggregate = aggregate;
    this.filter = filter;
  }

  void run() {
    WindowFrame.Cursor frame = work.frames();
    int from = 0;
    int to = 0;
    boolean single = false;
    Object result = null;
    for (int row = 0; row < work.partition().size(); row++) {
      frame.moveTo(row);
      boolean grown =
          single && frame.stretches() == 1 && frame.from(0) == from && frame.to(0) >= to;
      if (!grown || frame.to(0) > to) {
        if (grown) {
          add(to, frame.to(0));
        } else {
          accumulator = aggregate.newAccumulator();
          for (int i = 0; i < frame.stretches(); i++) {
            add(frame.from(i), frame.to(i));
          }
        }
        result = accumulator.result(work.x().cx());
        single = frame.stretches() == 1;
        from = single ? frame.from(0) : 0;
        to = single ? frame.to(0) : 0;
      }
      work.set(row, result);
      if ((row & 0xff) == 0) {
        work.x().checkInterrupts();
      }
    }
  }

  private void add(int from, int to) {
    for (int row = from; row < to; row++) {
      Object[] input = work.partition().row(row);
      if (filter == null || filter.holds(input, work.x())) {
        accumulator.add(RowNodes.evaluate(work.arguments(), input, work.x()), work.x().cx());
      }
      if ((++fed & 0xfff) == 0) {
        work.x().checkInterrupts();
      }
    }
  }
}
