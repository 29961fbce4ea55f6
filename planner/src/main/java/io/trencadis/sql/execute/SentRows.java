package io.trencadis.sql.execute;

import io.trencadis.base.ByteWriter;
import io.trencadis.sql.batch.Batch;
import io.trencadis.sql.batch.BatchCodec;
import io.trencadis.sql.batch.Column;
import io.trencadis.sql.batch.RowsColumn;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/// The rows of a small input of a join, for whoever has larger ones: they are read to be sent with
/// a fragment, and given as they are where they turn out to be too many for that.
public final class SentRows extends PlanNode {
  /// More bytes than these are not sent with a fragment.
  private static final int MOST_BYTES = 2 << 20;

  private final PlanNode input;
  private final BatchCodec codec;
  private final int width;
  private final String purpose;

  /// Rows that have been read, in a run's memory.
  private record Collected(byte[] bytes, List<Object[]> rows) {}

  /// Rows of which some have been read, in a run's memory.
  private record Begun(List<Object[]> rows, RowSource rest) {}

  /// @param codec how rows are sent
  /// @param width columns of a row
  /// @param purpose the join's equal columns, for EXPLAIN
  public SentRows(PlanNode input, BatchCodec codec, int width, String purpose) {
    super(input.estimate());
    this.input = input;
    this.codec = codec;
    this.width = width;
    this.purpose = purpose;
  }

  String purpose() {
    return purpose;
  }

  /// Reads the rows.
  ///
  /// @return false where they are too many; they can then be had by opening this node
  boolean collect(Execution x) {
    Object before = x.memory().remove(this);
    List<Object[]> rows = new ArrayList<>();
    long memory = 0;
    RowSource source = source(before, x);
    RowSource each = BatchRows.of(source);
    for (Object[] row = each.next(); row != null; row = each.next()) {
      rows.add(row);
      memory += RowBytes.memory(row);
      if (memory > x.workMemBytes()) {
        x.memory().put(this, new Begun(rows, each));
        return false;
      }
      if ((rows.size() & 0xfff) == 0) {
        x.checkInterrupts();
      }
    }
    source.close();
    byte[] bytes = bytes(rows);
    x.memory().put(this, bytes == null ? new Begun(rows, () -> null) : new Collected(bytes, rows));
    return bytes != null;
  }

  /// Null where these are too many.
  private byte[] bytes(List<Object[]> rows) {
    ByteWriter out = new ByteWriter(1024);
    for (int from = 0; from < rows.size(); from += Batch.MOST) {
      Object[][] some =
          rows.subList(from, Math.min(rows.size(), from + Batch.MOST)).toArray(Object[][]::new);
      Column[] columns = new Column[width];
      for (int i = 0; i < width; i++) {
        columns[i] = new RowsColumn(some, i);
      }
      codec.write(Batch.whole(columns, some.length), out);
      if (out.length() > MOST_BYTES) {
        return null;
      }
    }
    return out.toByteArray();
  }

  /// The rows that were collected, to be opened again.
  void giveBack(Execution x) {
    if (x.memory().get(this) instanceof Collected collected) {
      x.memory().put(this, new Begun(collected.rows, () -> null));
    }
  }

  /// What [#collect] has read, as it is sent.
  byte[] bytes(Execution x) {
    return ((Collected) x.memory().get(this)).bytes;
  }

  /// The numbers in a column of the rows that [#collect] has read; null where there are too many.
  RuntimeFilter.Numbers numbers(int column, Execution x) {
    RuntimeFilter.Numbers numbers = new RuntimeFilter.Numbers();
    for (Object[] row : ((Collected) x.memory().get(this)).rows) {
      if (row[column] != null && !numbers.add(((Number) row[column]).longValue())) {
        return null;
      }
    }
    return numbers;
  }

  private RowSource source(Object before, Execution x) {
    if (!(before instanceof Begun begun)) {
      return input.open(x);
    }
    Iterator<Object[]> read = begun.rows.iterator();
    return new RowSource() {
      @Override
      public Object[] next() {
        return read.hasNext() ? read.next() : begun.rest.next();
      }

      @Override
      public void close() {
        begun.rest.close();
      }
    };
  }

  @Override
  protected RowSource start(Execution x) {
    return source(x.memory().remove(this), x);
  }

  @Override
  public String label() {
    return input.label();
  }

  @Override
  public List<PlanNode> children() {
    return List.of(input);
  }
}
