package io.trencadis.sql.execute;

import io.trencadis.sharding.FragmentScan;
import io.trencadis.sharding.RowCursor;
import io.trencadis.sharding.fragment.FragmentEngine;
import io.trencadis.sql.batch.BatchCodec;
import io.trencadis.sql.types.TypeCodec;
import io.trencadis.storage.Keys;
import io.trencadis.storage.RowBlock;
import io.trencadis.txn.RelationRef;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Has the nodes that lead a table's shards do what the nodes below say, each with its rows, and
/// takes what comes of that, in whatever order it comes. Rows that only the transaction's own scans
/// can read, such as those of shards where it has written, go through the same program here.
public final class FragmentNode extends PlanNode {
  /// Beyond so many, the first rows of an order are not sought for at other nodes, who would have
  /// to keep them.
  private static final long MOST_FIRST = 4_096;

  private final PlanNode below;
  private final TableScanNode scan;
  private final Program program;
  private final Output output;

  /// What is to be run.
  ///
  /// @param arguments what the program's slots are set to
  /// @param filters by filtered column, the join's
  /// @param own filters whose joins are in the program, and say nothing
  /// @param others tables that the program looks into, by its numbers
  /// @param sent whose rows are sent along, by the program's numbers
  public record Program(
      FragmentEngine engine,
      byte[] bytes,
      Eval[] arguments,
      TypeCodec[] codecs,
      RuntimeFilter[] filters,
      List<RuntimeFilter> own,
      List<Partner> others,
      List<SentRows> sent) {
    /// Which tables lie together, for EXPLAIN.
    ///
    /// @param scan of the table whose rows are read
    List<String> colocated(TableScanNode scan) {
      return others.isEmpty()
          ? List.of()
          : List.of(
              "Co-located: "
                  + scan.table().descriptor().name()
                  + ", "
                  + others.stream().map(Partner::name).collect(Collectors.joining(", ")));
    }

    /// What it brings along, for EXPLAIN.
    List<String> details() {
      return sent.isEmpty()
          ? List.of()
          : List.of(
              "Broadcast: "
                  + sent.stream().map(SentRows::purpose).collect(Collectors.joining(", ")));
    }

    /// What a join would have said that is run with the program was said of another run's rows.
    void forgetOwn(Execution x) {
      own.forEach(filter -> x.filter(filter, null));
    }

    byte[] arguments(Execution x) {
      Object[] slots = new Object[arguments.length];
      for (int i = 0; i < slots.length; i++) {
        slots[i] = arguments[i].eval(RowNodes.NO_COLUMNS, x);
      }
      RuntimeFilter.Numbers[] numbers = new RuntimeFilter.Numbers[filters.length];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = x.filtered(filters[i]);
      }
      byte[][] rows = sent.stream().map(each -> each.bytes(x)).toArray(byte[][]::new);
      return new FragmentArguments(slots, numbers, rows).toBytes(codecs);
    }
  }

  /// A table that a program looks into.
  public record Partner(String name, RelationRef relation) {}

  /// What comes of it.
  public sealed interface Output {
    /// Rows.
    ///
    /// @param most how many anybody wants, or null; null and what is negative stand for all
    record Rows(BatchCodec codec, Eval most) implements Output {}

    /// Each shard's first rows in an order.
    ///
    /// @param most how many
    /// @param all what gives all of them, if that is too many
    record First(BatchCodec codec, Eval most, PlanNode all) implements Output {
      /// Whether that is no more than other nodes may keep for it.
      boolean isFew(Execution x) {
        Object wanted = most.eval(RowNodes.NO_COLUMNS, x);
        return wanted != null && ((Number) wanted).longValue() <= MOST_FIRST;
      }
    }

    /// The states of groups.
    record Groups(RowBytes bytes) implements Output {}

    /// Whole stored rows, and where they are.
    record Located() implements Output {}
  }

  /// @param below what the program does, for EXPLAIN
  /// @param scan says which keys and shards are read
  public FragmentNode(
      Estimate estimate, PlanNode below, TableScanNode scan, Program program, Output output) {
    super(estimate);
    this.below = below;
    this.scan = scan;
    this.program = program;
    this.output = output;
  }

  /// The same for whoever wants no more than some rows.
  public FragmentNode limited(Eval most) {
    return output instanceof Output.Rows rows
        ? new FragmentNode(estimate(), below, scan, program, new Output.Rows(rows.codec, most))
        : this;
  }

  @Override
  protected RowSource start(Execution x) {
    if (output instanceof Output.First first && !first.isFew(x)) {
      return first.all.start(x);
    }
    return new Pieces(x);
  }

  /// The pieces' rows. Nothing is asked for before the first row is: what joins further up filter
  /// by is known then.
  private final class Pieces extends PieceRows {
    private final Execution x;
    private final NodeCounters counters;
    private byte[] arguments;
    private int most;
    private FragmentScan remote;
    private List<FragmentScan.Rest> rest;
    private FragmentEngine.Bound local;
    private OwnRows own;

    /// Whose rows come next, and how many.
    private int shard;

    private int shardRows;
    private long counted;
    private long trips;
    private long read;
    private boolean ended;

    Pieces(Execution x) {
      super(output);
      this.x = x;
      this.counters = x.counters(FragmentNode.this);
    }

    private void open() {
      program.forgetOwn(x);
      KeyRange.Bytes bytes = scan.bytes(x);
      int[] where = bytes == null ? new int[0] : scan.shards(x);
      arguments = program.arguments(x);
      most = 0;
      if (output instanceof Output.Rows rows && rows.most != null) {
        Object wanted = rows.most.eval(RowNodes.NO_COLUMNS, x);
        // One more than none: nothing to read is no piece.
        most = wanted == null ? 0 : Math.clamp(((Number) wanted).longValue(), 1, Integer.MAX_VALUE);
      }
      for (int shard : where) {
        x.touched(shard);
        if (counters != null) {
          counters.shards.add(shard);
        }
      }
      remote =
          where.length == 0 || !x.readsSnapshot()
              ? null
              : x.transaction()
                  .fragment(
                      program.bytes,
                      arguments,
                      scan.readRelation(),
                      program.others.stream().map(Partner::relation).toList(),
                      where,
                      bytes.from(),
                      bytes.to(),
                      most);
      if (remote == null) {
        rest = new ArrayList<>();
        for (int shard : where) {
          rest.add(new FragmentScan.Rest(shard, bytes.from(), bytes.to()));
        }
      }
    }

    @Override
    byte[] nextPiece() {
      if (arguments == null) {
        open();
      }
      byte[] next = null;
      while (next == null && !ended) {
        next = rest == null ? ofOthers() : ofOwn();
      }
      return next;
    }

    private byte[] ofOthers() {
      FragmentScan.Piece next = remote.next();
      FragmentScan.Traffic traffic = remote.traffic();
      x.read(traffic.bytes() - counted);
      if (counters != null) {
        counters.moved(traffic.bytes() - counted, traffic.roundTrips() - trips, traffic.nodes());
      }
      counted = traffic.bytes();
      trips = traffic.roundTrips();
      if (next == null) {
        rest = remote.rest();
        return null;
      }
      read(next.rowsRead(), next.rowsPassed());
      return next.output();
    }

    private void read(long rows, long passed) {
      read += rows;
      NodeCounters below = x.counters(scan);
      if (below != null) {
        below.loops = 1;
        below.rows += passed;
        below.removedByFilter += rows - passed;
      }
    }

    private byte[] ofOwn() {
      if (own == null) {
        if (rest.isEmpty()) {
          end();
          return null;
        }
        own = new OwnRows(rest.getFirst());
        rest = rest.subList(1, rest.size());
      }
      if (local == null) {
        local = program.engine.load(program.bytes).bind(arguments);
      }
      if (own.steps != own.kept) {
        // A row has failed: what is before it was given, and what was read behind it is not.
        own.restart();
      }
      long before = own.kept;
      FragmentEngine.Output made = local.run(own, most);
      read(own.kept - before, made.passed());
      if (own.over) {
        own.close();
        own = null;
      }
      return made.bytes();
    }

    private void end() {
      if (!ended) {
        ended = true;
        scan.scanned(x, read);
        count(below);
      }
    }

    /// What is known of the nodes between this one and the scan.
    private void count(PlanNode node) {
      NodeCounters known = node instanceof SentRows ? null : x.counters(node);
      if (known != null && node != scan) {
        known.loops = 1;
        known.rows = counters.rows;
        node.children().forEach(this::count);
      }
    }

    @Override
    public Object[] next() {
      return output instanceof Output.Located ? located() : super.next();
    }

    private Object[] located() {
      while (true) {
        if (shardRows == 0) {
          if (!advance()) {
            return null;
          }
          shard = piece().getInt();
          shardRows = piece().getInt();
          continue;
        }
        shardRows--;
        byte[] key = piece().getBytes(piece().getInt());
        byte[] stored = piece().getBytes(piece().getInt());
        Object[] row = scan.emptyRow();
        if (scan.fill(row, stored, key, shard, false, x, null)) {
          return row;
        }
      }
    }

    @Override
    public void close() {
      if (remote != null) {
        remote.close();
      }
      if (own != null) {
        own.close();
        own = null;
      }
      end();
    }

    /// Rows that the transaction's own scan reads.
    private final class OwnRows implements FragmentEngine.Rows {
      private final FragmentScan.Rest range;
      private RowCursor cursor;
      private byte[] keptKey;
      private byte[] lastKey;
      private long steps;
      private long kept;
      private boolean atEnd;
      private boolean over;

      OwnRows(FragmentScan.Rest range) {
        this.range = range;
      }

      @Override
      public void read(RowBlock into, int rows) {
        x.checkInterrupts();
        if (cursor == null) {
          byte[] from = keptKey == null ? range.from() : Keys.successor(keptKey);
          cursor = x.scan(range.shard(), scan.readRelation(), from, range.to());
        }
        long bytes = 0;
        while (into.count() < rows && !atEnd) {
          if (cursor.next()) {
            cursor.addTo(into);
            bytes += cursor.length();
            lastKey = cursor.key();
            steps++;
          } else {
            atEnd = true;
          }
        }
        x.read(bytes);
      }

      @Override
      public int shard() {
        return range.shard();
      }

      @Override
      public boolean look(int other, byte[] from, byte[] to, RowBlock into, int most) {
        x.checkInterrupts();
        RelationRef relation = program.others.get(other).relation();
        try (RowCursor found = x.scan(range.shard(), relation, from, to)) {
          while (into.count() < most) {
            if (!found.next()) {
              return true;
            }
            x.read(found.length());
            found.addTo(into);
          }
          return false;
        }
      }

      @Override
      public void keep() {
        keptKey = lastKey;
        kept = steps;
        over = atEnd;
      }

      @Override
      public void restart() {
        close();
        steps = kept;
        atEnd = false;
      }

      void close() {
        if (cursor != null) {
          cursor.close();
          cursor = null;
        }
      }
    }
  }

  @Override
  public String label() {
    return "Gather";
  }

  @Override
  public List<String> details() {
    List<String> lines = new ArrayList<>();
    lines.add("Fragment: shards " + scan.shardCount());
    lines.addAll(program.colocated(scan));
    lines.addAll(program.details());
    return lines;
  }

  @Override
  public List<PlanNode> children() {
    return List.of(below);
  }
}
