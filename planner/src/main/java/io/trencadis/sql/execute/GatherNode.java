package io.trencadis.sql.execute;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// Has its input's parts read side by side and keeps their rows, where these are much fewer than
/// what is read for them; where they turn out to be too many for memory, reads the input on its own
/// thread.
public final class GatherNode extends PlanNode {
  private final PlanNode input;

  public GatherNode(PlanNode input) {
    super(input.estimate());
    this.input = input;
  }

  private static final class TooManyException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    static final TooManyException INSTANCE = new TooManyException();

    private TooManyException() {
      super("too many rows", null, false, false);
    }
  }

  @Override
  protected Parts parts(Execution x) {
    return input.parts(x);
  }

  @Override
  protected RowSource start(Execution x) {
    return new RowSource() {
      private RowSource source;

      @Override
      public Object[] next() {
        if (source == null) {
          source = gathered(x);
        }
        return source.next();
      }

      @Override
      public void close() {
        if (source != null) {
          source.close();
        }
      }
    };
  }

  private RowSource gathered(Execution x) {
    Parts parts = input.parts(x);
    if (parts == null) {
      return input.open(x);
    }
    AtomicLong memory = new AtomicLong();
    List<List<Object[]>> all;
    try {
      all = new ParallelRun<>(parts, x, (rows, worker) -> kept(rows, worker, memory)).run();
    } catch (TooManyException e) {
      parts.finish();
      return input.open(x);
    }
    Iterator<Object[]> rows = all.stream().flatMap(List::stream).iterator();
    return () -> rows.hasNext() ? rows.next() : null;
  }

  private static List<Object[]> kept(RowSource source, Execution worker, AtomicLong memory) {
    List<Object[]> kept = new ArrayList<>();
    RowSource rows = BatchRows.of(source);
    for (Object[] row = rows.next(); row != null; row = rows.next()) {
      kept.add(row);
      if (memory.addAndGet(RowBytes.memory(row)) > worker.hashMemBytes()) {
        throw TooManyException.INSTANCE;
      }
    }
    return kept;
  }

  @Override
  public boolean growsWithReads() {
    return input.growsWithReads();
  }

  @Override
  public String label() {
    return "Gather";
  }

  @Override
  public List<PlanNode> children() {
    return List.of(input);
  }
}
