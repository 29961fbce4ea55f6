package io.trencadis.sql.execute;

import io.trencadis.base.ByteWriter;
import io.trencadis.sharding.HashPlacement;
import io.trencadis.sql.batch.Batch;
import io.trencadis.sql.batch.Column;
import io.trencadis.sql.batch.RowsColumn;
import io.trencadis.sql.execute.FragmentPipeline.Sink;
import io.trencadis.storage.encoding.KeyWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;

/// Makes pieces' output of the batches that have gone through all steps. Confined to one thread.
final class PieceSink implements AutoCloseable {
  /// Beyond so much output a piece ends.
  private static final int MOST_OUTPUT = 128 << 10;

  /// Beyond so much that groups take in memory a piece ends.
  private static final long MOST_GROUPS = 2 << 20;

  private final Sink sink;
  private final Execution x;
  private final ByteWriter out = new ByteWriter(1024);
  private final byte[] slots;
  private final ByteWriter[] receivers;
  private PriorityQueue<Object[]> best;
  private int most;
  private Groups groups;
  private int waiting;
  private int next;
  private int count;

  /// @param slots to which receiver each slot's rows go; null where they are not divided
  PieceSink(Sink sink, Execution x, byte[] slots) {
    this.sink = sink;
    this.x = x;
    this.slots = slots;
    int highest = -1;
    if (sink instanceof Sink.Divided) {
      if (slots == null) {
        throw new IllegalArgumentException("rows are divided, and nobody has said how");
      }
      for (byte slot : slots) {
        highest = Math.max(highest, slot & 0xff);
      }
    }
    this.receivers = new ByteWriter[highest + 1];
    if (sink instanceof Sink.First first) {
      most = (int) Math.min(((Number) x.slot(first.slot())).longValue(), Integer.MAX_VALUE);
      best = new PriorityQueue<>(16, Collections.reverseOrder(first.order()));
    }
  }

  void take(Batch batch) {
    switch (sink) {
      case Sink.Rows(var codec) -> {
        codec.write(batch, out);
        count += batch.count();
      }
      case Sink.Divided divided -> divide(batch, divided);
      case Sink.First first -> first(batch, first);
      case Sink.Groups made -> {
        if (groups == null) {
          groups = new Groups(made.node(), x, 0, true);
        }
        groups.add(batch);
      }
      case Sink.Located _ -> throw new IllegalArgumentException("rows are nowhere");
    }
  }

  private void first(Batch batch, Sink.First first) {
    for (int i = 0; i < batch.count(); i++) {
      Object[] row = batch.row(batch.places()[i]);
      if (best.size() < most) {
        best.add(row);
      } else if (most > 0 && first.order().compare(row, best.peek()) < 0) {
        best.poll();
        best.add(row);
      }
    }
  }

  private void divide(Batch batch, Sink.Divided divided) {
    int[] to = receivers(batch, divided);
    for (int receiver = 0; receiver < receivers.length; receiver++) {
      int[] places = new int[batch.count()];
      int rows = 0;
      for (int i = 0; i < to.length; i++) {
        if (to[i] == receiver) {
          places[rows++] = batch.places()[i];
        }
      }
      if (rows == 0) {
        continue;
      }
      if (receivers[receiver] == null) {
        receivers[receiver] = new ByteWriter(1024);
      }
      Column[] columns = new Column[batch.width()];
      for (int i = 0; i < columns.length; i++) {
        columns[i] = batch.column(i);
      }
      int before = receivers[receiver].length();
      divided.codec().write(new Batch(columns, places, rows), receivers[receiver]);
      waiting += receivers[receiver].length() - before;
      count += rows;
    }
  }

  /// By row, its receiver's place; -1 for none.
  private int[] receivers(Batch batch, Sink.Divided divided) {
    int[] keys = divided.keys();
    int[] to = new int[batch.count()];
    long[] hashes = divided.byPlacement() ? null : JoinTable.hashes(batch, keys, divided.codecs());
    KeyWriter key = new KeyWriter();
    for (int i = 0; i < to.length; i++) {
      int place = batch.places()[i];
      boolean hasNull = false;
      for (int column : keys) {
        hasNull |= batch.column(column).isNull(place);
      }
      if (hasNull) {
        // Such rows have no partners: anybody will do.
        to[i] = divided.dropsNulls() ? -1 : next++ % receivers.length;
        continue;
      }
      int slot;
      if (hashes == null) {
        key.reset();
        for (int part = 0; part < keys.length; part++) {
          divided.codecs()[part].encodeKey(batch.column(keys[part]).get(place), key.beginColumn());
          key.endColumn(false);
        }
        byte[] bytes = key.toByteArray();
        slot = HashPlacement.slotOf(bytes, 0, bytes.length);
      } else {
        slot = (int) (JoinTable.mix(hashes[i]) >>> 56);
      }
      to[i] = slots[slot] & 0xff;
    }
    return to;
  }

  /// Whether there is as much as a piece should have.
  boolean isFull() {
    return out.length() + waiting >= MOST_OUTPUT || groups != null && groups.bytes() >= MOST_GROUPS;
  }

  /// Puts out what was kept to have all of it first.
  void flush() {
    switch (sink) {
      case Sink.First first -> flush(first);
      case Sink.Groups made -> flush(made);
      case Sink.Divided _ -> {
        for (int i = 0; i < receivers.length; i++) {
          if (receivers[i] != null) {
            out.putByte(i).putInt(receivers[i].length());
            out.putBytes(receivers[i].array(), 0, receivers[i].length());
            receivers[i] = null;
          }
        }
        waiting = 0;
      }
      default -> {
        // It is there already.
      }
    }
  }

  private void flush(Sink.First first) {
    List<Object[]> all = new ArrayList<>(best);
    best.clear();
    for (int from = 0; from < all.size(); from += Batch.MOST) {
      Object[][] some =
          all.subList(from, Math.min(all.size(), from + Batch.MOST)).toArray(Object[][]::new);
      Column[] columns = new Column[some[0].length];
      for (int i = 0; i < columns.length; i++) {
        columns[i] = new RowsColumn(some, i);
      }
      first.codec().write(Batch.whole(columns, some.length), out);
    }
    count += all.size();
  }

  private void flush(Sink.Groups made) {
    if (groups == null) {
      if (made.node().keys().length > 0) {
        return;
      }
      // One group of no rows.
      groups = new Groups(made.node(), x, 0, true);
    }
    RowBytes.Stream stream = made.bytes().new Stream();
    for (int i = 0; i < groups.count(); i++) {
      int at = out.length();
      out.putInt(0);
      stream.write(groups.state(i), out);
      out.setInt(at, out.length() - at - 4);
    }
    count += groups.count();
    groups.close();
    groups = null;
  }

  ByteWriter out() {
    return out;
  }

  /// How many rows or groups have been put out.
  int count() {
    return count;
  }

  void counted(int more) {
    count += more;
  }

  /// What was put out since it was asked for last.
  byte[] drain() {
    byte[] bytes = Arrays.copyOf(out.array(), out.length());
    out.reset();
    count = 0;
    return bytes;
  }

  @Override
  public void close() {
    if (groups != null) {
      groups.close();
      groups = null;
    }
  }
}
