package io.trencadis.txn.cluster;

import io.trencadis.storage.Keys;
import io.trencadis.txn.GlobalName;
import io.trencadis.txn.HeldRow;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.Mutation;
import io.trencadis.txn.RelationRef;
import io.trencadis.txn.RowLock;
import io.trencadis.txn.codec.HeldRowCodec;
import io.trencadis.txn.distributed.Commitment;
import io.trencadis.txn.distributed.Message;
import io.trencadis.txn.history.History;
import io.trencadis.txn.message.ReadPart;
import io.trencadis.txn.message.Reply;
import io.trencadis.txn.message.Request;
import io.trencadis.txn.message.TimestampAnswer;
import io.trencadis.txn.message.TimestampQuestion;
import io.trencadis.txn.participant.SchemaKeys;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/// One transaction at its gateway: reads and writes by numbered messages, says again what gets no
/// answer, gives up after some time, and commits by a [Commitment]. SERIALIZABLE, and each script
/// is tried once.
final class ClientTransaction implements Commitment.Effects {
  private static final RelationRef STAYING = new RelationRef(Cluster.STAYING, 0, "stays");
  private static final RelationRef HELD = new RelationRef(HeldRow.RELATION, 0, "held");
  private static final long PATIENCE = 1_500;

  /// What it knows of a shard, and has out there.
  private static final class Link {
    long term;
    int number;

    /// Reads before anything was done there: they are numbered downwards.
    int reads;

    int requests;
    boolean wrote;
    boolean locked;
    final List<byte[]> keys = new ArrayList<>();
    final List<byte[]> froms = new ArrayList<>();
    final List<byte[]> tos = new ArrayList<>();

    /// Null unless something is out.
    Message.ToShard out;

    Consumer<Reply> then;

    /// Whether it was told not to wait any longer for the reply.
    boolean givesUp;

    boolean hasReads() {
      return !keys.isEmpty() || !froms.isEmpty();
    }

    ReadPart reads() {
      return new ReadPart(
          keys.toArray(byte[][]::new), froms.toArray(byte[][]::new), tos.toArray(byte[][]::new));
    }
  }

  private final Cluster cluster;
  private final GatewayNode gateway;
  private final int life;
  private final long id;
  private final List<Op> ops;
  private final Runnable whenEnded;
  private final long begun;
  private final History.Txn seen;
  private final Map<Integer, Link> links = new TreeMap<>();
  private final Map<String, Row> own = new HashMap<>();

  /// Where the rows are, as far as it knows, and their relation; null before there is a snapshot.
  private Layout plan;

  private RelationRef relation;
  private boolean outdated;
  private int firstWritten = -1;
  private int questions;
  private long readTs;
  private int at;
  private Commitment commitment;
  private boolean over;

  /// Which one, prepared by name, ends with this one; null for none.
  private ClientTransaction ends;

  private boolean endsByCommit;

  private Runnable whenCommitted = () -> {};

  ClientTransaction(
      Cluster cluster, GatewayNode gateway, int life, long id, List<Op> ops, Runnable whenEnded) {
    this.cluster = cluster;
    this.gateway = gateway;
    this.life = life;
    this.id = id;
    this.ops = ops;
    this.whenEnded = whenEnded;
    this.begun = cluster.now();
    this.seen = cluster.history.begin(id, begun);
  }

  // ---- what comes in

  private boolean isGone() {
    return over || !gateway.isAlive(life);
  }

  void on(Message message) {
    if (isGone()) {
      return;
    }
    switch (message) {
      case Message.FromShard reply -> reply(reply);
      case Message.Prepared prepared -> {
        if (commitment != null) {
          commitment.on(prepared, this);
        }
      }
      case Message.Decision decision -> {
        if (commitment != null) {
          commitment.on(decision, this);
        }
      }
      case Message.Waits _ -> {
        // It waits as long as it takes.
      }
      default -> throw new IllegalStateException("not for a gateway: " + message);
    }
    endIfDecided();
  }

  private void reply(Message.FromShard reply) {
    Link link = links.get(reply.shard());
    if (link == null || link.out == null || link.out.number() != reply.number()) {
      return;
    }
    link.term = link.term == 0 && reply.number() > 0 ? reply.term() : link.term;
    link.out = null;
    link.then.accept(reply.reply());
  }

  void ask(int shard, TimestampQuestion question) {
    if (isGone()) {
      return;
    }
    if (commitment != null) {
      commitment.on(shard, question, this);
    }
  }

  /// Time has passed.
  void tick() {
    if (isGone()) {
      return;
    }
    links.values().stream().filter(link -> link.out != null).forEach(this::again);
    boolean decides = commitment != null && commitment.state() == Commitment.State.DECIDING;
    if (cluster.now() - begun > PATIENCE && !decides) {
      abort("too slow");
      return;
    }
    if (commitment != null) {
      commitment.wake(this);
    } else if (readTs == 0) {
      begin();
    }
  }

  // ---- the script

  void begin() {
    askOracle(++questions);
  }

  private void step() {
    if (at == ops.size()) {
      commit();
      return;
    }
    Op op = ops.get(at++);
    switch (op) {
      case Op.Get(int shard, int key) -> {
        Request request = new Request.Get(id, relation(key), key(key), readTs, true);
        call(
            home(shard, key),
            request,
            reply -> {
              Reply.Row row = (Reply.Row) reply;
              if (!row.own()) {
                link(home(shard, key)).keys.add(key(key));
              }
              saw(shard, key, Row.of(row.value()));
              step();
            });
      }
      case Op.Scan(int shard, int from, int to) -> scan(shard, from, to, from, new HashSet<>());
      case Op.Share(int shard, int key) -> {
        link(home(shard, key)).requests++;
        Request request =
            new Request.LockRow(
                id, relation(key), key(key), RowLock.SHARE, LockWait.WAIT, false, readTs, at, true);
        call(
            home(shard, key),
            request,
            reply -> {
              link(home(shard, key)).locked = true;
              saw(shard, key, Row.of(((Reply.Row) reply).value()));
              step();
            });
      }
      case Op.Put(int shard, int key) -> {
        Row row = new Row(id, at);
        Mutation put = new Mutation.Put(key(key), row.bytes());
        affect(
            home(shard, key),
            new Request.Mutate(id, relation(key), List.of(put), readTs, at, true),
            true,
            _ -> writeAgain(shard, key, row));
      }
      case Op.Move(int _, Mover mover) -> mover.step(this, life);
      case Op.Hold _ -> hold();
      case Op.Finish(int shard, boolean commits) -> finish(shard, commits);
    }
  }

  private int home(int shard, int key) {
    return key == Cluster.STAYS ? shard : plan.home(shard, cluster.shardCount());
  }

  private RelationRef relation(int key) {
    return key == Cluster.STAYS ? STAYING : relation;
  }

  private byte[] key(int key) {
    return Cluster.key(relation(key).relationId(), key);
  }

  /// A row that was written and is on its way elsewhere is written there, too. The lock on it where
  /// it is covers that.
  private void writeAgain(int shard, int key, Row row) {
    if (key == Cluster.STAYS
        || !plan.isMoving()
        || !cluster.moveRules.contains(MoveRule.WRITTEN_TWICE)) {
      written(shard, key, row);
      return;
    }
    RelationRef there = new RelationRef(plan.toRelation(), plan.version(), "t");
    Mutation put = new Mutation.Put(Cluster.key(plan.toRelation(), key), row.bytes(), true);
    affect(
        plan.newHome(shard, cluster.shardCount()),
        new Request.Mutate(id, there, List.of(put), readTs, at, true),
        true,
        _ -> written(shard, key, row));
  }

  private void written(int shard, int key, Row row) {
    own.put(Cluster.name(shard, key), row);
    step();
  }

  // ---- for steps of moves

  long id() {
    return id;
  }

  long readTs() {
    return readTs;
  }

  Layout plan() {
    return plan;
  }

  /// The table's relation, as the plan knows it.
  RelationRef relation() {
    return relation;
  }

  /// Whether its plan was refused, so that it may be tried again with another.
  boolean isOutdated() {
    return outdated;
  }

  boolean hasWritten() {
    return firstWritten >= 0;
  }

  /// Sends what has an effect at a shard.
  void affect(int shard, Request request, boolean writes, Consumer<Reply> then) {
    Link link = link(shard);
    link.requests++;
    link.wrote |= writes;
    link.locked |= !writes;
    if (writes && firstWritten < 0) {
      firstWritten = shard;
    }
    call(shard, request, then);
  }

  /// Reads what nobody validates.
  void read(int shard, Request request, Consumer<Reply> then) {
    call(shard, request, then);
  }

  void announce(Layout news) {
    gateway.announce(news);
  }

  void commitStep(Runnable then) {
    whenCommitted = then;
    commit();
  }

  void endStep() {
    ended(true, "without writes");
  }

  /// There is another version of the table than the plan's.
  void outdated(long version) {
    outdated = true;
    gateway.learn(cluster.layouts.get(version));
    abort("its plan is of " + plan + " and not of " + version);
  }

  // ---- prepared by name

  /// Has every shard that has something of it keep it as a row, and commits that.
  private void hold() {
    cluster.held.put(id, this);
    own.forEach((name, row) -> cluster.willWrite(id, name, row));
    boolean keepsReads = firstWritten >= 0;
    Map<Integer, ReadPart> reads = new TreeMap<>();
    List<Integer> shards = new ArrayList<>(List.of(HeldRow.HOME));
    links.forEach(
        (shard, link) -> {
          if (keepsReads && link.hasReads()) {
            reads.put(shard, SchemaKeys.with(link.reads()));
          }
          if ((link.requests > 0 || reads.containsKey(shard)) && shard != HeldRow.HOME) {
            shards.add(shard);
          }
        });
    // Names come again, so that one is at times taken.
    String gid = String.valueOf((char) cluster.random.nextInt(Cluster.MOST_KEYS));
    GlobalName name = new GlobalName(gid, cluster.now(), 1, 2);
    holdAt(shards, 0, reads, new Request.HoldAs(name, shards, Cluster.MOST_KEYS));
  }

  private void holdAt(
      List<Integer> shards, int next, Map<Integer, ReadPart> reads, Request.HoldAs as) {
    if (next == shards.size()) {
      commit(shards, Cluster.logOf(HeldRow.HOME), reads);
      return;
    }
    int shard = shards.get(next);
    call(
        shard,
        new Request.Hold(id, link(shard).requests, reads.get(shard), as),
        _ -> holdAt(shards, next + 1, reads, as));
  }

  /// Looks which are prepared, and ends one of them.
  private void finish(int home, boolean commits) {
    Request request =
        new Request.Scan(
            id,
            HELD,
            Keys.relationStart(HeldRow.RELATION),
            Keys.relationEnd(HeldRow.RELATION),
            false,
            readTs,
            Integer.MAX_VALUE,
            Cluster.MOST_KEYS,
            true);
    call(
        home,
        request,
        reply -> {
          Reply.Rows rows = (Reply.Rows) reply;
          if (rows.count() == 0) {
            ended(true, "nothing to end");
            return;
          }
          HeldRow row =
              HeldRowCodec.decode(rows.rows().value(cluster.random.nextInt(rows.count())));
          byte[] key = HeldRow.key(row.name().gid());
          link(home).requests++;
          Request lock =
              new Request.LockRow(
                  id, HELD, key, RowLock.UPDATE, LockWait.NOWAIT, true, readTs, at, true);
          call(
              home,
              lock,
              locked -> {
                byte[] now = ((Reply.Row) locked).value();
                if (now == null || HeldRowCodec.decode(now).txn() != row.txn()) {
                  abort("ended by another");
                } else {
                  ends = cluster.held.get(row.txn());
                  endsByCommit = commits;
                  finishAt(key, row.shards(), 0);
                }
              });
        });
  }

  private void finishAt(byte[] key, List<Integer> shards, int next) {
    if (next == shards.size()) {
      commit(shards, Cluster.logOf(HeldRow.HOME), Map.of());
      return;
    }
    int shard = shards.get(next);
    link(shard).requests++;
    call(
        shard,
        new Request.FinishHeld(id, key, endsByCommit, at, true),
        _ -> finishAt(key, shards, next + 1));
  }

  /// Another transaction has ended this one, which was prepared by name.
  private void finished(boolean committed) {
    cluster.note("T" + id + " is " + (committed ? "committed" : "rolled back") + " by name");
    if (committed) {
      own.keySet().forEach(seen::wrote);
      seen.committed(cluster.now());
    } else {
      seen.aborted(cluster.now());
    }
  }

  private void scan(int shard, int from, int to, int next, Set<String> found) {
    Request request =
        new Request.Scan(
            id, relation, key(next), key(to), false, readTs, Integer.MAX_VALUE, 9, true);
    call(
        home(shard, from),
        request,
        reply -> {
          Reply.Rows rows = (Reply.Rows) reply;
          int last = next;
          for (int i = 0; i < rows.count(); i++) {
            last = rows.rows().key(i)[Cluster.KEY_BYTE];
            found.add(Cluster.name(shard, last));
            saw(shard, last, Row.of(rows.rows().value(i)));
          }
          if (!rows.done()) {
            scan(shard, from, to, last + 1, found);
            return;
          }
          link(home(shard, from)).froms.add(key(from));
          link(home(shard, from)).tos.add(key(to));
          Set<String> names = new HashSet<>();
          for (int key = from; key < to; key++) {
            names.add(Cluster.name(shard, key));
          }
          Set<String> known = new HashSet<>(found);
          known.addAll(own.keySet());
          seen.readRange(names::contains, known);
          step();
        });
  }

  private void saw(int shard, int key, Row row) {
    String name = Cluster.name(shard, key);
    if (!own.containsKey(name)) {
      seen.read(name, row == null ? History.NOBODY : row.writer());
    } else if (!own.get(name).equals(row)) {
      cluster.fault("T" + id + " wrote " + own.get(name) + " to " + name + " and saw " + row);
    }
  }

  // ---- numbered requests

  private Link link(int shard) {
    return links.computeIfAbsent(shard, _ -> new Link());
  }

  private void call(int shard, Request request, Consumer<Reply> then) {
    Link link = link(shard);
    link.then =
        reply -> {
          switch (reply) {
            case Reply.Row _, Reply.Rows _, Reply.Mutated _, Reply.Done _ -> then.accept(reply);
            case Reply.Cancelled _ when link.givesUp -> takeBack(shard, request);
            case Reply.Cancelled _ ->
                cluster.fault("T" + id + " has cancelled nothing at shard " + shard);
            case Reply.SchemaChanged changed -> outdated(changed.currentVersion());
            default -> abort(reply.getClass().getSimpleName());
          }
        };
    out(shard, link, request);
  }

  private void out(int shard, Link link, Request request) {
    boolean read = request instanceof Request.Get || request instanceof Request.Scan;
    link.out =
        read && link.requests == 0
            ? new Message.ToShard(id, shard, 0, --link.reads, request)
            : new Message.ToShard(id, shard, link.term, ++link.number, request);
    link.givesUp = false;
    send(link);
  }

  /// Says again what was not answered; at times its client does not want to wait for it any more.
  private void again(Link link) {
    send(link);
    boolean mayGiveUp = commitment == null && cluster.held.get(id) != this && !moves();
    link.givesUp |= mayGiveUp && cluster.givesUp();
    if (link.givesUp) {
      int shard = link.out.shard();
      gateway.toLog(Cluster.logOf(shard), new Message.CancelAtShard(id, shard, link.out.number()));
    }
  }

  /// Goes on without what it has waited for in vain, as behind a savepoint.
  private void takeBack(int shard, Request request) {
    switch (request) {
      case Request.Mutate again when isCopy(again) -> abort("has waited for too long");
      case Request.LockRow _, Request.Mutate _ when ends == null -> {
        link(shard).requests++;
        call(shard, new Request.Undo(id, at, true), _ -> step());
      }
      case Request.Get _ -> step();
      default -> abort("has waited for too long");
    }
  }

  private boolean isCopy(Request.Mutate write) {
    return plan.isMoving() && write.rel().relationId() == plan.toRelation();
  }

  private boolean moves() {
    return ops.getFirst() instanceof Op.Move;
  }

  private void send(Link link) {
    gateway.toLog(Cluster.logOf(link.out.shard()), link.out);
  }

  // ---- the end

  private void commit() {
    if (firstWritten < 0) {
      ended(true, "without writes");
      return;
    }
    own.forEach((name, row) -> cluster.willWrite(id, name, row));
    List<Integer> shards = new ArrayList<>();
    Map<Integer, ReadPart> reads = new TreeMap<>();
    links.forEach(
        (shard, link) -> {
          if (link.wrote) {
            shards.add(shard);
          }
          if (link.hasReads()) {
            reads.put(shard, SchemaKeys.with(link.reads()));
          } else if (link.locked && !link.wrote) {
            reads.put(shard, Commitment.onlyLocks());
          }
        });
    commit(shards, Cluster.logOf(firstWritten), reads);
  }

  private void commit(List<Integer> shards, int anchor, Map<Integer, ReadPart> reads) {
    Map<Integer, List<Message.ShardState>> written = new TreeMap<>();
    for (int shard : shards) {
      Link link = link(shard);
      link.wrote = true;
      written
          .computeIfAbsent(Cluster.logOf(shard), _ -> new ArrayList<>())
          .add(new Message.ShardState(shard, link.term, link.number, link.requests));
    }
    commitment = new Commitment(id, written, anchor, reads, true, questions, cluster.rules);
    commitment.start(this);
  }

  private void endIfDecided() {
    if (over || commitment == null) {
      return;
    }
    switch (commitment.state()) {
      case COMMITTED -> ended(true, "at " + commitment.commitTs());
      case ABORTED -> ended(false, "by the commit");
      default -> {}
    }
  }

  void abort(String why) {
    if (over) {
      return;
    }
    if (commitment != null) {
      commitment.abort(this);
    }
    ended(false, why);
  }

  private void ended(boolean committed, String why) {
    over = true;
    cluster.note("T" + id + (committed ? " commits " : " aborts: ") + why);
    if (committed && ends != null) {
      ends.finished(endsByCommit);
    }
    if (committed && cluster.held.get(id) == this) {
      cluster.note("T" + id + " is prepared by name");
    } else if (committed) {
      own.keySet().forEach(seen::wrote);
      seen.committed(cluster.now());
      whenCommitted.run();
    } else {
      seen.aborted(cluster.now());
    }
    links.forEach(
        (shard, link) -> {
          if (!committed || !link.wrote) {
            gateway.toLog(Cluster.logOf(shard), new Message.EndAtShard(id, shard));
          }
        });
    whenEnded.run();
  }

  // ---- what the commitment wants

  @Override
  public void toLog(int log, Message message) {
    gateway.toLog(log, message);
  }

  @Override
  public void askOracle(int number) {
    questions = Math.max(questions, number);
    cluster.oracle.ask(
        gateway.node(),
        "T" + id + " as " + number,
        ts -> {
          if (isGone()) {
            return;
          }
          if (commitment != null) {
            commitment.timestamp(number, ts, this);
            endIfDecided();
          } else if (readTs == 0) {
            readTs = ts;
            plan = gateway.layout();
            relation = new RelationRef(plan.relation(), plan.version(), "t");
            step();
          }
        });
  }

  @Override
  public void validate(int shard, ReadPart reads, long upTo) {
    Link link = link(shard);
    link.then =
        reply -> {
          commitment.checked(shard, reply, this);
          endIfDecided();
        };
    out(shard, link, new Request.Validate(id, reads, readTs, upTo, false, true));
  }

  @Override
  public void answer(int shard, TimestampAnswer answer) {
    int log = Cluster.logOf(shard);
    cluster.send(
        gateway.node(),
        log,
        "T" + answer.about() + " has timestamp " + answer.commitTs(),
        () -> cluster.logs[log].on(shard, answer));
  }
}
