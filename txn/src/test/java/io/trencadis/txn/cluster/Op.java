package io.trencadis.txn.cluster;

/// One step of a script.
sealed interface Op {
  int shard();

  record Get(int shard, int key) implements Op {}

  record Scan(int shard, int from, int to) implements Op {}

  /// Locks a row so that it stays as it is, and reads it.
  record Share(int shard, int key) implements Op {}

  record Put(int shard, int key) implements Op {}

  /// Prepares the transaction by name: its last step.
  record Hold(int shard) implements Op {}

  /// The next step of a move: the only one.
  record Move(int shard, Mover mover) implements Op {}

  /// Ends one that is prepared by name, if there is any: the only step.
  record Finish(int shard, boolean commit) implements Op {}
}
