package io.trencadis.sql.execute;

import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.sharding.fragment.FragmentEngine;
import io.trencadis.sql.batch.Batch;
import io.trencadis.sql.batch.BatchCodec;
import io.trencadis.sql.functions.EvalContext;
import io.trencadis.sql.types.TypeCodec;
import io.trencadis.storage.RowBlock;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/// A fragment's program, ready to be run over the rows of a shard: a scan's conditions, steps, and
/// what is made of the rows in the end. Immutable and thread-safe.
public final class FragmentPipeline implements FragmentEngine.Program {
  static final long MEMORY = 64 << 20;

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

    /// They are sent to other nodes than the one that asks: which, their equal columns say. A
    /// receiver's place, a length, and batches; and so on.
    ///
    /// @param codecs of the keys
    /// @param dropsNulls whether rows with a null among the keys are left out
    /// @param byPlacement whether they are divided as a table's rows among shards, or by hash
    record Divided(
        BatchCodec codec, int[] keys, TypeCodec[] codecs, boolean dropsNulls, boolean byPlacement)
        implements Sink {}

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
    return FragmentSteps.sent(steps);
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
      tables = FragmentSteps.tables(steps, read);
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
        if (sink instanceof Sink.Groups || sink instanceof Sink.Divided) {
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
    final BatchSource source;
    final FragmentSteps through;
    final PieceSink output;

    /// The stored rows that the scan has made its last batch of.
    RowBlock stored;

    boolean kept;

    /// How much of the output, and how many rows, those that were kept are.
    int keptBytes;

    int keptCount;
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
      through = new FragmentSteps(steps, x, bound.tables, rows);
      output = new PieceSink(sink, x, rows.slots());
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
      through.run(batch, last);
      return true;
    }

    private void keep() {
      rows.keep();
      kept = true;
      keptBytes = output.out().length();
      keptCount = output.count();
    }

    FragmentEngine.Output whole() {
      switch (sink) {
        case Sink.Rows _ -> rows(output::take);
        case Sink.Located _ -> rows(this::locate);
        default -> all();
      }
      return output();
    }

    FragmentEngine.Output output() {
      return new FragmentEngine.Output(
          Arrays.copyOf(output.out().array(), keptBytes), keptCount, passed);
    }

    private void rows(Consumer<Batch> writer) {
      boolean more = true;
      while (more && !output.isFull() && (mostRows == 0 || output.count() < mostRows)) {
        more = advance(writer);
        keep();
      }
    }

    private void locate(Batch batch) {
      ByteWriter out = output.out();
      out.putInt(rows.shard()).putInt(batch.count());
      for (int i = 0; i < batch.count(); i++) {
        int place = batch.places()[i];
        byte[] key = stored.key(place);
        out.putInt(key.length).putBytes(key);
        byte[] row = stored.value(place);
        out.putInt(row.length).putBytes(row);
      }
      output.counted(batch.count());
    }

    /// What is known of all of a piece's rows only.
    private void all() {
      try (output) {
        boolean more = true;
        while (more && !output.isFull()) {
          more = advance(output::take);
        }
        output.flush();
        keep();
      }
    }
  }
}
