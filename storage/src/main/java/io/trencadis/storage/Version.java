package io.trencadis.storage;

/// One committed version of a key: a row, or a deletion. Immutable to callers.
public class Version {
  private final long commitTs;
  private final byte[] value;

  /// The next older one that is kept. Volatile: a version may be linked in behind newer ones.
  volatile Version previous;

  /// @param value the row's bytes, not to be modified any more; null for a deletion
  public Version(long commitTs, byte[] value) {
    this.commitTs = commitTs;
    this.value = value;
  }

  /// The commit timestamp of the transaction that wrote it.
  public final long commitTs() {
    return commitTs;
  }

  /// The row's bytes, or null for a deletion.
  public final byte[] value() {
    return value;
  }

  /// The next older version of the key that is kept beside this one, or null.
  public final Version previous() {
    return previous;
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
