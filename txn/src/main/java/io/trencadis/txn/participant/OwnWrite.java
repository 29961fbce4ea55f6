package io.trencadis.txn.participant;

import io.trencadis.storage.Write;

/// One key's uncommitted value, with the earlier own one that it covers, for undo and for scans
/// opened before it.
final class OwnWrite implements Write {
  private final byte[] key;
  private byte[] value;
  final OwnWrite covered;
  final int mark;

  OwnWrite(byte[] key, byte[] value, OwnWrite covered, int mark) {
    this.key = key;
    this.value = value;
    this.covered = covered;
    this.mark = mark;
  }

  @Override
  public byte[] key() {
    return key;
  }

  @Override
  public byte[] value() {
    return value;
  }

  void overwrite(byte[] newValue) {
    value = newValue;
  }

  /// The newest in this key's history made before `mark`, or null.
  static OwnWrite before(OwnWrite newest, int mark) {
    OwnWrite write = newest;
    while (write != null && write.mark >= mark) {
      write = write.covered;
    }
    return write;
  }
}
