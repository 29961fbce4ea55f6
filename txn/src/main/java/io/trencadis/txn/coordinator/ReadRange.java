package io.trencadis.txn.coordinator;

import io.trencadis.storage.Keys;
import io.trencadis.storage.RowBlock;

/// How far one scan has read: from where it started to where it was stopped. Grows with each step
/// of its cursor.
public final class ReadRange {
  private byte[] from;
  private byte[] to;
  private final boolean reverse;
  private final long columns;

  /// Where the cursor stands: a row of a block. Null before its first step.
  private RowBlock reached;

  private int row;
  private boolean exhausted;

  /// @param columns of the rows, those that are looked at
  ReadRange(byte[] from, byte[] to, boolean reverse, long columns) {
    this.columns = columns;
    this.from = from;
    this.to = to;
    this.reverse = reverse;
  }

  /// The cursor stands on a row of a block that is not changed any more.
  public void reached(RowBlock rows, int at) {
    reached = rows;
    row = at;
  }

  /// The cursor has found the end.
  public void exhausted() {
    exhausted = true;
  }

  long columns() {
    return columns;
  }

  boolean isEmpty() {
    return reached == null && !exhausted;
  }

  /// The lowest key read.
  byte[] from() {
    return reverse && !exhausted ? reached.key(row) : from;
  }

  /// The lowest key above all that was read; null for the last.
  byte[] to() {
    return reverse || exhausted ? to : Keys.successor(reached.key(row));
  }
}
