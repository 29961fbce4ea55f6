package io.trencadis.txn;

/// The four strengths of a row lock, weakest first, with PostgreSQL's conflicts (PostgreSQL 15
/// manual, table 13.3).
public enum RowLock {
  /// `FOR KEY SHARE`: the key stays; what a foreign-key check takes on the row it refers to.
  KEY_SHARE(0b1000),
  /// `FOR SHARE`: the row stays as it is.
  SHARE(0b1100),
  /// `FOR NO KEY UPDATE`: what an UPDATE takes that changes no key column.
  NO_KEY_UPDATE(0b1110),
  /// `FOR UPDATE`: what DELETE, INSERT and key changes take.
  UPDATE(0b1111);

  private final int conflicts;

  RowLock(int conflicts) {
    this.conflicts = conflicts;
  }

  /// Bit `m` is set if this mode conflicts with the mode whose ordinal is `m`.
  public int conflictMask() {
    return conflicts;
  }

  public boolean conflictsWith(RowLock other) {
    return (conflicts & (1 << other.ordinal())) != 0;
  }
}
