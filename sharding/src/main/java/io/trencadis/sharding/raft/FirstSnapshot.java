package io.trencadis.sharding.raft;

import com.alipay.sofa.jraft.entity.LocalStorageOutter.StablePBMeta;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.entity.RaftOutter.SnapshotMeta;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.storage.io.ProtoBufFile;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotWriter;
import com.alipay.sofa.jraft.storage.snapshot.local.LocalSnapshotStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The beginning of a group whose machine has something already: a snapshot that covers the entry
/// [#INDEX], which nobody has, with one node that votes. Whoever joins the group finds no log from
/// its first entry on, and so begins with a copy.
public final class FirstSnapshot {
  /// Of the last entry that the snapshot covers. The machine has to have it.
  public static final long INDEX = 1;

  private static final long TERM = 1;

  private FirstSnapshot() {}

  /// Writes it; nothing of the group may be there.
  ///
  /// @param directory of all groups of the node
  /// @param node the one that votes
  /// @param files what the machine has saved, by name
  /// @param copied as [ReplicatedMachine#copied]
  public static void write(
      Path directory, int group, int node, Map<String, byte[]> files, List<String> copied)
      throws IOException {
    PeerId self = new PeerId(RaftTransport.endpoint(node), 0);
    Path votes = Files.createDirectories(RaftHost.votes(directory, group, 0));
    StablePBMeta vote =
        StablePBMeta.newBuilder().setTerm(TERM).setVotedfor(PeerId.emptyPeer().toString()).build();
    if (!new ProtoBufFile(votes.resolve("raft_meta").toString()).save(vote, true)) {
      throw new IOException("the votes of group " + group + " cannot be written");
    }
    Path snapshots = Files.createDirectories(RaftHost.snapshots(directory, group, 0));
    LocalSnapshotStorage storage =
        new LocalSnapshotStorage(snapshots.toString(), null, new RaftOptions());
    if (!storage.init(null)) {
      throw new IOException("the snapshots of group " + group + " cannot be opened");
    }
    SnapshotWriter writer = storage.create();
    if (writer == null) {
      throw new IOException("a snapshot of group " + group + " cannot be begun");
    }
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Files.write(Path.of(writer.getPath()).resolve(file.getKey()), file.getValue());
      writer.addFile(file.getKey());
    }
    copied.forEach(writer::addFile);
    writer.saveMeta(
        SnapshotMeta.newBuilder()
            .setLastIncludedIndex(INDEX)
            .setLastIncludedTerm(TERM)
            .addPeers(self.toString())
            .build());
    writer.close();
    storage.shutdown();
  }
}
