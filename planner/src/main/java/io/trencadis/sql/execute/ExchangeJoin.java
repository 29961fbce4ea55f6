package io.trencadis.sql.execute;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sharding.fragment.FragmentEngine;
import io.trencadis.sql.batch.Batch;
import io.trencadis.sql.batch.BatchCodec;
import io.trencadis.sql.batch.Column;
import io.trencadis.sql.functions.EvalContext;
import io.trencadis.sql.types.TypeCodec;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;

/// A program that joins rows which other nodes send, and takes what comes of that through a
/// fragment's steps. Immutable and thread-safe.
///
/// The rows of both sides are kept as they come until all are there. The right side then goes into
/// a hash table, which the left side's rows meet; where it is too large for memory, both are parted
/// by their equal columns, as a [JoinNode] does. All of that is done some rows at a time.
public final class ExchangeJoin {
  /// How often a part is parted again. Beyond it, what does not fit has a value too often.
  private static final int MOST_LEVELS = 4;

  private static final int MOST_PARTS = 32;

  /// How many left rows meet their partners before it is looked how much came of it.
  private static final int MOST_MET = 128;

  /// How much of a part is written at a time.
  private static final int PART_BYTES = 8 << 10;

  private final BatchCodec[] sides;
  private final int[] leftKeys;
  private final BatchJoin join;
  private final TypeCodec[] slots;
  private final List<FragmentPipeline.Step> steps;
  private final FragmentPipeline.Sink sink;

  /// @param left how left rows come
  /// @param right how right rows come
  /// @param slots codecs of the slots' values
  /// @param steps none that look into shards
  public ExchangeJoin(
      BatchCodec left,
      BatchCodec right,
      BatchJoin join,
      TypeCodec[] slots,
      List<FragmentPipeline.Step> steps,
      FragmentPipeline.Sink sink) {
    this.sides = new BatchCodec[] {left, right};
    this.leftKeys = join.leftKeys();
    this.join = join;
    this.slots = slots;
    this.steps = List.copyOf(steps);
    this.sink = sink;
  }

  /// @param memory for a hash table, and for rows that are kept, in bytes
  /// @param spill where the rest is put; null for nowhere
  /// @throws IllegalArgumentException if these are not the program's arguments
  public FragmentEngine.Exchange open(byte[] arguments, long memory, SpillSpace spill) {
    return new Run(
        FragmentArguments.read(arguments, slots, 0, FragmentSteps.sent(steps)), memory, spill);
  }

  private enum Phase {
    /// Takes up the next part.
    NEXT,
    /// Right rows go into the table.
    BUILD,
    /// A part is divided.
    DIVIDE,
    /// Left rows meet the table.
    PROBE,
    DONE
  }

  /// Some of both sides' rows, such that rows that are equal are in one part.
  private record Part(RowChunks left, RowChunks right, int level) {
    void close() {
      left.close();
      right.close();
    }
  }

  private final class Run implements FragmentEngine.Exchange {
    private final Execution x;
    private final long memory;
    private final SpillSpace spill;
    private final Part whole;
    private final Deque<Part> parts = new ArrayDeque<>();
    private final FragmentSteps through;
    private final PieceSink output;
    private volatile boolean closed;
    private Phase phase = Phase.NEXT;
    private Part part;
    private Part[] smaller;
    private ByteWriter[][] writers;
    private JoinTable table;
    private ByteReader chunk;
    private Batch lefts;
    private int leftsMet;
    private int at;
    private long consumed;
    private long met;
    private SqlException failure;

    Run(FragmentArguments arguments, long memory, SpillSpace spill) {
      this.memory = memory;
      this.spill = spill;
      x =
          new Execution(
              null,
              arguments.slots(),
              EvalContext.NONE,
              this::check,
              () -> 0,
              FragmentPipeline.MEMORY,
              null);
      through = new FragmentSteps(steps, x, FragmentSteps.tables(steps, arguments), null);
      output = new PieceSink(sink, x, null);
      whole = part(memory / 2, 0);
    }

    private void check() {
      if (closed) {
        throw new SqlException(
            SqlState.QUERY_CANCELED, "canceling statement as nobody asks for its rows");
      }
    }

    private Part part(long limit, int level) {
      return new Part(
          new RowChunks(spill, limit / 2, this::check),
          new RowChunks(spill, limit / 2, this::check),
          level);
    }

    @Override
    public synchronized void add(int side, long piece, byte[] rows) {
      check();
      (side == 0 ? whole.left : whole.right).add(piece, rows);
    }

    @Override
    public synchronized void seal(LongPredicate counted) {
      whole.left.keep(counted);
      whole.right.keep(counted);
      parts.push(whole);
    }

    @Override
    public synchronized boolean ended() {
      return phase == Phase.DONE && failure == null;
    }

    @Override
    public synchronized FragmentEngine.Output run(BooleanSupplier over) {
      check();
      if (failure != null) {
        throw failure;
      }
      met = 0;
      try {
        while (phase != Phase.DONE && !output.isFull() && !over.getAsBoolean()) {
          step();
        }
        if (phase == Phase.DONE || output.isFull()) {
          output.flush();
        }
      } catch (SqlException failed) {
        if (output.count() == 0) {
          throw failed;
        }
        // What comes before the row that fails goes first: perhaps nobody asks for more.
        failure = failed;
      }
      int count = output.count();
      return new FragmentEngine.Output(output.drain(), count, met);
    }

    private void step() {
      check();
      switch (phase) {
        case NEXT -> begin();
        case BUILD -> build();
        case DIVIDE -> divide();
        case PROBE -> probe();
        case DONE -> {}
      }
    }

    private void begin() {
      table = null;
      part = parts.poll();
      if (part == null) {
        phase = Phase.DONE;
        return;
      }
      boolean wantsPartners =
          join.kind() == JoinNode.Kind.INNER || join.kind() == JoinNode.Kind.SEMI;
      if (part.left.count() == 0 || wantsPartners && part.right.count() == 0) {
        part.close();
        return;
      }
      table = join.newTable();
      phase = Phase.BUILD;
      at = 0;
      consumed = 0;
    }

    private void build() {
      if (at == part.right.count()) {
        table.finish();
        phase = Phase.PROBE;
        at = 0;
        chunk = null;
        return;
      }
      ByteReader in = new ByteReader(part.right.get(at++));
      consumed += in.remaining();
      while (in.remaining() > 0) {
        join.add(sides[1].read(in), table);
      }
      if (spill != null && table.bytes() > memory && part.level < MOST_LEVELS) {
        double share = (double) part.right.bytes() / Math.max(1, consumed);
        int count = (int) Math.clamp(Math.ceil(2 * share), 2, MOST_PARTS);
        table = null;
        smaller = new Part[count];
        writers = new ByteWriter[2][count];
        for (int i = 0; i < count; i++) {
          smaller[i] = part(memory / count / 2, part.level + 1);
        }
        phase = Phase.DIVIDE;
        at = 0;
      }
    }

    /// One chunk, the right side's first.
    private void divide() {
      int rights = part.right.count();
      if (at < rights) {
        divide(part.right.get(at), 1, join.rightKeys());
      } else if (at < rights + part.left.count()) {
        divide(part.left.get(at - rights), 0, leftKeys);
      } else {
        for (int i = 0; i < smaller.length; i++) {
          put(0, i);
          put(1, i);
          parts.push(smaller[i]);
        }
        smaller = null;
        writers = null;
        part.close();
        phase = Phase.NEXT;
      }
      at++;
    }

    private void divide(byte[] rows, int side, int[] keys) {
      ByteReader in = new ByteReader(rows);
      while (in.remaining() > 0) {
        Batch batch = sides[side].read(in);
        long[] hashes = JoinTable.hashes(batch, keys, join.codecs());
        int[] to = new int[hashes.length];
        for (int i = 0; i < to.length; i++) {
          // Another division each time, and another than that among nodes.
          long mixed = JoinTable.mix(hashes[i] + (part.level + 1) * 0x9e3779b97f4a7c15L);
          to[i] = (int) ((mixed >>> 32) % smaller.length);
        }
        Column[] columns = new Column[batch.width()];
        Arrays.setAll(columns, batch::column);
        for (int i = 0; i < smaller.length; i++) {
          int[] places = new int[to.length];
          int count = 0;
          for (int j = 0; j < to.length; j++) {
            if (to[j] == i) {
              places[count++] = batch.places()[j];
            }
          }
          if (count > 0) {
            if (writers[side][i] == null) {
              writers[side][i] = new ByteWriter(PART_BYTES);
            }
            sides[side].write(new Batch(columns, places, count), writers[side][i]);
            if (writers[side][i].length() >= PART_BYTES) {
              put(side, i);
            }
          }
        }
      }
    }

    private void put(int side, int number) {
      ByteWriter from = writers[side][number];
      if (from != null && from.length() > 0) {
        (side == 0 ? smaller[number].left : smaller[number].right).add(0, from.toByteArray());
        from.reset();
      }
    }

    /// Some rows of a batch, which may have many partners each.
    private void probe() {
      if (lefts == null && (chunk == null || chunk.remaining() == 0)) {
        if (at == part.left.count()) {
          part.close();
          phase = Phase.NEXT;
          return;
        }
        chunk = new ByteReader(part.left.get(at++));
      }
      if (lefts == null) {
        lefts = sides[0].read(chunk);
        leftsMet = 0;
      }
      int end = Math.min(lefts.count(), leftsMet + MOST_MET);
      Column[] columns = new Column[lefts.width()];
      Arrays.setAll(columns, lefts::column);
      int[] places = Arrays.copyOfRange(lefts.places(), leftsMet, end);
      leftsMet = end;
      if (end == lefts.count()) {
        lefts = null;
      }
      BatchJoin.Meeting meeting =
          join.meeting(
              new Batch(columns, places, places.length),
              x,
              joined -> through.run(counted(joined), output::take));
      meeting.with(table);
      meeting.end();
    }

    private Batch counted(Batch joined) {
      met += joined.count();
      return joined;
    }

    @Override
    public void close() {
      closed = true;
      release();
    }

    private synchronized void release() {
      phase = Phase.DONE;
      table = null;
      output.close();
      whole.close();
      parts.forEach(Part::close);
      parts.clear();
      if (part != null) {
        part.close();
      }
      if (smaller != null) {
        for (Part each : smaller) {
          each.close();
        }
      }
      if (spill != null) {
        spill.closeAll();
      }
    }
  }
}
