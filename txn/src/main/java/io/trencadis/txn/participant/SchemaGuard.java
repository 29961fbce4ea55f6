package io.trencadis.txn.participant;

import io.trencadis.storage.Keys;
import io.trencadis.storage.RowScan;
import io.trencadis.storage.ShardStore;
import io.trencadis.storage.Write;
import io.trencadis.txn.RelationRef;
import io.trencadis.txn.Rule;
import io.trencadis.txn.Rules;
import io.trencadis.txn.message.Reply;

/// Refuses requests whose plan was made for another schema version than the one at their timestamp
/// (rule 13). Part of the shard's machine.
final class SchemaGuard {
  private final Snapshots snapshots;
  private final ShardStore store;
  private final Rules rules;

  SchemaGuard(Snapshots snapshots, ShardStore store, Rules rules) {
    this.snapshots = snapshots;
    this.store = store;
    this.rules = rules;
  }

  /// Reads the versions back from a store that was there before.
  void restore() {
    RowScan scan =
        store.scan(Keys.relationStart(0), Keys.relationEnd(0), store.highestCommitTs(), false);
    while (scan.next()) {
      if (SchemaTable.isSchemaKey(scan.key())) {
        note(scan.key(), scan.value(), scan.commitTs());
      }
    }
  }

  /// A transaction that wrote schema versions has been installed.
  void installed(Context context, long commitTs) {
    for (Write write : context.writes().inMemory().values()) {
      if (SchemaTable.isSchemaKey(write.key())) {
        note(write.key(), write.value(), commitTs);
      }
    }
  }

  private void note(byte[] key, byte[] value, long commitTs) {
    snapshots.schema(
        snapshots.schema().with(SchemaTable.relationOf(key), SchemaTable.decode(value), commitTs));
  }

  /// Marks of others on the relation's version whose timestamp may be at or below `ts`; null if
  /// there are none.
  Prepared inDoubt(RelationRef rel, long txn, long ts) {
    for (Prepared marks : snapshots.prepared()) {
      if (marks.schema && marks.txn != txn && marks.mayBeAtOrBelow(ts)) {
        byte[] key = SchemaTable.key(rel.relationId());
        if (marks.keys.has(key, MarkedKeys.bit(key))) {
          return marks;
        }
      }
    }
    return null;
  }

  /// @return null if the plan's version is the one at the snapshot
  Reply check(Context context, RelationRef rel, long readTs) {
    if (!rules.has(Rule.SCHEMA_IS_DATA)) {
      return null;
    }
    long version = own(context, rel.relationId());
    if (version < 0) {
      version = snapshots.schema().at(rel.relationId(), readTs, store);
    }
    return version == rel.schemaVersion()
        ? null
        : new Reply.SchemaChanged(rel.relationId(), version);
  }

  /// With the relation locked nobody changes its schema before this transaction ends, so the check
  /// made here holds at its commit timestamp.
  ///
  /// @return [Reply.Done] if the plan's version is the one at the snapshot and the newest
  Reply checkLocked(Context context, RelationRef rel, long readTs) {
    Reply refused = check(context, rel, readTs);
    if (refused != null) {
      return refused;
    }
    boolean newer =
        rules.has(Rule.SCHEMA_IS_DATA)
            && own(context, rel.relationId()) < 0
            && snapshots.schema().at(rel.relationId(), Long.MAX_VALUE, store)
                != rel.schemaVersion();
    return newer ? Reply.Restart.INSTANCE : Reply.Done.INSTANCE;
  }

  /// The version that the transaction itself has written, or -1.
  private static long own(Context context, int relationId) {
    if (context == null || !context.wroteSchema) {
      return -1;
    }
    OwnWrite own = context.write(SchemaTable.key(relationId));
    return own == null ? -1 : SchemaTable.decode(own.value());
  }
}
