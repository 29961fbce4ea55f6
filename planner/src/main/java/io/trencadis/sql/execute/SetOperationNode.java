package io.trencadis.sql.execute;

import io.trencadis.sql.types.TypeCodec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/// UNION ALL, INTERSECT and EXCEPT. (UNION is a UNION ALL under an aggregate.)
public final class SetOperationNode extends PlanNode {
  public enum Kind {
    UNION_ALL,
    INTERSECT,
    EXCEPT
  }

  private static final int MOST_LEVELS = 5;
  private static final int PARTS = 16;
  private static final int ENTRY_BYTES = 72;

  private final Kind kind;
  private final boolean all;
  private final List<PlanNode> inputs;
  private final TypeCodec[] codecs;
  private final RowBytes bytes;
  private final int[] places;

  public SetOperationNode(
      Estimate estimate, Kind kind, boolean all, List<PlanNode> inputs, TypeCodec[] codecs) {
    super(estimate);
    this.kind = kind;
    this.all = all;
    this.inputs = List.copyOf(inputs);
    this.codecs = codecs;
    this.bytes = new RowBytes(codecs);
    this.places = new int[codecs.length];
    Arrays.setAll(places, i -> i);
  }

  @Override
  protected RowSource start(Execution x) {
    if (kind == Kind.UNION_ALL) {
      return new Append(x);
    }
    List<Supplier<RowSource>> sides = new ArrayList<>();
    for (PlanNode input : inputs) {
      sides.add(() -> input.open(x));
    }
    return new Counted(x, sides, 0);
  }

  private final class Append implements RowSource {
    private final Execution x;
    private int next;
    private RowSource source;

    Append(Execution x) {
      this.x = x;
    }

    @Override
    public Object[] next() {
      while (true) {
        if (source == null) {
          if (next == inputs.size()) {
            return null;
          }
          source = inputs.get(next++).open(x);
        }
        Object[] row = source.next();
        if (row != null) {
          return row;
        }
        source.close();
        source = null;
      }
    }

    @Override
    public void close() {
      if (source != null) {
        source.close();
      }
    }
  }

  /// Counts how often each row comes from each side. Where there are too many different rows, each
  /// side is parted into files by its rows, of which one after the other is counted.
  private final class Counted implements RowSource {
    private final Execution x;
    private final List<Supplier<RowSource>> sides;
    private final int level;
    private GroupTable<long[]> counts;
    private int at;
    private Object[] repeated;
    private long left;
    private RowSpool[][] files;
    private int part = -1;
    private Counted inPart;

    /// @param level how often the rows have been parted already
    Counted(Execution x, List<Supplier<RowSource>> sides, int level) {
      this.x = x;
      this.sides = sides;
      this.level = level;
    }

    private void count() {
      counts = new GroupTable<>(codecs);
      if (sides.size() < 2) {
        return;
      }
      boolean mayPart = level < MOST_LEVELS && x.spill() != null && bytes.isStorable();
      long memory = 0;
      for (int number = 0; number < sides.size(); number++) {
        int side = Math.min(number, 1);
        try (RowSource source = sides.get(number).get()) {
          int steps = 0;
          for (Object[] row = source.next(); row != null; row = source.next()) {
            if ((++steps & 0xfff) == 0) {
              x.checkInterrupts();
            }
            long hash = counts.hash(row, places);
            if (files != null) {
              file(number, hash).add(row);
              continue;
            }
            int place = counts.find(hash, row, places);
            if (place >= 0) {
              counts.group(place)[side]++;
            } else if (side == 0) {
              counts.add(hash, row, new long[] {1, 0});
              memory += RowBytes.memory(row) + ENTRY_BYTES;
              if (mayPart && memory > x.hashMemBytes()) {
                part();
              }
            }
          }
        }
        if (side == 1) {
          // More than two inputs combine from the left.
          for (int place = 0; place < counts.size(); place++) {
            long[] count = counts.group(place);
            count[0] = combined(count);
            count[1] = 0;
          }
        }
      }
    }

    /// Only the first side makes entries: what has been read when it is too much is all of it.
    private void part() {
      files = new RowSpool[sides.size()][PARTS];
      int buffer =
          Math.clamp(x.hashMemBytes() / PARTS / 4, RowSorter.LEAST_BUFFER, RowSorter.MOST_BUFFER);
      for (RowSpool[] side : files) {
        for (int i = 0; i < PARTS; i++) {
          side[i] = new RowSpool(bytes, x, buffer);
        }
      }
      for (int place = 0; place < counts.size(); place++) {
        for (long times = counts.group(place)[0]; times > 0; times--) {
          file(0, counts.hashOf(place)).add(counts.key(place));
        }
      }
      counts = new GroupTable<>(codecs);
    }

    private RowSpool file(int side, long hash) {
      return files[side][(int) (hash >>> 32 + level * 4) & PARTS - 1];
    }

    private long combined(long[] count) {
      if (kind == Kind.INTERSECT) {
        return all ? Math.min(count[0], count[1]) : count[0] > 0 && count[1] > 0 ? 1 : 0;
      }
      return all ? Math.max(0, count[0] - count[1]) : count[0] > 0 && count[1] == 0 ? 1 : 0;
    }

    @Override
    public Object[] next() {
      if (counts == null) {
        count();
      }
      while (left == 0) {
        if (files != null) {
          return fromFiles();
        }
        if (at == counts.size()) {
          return null;
        }
        repeated = counts.key(at);
        left = counts.group(at++)[0];
      }
      left--;
      return repeated.clone();
    }

    private Object[] fromFiles() {
      while (true) {
        Object[] row = inPart == null ? null : inPart.next();
        if (row != null) {
          return row;
        }
        closePart();
        if (part + 1 == PARTS) {
          return null;
        }
        part++;
        List<Supplier<RowSource>> own = new ArrayList<>();
        for (RowSpool[] side : files) {
          own.add(side[part]::read);
        }
        inPart = new Counted(x, own, level + 1);
      }
    }

    private void closePart() {
      if (inPart != null) {
        inPart.close();
        inPart = null;
        for (RowSpool[] side : files) {
          side[part].close();
        }
      }
    }

    @Override
    public void close() {
      closePart();
      for (int i = 0; files != null && i < files.length; i++) {
        for (RowSpool file : files[i]) {
          file.close();
        }
      }
    }
  }

  @Override
  public String label() {
    return switch (kind) {
      case UNION_ALL -> "Append";
      case INTERSECT -> all ? "HashSetOp Intersect All" : "HashSetOp Intersect";
      case EXCEPT -> all ? "HashSetOp Except All" : "HashSetOp Except";
    };
  }

  @Override
  public List<PlanNode> children() {
    return inputs;
  }
}
