package io.trencadis.txn;

/// The plan was made for another schema version of a relation than a shard has at the transaction's
/// timestamp: make a new plan. Nothing was done by the call that threw it. Stackless.
public final class SchemaChangedException extends RuntimeException {
  private final int relationId;
  private final long currentVersion;

  public SchemaChangedException(int relationId, long currentVersion) {
    super("relation " + relationId + " has schema version " + currentVersion, null, false, false);
    this.relationId = relationId;
    this.currentVersion = currentVersion;
  }

  public int relationId() {
    return relationId;
  }

  /// The version that the shard has; 0 where it knows none.
  public long currentVersion() {
    return currentVersion;
  }
}
