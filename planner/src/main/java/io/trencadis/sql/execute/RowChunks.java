package io.trencadis.sql.execute;

import java.util.Arrays;
import java.util.function.LongPredicate;

/// Batches of rows as bytes, in the chunks in which they came: in memory up to a limit, and beyond
/// it in a temporary file. Confined to one thread at a time.
final class RowChunks implements AutoCloseable {
  private final SpillSpace spill;
  private final long limit;
  private final Runnable interrupts;
  private long[] pieces = new long[8];

  /// By chunk, the bytes; null for those that are in the file.
  private byte[][] held = new byte[8][];

  private long[] offsets = new long[8];
  private int[] lengths = new int[8];
  private int count;
  private long bytes;
  private long heldBytes;
  private SpillFile file;

  /// @param spill null where nothing can be put aside: then all stays in memory
  /// @param limit of what is in memory, in bytes
  /// @param interrupts throws if whoever adds or reads is to stop
  RowChunks(SpillSpace spill, long limit, Runnable interrupts) {
    this.spill = spill;
    this.limit = limit;
    this.interrupts = interrupts;
  }

  /// @param piece in which they came
  /// @throws io.trencadis.base.SqlException 53100, 53400, 58030
  void add(long piece, byte[] rows) {
    if (count == pieces.length) {
      int larger = count * 2;
      pieces = Arrays.copyOf(pieces, larger);
      held = Arrays.copyOf(held, larger);
      offsets = Arrays.copyOf(offsets, larger);
      lengths = Arrays.copyOf(lengths, larger);
    }
    if (spill == null || heldBytes + rows.length <= limit) {
      held[count] = rows;
      heldBytes += rows.length;
    } else {
      if (file == null) {
        file = spill.create();
      }
      held[count] = null;
      offsets[count] = file.size();
      file.append(rows, rows.length, interrupts);
    }
    pieces[count] = piece;
    lengths[count] = rows.length;
    bytes += rows.length;
    count++;
  }

  /// Leaves out chunks of pieces that do not count.
  void keep(LongPredicate counted) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (counted.test(pieces[i])) {
        pieces[kept] = pieces[i];
        held[kept] = held[i];
        offsets[kept] = offsets[i];
        lengths[kept] = lengths[i];
        kept++;
      } else {
        bytes -= lengths[i];
      }
    }
    count = kept;
  }

  int count() {
    return count;
  }

  /// Of all chunks.
  long bytes() {
    return bytes;
  }

  byte[] get(int chunk) {
    if (held[chunk] != null) {
      return held[chunk];
    }
    byte[] read = new byte[lengths[chunk]];
    int at = 0;
    while (at < read.length) {
      int more = file.read(read, at, read.length - at, offsets[chunk] + at, interrupts);
      if (more <= 0) {
        throw io.trencadis.base.SqlException.internal("a temporary file is shorter than it was");
      }
      at += more;
    }
    return read;
  }

  @Override
  public void close() {
    count = 0;
    held = new byte[0][];
    if (file != null) {
      file.close();
      file = null;
    }
  }
}
