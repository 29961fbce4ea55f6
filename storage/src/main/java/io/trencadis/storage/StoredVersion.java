package io.trencadis.storage;

/// A version that left the memtable: it knows the timestamp of the version before it, by which the
/// older ones are found.
public final class StoredVersion extends Version {
  private final long predecessorTs;

  /// @param predecessorTs commit timestamp of the key's version before this one; 0 if there was
  ///   none, or none that a read can need
  public StoredVersion(long commitTs, long predecessorTs, byte[] value) {
    super(commitTs, value);
    this.predecessorTs = predecessorTs;
  }

  /// The commit timestamp of the key's version before this one, which may have been dropped since;
  /// 0 if there was none, or none that a read can need.
  public long predecessorTs() {
    return predecessorTs;
  }
}
