package io.trencadis.sharding.raft;

import com.alipay.sofa.jraft.JRaftServiceFactory;
import com.alipay.sofa.jraft.NodeManager;
import com.alipay.sofa.jraft.core.DefaultJRaftServiceFactory;
import com.alipay.sofa.jraft.option.NodeOptions;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.option.ReadOnlyOption;
import com.alipay.sofa.jraft.storage.LogStorage;
import com.alipay.sofa.jraft.storage.SnapshotStorage;
import com.alipay.sofa.jraft.storage.SnapshotThrottle;
import com.alipay.sofa.jraft.storage.snapshot.ThroughputSnapshotThrottle;
import io.trencadis.sharding.rpc.NodeRpc;
import io.trencadis.storage.log.RecordReader;
import io.trencadis.storage.log.WriteAheadLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// What the groups of one node share: the network, and the write-ahead log with the entries of them
/// all. Thread-safe.
public final class RaftHost implements AutoCloseable {
  /// By how many entries a node that is to vote may be behind.
  private static final int CATCH_UP_MARGIN = 64;

  /// In how many parts a second is cut for the throttle of copies.
  private static final int THROTTLE_CYCLES = 10;

  private final NodeRpc rpc;
  private final Path directory;
  private final Consumer<Throwable> onFailure;
  private final RaftEntries entries = new RaftEntries();
  private final RaftTransport transport;
  private final long copyBytesPerSecond;

  /// One for all groups.
  private final SnapshotThrottle throttle;

  /// @param directory for the groups' votes and snapshots; made if need be
  /// @param copyBytesPerSecond how much of copies of groups this node sends and takes; 0 for as
  ///   much as it can
  /// @param onFailure told that the log cannot be written: the node must stop at once
  public RaftHost(
      NodeRpc rpc, Path directory, long copyBytesPerSecond, Consumer<Throwable> onFailure) {
    this.rpc = rpc;
    this.copyBytesPerSecond = copyBytesPerSecond;
    this.throttle = new ThroughputSnapshotThrottle(copyBytesPerSecond, THROTTLE_CYCLES);
    this.directory = directory;
    this.onFailure = onFailure;
    this.transport = new RaftTransport(rpc);
  }

  /// For the opening of the write-ahead log, before [#attach].
  public RecordReader reader() {
    return entries.reader();
  }

  /// The write-ahead log is open; nobody else writes to it.
  public void attach(WriteAheadLog log) {
    entries.attach(log);
  }

  /// Up to where no group needs the write-ahead log.
  public long logFloor() throws IOException {
    return entries.floor();
  }

  /// Bytes of entries kept for nodes that may still need them.
  public long entryBytes() {
    return entries.bytes();
  }

  long entryBytes(int group) {
    return entries.bytes(group);
  }

  /// Joins a group; the network must be up, or follow soon.
  ///
  /// @param group from 0; the same on all nodes
  /// @param self this node's copy
  /// @param members of a new group; one that exists knows its own. Without this node's copy if they
  ///   are to take it in: it votes for them until then, and never for itself
  /// @param electionMillis for how long a leader may be silent before another is elected
  /// @param leases whether a leader that was heard by a majority within nine tenths of that time
  ///   takes it for proof that it leads: right as long as no node's clock runs a tenth faster than
  ///   another's
  public ReplicationLog open(
      int group,
      ReplicaId self,
      Collection<ReplicaId> members,
      ReplicatedMachine machine,
      int electionMillis,
      boolean leases) {
    GroupOptions options = new GroupOptions(transport);
    RaftOptions raft = new RaftOptions();
    if (leases) {
      raft.setReadOnlyOptions(ReadOnlyOption.ReadOnlyLeaseBased);
    }
    raft.setDisruptorBufferSize(1024);
    raft.setSyncMeta(true);
    raft.setMaxEntriesSize(256);
    raft.setMaxBodySize(1 << 22);
    raft.setMaxReplicatorInflightMsgs(64);
    options.setRaftOptions(raft);
    options.setSharedElectionTimer(true);
    options.setSharedVoteTimer(true);
    options.setSharedStepDownTimer(true);
    options.setSharedSnapshotTimer(true);
    options.setSharedTimerPool(true);
    options.setDisableCli(true);
    options.setRpcProcessorThreadPoolSize(6);
    options.setElectionTimeoutMs(electionMillis);
    options.setCatchupMargin(CATCH_UP_MARGIN);
    // The machine says when.
    options.setSnapshotIntervalSecs(0);
    options.setServiceFactory(factory(group, machine));
    options.setRaftMetaUri(votes(directory, group, self.birth()).toString());
    options.setSnapshotUri(snapshots(directory, group, self.birth()).toString());
    options.setLogUri("wal");
    NodeManager.getInstance().addAddress(RaftTransport.endpoint(rpc.self().node()));
    if (copyBytesPerSecond > 0) {
      options.setSnapshotThrottle(throttle);
    }
    try {
      // Before the first entry: it says whose the entries are.
      makeDurably(home(directory, group, self.birth()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new RaftGroup(name(group), self, members, machine, options);
  }

  private static Path home(Path directory, int group, int birth) {
    return directory.resolve(birth == 0 ? group + "" : group + "." + birth);
  }

  static Path votes(Path directory, int group, int birth) {
    return home(directory, group, birth).resolve("votes");
  }

  static Path snapshots(Path directory, int group, int birth) {
    return home(directory, group, birth).resolve("snapshots");
  }

  private static void makeDurably(Path made) throws IOException {
    if (!Files.exists(made)) {
      boolean first = !Files.exists(made.getParent());
      Files.createDirectories(made);
      syncNames(made.getParent());
      if (first) {
        syncNames(made.getParent().getParent());
      }
    }
  }

  private static void syncNames(Path of) throws IOException {
    try (FileChannel names = FileChannel.open(of, StandardOpenOption.READ)) {
      names.force(true);
    }
  }

  /// The births of the copies of which this node has something, by group; one that [#erase] has not
  /// done with is among them.
  public Map<Integer, Set<Integer>> found() throws IOException {
    Map<Integer, Set<Integer>> found = new TreeMap<>();
    if (!Files.exists(directory)) {
      return found;
    }
    try (Stream<Path> homes = Files.list(directory)) {
      for (Path home : homes.toList()) {
        String[] parts = home.getFileName().toString().split("\\.");
        found
            .computeIfAbsent(Integer.parseInt(parts[0]), _ -> new TreeSet<>())
            .add(parts.length == 1 ? 0 : Integer.parseInt(parts[1]));
      }
    }
    return found;
  }

  /// Deletes what this node has of a group's log, votes and snapshots. The group is closed, and its
  /// machine has been emptied: if this is interrupted, [#found] still has the copy.
  public void erase(int group, int birth) throws IOException {
    entries.reset(group, 1);
    DeletedTree.delete(home(directory, group, birth));
    syncNames(directory);
  }

  /// Several clusters may be in one process.
  private String name(int group) {
    return "c" + Long.toHexString(rpc.self().cluster()) + "-" + group;
  }

  private JRaftServiceFactory factory(int group, ReplicatedMachine machine) {
    return new DefaultJRaftServiceFactory() {
      @Override
      public LogStorage createLogStorage(String uri, RaftOptions options) {
        return new GroupStorage(group, entries, onFailure);
      }

      @Override
      public SnapshotStorage createSnapshotStorage(NodeOptions options) {
        return new SnapshotsOnDemand(options.getSnapshotUri(), options.getRaftOptions(), machine);
      }
    };
  }

  /// To be called when all groups are closed.
  @Override
  public void close() {
    NodeManager.getInstance().removeAddress(RaftTransport.endpoint(rpc.self().node()));
    transport.close();
  }
}
