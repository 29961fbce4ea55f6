package io.trencadis.txn.cluster;

/// One step of a script.
sealed interface Op {
  int shard();

  record Get(int shard, int key) implements Op {}

  record Scan(int shard, int from, int to) implements Op {}

  /// Locks a row so that it stays as it is, and reads it.
  record Share(int shard, int key) implements Op {}

  record Put(int shard, int key) implements Op {}
}
