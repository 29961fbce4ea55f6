package io.trencadis.sharding.cluster;

import io.trencadis.base.ByteReader;
import io.trencadis.base.Outside;
import io.trencadis.base.Release;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sharding.BackupProgress;
import io.trencadis.sharding.BackupResult;
import io.trencadis.sharding.ClusterGateway;
import io.trencadis.sharding.ClusterNetwork;
import io.trencadis.sharding.ClusterStatus;
import io.trencadis.sharding.NodeCounters;
import io.trencadis.sharding.StoreFigures;
import io.trencadis.sharding.fragment.FragmentEngine;
import io.trencadis.sharding.fragment.FragmentServer;
import io.trencadis.sharding.local.DataDirectory;
import io.trencadis.sharding.local.DirectoryException;
import io.trencadis.sharding.local.RowBackup;
import io.trencadis.sharding.raft.RaftHost;
import io.trencadis.sharding.raft.ReplicaId;
import io.trencadis.sharding.replica.Member;
import io.trencadis.sharding.replica.Members;
import io.trencadis.sharding.replica.OracleReplica;
import io.trencadis.sharding.replica.ReplicaNetwork;
import io.trencadis.sharding.replica.ShardReplica;
import io.trencadis.sharding.rpc.NodeRpc;
import io.trencadis.sharding.rpc.Service;
import io.trencadis.storage.disk.Disk;
import io.trencadis.storage.history.Kept;
import io.trencadis.storage.levels.NodeStorage;
import io.trencadis.storage.log.WriteAheadLog;
import io.trencadis.storage.run.RunDirectory;
import io.trencadis.txn.codec.WaitCodec;
import io.trencadis.txn.distributed.Message;
import io.trencadis.txn.distributed.TransactionId;
import io.trencadis.txn.lock.LockView;
import io.trencadis.txn.lock.WaitGraph;
import io.trencadis.txn.message.Request;
import io.trencadis.txn.message.TimestampAnswer;
import io.trencadis.txn.message.TimestampQuestion;
import io.trencadis.txn.participant.LargeWrites;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// One node of a cluster: its replicas, and the gateway for its clients. A node has copies of those
/// shards that the map gives it, and reaches the others through the nodes that lead them; each
/// shard's log is a group of its own, and so is the oracle's, which comes after them. Thread-safe
/// once started.
public final class ClusterNode implements ReplicaNetwork, ClusterNetwork, Closeable {
  private static final long TICK_MILLIS = 100;
  private static final long CALL_MILLIS = 1_000;

  /// How long a piece of a fragment may be on its way and wait for a thread.
  private static final long FRAGMENT_MILLIS = 10_000;

  /// How long the nodes may take to agree that one is to go.
  private static final int DRAIN_SECONDS = 10;

  /// How often circles of waits over several nodes are looked for, in ticks; and how old a node's
  /// report of its waits may be then.
  private static final int LOOK_TICKS = 10;

  /// How often nodes are told of the list of nodes, and looked for where they might be, in ticks.
  private static final int TELL_TICKS = 10;

  private static final long FRESH_NANOS = 3_000_000_000L;

  /// Which part of the heap may be taken by what transactions have written and not committed at the
  /// shards that the node leads. A commit takes it several times over: in records, in the entries
  /// that copies may still need, and in what all copies have prepared.
  private static final int WRITES_OF_HEAP = 16;

  private final Outside outside;
  private final DataDirectory directory;
  private final ClusterConfig config;
  private final NodeFile file;
  private final KnownMembers known;
  private final Formation formation;
  private final NodeRpc rpc;
  private final RaftHost host;
  private final NodeStorage storage;
  private final WriteAheadLog log;
  private final List<ShardReplica> replicas = new ArrayList<>();
  private final WaitGraph graph = new WaitGraph();

  /// Used on the timers' thread, and by those who report, one at a time.
  private final DeadlockDetector deadlocks = new DeadlockDetector(FRESH_NANOS);

  private final OracleReplica oracle;
  private final OracleCalls oracleCalls;
  private final NodePeers peers;
  private final ReplicaFlusher flusher;
  private final LocalGroups groups;
  private final ClusterGateway gateway;
  private final Heartbeats heartbeats;
  private final ElectionPace pace;
  private final FragmentServer fragments;
  private final MemberChanges changes;
  private final Leadership leadership;
  private final GroupKeeper keeper;
  private final CompletableFuture<String> removed = new CompletableFuture<>();
  private final AtomicBoolean looking = new AtomicBoolean();
  private final AtomicBoolean backingUp = new AtomicBoolean();
  private volatile boolean closed;

  /// What this node's copies take, by group, as it was a moment ago.
  private volatile long[] ownBytes;

  private int ticks;
  private boolean waitsReported;

  private ClusterNode(
      Outside outside,
      DataDirectory directory,
      ClusterConfig config,
      KnownMembers known,
      Formation formation,
      NodeRpc rpc,
      Dispatcher dispatcher,
      Consumer<Throwable> onFailure)
      throws IOException {
    this.outside = outside;
    this.directory = directory;
    this.config = config;
    this.known = known;
    this.formation = formation;
    file = known.file();
    this.rpc = rpc;
    heartbeats = new Heartbeats(outside.clock());
    pace = new ElectionPace(outside.clock(), config.electionMillis());
    host =
        new RaftHost(rpc, directory.path().resolve("raft"), config.copyBytesPerSecond(), onFailure);
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
    RunDirectory runs = new RunDirectory(directory.disk(), directory.runs());
    long writesInMemory = Runtime.getRuntime().maxMemory() / WRITES_OF_HEAP;
    ShardReplica.Surroundings around =
        new ShardReplica.Surroundings(
            this,
            graph,
            runs,
            new LargeWrites(
                runs, Math.min(config.local().largeBytes(), writesInMemory), writesInMemory),
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
    Set<Long> named = new HashSet<>();
    replicas.forEach(replica -> named.addAll(replica.runs()));
    runs.retain(named);
    oracle = new OracleReplica(outside, onFailure, this::learn);
    oracleCalls = new OracleCalls(oracle, rpc, file.node(), this::oracleLeader);
    peers = new NodePeers(rpc, this::nodes);
    gateway =
        new ClusterGateway(
            outside, file.node(), file.life(), file.shards(), this, config.historyMillis());
    flusher =
        new ReplicaFlusher(
            storage,
            replicas,
            host,
            log,
            config.local().flushLogBytes(),
            () -> Kept.from(horizon()),
            onFailure);
    groups = new LocalGroups(known, host, replicas, oracle, flusher, config, onFailure);
    changes =
        new MemberChanges(
            oracle,
            known,
            rpc,
            groups.count(),
            heartbeats::isFresh,
            heartbeats::bytes,
            this::oracleLeader,
            new LostNodes(outside.clock(), config.lostNodeMillis()));
    leadership = new Leadership(groups::log, replicas, known, rpc, outside.clock());
    keeper =
        new GroupKeeper(
            groups.count(),
            groups::log,
            leadership,
            this::leader,
            known,
            rpc,
            heartbeats::mayLead,
            leadership::isLeaving,
            config.balanceMillis() / TICK_MILLIS);
    ownBytes = new long[groups.count()];
    startGroups();
    fragments =
        new FragmentServer(
            (shard, term, then) -> replicas.get(shard).openReads(term, then),
            this::fragment,
            outside.clock());
    dispatcher.opened(this);
    tick();
  }

  private void startGroups() throws IOException {
    try {
      groups.start();
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the node was stopped while it started");
    }
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
    NodeFile file = NodeFile.read(directory.disk(), directory.path());
    if (file == null && !directory.isNew()) {
      throw new DirectoryException(
          "the data directory "
              + directory.path()
              + " is of a node on its own, which cannot join others: start it with --advertise and"
              + " without --join to make it the first node of a cluster, or give an empty directory"
              + " with --data");
    }
    if (file == null && config.join().isEmpty()) {
      throw new DirectoryException(
          "the data directory "
              + directory.path()
              + " is empty, and --join names no node to ask for a cluster. To begin a cluster with"
              + " this node, start it once without --advertise");
    }
    if (file != null) {
      file = file.completed(config.join().stream().map(ClusterConfig::text).toList());
    }
    KnownMembers known =
        new KnownMembers(directory.disk(), directory.path(), file, config.join(), onFailure);
    if (file != null && !known.members().find(file.node()).isPresent()) {
      throw new DirectoryException(KnownMembers.outOf(file.node()));
    }
    NodeRpc rpc =
        new NodeRpc(Formation.identity(file), config.tls(), known::address, outside.clock());
    known.attach(rpc);
    Formation formation = new Formation(rpc, known, config, outside.random(), progress);
    Dispatcher dispatcher = new Dispatcher(formation);
    rpc.handle(Service.META, dispatcher.meta());
    rpc.handle(Service.TRANSACTIONS, dispatcher.transactions());
    rpc.handle(Service.SERVERS, dispatcher.servers());
    try {
      rpc.start(config.listen());
      known.belong(formation.await().nextLife());
      rpc.become(Formation.identity(known.file()));
      return new ClusterNode(
          outside, directory, config, known, formation, rpc, dispatcher, onFailure);
    } catch (IOException | InterruptedException | RuntimeException failed) {
      rpc.close();
      throw failed;
    }
  }

  /// Makes the directory of a node on its own that of the first node of a cluster, with the rows it
  /// has: the next [#start] there serves them, and others can join. Does nothing to one that is of
  /// a cluster already, or empty. If it is interrupted, the directory is what it was, and the next
  /// call does it all.
  ///
  /// @throws DirectoryException in a line why that cannot be
  public static void makeFirst(
      Disk disk,
      Path path,
      ClusterConfig config,
      RandomGenerator random,
      Consumer<Throwable> onFailure)
      throws IOException, InterruptedException {
    DataDirectory directory = DataDirectory.open(disk, path);
    if (directory.isNew() || NodeFile.read(disk, path) != null) {
      directory.close();
    } else {
      FirstNode.make(directory, config, random, onFailure);
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

  /// The numbers of the nodes that the cluster has, as far as this one knows.
  public Set<Integer> nodes() {
    return known.members().present();
  }

  /// This node's number; no other node of the cluster has or had it.
  public int number() {
    return file.node();
  }

  /// The nodes that the cluster has and had, as far as this one knows.
  public Members members() {
    return known.members();
  }

  /// Completed, with a line that says so, when this node was taken out of the cluster: it has no
  /// data any more that count.
  public CompletableFuture<String> removed() {
    return removed;
  }

  /// How many leaders this node has given to others since its start so that all lead equally many.
  public int movedForBalance() {
    return keeper.moved();
  }

  /// Has a node moved out of all groups: its leaders first, then its copies. Returns when that has
  /// begun.
  ///
  /// @param force whether also if there are fewer nodes then than copies of each shard
  /// @return in a line what has begun
  /// @throws SqlException 55000 if it cannot be; the message says why
  @Override
  public String drain(int node, boolean force) {
    return asked(MemberRequest.drain(node, force), "cannot drain node " + node);
  }

  @Override
  public String copies(int copies) {
    return asked(MemberRequest.factor(copies), "cannot change the number of copies to " + copies);
  }

  private String asked(byte[] request, String cannot) {
    CompletableFuture<MemberRequest.Answer> answer = new CompletableFuture<>();
    changes.request(request, answer::complete);
    MemberRequest.Answer given;
    try {
      given = answer.orTimeout(DRAIN_SECONDS, TimeUnit.SECONDS).join();
    } catch (CompletionException late) {
      throw refused(cannot, "no majority of the nodes has agreed within " + DRAIN_SECONDS + " s");
    }
    return switch (given) {
      case MemberRequest.Done done -> done.what();
      case MemberRequest.Refused refused -> throw refused(cannot, refused.why());
      case MemberRequest.Wait wait -> throw refused(cannot, wait.why());
      case MemberRequest.Accepted _ -> throw SqlException.internal("it was taken for a join");
    };
  }

  private static SqlException refused(String cannot, String why) {
    return new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, cannot + ": " + why);
  }

  MemberChanges changes() {
    return changes;
  }

  /// There is a list of nodes, maybe a newer one.
  void learn(Members members) {
    known.learn(members);
    groups.mapChanged();
    if (oracle.leads()) {
      // Those without a copy of the oracle do not get it from the log.
      tellOfMembers(known.members());
    }
    if (!known.own().isPresent()) {
      removed.complete(KnownMembers.outOf(file.node()));
    }
  }

  /// For tests: cuts links to other nodes.
  public NodeRpc rpc() {
    return rpc;
  }

  /// What this node has of each shard: nothing of those of which it has no copy.
  public List<ShardReplica> replicas() {
    return List.copyOf(replicas);
  }

  /// For tests: whether a node has been heard of not long ago.
  boolean hears(int node) {
    return heartbeats.isFresh(node);
  }

  /// For tests: whether this node has a copy of a group, or something left of one.
  boolean hasOnDisk(int group) {
    try {
      return groups.has(group) || host.found().containsKey(group);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Which node leads the oracle, as far as this one knows; -1 if it knows of none.
  public int oracleLeader() {
    return leader(replicas.size());
  }

  /// Who leads a group, as far as this node knows; -1 if it knows of nobody. Without a vote there
  /// it knows from the others.
  @Override
  public int leader(int group) {
    int leader = groups.log(group).leader();
    return leader >= 0 ? leader : heartbeats.leader(group);
  }

  /// Whether every shard has a leader, and the oracle: as far as this node knows.
  public boolean isReady() {
    return IntStream.rangeClosed(0, replicas.size()).allMatch(group -> leader(group) >= 0);
  }

  /// What clients have to wait for, in words; null if every shard and the oracle has a leader that
  /// this node can reach.
  public String obstacle() {
    int count = groups.count();
    int leaderless = 0;
    Set<Integer> silent = new TreeSet<>();
    for (int group = 0; group < count; group++) {
      int leader = leader(group);
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
          + count
          + " groups have none";
    }
    return silent.isEmpty() ? null : "waiting for a connection to node " + silent;
  }

  /// Why a majority of the nodes do not talk to this one, so that it can never take part; null if
  /// they do.
  public String banned() {
    List<String> reasons = new ArrayList<>();
    Set<Integer> members = nodes();
    for (int member : members) {
      String reason = member == file.node() ? null : rpc.refusal(member);
      if (reason != null) {
        reasons.add(reason);
      }
    }
    return 2 * reasons.size() > members.size() - 1 ? reasons.getFirst() : null;
  }

  /// Has other nodes lead what this one leads, as far as they can at once.
  ///
  /// @param millis how long to wait until they do
  /// @param patienceMillis how long transactions that are long are let have what they have here
  /// @return how many groups it leads still
  public int handOver(long millis, long patienceMillis) throws InterruptedException {
    return leadership.handOver(millis, patienceMillis);
  }

  /// As [#handOver], also for what has come back since, with what is left of that one's patience.
  ///
  /// @param now whether there is none any more
  public int endHandOver(long millis, boolean now) throws InterruptedException {
    return leadership.endHandOver(millis, now);
  }

  /// What this node tells others of itself.
  NodeReport report() {
    int count = groups.count();
    int[] leaders = new int[count];
    long[] applied = new long[count];
    long[] terms = new long[count];
    List<Set<ReplicaId>> voters = new ArrayList<>();
    for (int group = 0; group < count; group++) {
      leaders[group] = leader(group);
      applied[group] = groups.log(group).applied();
      terms[group] = groups.log(group).term();
      voters.add(terms[group] == 0 ? Set.of() : groups.log(group).voters());
    }
    return new NodeReport(
        Release.VERSION, known.members().version(), leaders, applied, terms, voters, counters());
  }

  @Override
  public NodePeers peers() {
    return peers;
  }

  @Override
  public NodeCounters counters() {
    return NodeCounters.of(rpc.counters().messages(), rpc.counters().bytes(), log.metrics());
  }

  /// Its log and levels.
  public StoreFigures figures() {
    return new ReplicaFigures(log, storage);
  }

  @Override
  public ClusterStatus status() {
    Map<Integer, CompletableFuture<NodeReport>> asked = new LinkedHashMap<>();
    for (int member : nodes()) {
      asked.put(
          member,
          member == file.node()
              ? CompletableFuture.completedFuture(report())
              : rpc.call(member, Service.META, NodeReport.question(), CALL_MILLIS)
                  .thenApply(NodeReport::read)
                  .exceptionally(_ -> null));
    }
    Map<Integer, NodeReport> reports = new LinkedHashMap<>();
    asked.forEach(
        (member, answer) -> {
          NodeReport report = answer.join();
          if (report != null) {
            reports.put(member, report);
          }
        });
    return NodeReport.combine(reports, known.members(), file.node(), heartbeats::silentMillis);
  }

  // ---- time

  private void tick() {
    if (closed) {
      return;
    }
    try {
      gateway.tick();
      List<Integer> gateways = known.members().all().stream().map(Member::number).toList();
      // Those that are out too: somebody has to end what they have left.
      replicas.forEach(replica -> replica.tick(gateways));
      keeper.tick();
      fragments.tick();
      if (++ticks % LOOK_TICKS == 0) {
        lookForDeadlocks();
      }
      if (ticks % TELL_TICKS == 0) {
        changes.tick();
        lookAtMembers();
        keepPace();
        ownBytes = Arrays.copyOf(storage.shardBytes(), groups.count());
      }
    } finally {
      // Whatever went wrong: a node that says nothing again waits for ever for what was lost.
      outside.timers().after(TICK_MILLIS, this::tick);
    }
  }

  private void keepPace() {
    if (isReady()) {
      pace.isReady();
    }
    // A lease is good for as long as others wait at least: that must be the same on all nodes.
    if (!config.leases()) {
      int millis = pace.millis();
      for (int group = 0; group < groups.count(); group++) {
        groups.log(group).electionTimeout(millis);
      }
    }
  }

  /// Sees to it that all nodes know of the list, and where to find each other.
  private void lookAtMembers() {
    Members members = known.members();
    if (oracle.leads()) {
      tellOfMembers(members);
    }
    // One is enough: nobody says so without having it from the log.
    String out = KnownMembers.outOf(file.node());
    if (members.present().stream().anyMatch(each -> out.equals(rpc.refusal(each)))) {
      removed.complete(out);
    }
    String own = ClusterConfig.text(config.advertise());
    if (!members.find(file.node()).address().equals(own)) {
      // Nobody may be able to reach this one, so that it does not hear who leads: all pass it on.
      byte[] moved = MemberRequest.moved(file.node(), own);
      changes.request(moved, _ -> {});
      for (int member : members.present()) {
        if (member != file.node()) {
          rpc.call(member, Service.META, moved, CALL_MILLIS);
        }
      }
    }
    boolean missed = false;
    for (int member : members.present()) {
      missed |= member != file.node() && !rpc.isConnected(member);
    }
    if (missed && !known.places().isEmpty() && looking.compareAndSet(false, true)) {
      Thread.ofVirtual()
          .name("discover")
          .start(
              () -> {
                try {
                  formation.discover();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                } catch (RejectedExecutionException e) {
                  // The node has closed meanwhile.
                } finally {
                  looking.set(false);
                }
              });
    }
  }

  private void tellOfMembers(Members members) {
    for (Member each : members.all()) {
      if (each.number() != file.node() && (each.isPresent() || heartbeats.isFresh(each.number()))) {
        rpc.send(each.number(), Service.META, members.toBytes());
      }
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
      int leader = leader(victim.shard());
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
    return heartbeats.horizon(nodes());
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
    int leader = leader(shard);
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
    int leader = leader(shard);
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
  public CompletableFuture<Timestamps> timestamps(int count, boolean forCatalog) {
    return oracleCalls.timestamps(count, forCatalog);
  }

  @Override
  public long[] shardBytes() {
    return IntStream.range(0, replicas.size()).mapToLong(heartbeats::bytes).toArray();
  }

  /// For other nodes; see [OracleCalls#issue].
  OracleCalls oracleCalls() {
    return oracleCalls;
  }

  @Override
  public void alive(long oldestLive, long oldestSnapshot) {
    long[] terms = new long[replicas.size() + 1];
    for (int group = 0; group < terms.length; group++) {
      terms[group] = groups.log(group).term();
    }
    Heartbeats.Heartbeat beat =
        new Heartbeats.Heartbeat(
            oldestLive, oldestSnapshot, leadership.isLeaving(), terms, ownBytes);
    byte[] body = Envelope.alive(beat);
    for (int member : nodes()) {
      if (member == file.node()) {
        heard(member, beat);
      } else {
        send(member, body);
      }
    }
  }

  private void heard(int member, Heartbeats.Heartbeat beat) {
    pace.came(heartbeats.heard(member, beat));
    replicas.forEach(replica -> replica.heard(member, beat.oldestLive()));
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
      case ALIVE -> heard(from, Heartbeats.Heartbeat.read(in, replicas.size() + 1));
      case WAITS -> report(from, WaitCodec.decode(in));
      case BREAK -> toLocalShard(in.getInt(), WaitCodec.decodeBreak(in));
    }
  }

  // ---- fragments

  @Override
  public void fragments(FragmentEngine engine) {
    fragments.engine(engine);
  }

  @Override
  public CompletableFuture<byte[]> fragment(int node, byte[] request) {
    return rpc.call(node, Service.TRANSACTIONS, request, FRAGMENT_MILLIS);
  }

  void fragment(byte[] request, Consumer<byte[]> answer) {
    fragments.handle(request, answer);
  }

  // ---- upkeep

  @Override
  public boolean isGone(long incarnation) {
    int member = TransactionId.gateway(incarnation);
    return !nodes().contains(member) || heartbeats.isGone(member, incarnation);
  }

  @Override
  public List<LockView> locks() {
    return replicas.stream().flatMap(replica -> replica.locks().join().stream()).toList();
  }

  @Override
  public void checkpoint() throws InterruptedException {
    flusher.checkpoint();
  }

  @Override
  public BackupResult backup(Path target, BackupProgress progress) throws InterruptedException {
    if (!backingUp.compareAndSet(false, true)) {
      throw new SqlException(SqlState.OBJECT_IN_USE, "a backup is already in progress")
          .hint("Wait for it to end.");
    }
    try (ClusterBackup rows = new ClusterBackup(gateway)) {
      return RowBackup.run(
          directory.disk(),
          directory.path(),
          target,
          config.local(),
          file.shards(),
          storage.treeStatistics().fileBytes(),
          rows,
          progress);
    } finally {
      backingUp.set(false);
    }
  }

  /// Leaves the groups and closes the files. Transactions of this node's clients that are open are
  /// given up by the others.
  @Override
  public void close() throws IOException {
    closed = true;
    try {
      groups.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    host.close();
    rpc.close();
    fragments.close();
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
}
