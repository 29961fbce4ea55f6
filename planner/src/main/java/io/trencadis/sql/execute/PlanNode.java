package io.trencadis.sql.execute;

import io.trencadis.sql.batch.Batch;
import java.util.List;

/// One node of a plan. Immutable and thread-safe.
public abstract class PlanNode {
  private final Estimate estimate;

  /// What the planner expected of a node.
  ///
  /// @param rows rows returned
  /// @param cost work, in the units of PostgreSQL's costs, children included
  /// @param width bytes a row, roughly
  public record Estimate(double rows, double cost, int width) {
    public static final Estimate NONE = new Estimate(1, 0, 0);
  }

  protected PlanNode(Estimate estimate) {
    this.estimate = estimate;
  }

  public final Estimate estimate() {
    return estimate;
  }

  /// Starts the node for one run. Rows come out of the source in the node's own time.
  public final RowSource open(Execution x) {
    NodeCounters counters = x.counters(this);
    return counters == null ? start(x) : new CountingSource(this, x, counters);
  }

  protected abstract RowSource start(Execution x);

  /// The node's rows in parts, or null where they cannot be had so. To be asked only of nodes whose
  /// expressions say the same on any thread.
  protected Parts parts(Execution x) {
    return null;
  }

  /// Whether a run touches a few rows at most, each found by its whole key, so that it is done in
  /// microseconds unless it has to wait for a lock. Sub-selects in expressions are not looked at.
  public boolean isPoint() {
    return false;
  }

  /// Whether the work of a run grows with what its scans read and with nothing else, but for a
  /// logarithm. Sub-selects in expressions are not looked at.
  public boolean growsWithReads() {
    return false;
  }

  /// The node's name in EXPLAIN, such as `Hash Join`.
  public abstract String label();

  /// Lines below the name in EXPLAIN, such as `Filter: (x > 1)`.
  public List<String> details() {
    return List.of();
  }

  public List<PlanNode> children() {
    return List.of();
  }

  /// Measures a node for EXPLAIN ANALYZE.
  private static final class CountingSource implements RowSource {
    private final NodeCounters counters;
    private final RowSource source;
    private boolean first = true;
    private long spent;

    CountingSource(PlanNode node, Execution x, NodeCounters counters) {
      this.counters = counters;
      counters.loops++;
      long start = x.nanoTime();
      source = node.start(x);
      spent = x.nanoTime() - start;
      counters.totalNanos += spent;
      this.x = x;
    }

    private final Execution x;

    @Override
    public Object[] next() {
      long start = x.nanoTime();
      Object[] row = source.next();
      long taken = x.nanoTime() - start;
      counters.totalNanos += taken;
      if (first) {
        counters.startupNanos += spent + taken;
        first = false;
      }
      if (row != null) {
        counters.rows++;
      }
      return row;
    }

    @Override
    public BatchSource batches() {
      BatchSource batches = source.batches();
      return batches == null ? null : () -> counted(batches);
    }

    private Batch counted(BatchSource batches) {
      long start = x.nanoTime();
      Batch batch = batches.next();
      long taken = x.nanoTime() - start;
      counters.totalNanos += taken;
      if (first) {
        counters.startupNanos += spent + taken;
        first = false;
      }
      if (batch != null) {
        counters.rows += batch.count();
      }
      return batch;
    }

    @Override
    public void close() {
      source.close();
    }
  }
}
