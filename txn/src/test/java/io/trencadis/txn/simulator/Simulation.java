package io.trencadis.txn.simulator;

import io.trencadis.storage.Keys;
import io.trencadis.storage.Memtable;
import io.trencadis.storage.Version;
import io.trencadis.txn.DecisionRecord;
import io.trencadis.txn.Rules;
import io.trencadis.txn.TxnRecord;
import io.trencadis.txn.coordinator.Coordinator;
import io.trencadis.txn.coordinator.Effects;
import io.trencadis.txn.history.History;
import io.trencadis.txn.history.HistoryChecker;
import io.trencadis.txn.lock.WaitGraph;
import io.trencadis.txn.message.Request;
import io.trencadis.txn.message.TimestampAnswer;
import io.trencadis.txn.message.TimestampQuestion;
import io.trencadis.txn.participant.Participant;
import io.trencadis.txn.participant.ShardOutbox;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;

/// Oracle, shards, coordinators and a network that delays each message for itself, so that they
/// overtake each other. Everything happens in one thread in the order of a virtual clock; the seed
/// decides all.
final class Simulation implements ShardOutbox {
  static final int RELATION = 7;
  private static final int EVENTS_AT_MOST = 100_000;

  private record Event(long at, long number, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int order = Long.compare(at, other.at);
      return order != 0 ? order : Long.compare(number, other.number);
    }
  }

  final Random random;
  final Rules rules;
  final History history = new History();
  final List<String> trace;
  final List<String> faults = new ArrayList<>();
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final Memtable[] stores;
  private final Participant[] shards;
  private final WaitGraph graph = new WaitGraph();
  private final Map<Long, Coordinator> coordinators = new HashMap<>();
  private final Map<Long, Effects> effects = new HashMap<>();
  private long now;
  private long eventNumber;
  private long lastTimestamp = 100;

  /// At or above the timestamps of all commits that any client was told of, or saw something of.
  long known = 100;

  /// The node's log: record by record, and up to which it is durable. Records become durable in
  /// their order.
  private final List<TxnRecord> log = new ArrayList<>();

  private long durable;
  private long lastForced;
  private final int logSlowness;

  private final List<SimClient> clients = new ArrayList<>();

  /// When the node loses what is not durable, and the run ends; 0 for never.
  private final long crashAt;

  private long nextTxn = 1;
  private int running;

  /// Commits that counted the hot counter up.
  long increments;

  /// A key that two committed transactions have inserted, in words; null if there is none.
  String insertedTwice;

  private final Map<String, Long> inserted = new HashMap<>();

  /// The schema version that clients believe in: the last they heard of.
  int knownSchema;

  Simulation(long seed, Rules rules, int shardCount, int windowKeys, boolean traced) {
    this.random = new Random(seed);
    this.rules = rules;
    this.trace = traced ? new ArrayList<>() : null;
    logSlowness = random.nextInt(3) == 0 ? 8 : 1;
    crashAt = random.nextInt(3) == 0 ? 1 + random.nextInt(600) : 0;
    stores = new Memtable[shardCount];
    shards = new Participant[shardCount];
    for (int i = 0; i < shardCount; i++) {
      stores[i] = new Memtable();
      shards[i] = new Participant(i, stores[i], graph, rules, windowKeys, null);
    }
  }

  int shardCount() {
    return shards.length;
  }

  long now() {
    return now;
  }

  void note(String what) {
    if (trace != null) {
      trace.add(now + ": " + what);
    }
  }

  void inserted(String name, long txn) {
    Long before = inserted.put(name, txn);
    if (before != null) {
      insertedTwice = "T" + before + " and T" + txn + " both inserted " + name;
    }
  }

  void fault(String what) {
    note("FAULT " + what);
    faults.add(what);
  }

  /// Mostly quick, now and then very slow: what shows races is one message that is late.
  long delay() {
    int dice = random.nextInt(16);
    return dice == 0
        ? 20 + random.nextInt(80)
        : dice < 4 ? 1 + random.nextInt(12) : 1 + random.nextInt(3);
  }

  void after(long delay, Runnable action) {
    events.add(new Event(now + delay, eventNumber++, action));
  }

  long newTxn() {
    return nextTxn++;
  }

  void register(Coordinator coordinator, Effects itsEffects) {
    coordinators.put(coordinator.id(), coordinator);
    effects.put(coordinator.id(), itsEffects);
  }

  Coordinator coordinator(long txn) {
    return coordinators.get(txn);
  }

  void clientStarted(SimClient client) {
    clients.add(client);
    running++;
  }

  // ---- the log

  /// @return where the record ends
  long append(TxnRecord record) {
    log.add(record);
    return log.size();
  }

  boolean isDurable(long position) {
    return position <= durable;
  }

  void whenDurable(long position, Runnable action) {
    if (isDurable(position)) {
      action.run();
      return;
    }
    lastForced = Math.max(lastForced, now + delay() * logSlowness);
    after(
        lastForced - now,
        () -> {
          durable = Math.max(durable, position);
          action.run();
        });
  }

  /// What is not durable is lost; the rest is read again.
  private void crash() {
    note("the node stops, with its log durable up to " + durable + " of " + log.size());
    clients.forEach(SimClient::crashed);
    for (int shard = 0; shard < stores.length; shard++) {
      stores[shard] = new Memtable();
    }
    for (int i = 0; i < durable; i++) {
      if (log.get(i) instanceof DecisionRecord decision) {
        for (DecisionRecord.ShardWrites part : decision.writes()) {
          stores[part.shard()].apply(part.writes(), decision.commitTs(), 0);
        }
      }
    }
  }

  void clientFinished() {
    running--;
  }

  /// The request travels, is run, and its reply travels back.
  void send(int shard, Request request, SimClient client) {
    note("T" + request.txn() + " sends " + describe(request) + " to shard " + shard);
    after(
        delay(),
        () -> {
          note("shard " + shard + " runs " + describe(request) + " of T" + request.txn());
          shards[shard].handle(
              request,
              (from, reply) -> {
                note(
                    "shard "
                        + from
                        + " replies "
                        + reply.getClass().getSimpleName()
                        + " to T"
                        + request.txn());
                after(delay(), () -> client.on(request.txn(), from, reply));
              },
              this);
        });
  }

  private static String describe(Request request) {
    return switch (request) {
      case Request.Get get -> "Get k" + get.key()[4] + " at " + get.readTs();
      case Request.Scan scan ->
          "Scan " + java.util.Arrays.toString(scan.from()) + ".. at " + scan.readTs();
      case Request.LockRow lock ->
          "LockRow k" + lock.key()[4] + " " + lock.mode() + " at " + lock.readTs();
      case Request.Mutate mutate when mutate.ops().size() == 1 ->
          mutate.ops().getFirst().getClass().getSimpleName()
              + " k"
              + mutate.ops().getFirst().key()[4];
      case Request.Validate validate ->
          "Validate (" + validate.after() + ", " + validate.upTo() + "]";
      case Request.Commit commit -> "Commit at " + commit.commitTs();
      default -> request.getClass().getSimpleName();
    };
  }

  /// The oracle issues when the request arrives, and the answer takes its time.
  void askOracle(SimClient client, long txn) {
    after(
        delay(),
        () -> {
          long ts = ++lastTimestamp;
          note("oracle issues " + ts + " to T" + txn);
          after(delay(), () -> client.timestamp(txn, ts));
        });
  }

  void answer(int shard, TimestampAnswer answer) {
    after(
        delay(),
        () -> {
          note(
              "shard "
                  + shard
                  + " hears that T"
                  + answer.about()
                  + " has timestamp "
                  + answer.commitTs());
          shards[shard].handle(answer, this);
        });
  }

  @Override
  public void ask(int fromShard, TimestampQuestion question) {
    after(
        delay(),
        () -> {
          note(
              "shard "
                  + fromShard
                  + " asks T"
                  + question.about()
                  + " for its timestamp, for "
                  + question.askerTs());
          coordinators.get(question.about()).on(fromShard, question, effects.get(question.about()));
        });
  }

  @Override
  public void toShard(int shard, Request request) {
    after(delay(), () -> shards[shard].handle(request, (_, _) -> {}, this));
  }

  /// Runs until nothing is left to happen.
  ///
  /// @return what is wrong, or null
  String run() {
    while (!events.isEmpty() && faults.isEmpty()) {
      if (eventNumber > EVENTS_AT_MOST) {
        return "endless: " + eventNumber + " messages, and no end";
      }
      Event event = events.poll();
      now = event.at;
      if (crashAt != 0 && now >= crashAt) {
        crash();
        return judge();
      }
      try {
        event.action.run();
      } catch (RuntimeException broken) {
        return broken.toString() + " at " + broken.getStackTrace()[0];
      }
    }
    if (!faults.isEmpty()) {
      return faults.getFirst();
    }
    if (running > 0) {
      return "stuck: " + running + " clients wait for ever";
    }
    for (int i = 0; i < shards.length; i++) {
      if (shards[i].lockedRows() + shards[i].openContexts() + shards[i].waitingRequests() > 0) {
        return "shard " + i + " still holds locks, contexts or waiting requests";
      }
    }
    return judge();
  }

  private String judge() {
    collectVersions();
    return HistoryChecker.judge(history);
  }

  static byte[] key(int key) {
    return new byte[] {0, 0, 0, RELATION, (byte) key};
  }

  static String name(int shard, int key) {
    return "s" + shard + "k" + key;
  }

  /// The name of a key's other column.
  static String side(String name) {
    return name + "'";
  }

  /// The order of each key's versions, as the stores have it.
  private void collectVersions() {
    Map<Long, Long> writerAt = new HashMap<>();
    coordinators
        .values()
        .forEach(
            c -> {
              if (c.hasWrites() && c.commitTs() != 0) {
                writerAt.put(c.commitTs(), c.id());
              }
            });
    for (int shard = 0; shard < stores.length; shard++) {
      for (int key = 0; key < 64; key++) {
        List<Version> chain = new ArrayList<>();
        Version version = stores[shard].latest(key(key));
        while (version != null) {
          chain.addFirst(version);
          version = stores[shard].read(key(key), version.commitTs() - 1);
        }
        for (Version each : chain) {
          long writer = writerAt.get(each.commitTs());
          String name = name(shard, key);
          if (each.value() == null) {
            history.deletion(name, writer);
            history.deletion(side(name), writer);
            continue;
          }
          Value value = Value.of(each.value());
          if (value.writer() == writer) {
            history.version(name, writer);
          }
          if (value.sideWriter() == writer) {
            history.version(side(name), writer);
          }
        }
      }
    }
  }

  /// The live rows at the end.
  Map<String, Value> finalState() {
    Map<String, Value> rows = new HashMap<>();
    for (int shard = 0; shard < stores.length; shard++) {
      var scan =
          stores[shard].scan(
              Keys.relationStart(RELATION), Keys.relationEnd(RELATION), lastTimestamp, false);
      while (scan.next()) {
        rows.put(name(shard, scan.key()[4]), Value.of(scan.value()));
      }
    }
    return rows;
  }
}
