package io.trencadis.sql.execute;

import io.trencadis.sharding.ExchangeScan;
import io.trencadis.sharding.FragmentScan;
import java.util.ArrayList;
import java.util.List;

/// Has the nodes that have two tables' rows send these to nodes by the columns in which they are
/// equal, and those join them, each its part, and do what the nodes below say with what comes of
/// it. Whether that can be is known when the rows have been sent: [#ship], which is asked before.
public final class ExchangeNode extends PlanNode {
  private final PlanNode below;
  private final Side left;
  private final Side right;
  private final FragmentNode.Program program;
  private final FragmentNode.Output output;
  private final Division division;

  /// Whose rows are sent.
  ///
  /// @param scan says which keys and shards are read
  public record Side(TableScanNode scan, FragmentNode.Program program) {}

  /// How rows are divided among nodes.
  ///
  /// @param slotShards by slot, the shard to whose leader its rows go; null for any, as evenly as
  ///   can be
  /// @param purpose the equal columns, for EXPLAIN
  /// @param stays the table whose rows need not move; null for none
  public record Division(int[] slotShards, String purpose, String stays) {}

  /// @param below what is done, for EXPLAIN
  /// @param program joins the rows
  public ExchangeNode(
      Estimate estimate,
      PlanNode below,
      Side left,
      Side right,
      FragmentNode.Program program,
      FragmentNode.Output output,
      Division division) {
    super(estimate);
    this.below = below;
    this.left = left;
    this.right = right;
    this.program = program;
    this.output = output;
    this.division = division;
  }

  /// Has the rows sent.
  ///
  /// @return false where they have to be joined by somebody else
  boolean ship(Execution x) {
    close(x.memory().remove(this));
    if (!x.readsSnapshot()
        || output instanceof FragmentNode.Output.First first && !first.isFew(x)) {
      return false;
    }
    program.forgetOwn(x);
    ExchangeScan.Side leftSide = side(left, x);
    ExchangeScan.Side rightSide = side(right, x);
    if (leftSide == null || rightSide == null) {
      return false;
    }
    ExchangeScan scan =
        x.transaction()
            .exchange(
                new ExchangeScan.Work(
                    leftSide,
                    rightSide,
                    program.bytes(),
                    program.arguments(x),
                    x.hashMemBytes(),
                    x.spill() == null ? -1 : x.spill().limitKilobytes(),
                    division.slotShards));
    if (scan == null) {
      return false;
    }
    if (!scan.ship()) {
      scan.close();
      return false;
    }
    x.memory().put(this, scan);
    return true;
  }

  private static void close(Object before) {
    if (before instanceof ExchangeScan scan) {
      scan.close();
    }
  }

  /// Null where there is nothing to read.
  private ExchangeScan.Side side(Side side, Execution x) {
    side.program.forgetOwn(x);
    KeyRange.Bytes bytes = side.scan.bytes(x);
    int[] shards = bytes == null ? new int[0] : side.scan.shards(x);
    if (shards.length == 0) {
      return null;
    }
    NodeCounters counters = x.counters(this);
    for (int shard : shards) {
      x.touched(shard);
      if (counters != null) {
        counters.shards.add(shard);
      }
    }
    return new ExchangeScan.Side(
        side.program.bytes(),
        side.program.arguments(x),
        side.scan.readRelation(),
        side.program.others().stream().map(FragmentNode.Partner::relation).toList(),
        shards,
        bytes.from(),
        bytes.to());
  }

  @Override
  protected RowSource start(Execution x) {
    return new Joined((ExchangeScan) x.memory().remove(this), x);
  }

  private final class Joined extends PieceRows {
    private final ExchangeScan scan;
    private final Execution x;
    private ExchangeScan.Traffic before;
    private boolean ended;

    Joined(ExchangeScan scan, Execution x) {
      super(output);
      this.scan = scan;
      this.x = x;
      this.before = new ExchangeScan.Traffic(0, 0, 0, new java.util.TreeSet<>());
    }

    @Override
    byte[] nextPiece() {
      FragmentScan.Piece next = scan.next();
      count();
      if (next == null) {
        end();
      }
      return next == null ? null : next.output();
    }

    private void count() {
      ExchangeScan.Traffic now = scan.traffic();
      x.read(now.bytes() - before.bytes() + now.exchanged() - before.exchanged());
      NodeCounters counters = x.counters(ExchangeNode.this);
      if (counters != null) {
        counters.moved(
            now.bytes() - before.bytes(), now.roundTrips() - before.roundTrips(), now.nodes());
        counters.exchanged(now.exchanged() - before.exchanged());
      }
      before = now;
    }

    private void end() {
      if (ended) {
        return;
      }
      ended = true;
      Side[] sides = {left, right};
      for (int i = 0; i < sides.length; i++) {
        ExchangeScan.SideRows rows = scan.rows(i);
        sides[i].scan.scanned(x, rows.read());
        NodeCounters counters = x.counters(sides[i].scan);
        if (counters != null) {
          counters.loops = 1;
          counters.rows += rows.passed();
          counters.removedByFilter += rows.read() - rows.passed();
        }
      }
      count(below);
    }

    /// What is known of the nodes between this one and the scans.
    private void count(PlanNode node) {
      NodeCounters known = node instanceof SentRows ? null : x.counters(node);
      if (known != null && node != left.scan && node != right.scan) {
        known.loops = 1;
        known.rows = x.counters(ExchangeNode.this).rows;
        node.children().forEach(this::count);
      }
    }

    @Override
    public void close() {
      scan.close();
      end();
    }
  }

  @Override
  public String label() {
    return "Gather";
  }

  @Override
  public List<String> details() {
    List<String> lines = new ArrayList<>();
    lines.add("Exchange: " + (division.stays == null ? "hash " : "one side ") + division.purpose);
    if (division.stays != null) {
      lines.add("Stays: " + division.stays);
    }
    for (Side side : List.of(left, right)) {
      lines.addAll(side.program.colocated(side.scan));
    }
    for (FragmentNode.Program each : List.of(left.program, right.program, program)) {
      lines.addAll(each.details());
    }
    return lines;
  }

  @Override
  public List<PlanNode> children() {
    return List.of(below);
  }
}
