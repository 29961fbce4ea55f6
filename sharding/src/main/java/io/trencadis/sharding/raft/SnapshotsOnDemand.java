package io.trencadis.sharding.raft;

import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.storage.SnapshotThrottle;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotReader;
import com.alipay.sofa.jraft.storage.snapshot.local.LocalSnapshotReader;
import com.alipay.sofa.jraft.storage.snapshot.local.LocalSnapshotStorage;
import com.alipay.sofa.jraft.util.Endpoint;
import java.io.IOException;
import java.nio.file.Path;

/// A group's snapshots, whose files are written when another node wants them: this one finds in its
/// own store what they would hold.
final class SnapshotsOnDemand extends LocalSnapshotStorage {
  private static final System.Logger LOG = System.getLogger(SnapshotsOnDemand.class.getName());

  private final ReplicatedMachine machine;
  private final RaftOptions options;
  private SnapshotThrottle throttle;
  private Endpoint self;

  SnapshotsOnDemand(String directory, RaftOptions options, ReplicatedMachine machine) {
    super(directory, null, options);
    this.options = options;
    this.machine = machine;
  }

  @Override
  public void setSnapshotThrottle(SnapshotThrottle limit) {
    super.setSnapshotThrottle(limit);
    throttle = limit;
  }

  @Override
  public void setServerAddr(Endpoint address) {
    super.setServerAddr(address);
    self = address;
  }

  @Override
  public SnapshotReader open() {
    // Counts as one reader of the snapshot; the one that is returned stands for it.
    SnapshotReader plain = super.open();
    if (plain == null) {
      return null;
    }
    Reader reader = new Reader(plain.getPath());
    return reader.init(null) ? reader : plain;
  }

  private final class Reader extends LocalSnapshotReader {
    Reader(String path) {
      super(SnapshotsOnDemand.this, throttle, self, options, path);
    }

    @Override
    public String generateURIForCopy() {
      try {
        machine.copy(Path.of(getPath()));
      } catch (IOException e) {
        LOG.log(System.Logger.Level.WARNING, "a copy for another node cannot be written", e);
        return null;
      }
      return super.generateURIForCopy();
    }
  }
}
