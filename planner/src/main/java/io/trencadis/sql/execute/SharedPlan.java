package io.trencadis.sql.execute;

import java.util.ArrayList;
import java.util.List;

/// A plan whose rows several nodes read, and which is run once: its rows are kept as they come.
/// Immutable and thread-safe; what changes is kept by the run.
public final class SharedPlan {
  private final String name;
  private final PlanNode plan;
  private final RowBytes bytes;

  /// @param name for EXPLAIN
  /// @param bytes how rows are put aside
  public SharedPlan(String name, PlanNode plan, RowBytes bytes) {
    this.name = name;
    this.plan = plan;
    this.bytes = bytes;
  }

  public String name() {
    return name;
  }

  public PlanNode plan() {
    return plan;
  }

  RowSource open(Execution x) {
    Rows rows = (Rows) x.memory().computeIfAbsent(this, _ -> new Rows(x));
    return rows.new Reader();
  }

  /// Ends the run.
  void close(Execution x) {
    if (x.memory().remove(this) instanceof Rows rows) {
      rows.close();
    }
  }

  /// The rows of one run, as far as any reader has asked for them.
  private final class Rows {
    private final Execution x;
    private final List<Object[]> kept = new ArrayList<>();
    private RowSource source;
    private boolean ended;
    private long memory;
    private RowSpool spool;

    Rows(Execution x) {
      this.x = x;
    }

    private boolean has(int number) {
      while (kept.size() <= number && !ended) {
        if (source == null) {
          source = plan.open(x);
        }
        Object[] row = source.next();
        if (row == null) {
          end();
          break;
        }
        kept.add(row);
        if (x.spill() != null) {
          memory += RowBytes.memory(row) + 8;
          if (memory > x.workMemBytes() && bytes.isStorable()) {
            putAside();
            break;
          }
        }
      }
      return kept.size() > number;
    }

    /// All that there is, to the end.
    private void putAside() {
      spool = new RowSpool(bytes, x, RowSorter.LEAST_BUFFER);
      kept.forEach(spool::add);
      kept.clear();
      for (Object[] row = source.next(); row != null; row = source.next()) {
        spool.add(row);
      }
      end();
    }

    private void end() {
      ended = true;
      source.close();
    }

    private void close() {
      if (source != null && !ended) {
        source.close();
      }
      if (spool != null) {
        spool.close();
      }
    }

    private final class Reader implements RowSource {
      private int at;
      private RowSource fromFile;

      @Override
      public Object[] next() {
        if (spool == null && has(at)) {
          // Whoever gets a row may change it.
          return kept.get(at++).clone();
        }
        if (spool == null) {
          return null;
        }
        if (fromFile == null) {
          fromFile = spool.read();
          for (int i = 0; i < at; i++) {
            fromFile.next();
          }
        }
        return fromFile.next();
      }
    }
  }
}
