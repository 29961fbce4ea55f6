package io.trencadis.sql.execute;

import io.trencadis.base.ByteReader;
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
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;

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

    /// Rows meet their partners in a table of the same shard.
    ///
    /// @param other the table's number among the relations that the program looks into
    /// @param relationId of the table
    /// @param key how its key is written
    /// @param parts how many columns of the key are known: the first of the join's
    /// @param scan makes batches of its rows
    record Look(
        int other, int relationId, KeyCodec key, int parts, TableScanNode scan, BatchJoin join)
        implements Step {}

    /// Rows meet partners that are sent along.
    ///
    /// @param sent their number among the arguments
    record Meet(int sent, BatchCodec codec, BatchJoin join) implements Step {}
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

    /// Stored rows are sent with their keys: the number of a shard, how many rows of it follow, and
    /// those, keys and rows with their lengths. Steps before it only leave rows out.
    record Located() implements Sink {}
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
  public FragmentEngine.Bound bind(byte[] arguments) {
    return new Bound(arguments);
  }

  private int sent() {
    return (int) steps.stream().filter(Step.Meet.class::isInstance).count();
  }

  /// With arguments, which are read when somebody needs them.
  private final class Bound implements FragmentEngine.Bound {
    /// What a row sent along takes in memory beside what it takes as bytes, about.
    private static final int MEMORY_OF_SENT = 8;

    private final byte[] bytes;
    private FragmentArguments arguments;
    private JoinTable[] tables;

    Bound(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public long memory() {
      return bytes.length * (sent() == 0 ? 1L : MEMORY_OF_SENT);
    }

    private synchronized void open() {
      if (arguments != null) {
        return;
      }
      FragmentArguments read =
          FragmentArguments.read(bytes, FragmentPipeline.this.slots, filters.length, sent());
      tables = new JoinTable[sent()];
      for (Step step : steps) {
        if (step instanceof Step.Meet meet) {
          ByteReader in = new ByteReader(read.sent()[meet.sent()]);
          tables[meet.sent()] =
              meet.join().table(() -> in.remaining() == 0 ? null : meet.codec().read(in));
        }
      }
      arguments = read;
    }

    @Override
    public FragmentEngine.Output run(FragmentEngine.Rows rows, int mostRows) {
      open();
      boolean sendsRows = sink instanceof Sink.Rows || sink instanceof Sink.Located;
      Run run = new Run(this, rows, mostRows, Batch.MOST);
      try {
        return run.whole();
      } catch (SqlException failed) {
        if (run.kept && sendsRows) {
          // What comes before the row that fails goes first: perhaps nobody asks for more.
          return run.output();
        }
        if (sink instanceof Sink.Groups) {
          throw failed;
        }
      }
      rows.restart();
      Run single = new Run(this, rows, mostRows, 1);
      try {
        return single.whole();
      } catch (SqlException failed) {
        if (single.kept && sendsRows) {
          return single.output();
        }
        throw failed;
      }
    }
  }

  private final class Run {
    final Bound bound;
    final Execution x;
    final FragmentEngine.Rows rows;
    final int mostRows;
    final int block;
    final ByteWriter out = new ByteWriter(1024);
    final BatchSource source;
    final LookedUpPartners[] partners = new LookedUpPartners[steps.size()];

    /// The stored rows that the scan has made its last batch of.
    RowBlock stored;

    boolean kept;

    /// How much of the output, and how many rows, those that were kept are.
    int keptBytes;

    int keptCount;
    int count;
    long passed;

    Run(Bound bound, FragmentEngine.Rows rows, int mostRows, int block) {
      this.bound = bound;
      this.rows = rows;
      this.mostRows = mostRows;
      this.block = block;
      FragmentArguments arguments = bound.arguments;
      x =
          new Execution(
              null, arguments.slots().clone(), EvalContext.NONE, () -> {}, () -> 0, MEMORY, null);
      for (int i = 0; i < filters.length; i++) {
        if (arguments.filters()[i] != null) {
          x.filter(filters[i], arguments.filters()[i]);
        }
      }
      source = scan.batches(this::read, x, null);
      for (int i = 0; i < partners.length; i++) {
        if (steps.get(i) instanceof Step.Look look) {
          partners[i] = new LookedUpPartners(look, rows, x);
        }
      }
    }

    private void read(RowBlock into) {
      rows.read(into, block);
      stored = into;
    }

    /// Has the next rows go through the steps.
    ///
    /// @param last takes what comes of them
    /// @return false at the end
    private boolean advance(Consumer<Batch> last) {
      Batch batch = source.next();
      if (batch == null) {
        return false;
      }
      passed += batch.count();
      step(batch, 0, last);
      return true;
    }

    private void step(Batch batch, int number, Consumer<Batch> last) {
      if (batch.count() == 0) {
        return;
      }
      if (number == steps.size()) {
        last.accept(batch);
        return;
      }
      switch (steps.get(number)) {
        case Step.Keep(BatchCondition condition) -> {
          condition.keep(batch, x);
          step(batch, number + 1, last);
        }
        case Step.Compute(BatchEval[] evals) -> {
          Column[] columns = new Column[evals.length];
          for (int i = 0; i < columns.length; i++) {
            columns[i] = evals[i] == null ? null : evals[i].eval(batch, x);
          }
          step(new Batch(columns, batch.places(), batch.count()), number + 1, last);
        }
        case Step.Look _ -> partners[number].meet(batch, joined -> step(joined, number + 1, last));
        case Step.Meet meet -> {
          BatchJoin.Meeting meeting =
              meet.join().meeting(batch, x, joined -> step(joined, number + 1, last));
          meeting.with(bound.tables[meet.sent()]);
          meeting.end();
        }
      }
    }

    private void keep() {
      rows.keep();
      kept = true;
      keptBytes = out.length();
      keptCount = count;
    }

    FragmentEngine.Output whole() {
      switch (sink) {
        case Sink.Rows(BatchCodec codec) ->
            rows(
                batch -> {
                  codec.write(batch, out);
                  count += batch.count();
                });
        case Sink.Located _ -> rows(this::locate);
        case Sink.First first -> first(first);
        case Sink.Groups groups -> groups(groups);
      }
      return output();
    }

    FragmentEngine.Output output() {
      return new FragmentEngine.Output(
          Arrays.copyOf(out.toByteArray(), keptBytes), keptCount, passed);
    }

    private void rows(Consumer<Batch> writer) {
      boolean more = true;
      while (more && out.length() < MOST_OUTPUT && (mostRows == 0 || count < mostRows)) {
        more = advance(writer);
        keep();
      }
    }

    private void locate(Batch batch) {
      out.putInt(rows.shard()).putInt(batch.count());
      for (int i = 0; i < batch.count(); i++) {
        int place = batch.places()[i];
        byte[] key = stored.key(place);
        out.putInt(key.length).putBytes(key);
        byte[] row = stored.value(place);
        out.putInt(row.length).putBytes(row);
      }
      count += batch.count();
    }

    private void first(Sink.First first) {
      Number most = (Number) x.slot(first.slot());
      int size = (int) Math.min(most.longValue(), Integer.MAX_VALUE);
      PriorityQueue<Object[]> best =
          new PriorityQueue<>(16, Collections.reverseOrder(first.order()));
      boolean more = true;
      while (more) {
        more =
            advance(
                batch -> {
                  for (int i = 0; i < batch.count(); i++) {
                    Object[] row = batch.row(batch.places()[i]);
                    if (best.size() < size) {
                      best.add(row);
                    } else if (size > 0 && first.order().compare(row, best.peek()) < 0) {
                      best.poll();
                      best.add(row);
                    }
                  }
                });
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
        boolean more = true;
        while (more && groups.bytes() < MOST_GROUPS) {
          more = advance(groups::add);
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
