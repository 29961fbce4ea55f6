package io.trencadis.txn.simulator;

import io.trencadis.txn.LockWait;
import io.trencadis.txn.RowLock;

/// One step of a script. Keys are small numbers at a shard; a value is its writer and a number.
sealed interface Op {
  /// Begins the next statement.
  record Statement() implements Op {}

  record Get(int shard, int key, Value.Part part) implements Op {
    Get(int shard, int key) {
      this(shard, key, Value.Part.BOTH);
    }
  }

  /// Steps over at most `rows` rows.
  record Scan(int shard, int from, int to, boolean reverse, int rows, Value.Part part)
      implements Op {
    Scan(int shard, int from, int to, boolean reverse, int rows) {
      this(shard, from, to, reverse, rows, Value.Part.BOTH);
    }
  }

  record Lock(int shard, int key, RowLock mode, LockWait lockWait) implements Op {}

  /// Locks, and reads what is there now, whatever the snapshot.
  record LockNewest(int shard, int key) implements Op {}

  /// Adds to the number last seen at the key.
  record Put(int shard, int key, long add) implements Op {}

  /// Changes one column of a row that is locked, and leaves the other as it was seen.
  record PutPart(int shard, int key, Value.Part part) implements Op {}

  record Delete(int shard, int key) implements Op {}

  record Insert(int shard, int key, long number) implements Op {}

  record Savepoint() implements Op {}

  /// To the last savepoint, if there is one.
  record RollbackTo() implements Op {}

  /// Has the transaction prepared by name at its end, and committed or rolled back some time later.
  record ByName() implements Op {}

  /// Rewrites the rows of all shards for the next schema version.
  record NextSchema() implements Op {}
}
