package io.trencadis.txn;

/// PostgreSQL's eight table lock modes, weakest first, with its conflicts (PostgreSQL 15 manual,
/// table 13.2).
public enum RelationLock {
  ACCESS_SHARE(0b1000_0000),
  ROW_SHARE(0b1100_0000),
  ROW_EXCLUSIVE(0b1111_0000),
  SHARE_UPDATE_EXCLUSIVE(0b1111_1000),
  SHARE(0b1110_1100),
  SHARE_ROW_EXCLUSIVE(0b1111_1100),
  EXCLUSIVE(0b1111_1110),
  ACCESS_EXCLUSIVE(0b1111_1111);

  private final int conflicts;

  RelationLock(int conflicts) {
    this.conflicts = conflicts;
  }

  /// Bit `m` is set if this mode conflicts with the mode whose ordinal is `m`.
  public int conflictMask() {
    return conflicts;
  }

  public boolean conflictsWith(RelationLock other) {
    return (conflicts & (1 << other.ordinal())) != 0;
  }

  /// Whether who holds this one has nothing to gain from the other: all that conflicts with it
  /// conflicts with this.
  public boolean covers(RelationLock other) {
    return (conflicts & other.conflicts) == other.conflicts;
  }
}
