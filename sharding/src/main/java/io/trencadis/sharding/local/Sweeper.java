package io.trencadis.sharding.local;

import io.trencadis.base.Timestamp;
import io.trencadis.sharding.Node;
import io.trencadis.sharding.RelationRegistry;
import io.trencadis.storage.Keys;
import io.trencadis.storage.levels.NodeStorage;
import io.trencadis.storage.levels.StoredRelations;
import io.trencadis.txn.participant.SchemaKeys;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/// Removes from the base tree what dropped tables and indexes, TRUNCATE and new keys have left
/// there, once no snapshot and nobody who asks for the past can read it.
///
/// There is no list of what is to go: the tree says what it has, the catalog what can be reached.
/// So a crash forgets nothing, and what comes late (out of a memtable, or out of the log after a
/// crash) goes with the next sweep. For the thread that flushes.
final class Sweeper {
  private final Node node;
  private final NodeStorage storage;

  Sweeper(Node node, NodeStorage storage) {
    this.node = node;
    this.storage = storage;
  }

  /// @param pause looked at after each step: whether to stop, the rest being for another sweep
  void sweep(BooleanSupplier pause) {
    RelationRegistry registry = node.relations();
    if (registry == null) {
      return;
    }
    StoredRelations stored = storage.relations();
    // Each relation has a schema version at each shard that holds it, even if it has no rows.
    Set<Integer> ids = new HashSet<>(stored.ids());
    for (int shard = 0; shard < storage.shards(); shard++) {
      for (byte[] key : schemaKeys(stored, shard)) {
        ids.add(SchemaKeys.relation(key));
      }
    }
    if (registry.unreachable(ids, Timestamp.MAX).isEmpty()) {
      return;
    }
    // The horizon follows the timestamps issued, and nobody else may be asking for any.
    node.currentTimestamp();
    long horizon = node.freshKeepHorizon();
    Set<Integer> dead = registry.unreachable(ids, horizon);
    for (int id : dead) {
      for (int shard = 0; shard < storage.shards(); shard++) {
        boolean more = true;
        while (more) {
          if (pause.getAsBoolean()) {
            return;
          }
          more = stored.removeSome(shard, Keys.relationStart(id), Keys.relationEnd(id), horizon);
        }
      }
    }
    for (int shard = 0; shard < storage.shards() && !dead.isEmpty(); shard++) {
      List<byte[]> keys = schemaKeys(stored, shard);
      keys.removeIf(key -> !dead.contains(SchemaKeys.relation(key)));
      if (pause.getAsBoolean()) {
        return;
      }
      if (!keys.isEmpty()) {
        stored.remove(shard, keys, horizon);
      }
    }
  }

  private static List<byte[]> schemaKeys(StoredRelations stored, int shard) {
    int relation = SchemaKeys.RELATION;
    return stored.keys(shard, Keys.relationStart(relation), Keys.relationEnd(relation));
  }
}
