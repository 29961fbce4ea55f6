package io.trencadis.sql.execute;

import io.trencadis.sharding.fragment.FragmentEngine;
import io.trencadis.sql.batch.Batch;
import io.trencadis.storage.Keys;
import io.trencadis.storage.RowBlock;
import io.trencadis.storage.encoding.KeyWriter;
import java.util.Arrays;
import java.util.function.Consumer;

/// The partners of a batch's rows in a table of the same shard, read by the first columns of its
/// key: in the order of the keys, in steps as long as what lies between two keys that are wanted is
/// worth reading. Confined to one thread.
final class LookedUpPartners implements ScanBatches.Reader {
  private static final int FIRST_STEP = 64;
  private static final int LEAST_STEP = 16;

  /// How many rows are read before those that are there meet their partners.
  private static final int MOST_READ = 1 << 15;

  private final FragmentPipeline.Step.Look look;
  private final FragmentEngine.Rows rows;
  private final Execution x;
  private final KeyWriter key = new KeyWriter();
  private int step = FIRST_STEP;

  /// How keys begin that are wanted, ascending.
  private byte[][] wanted;

  /// The first one that has not been read whole.
  private int at;

  private byte[] from;
  private byte[] to;
  private int read;

  LookedUpPartners(FragmentPipeline.Step.Look look, FragmentEngine.Rows rows, Execution x) {
    this.look = look;
    this.rows = rows;
    this.x = x;
  }

  /// @param out takes the joined rows
  void meet(Batch left, Consumer<Batch> out) {
    BatchJoin.Meeting meeting = look.join().meeting(left, x, out);
    wanted = wanted(left);
    at = 0;
    if (wanted.length > 0) {
      from = wanted[0];
      to = KeyCodec.successor(wanted[wanted.length - 1]);
    }
    while (at < wanted.length) {
      read = 0;
      meeting.with(look.join().table(look.scan().batches(this, x, null)));
    }
    meeting.end();
  }

  private byte[][] wanted(Batch left) {
    int[] columns = look.join().leftKeys();
    byte[][] all = new byte[left.count()][];
    int count = 0;
    for (int i = 0; i < left.count(); i++) {
      byte[] prefix = prefix(left, left.places()[i], columns);
      if (prefix != null && (count == 0 || !Arrays.equals(all[count - 1], prefix))) {
        all[count++] = prefix;
      }
    }
    byte[][] sorted = Arrays.copyOf(all, count);
    Arrays.sort(sorted, Keys::compare);
    int distinct = 0;
    for (byte[] each : sorted) {
      if (distinct == 0 || !Arrays.equals(sorted[distinct - 1], each)) {
        sorted[distinct++] = each;
      }
    }
    return Arrays.copyOf(sorted, distinct);
  }

  /// Null where a row has no partners, because it has a null.
  private byte[] prefix(Batch left, int place, int[] columns) {
    key.reset().relation(look.relationId());
    for (int i = 0; i < look.parts(); i++) {
      Object value = left.column(columns[i]).get(place);
      if (value == null) {
        return null;
      }
      look.key().put(key, i, value);
    }
    return key.toByteArray();
  }

  @Override
  public void read(RowBlock into) {
    while (into.count() == 0 && at < wanted.length && read < MOST_READ) {
      boolean done = rows.look(look.other(), from, to, into, step);
      int count = into.count();
      read += count;
      if (done) {
        at = wanted.length;
      } else if (count > 0) {
        passed(into, count);
      }
    }
  }

  /// Finds where to go on, and how far.
  private void passed(RowBlock block, int count) {
    int hits = 0;
    byte[] last = null;
    for (int i = 0; i < count; i++) {
      last = block.key(i);
      while (at < wanted.length
          && Keys.compare(wanted[at], last) < 0
          && !Keys.startsWith(last, wanted[at])) {
        at++;
      }
      if (at < wanted.length && Keys.startsWith(last, wanted[at])) {
        hits++;
      }
    }
    if (at < wanted.length) {
      from = Keys.startsWith(last, wanted[at]) ? Keys.successor(last) : wanted[at];
    }
    if (hits * 2 >= count) {
      step = Math.min(Batch.MOST, step * 2);
    } else if (hits * 8 < count) {
      step = Math.max(LEAST_STEP, step / 2);
    }
  }
}
