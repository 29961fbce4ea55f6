package io.trencadis.sharding.cluster;

import io.trencadis.sharding.local.DataDirectory;
import io.trencadis.sharding.local.LocalStore;
import io.trencadis.sharding.raft.DeletedTree;
import io.trencadis.sharding.raft.FirstSnapshot;
import io.trencadis.sharding.replica.Members;
import io.trencadis.sharding.replica.OracleReplica;
import io.trencadis.sharding.replica.ShardReplica;
import io.trencadis.storage.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// Turns the directory of a node on its own into that of a cluster's first node. All that its log
/// holds goes to the base tree, with the beginning of each shard's group beside it; then the
/// groups' first snapshots are written, and at last who the node is. Until that last file is there,
/// the directory is a node's on its own, whatever else is in it.
final class FirstNode {
  private FirstNode() {}

  /// @param directory is closed at the end
  static void make(
      DataDirectory directory,
      ClusterConfig config,
      RandomGenerator random,
      Consumer<Throwable> onFailure)
      throws IOException, InterruptedException {
    Disk disk = directory.disk();
    Path path = directory.path();
    int shards = directory.shards();
    LocalStore store = LocalStore.open(directory, shards, config.local(), onFailure);
    try {
      long bound = store.lastTimestamp();
      Map<String, byte[]> beside = new HashMap<>();
      for (int shard = 0; shard < shards; shard++) {
        beside.put(
            ReplicaFlusher.metaName(shard), ShardReplica.nothingHeld(FirstSnapshot.INDEX, bound));
      }
      store.flushAll(beside);
      Path groups = path.resolve("raft");
      // What an attempt before this one has left.
      DeletedTree.delete(groups);
      for (int shard = 0; shard < shards; shard++) {
        FirstSnapshot.write(groups, shard, 0, Map.of(), ShardReplica.copies());
      }
      FirstSnapshot.write(groups, shards, 0, OracleReplica.saved(bound), List.of());
      Members alone =
          Members.founders(
              List.of(ClusterConfig.text(config.advertise())), shards + 1, config.copies());
      NodeFile file =
          new NodeFile(random.nextLong(1, Long.MAX_VALUE), 0, shards, 0, true, 1, alone);
      file.write(disk, path);
    } finally {
      store.close();
    }
  }
}
