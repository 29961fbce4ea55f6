package io.trencadis.sharding.cluster;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.base.Outside;
import io.trencadis.base.Release;
import io.trencadis.sharding.ClusterGateway;
import io.trencadis.sharding.ClusterNetwork;
import io.trencadis.sharding.ClusterStatus;
import io.trencadis.sharding.local.DataDirectory;
import io.trencadis.sharding.local.DirectoryException;
import io.trencadis.sharding.raft.RaftHost;
import io.trencadis.sharding.raft.ReplicationLog;
import io.trencadis.sharding.replica.OracleReplica;
import io.trencadis.sharding.replica.ReplicaNetwork;
import io.trencadis.sharding.replica.ShardReplica;
import io.trencadis.sharding.rpc.NodeRpc;
import io.trencadis.sharding.rpc.RpcHandler;
import io.trencadis.sharding.rpc.Service;
import io.trencadis.storage.history.Kept;
import io.trencadis.storage.levels.NodeStorage;
import io.trencadis.storage.log.WriteAheadLog;
import io.trencadis.txn.codec.WaitCodec;
import io.trencadis.txn.distributed.Message;
import io.trencadis.txn.distributed.TransactionId;
import io.trencadis.txn.lock.LockView;
import io.trencadis.txn.lock.WaitGraph;
import io.trencadis.txn.message.Request;
import io.trencadis.txn.message.TimestampAnswer;
import io.trencadis.txn.message.TimestampQuestion;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// One node of a cluster: its replicas, and the gateway for its clients. Every node holds every
/// shard; each shard's log is a group of its own, and so is the oracle's, which comes after them.
/// Thread-safe once started.
public final class ClusterNode implements ReplicaNetwork, ClusterNetwork, Closeable {
  private static final long TICK_MILLIS = 100;
  private static final long CALL_MILLIS = 1_000;

  /// How long to rest between looks whether others lead, and after how many to ask them again.
  private static final long HAND_OVER_REST = 10;

  private static final int HAND_OVER_ROUNDS = 20;

  /// How often circles of waits over several nodes are looked for, in ticks; and how old a node's
  /// report of its waits may be then.
  private static final int LOOK_TICKS = 10;

  private static final long FRESH_NANOS = 3_000_000_000L;

  /// After so long a gateway that is silent holds no history back any more.
  private static final long GONE_NANOS = 60_000_000_000L;

  private final Outside outside;
  private final DataDirectory directory;
  private final ClusterConfig config;
  private final NodeFile file;
  private final NodeRpc rpc;
  private final RaftHost host;
  private final NodeStorage storage;
  private final WriteAheadLog log;
  private final List<ShardReplica> replicas = new ArrayList<>();
  private final WaitGraph graph = new WaitGraph();

  /// Used on the timers' thread, and by those who report, one at a time.
  private final DeadlockDetector deadlocks = new DeadlockDetector(FRESH_NANOS);

  private final OracleReplica oracle;
  private final ReplicaFlusher flusher;
  private final ClusterGateway gateway;
  private final List<Integer> members;
  private final Map<Integer, Heartbeat> heartbeats = new ConcurrentHashMap<>();
  private volatile boolean closed;
  private int ticks;
  private boolean waitsReported;

  /// What a gateway said last, and when.
  private record Heartbeat(long oldestSnapshot, long at) {}

  private ClusterNode(
      Outside outside,
      DataDirectory directory,
      ClusterConfig config,
      NodeFile file,
      NodeRpc rpc,
      Dispatcher dispatcher,
      Consumer<Throwable> onFailure)
      throws IOException {
    this.outside = outside;
    this.directory = directory;
    this.config = config;
    this.file = file;
    this.rpc = rpc;
    members = IntStream.range(0, config.members().size()).boxed().toList();
    host = new RaftHost(rpc, directory.path().resolve("raft"), onFailure);
    storage =
        NodeStorage.open(
            config.local().tree().open(directory.tree(), file.shards()),
            config.local().history(),
            config.local().storage());
    log =
        WriteAheadLog.open(
            directory.disk(),
            directory.log(),
            config.local().log(),
            storage.coveredPosition(),
            host.reader(),
            onFailure::accept);
    host.attach(log);
    if (directory.isNew()) {
      directory.create(file.shards());
    }
    ShardReplica.Surroundings around =
        new ShardReplica.Surroundings(
            this,
            graph,
            outside.timers(),
            outside.clock()::nanoTime,
            this::horizon,
            this::checkpoint,
            onFailure);
    for (int shard = 0; shard < file.shards(); shard++) {
      replicas.add(
          new ShardReplica(
              shard, storage.shard(shard), storage.meta(ReplicaFlusher.metaName(shard)), around));
    }
    oracle = new OracleReplica(outside.clock(), onFailure);
    gateway =
        new ClusterGateway(
            outside, file.node(), file.life(), file.shards(), this, config.historyMillis());
    for (ShardReplica replica : replicas) {
      replica.attach(
          host.open(replica.shard(), members, replica, config.electionMillis(), config.leases()));
    }
    oracle.attach(
        host.open(file.shards(), members, oracle, config.electionMillis(), config.leases()));
    flusher =
        new ReplicaFlusher(
            storage,
            replicas,
            host,
            log,
            config.local().flushLogBytes(),
            () -> Kept.from(horizon()),
            onFailure);
    dispatcher.node = this;
    tick();
  }

  /// Opens a node's data, waits until it belongs to a cluster, and joins in.
  ///
  /// @param onFailure told that the disk failed: the node must stop at once
  /// @param progress told in one line what is waited for
  /// @throws IOException if the data cannot be read or the address not be had
  public static ClusterNode start(
      DataDirectory directory,
      ClusterConfig config,
      Outside outside,
      Consumer<Throwable> onFailure,
      Consumer<String> progress)
      throws IOException, InterruptedException {
    NodeFile known = NodeFile.read(directory.disk(), directory.path());
    if (known == null && !directory.isNew()) {
      throw new DirectoryException(
          "the data directory "
              + directory.path()
              + " is of a node on its own, which cannot become a member of a cluster yet: give an"
              + " empty one with --data");
    }
    if (known != null && known.node() != config.self()) {
      throw new DirectoryException(
          "the data directory "
              + directory.path()
              + " is node "
              + known.node()
              + "'s, and this is node "
              + config.self()
              + " by the list of members: put them in their order");
    }
    NodeRpc rpc =
        new NodeRpc(
            Formation.identity(known, config.self()),
            config.tls(),
            config.members()::get,
            outside.clock());
    Formation formation =
        new Formation(
            rpc, directory.disk(), directory.path(), known, config, outside.random(), progress);
    Dispatcher dispatcher = new Dispatcher(formation);
    rpc.handle(Service.META, dispatcher.meta());
    rpc.handle(Service.TRANSACTIONS, dispatcher.transactions());
    try {
      rpc.start(config.listen());
      NodeFile file = formation.await().nextLife();
      file.write(directory.disk(), directory.path());
      rpc.become(Formation.identity(file, config.self()));
      return new ClusterNode(outside, directory, config, file, rpc, dispatcher, onFailure);
    } catch (IOException | InterruptedException | RuntimeException failed) {
      rpc.close();
      throw failed;
    }
  }

  /// Whether a directory is of a node of a cluster.
  public static boolean isMember(DataDirectory directory) throws IOException {
    return NodeFile.read(directory.disk(), directory.path()) != null;
  }

  /// The way in for this node's clients.
  public ClusterGateway gateway() {
    return gateway;
  }

  /// How many nodes the cluster has.
  public int size() {
    return members.size();
  }

  /// For tests: cuts links to other nodes.
  public NodeRpc rpc() {
    return rpc;
  }

  /// The replica of each shard.
  public List<ShardReplica> replicas() {
    return List.copyOf(replicas);
  }

  /// Which node leads the oracle, as far as this one knows; -1 if it knows of none.
  public int oracleLeader() {
    return oracle.log().leader();
  }

  /// Whether every shard has a leader, and the oracle: as far as this node knows.
  public boolean isReady() {
    return oracleLeader() >= 0 && replicas.stream().allMatch(each -> each.leader() >= 0);
  }

  /// What clients have to wait for, in words; null if every shard and the oracle has a leader that
  /// this node can reach.
  public String obstacle() {
    int groups = replicas.size() + 1;
    int leaderless = 0;
    Set<Integer> silent = new TreeSet<>();
    for (int group = 0; group < groups; group++) {
      int leader = group(group).leader();
      if (leader < 0) {
        leaderless++;
      } else if (!rpc.isConnected(leader)) {
        silent.add(leader);
      }
    }
    if (leaderless > 0) {
      return "waiting for leaders to be elected: "
          + leaderless
          + " of "
          + groups
          + " groups have none";
    }
    return silent.isEmpty() ? null : "waiting for a connection to node " + silent;
  }

  /// Why a majority of the nodes do not talk to this one, so that it can never take part; null if
  /// they do.
  public String banned() {
    List<String> reasons = new ArrayList<>();
    for (int member : members) {
      String reason = member == file.node() ? null : rpc.refusal(member);
      if (reason != null) {
        reasons.add(reason);
      }
    }
    return 2 * reasons.size() > members.size() ? reasons.getFirst() : null;
  }

  /// Has other nodes lead what this one leads, as far as they can at once.
  ///
  /// @param millis how long to wait until they do
  /// @return how many groups it leads still
  public int handOver(long millis) throws InterruptedException {
    long end = outside.clock().nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    List<Integer> others =
        members.stream()
            .filter(member -> member != file.node() && rpc.isConnected(member))
            .toList();
    int led = 0;
    for (int round = 0; !others.isEmpty(); round++) {
      led = 0;
      for (int group = 0; group <= replicas.size(); group++) {
        ReplicationLog log = group(group);
        if (log.leader() == file.node()) {
          led++;
          if (round % HAND_OVER_ROUNDS == 0) {
            log.transferLeadership(others.get((group + round / HAND_OVER_ROUNDS) % others.size()));
          }
        }
      }
      if (led == 0 || outside.clock().nanoTime() > end) {
        return led;
      }
      TimeUnit.MILLISECONDS.sleep(HAND_OVER_REST);
    }
    return led;
  }

  private ReplicationLog group(int group) {
    return group < replicas.size() ? replicas.get(group).log() : oracle.log();
  }

  /// What this node tells others of itself.
  NodeReport report() {
    int groups = replicas.size() + 1;
    int[] leaders = new int[groups];
    long[] applied = new long[groups];
    for (int group = 0; group < groups; group++) {
      leaders[group] = group(group).leader();
      applied[group] = group(group).applied();
    }
    return new NodeReport(Release.VERSION, leaders, applied);
  }

  @Override
  public ClusterStatus status() {
    List<CompletableFuture<NodeReport>> answers = new ArrayList<>();
    for (int member : members) {
      answers.add(
          member == file.node()
              ? CompletableFuture.completedFuture(report())
              : rpc.call(member, Service.META, NodeReport.question(), CALL_MILLIS)
                  .thenApply(NodeReport::read)
                  .exceptionally(_ -> null));
    }
    List<NodeReport> reports = new ArrayList<>();
    answers.forEach(answer -> reports.add(answer.join()));
    return NodeReport.combine(reports, config.members(), file.node(), replicas.size() + 1);
  }

  // ---- time

  private void tick() {
    if (closed) {
      return;
    }
    try {
      gateway.tick();
      replicas.forEach(replica -> replica.tick(members));
      if (++ticks % LOOK_TICKS == 0) {
        lookForDeadlocks();
      }
    } finally {
      // Whatever went wrong: a node that says nothing again waits for ever for what was lost.
      outside.timers().after(TICK_MILLIS, this::tick);
    }
  }

  /// Every node tells the one that leads the oracle who waits there for whom; that one looks for
  /// circles which no node sees alone.
  private void lookForDeadlocks() {
    List<WaitGraph.Wait> waits = graph.list();
    if (!waits.isEmpty() || waitsReported) {
      waitsReported = !waits.isEmpty();
      int leader = oracleLeader();
      if (leader == file.node()) {
        report(leader, waits);
      } else {
        send(leader, Envelope.waits(waits));
      }
    }
    List<WaitGraph.Wait> victims;
    synchronized (deadlocks) {
      victims = deadlocks.look(outside.clock().nanoTime());
    }
    for (WaitGraph.Wait victim : victims) {
      Request.BreakDeadlock request =
          new Request.BreakDeadlock(victim.txn(), victim.waitNumber(), victim.circle());
      int leader = replicas.get(victim.shard()).leader();
      if (leader == file.node()) {
        toLocalShard(victim.shard(), request);
      } else {
        send(leader, Envelope.breakDeadlock(victim.shard(), request));
      }
    }
  }

  private void report(int node, List<WaitGraph.Wait> waits) {
    synchronized (deadlocks) {
      deadlocks.report(node, waits, outside.clock().nanoTime());
    }
  }

  /// No snapshot lies below it, as far as this node knows.
  private long horizon() {
    long now = outside.clock().nanoTime();
    long oldest = Long.MAX_VALUE;
    for (int member : members) {
      Heartbeat heartbeat = heartbeats.get(member);
      if (heartbeat == null) {
        return 0;
      }
      if (now - heartbeat.at < GONE_NANOS) {
        oldest = Math.min(oldest, heartbeat.oldestSnapshot);
      }
    }
    return oldest == Long.MAX_VALUE ? 0 : oldest;
  }

  // ---- messages

  private void send(int node, byte[] body) {
    if (node >= 0) {
      rpc.send(node, Service.TRANSACTIONS, body);
    }
  }

  @Override
  public void toGateway(Message message) {
    int node = TransactionId.gateway(message.txn());
    if (node == file.node()) {
      gateway.receive(message);
    } else {
      send(node, Envelope.toGateway(message));
    }
  }

  @Override
  public void toLog(int fromLog, int log, Message message) {
    toShard(log, fromLog, message);
  }

  @Override
  public void toShard(int shard, Message message) {
    toShard(shard, -1, message);
  }

  private void toShard(int shard, int fromLog, Message message) {
    int leader = replicas.get(shard).leader();
    if (leader == file.node()) {
      replicas.get(shard).receive(message, fromLog);
    } else {
      send(leader, Envelope.toShard(shard, fromLog, message));
    }
  }

  @Override
  public void ask(int fromShard, TimestampQuestion question) {
    int node = TransactionId.gateway(question.about());
    if (node == file.node()) {
      gateway.ask(fromShard, question);
    } else {
      send(node, Envelope.question(fromShard, question));
    }
  }

  @Override
  public void answer(int shard, TimestampAnswer answer) {
    int leader = replicas.get(shard).leader();
    if (leader == file.node()) {
      replicas.get(shard).answered(answer);
    } else {
      send(leader, Envelope.answer(shard, answer));
    }
  }

  @Override
  public void toLocalShard(int shard, Request request) {
    replicas.get(shard).request(request);
  }

  @Override
  public void alive(long oldestLive, long oldestSnapshot) {
    byte[] body = Envelope.alive(oldestLive, oldestSnapshot);
    for (int member : members) {
      if (member == file.node()) {
        heard(member, oldestLive, oldestSnapshot);
      } else {
        send(member, body);
      }
    }
  }

  private void heard(int member, long oldestLive, long oldestSnapshot) {
    heartbeats.put(member, new Heartbeat(oldestSnapshot, outside.clock().nanoTime()));
    replicas.forEach(replica -> replica.heard(member, oldestLive));
  }

  void receive(int from, byte[] body) {
    ByteReader in = new ByteReader(body);
    switch (Envelope.kind(in)) {
      case TO_SHARD -> {
        ShardReplica replica = replicas.get(in.getInt());
        int fromLog = in.getInt();
        replica.receive(Envelope.message(in), fromLog);
      }
      case TO_GATEWAY -> gateway.receive(Envelope.message(in));
      case QUESTION -> gateway.ask(in.getInt(), Envelope.question(in));
      case ANSWER -> replicas.get(in.getInt()).answered(Envelope.answer(in));
      case ALIVE -> heard(from, in.getLong(), in.getLong());
      case WAITS -> report(from, WaitCodec.decode(in));
      case BREAK -> toLocalShard(in.getInt(), WaitCodec.decodeBreak(in));
    }
  }

  // ---- the oracle

  @Override
  public CompletableFuture<Timestamps> timestamps(int count, boolean forCatalog) {
    int leader = oracleLeader();
    if (leader == file.node()) {
      CompletableFuture<Timestamps> answer = new CompletableFuture<>();
      oracle.issue(
          count,
          forCatalog,
          issued -> {
            if (issued == null) {
              answer.completeExceptionally(new IOException("this node does not lead the oracle"));
            } else {
              answer.complete(new Timestamps(issued.timestamps(), issued.catalogTs()));
            }
          });
      return answer;
    }
    if (leader < 0) {
      return CompletableFuture.failedFuture(new IOException("no node leads the oracle"));
    }
    byte[] question =
        new ByteWriter(8).putByte(1).putInt(count).putByte(forCatalog ? 1 : 0).toByteArray();
    return rpc.call(leader, Service.META, question, CALL_MILLIS).thenApply(ClusterNode::timestamps);
  }

  private static Timestamps timestamps(byte[] answer) {
    if (answer.length == 0) {
      throw new IllegalStateException("the node asked does not lead the oracle");
    }
    ByteReader in = new ByteReader(answer);
    long catalogTs = in.getLong();
    long[] timestamps = new long[in.remaining() / Long.BYTES];
    for (int i = 0; i < timestamps.length; i++) {
      timestamps[i] = in.getLong();
    }
    return new Timestamps(timestamps, catalogTs);
  }

  void issue(byte[] question, Consumer<byte[]> answer) {
    ByteReader in = new ByteReader(question);
    in.getByte();
    oracle.issue(
        in.getInt(),
        in.getByte() != 0,
        issued -> {
          ByteWriter out = new ByteWriter();
          if (issued != null) {
            out.putLong(issued.catalogTs());
            for (long timestamp : issued.timestamps()) {
              out.putLong(timestamp);
            }
          }
          answer.accept(out.toByteArray());
        });
  }

  // ---- upkeep

  @Override
  public List<LockView> locks() {
    return replicas.stream().flatMap(replica -> replica.locks().join().stream()).toList();
  }

  @Override
  public void checkpoint() throws InterruptedException {
    flusher.checkpoint();
  }

  /// Leaves the groups and closes the files. Transactions of this node's clients that are open are
  /// given up by the others.
  @Override
  public void close() throws IOException {
    closed = true;
    replicas.forEach(replica -> replica.log().close());
    oracle.log().close();
    host.close();
    rpc.close();
    try {
      flusher.checkpoint();
      flusher.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    log.close();
    storage.close();
    directory.close();
  }

  /// Takes what other nodes send, from before the node knows what it is part of.
  private static final class Dispatcher {
    private final Formation formation;
    private volatile ClusterNode node;

    Dispatcher(Formation formation) {
      this.formation = formation;
    }

    RpcHandler meta() {
      return new RpcHandler() {
        @Override
        public void message(int from, byte[] body) {
          // There are questions only.
        }

        @Override
        public void call(int from, Object link, byte[] body, Consumer<byte[]> answer) {
          if (Formation.isFormation(body)) {
            // It writes a file.
            Thread.ofVirtual().start(() -> form(body, answer));
          } else if (node != null && NodeReport.isQuestion(body)) {
            answer.accept(node.report().toBytes());
          } else if (node != null) {
            node.issue(body, answer);
          } else {
            answer.accept(new byte[0]);
          }
        }
      };
    }

    private void form(byte[] body, Consumer<byte[]> answer) {
      try {
        answer.accept(formation.answer(body));
      } catch (IOException | RuntimeException e) {
        System.getLogger(ClusterNode.class.getName())
            .log(System.Logger.Level.WARNING, "the node cannot take part in a cluster", e);
      }
    }

    RpcHandler transactions() {
      return new RpcHandler() {
        @Override
        public void message(int from, byte[] body) {
          if (node != null) {
            node.receive(from, body);
          }
        }

        @Override
        public void call(int from, Object link, byte[] body, Consumer<byte[]> answer) {
          // There are messages only.
        }
      };
    }
  }
}
