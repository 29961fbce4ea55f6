package io.trencadis.txn.coordinator;

import io.trencadis.storage.Keys;

/// How far one scan has read: from where it started to where it was stopped. Grows with each step
/// of its cursor.
public final class ReadRange {
  private byte[] from;
  private byte[] to;
  private final boolean reverse;
  private byte[] last;
  private boolean exhausted;

  ReadRange(byte[] from, byte[] to, boolean reverse) {
    this.from = from;
    this.to = to;
    this.reverse = reverse;
  }

  /// The cursor stands on `key`.
  public void reached(byte[] key) {
    last = key;
  }

  /// The cursor has found the end.
  public void exhausted() {
    exhausted = true;
  }

  boolean isEmpty() {
    return last == null && !exhausted;
  }

  /// The lowest key read.
  byte[] from() {
    return reverse && !exhausted ? last : from;
  }

  /// The lowest key above all that was read; null for the last.
  byte[] to() {
    return reverse || exhausted ? to : Keys.successor(last);
  }
}
