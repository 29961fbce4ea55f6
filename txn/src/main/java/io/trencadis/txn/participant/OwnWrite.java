package io.trencadis.txn.participant;

import io.trencadis.storage.Write;

/// One key's uncommitted value, with the earlier own one that it covers, for undo and for scans
/// opened before it.
final class OwnWrite implements Write {
  private final byte[] key;
  private byte[] value;
  private boolean keepsKey;
  final OwnWrite covered;
  final int mark;

  /// @param keepsKey whether the row is locked no stronger than for a change that leaves its key
  OwnWrite(byte[] key, byte[] value, OwnWrite covered, int mark, boolean keepsKey) {
    this.keepsKey = keepsKey;
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

  boolean keepsKey() {
    return keepsKey;
  }

  void overwrite(byte[] newValue, boolean newKeepsKey) {
    value = newValue;
    keepsKey &= newKeepsKey;
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
