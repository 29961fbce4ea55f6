package io.trencadis.storage;

/// One committed version of a key: a row, or a deletion. Immutable to callers.
public final class Version {
  private final long commitTs;
  private final byte[] value;

  /// The next older one that is kept. Volatile: a version may be linked in behind newer ones.
  volatile Version previous;

  Version(long commitTs, byte[] value) {
    this.commitTs = commitTs;
    this.value = value;
  }

  /// The commit timestamp of the transaction that wrote it.
  public long commitTs() {
    return commitTs;
  }

  /// The row's bytes, or null for a deletion.
  public byte[] value() {
    return value;
  }

  /// The newest version at or before `ts` in the chain that starts at `newest`, or null.
  static Version visible(Version newest, long ts) {
    Version version = newest;
    while (version != null && version.commitTs > ts) {
      version = version.previous;
    }
    return version;
  }
}
