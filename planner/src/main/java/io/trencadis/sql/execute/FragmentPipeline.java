package io.trencadis.sql.execute;

import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.sharding.fragment.FragmentEngine;
import io.trencadis.sql.batch.Batch;
import io.trencadis.sql.batch.BatchCodec;
import io.trencadis.sql.batch.Column;
import io.trencadis.sql.batch.RowsColumn;
import io.trencadis.sql.functions.EvalContext;
import io.trencadis.sql.types.TypeCodec;
import io.trencadis.storage.RowBlock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;

/// A fragment's program, ready to be run over the rows of a shard: a scan's conditions, steps, and
/// what is made of the rows in the end. Immutable and thread-safe.
public final class FragmentPipeline implements FragmentEngine.Program {
  /// Beyond so much output a piece ends.
  private static final int MOST_OUTPUT = 128 << 10;

  /// Beyond so much that groups take in memory a piece ends.
  private static final long MOST_GROUPS = 2 << 20;

  private static final long MEMORY = 64 << 20;

  private final TableScanNode scan;
  private final TypeCodec[] slots;
  private final RuntimeFilter[] filters;
  private final List<Step> steps;
  private final Sink sink;

  /// What is done with each batch.
  public sealed interface Step {
    /// Rows for which a condition holds go on.
    record Keep(BatchCondition condition) implements Step {}

    /// New columns out of each row.
    record Compute(BatchEval[] columns) implements Step {}
  }

  /// What is made of the rows.
  public sealed interface Sink {
    /// They are sent.
    record Rows(BatchCodec codec) implements Sink {}

    /// The first ones in an order are sent.
    ///
    /// @param slot has how many of them at the most
    record First(BatchCodec codec, RowOrder order, int slot) implements Sink {}

    /// Groups are made of them, and their states sent.
    ///
    /// @param bytes of the states
    record Groups(AggregateNode node, RowBytes bytes) implements Sink {}
  }

  /// @param scan reads nothing itself: it makes batches of stored rows
  /// @param slots codecs of the slots' values
  /// @param filters by which columns of the scan joins further up leave rows out
  public FragmentPipeline(
      TableScanNode scan, TypeCodec[] slots, RuntimeFilter[] filters, List<Step> steps, Sink sink) {
    this.scan = scan;
    this.slots = slots;
    this.filters = filters;
    this.steps = List.copyOf(steps);
    this.sink = sink;
  }

  @Override
  public FragmentEngine.Output run(byte[] arguments, FragmentEngine.Rows rows, int mostRows) {
    FragmentArguments read = FragmentArguments.read(arguments, slots, filters.length);
    Run run = new Run(read, rows, mostRows, Batch.MOST);
    try {
      return run.whole();
    } catch (SqlException failed) {
      if (run.kept && sink instanceof Sink.Rows) {
        // What comes before the row that fails goes first: perhaps nobody asks for more.
        return run.output();
      }
      if (sink instanceof Sink.Groups) {
        throw failed;
      }
    }
    rows.restart();
    Run single = new Run(read, rows, mostRows, 1);
    try {
      return single.whole();
    } catch (SqlException failed) {
      if (single.kept && sink instanceof Sink.Rows) {
        return single.output();
      }
      throw failed;
    }
  }

  private final class Run {
    final Execution x;
    final FragmentEngine.Rows rows;
    final int mostRows;
    final int block;
    final ByteWriter out = new ByteWriter(1024);
    final BatchSource source;
    boolean kept;
    int count;
    long passed;

    Run(FragmentArguments arguments, FragmentEngine.Rows rows, int mostRows, int block) {
      this.rows = rows;
      this.mostRows = mostRows;
      this.block = block;
      x = new Execution(null, arguments.slots(), EvalContext.NONE, () -> {}, () -> 0, MEMORY, null);
      for (int i = 0; i < filters.length; i++) {
        if (arguments.filters()[i] != null) {
          x.filter(filters[i], arguments.filters()[i]);
        }
      }
      source = scan.batches(this::read, x, null);
    }

    private void read(RowBlock into) {
      rows.read(into, block);
    }

    private Batch next() {
      for (Batch batch = source.next(); batch != null; batch = source.next()) {
        passed += batch.count();
        Batch stepped = stepped(batch);
        if (stepped.count() > 0) {
          return stepped;
        }
      }
      return null;
    }

    private Batch stepped(Batch first) {
      Batch batch = first;
      for (Step step : steps) {
        switch (step) {
          case Step.Keep(BatchCondition condition) -> condition.keep(batch, x);
          case Step.Compute(BatchEval[] evals) -> {
            Column[] columns = new Column[evals.length];
            for (int i = 0; i < columns.length; i++) {
              columns[i] = evals[i] == null ? null : evals[i].eval(batch, x);
            }
            batch = new Batch(columns, batch.places(), batch.count());
          }
        }
        if (batch.count() == 0) {
          return batch;
        }
      }
      return batch;
    }

    private void keep() {
      rows.keep();
      kept = true;
    }

    FragmentEngine.Output whole() {
      switch (sink) {
        case Sink.Rows(BatchCodec codec) -> rows(codec);
        case Sink.First first -> first(first);
        case Sink.Groups groups -> groups(groups);
      }
      return output();
    }

    FragmentEngine.Output output() {
      return new FragmentEngine.Output(out.toByteArray(), count, passed);
    }

    private void rows(BatchCodec codec) {
      while (out.length() < MOST_OUTPUT && (mostRows == 0 || count < mostRows)) {
        Batch batch = next();
        if (batch != null) {
          codec.write(batch, out);
          count += batch.count();
        }
        keep();
        if (batch == null) {
          return;
        }
      }
    }

    private void first(Sink.First first) {
      Number most = (Number) x.slot(first.slot());
      int size = (int) Math.min(most.longValue(), Integer.MAX_VALUE);
      PriorityQueue<Object[]> best =
          new PriorityQueue<>(16, Collections.reverseOrder(first.order()));
      for (Batch batch = next(); batch != null; batch = next()) {
        for (int i = 0; i < batch.count(); i++) {
          Object[] row = batch.row(batch.places()[i]);
          if (best.size() < size) {
            best.add(row);
          } else if (size > 0 && first.order().compare(row, best.peek()) < 0) {
            best.poll();
            best.add(row);
          }
        }
      }
      List<Object[]> all = new ArrayList<>(best);
      for (int from = 0; from < all.size(); from += Batch.MOST) {
        Object[][] some =
            all.subList(from, Math.min(all.size(), from + Batch.MOST)).toArray(Object[][]::new);
        Column[] columns = new Column[some[0].length];
        for (int i = 0; i < columns.length; i++) {
          columns[i] = new RowsColumn(some, i);
        }
        first.codec().write(Batch.whole(columns, some.length), out);
      }
      count = all.size();
      keep();
    }

    private void groups(Sink.Groups sink) {
      try (Groups groups = new Groups(sink.node(), x, 0, true)) {
        Batch batch = next();
        while (batch != null) {
          groups.add(batch);
          batch = groups.bytes() < MOST_GROUPS ? next() : null;
        }
        RowBytes.Stream stream = sink.bytes().new Stream();
        for (int i = 0; i < groups.count(); i++) {
          int at = out.length();
          out.putInt(0);
          stream.write(groups.state(i), out);
          out.setInt(at, out.length() - at - 4);
        }
        count = groups.count();
        keep();
      }
    }
  }
}
