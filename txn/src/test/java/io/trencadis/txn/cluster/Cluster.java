package io.trencadis.txn.cluster;

import io.trencadis.storage.Version;
import io.trencadis.txn.HeldRow;
import io.trencadis.txn.Rules;
import io.trencadis.txn.history.History;
import io.trencadis.txn.history.HistoryChecker;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/// The whole: nodes, the network between them, the clock, and the verdict. Time is counted in units
/// that are taken for milliseconds. Nodes are numbered: logs first, then gateways, then the oracle.
final class Cluster {
  static final int RELATION = 7;
  static final int SHARDS_A_LOG = 2;
  static final int KEYS = 3;

  /// The key of rows of a table that stays where it is, and that table's relation.
  static final int STAYS = 5;

  static final int STAYING = 4;

  /// Where a row's key has its number.
  static final int KEY_BYTE = 4;

  /// All keys are below.
  static final int MOST_KEYS = 64;

  /// A large transaction goes into the logs row by row.
  static final long PIECE_BYTES = 1;

  /// How long after the last client everything has to be at rest.
  private static final long REST = 4_000;

  private static final long LONGEST = 120_000;

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

  /// Who writes so much at a shard is large: every transaction, or those that write some rows, or
  /// nobody; as the seed says.
  final long largeBytes;

  final SimulatedLog[] logs;
  final GatewayNode[] gateways;
  final OracleNode oracle;

  /// Called before each event with its number: for tests that crash a node at a step of their
  /// choice.
  Consumer<Long> beforeEvent = _ -> {};

  /// Called when nothing goes wrong any more: for clients that clean up after the others.
  Runnable lastly = () -> {};

  /// Transactions that were prepared by name, or may have been, by their ids.
  final Map<Long, ClientTransaction> held = new HashMap<>();

  /// Descriptors of the table by their versions, those included that were never committed.
  final Map<Long, Layout> layouts = new HashMap<>(Map.of(0L, Layout.FIRST));

  /// What moves of the table keep to; all of it unless a test takes something out.
  final Set<MoveRule> moveRules;

  private final Faults faults;

  /// Chance of its own, so that a run without it is what it was.
  private final Random patience;

  /// Of a hundred waits that are looked at so many are given up.
  private final int givesUp;

  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final Set<Long> cut = new HashSet<>();
  private final List<String> found = new ArrayList<>();
  private long now;
  private long eventNumber;
  private long stepsDone;
  private boolean calm;
  private int clients;
  private int relations = RELATION;
  private int changes;

  /// @param replicated whether each log is on several nodes
  Cluster(
      long seed,
      Rules rules,
      int logCount,
      int gatewayCount,
      boolean replicated,
      Faults faults,
      boolean traced) {
    this(
        seed,
        rules,
        EnumSet.allOf(MoveRule.class),
        logCount,
        gatewayCount,
        replicated,
        faults,
        traced);
  }

  Cluster(
      long seed,
      Rules rules,
      Set<MoveRule> moveRules,
      int logCount,
      int gatewayCount,
      boolean replicated,
      Faults faults,
      boolean traced) {
    this.moveRules = moveRules;
    this.random = new Random(seed);
    this.patience = new Random(~seed);
    this.givesUp = patience.nextInt(4) == 0 ? 5 + patience.nextInt(20) : 0;
    this.rules = rules;
    this.largeBytes = seed % 4 == 1 ? 1 : seed % 4 == 3 ? 300 : 0;
    this.trace = traced ? new ArrayList<>() : null;
    this.faults = faults == null ? Faults.of(random, logCount + gatewayCount) : faults;
    logs = new SimulatedLog[logCount];
    gateways = new GatewayNode[gatewayCount];
    for (int i = 0; i < logCount; i++) {
      logs[i] = replicated ? new LogGroup(this, i) : new LogNode(this, i);
    }
    for (int i = 0; i < gatewayCount; i++) {
      gateways[i] = new GatewayNode(this, i);
    }
    oracle = new OracleNode(this);
    if (this.faults.crashesEvery() > 0) {
      after(random.nextInt(this.faults.crashesEvery()), this::crashSome);
    }
    if (this.faults.cutsEvery() > 0) {
      after(random.nextInt(this.faults.cutsEvery()), this::cutSome);
    }
    if (this.faults.flushesEvery() > 0) {
      after(random.nextInt(this.faults.flushesEvery()), this::flushSome);
    }
  }

  int gatewayNode(int gateway) {
    return logs.length + gateway;
  }

  int oracleNode() {
    return logs.length + gateways.length;
  }

  static int logOf(int shard) {
    return shard / SHARDS_A_LOG;
  }

  int shardCount() {
    return logs.length * SHARDS_A_LOG;
  }

  long now() {
    return now;
  }

  /// Whether nothing goes wrong any more.
  boolean calm() {
    return calm;
  }

  /// Whether a client gives up a wait.
  boolean givesUp() {
    return givesUp > 0 && !calm && patience.nextInt(100) < givesUp;
  }

  void note(String what) {
    if (trace != null) {
      trace.add(now + ": " + what);
    }
  }

  void fault(String what) {
    note("FAULT " + what);
    found.add(what);
  }

  void after(long delay, Runnable action) {
    events.add(new Event(now + delay, eventNumber++, action));
  }

  void clientStarted() {
    clients++;
  }

  void clientFinished() {
    clients--;
  }

  // ---- the network

  private static long link(int from, int to) {
    return (long) from << 32 | to;
  }

  private long delay(int from, int to) {
    int dice = random.nextInt(24);
    long delay =
        dice == 0
            ? 20 + random.nextInt(120)
            : dice < 5 ? 1 + random.nextInt(15) : 1 + random.nextInt(3);
    boolean slow = from == faults.slowNode() || to == faults.slowNode();
    return slow && !calm ? delay * 10 : delay;
  }

  /// Sends what is done where it arrives, if it does.
  ///
  /// @param what for the trace
  void send(int from, int to, String what, Runnable arrival) {
    if (!calm && (cut.contains(link(from, to)) || random.nextInt(100) < faults.lost())) {
      note(from + " -> " + to + " LOST " + what);
      return;
    }
    int copies = !calm && random.nextInt(100) < faults.twice() ? 2 : 1;
    for (int i = 0; i < copies; i++) {
      // A copy may come when nobody thinks of it any more.
      long late = i == 0 ? 0 : random.nextInt(600);
      after(
          delay(from, to) + late,
          () -> {
            if (calm || !cut.contains(link(from, to))) {
              note(from + " -> " + to + " " + what);
              arrival.run();
            }
          });
    }
  }

  // ---- faults

  private void crashSome() {
    if (calm) {
      return;
    }
    int node = random.nextInt(oracleNode() + 1);
    long down = random.nextInt(4) == 0 ? 200 + random.nextInt(2_000) : 1 + random.nextInt(60);
    crash(node, down);
    after(faults.crashesEvery() / 2 + random.nextInt(faults.crashesEvery()), this::crashSome);
  }

  void crash(int node, long down) {
    if (node < logs.length) {
      logs[node].crash(down);
    } else if (node < oracleNode()) {
      gateways[node - logs.length].crash(down);
    } else {
      oracle.crash();
    }
  }

  private void cutSome() {
    if (calm) {
      return;
    }
    int a = random.nextInt(oracleNode() + 1);
    int b = random.nextInt(oracleNode() + 1);
    boolean both = random.nextBoolean();
    note("CUT " + a + " -> " + b + (both ? " both ways" : ""));
    cut.add(link(a, b));
    if (both) {
      cut.add(link(b, a));
    }
    after(
        50 + random.nextInt(1_500),
        () -> {
          cut.remove(link(a, b));
          cut.remove(link(b, a));
        });
    after(faults.cutsEvery() / 2 + random.nextInt(faults.cutsEvery()), this::cutSome);
  }

  private void flushSome() {
    logs[random.nextInt(logs.length)].flush();
    if (!calm) {
      after(faults.flushesEvery() / 2 + random.nextInt(faults.flushesEvery()), this::flushSome);
    }
  }

  // ---- the run

  /// Runs until all clients are done, and then until everything is at rest.
  ///
  /// @return what is wrong, or null
  String run() {
    long end = LONGEST;
    while (!events.isEmpty() && found.isEmpty()) {
      Event event = events.poll();
      now = event.at;
      if (!calm && clients == 0) {
        calm = true;
        cut.clear();
        for (SimulatedLog log : logs) {
          log.settle();
        }
        for (GatewayNode gateway : gateways) {
          gateway.ensureUp();
        }
        lastly.run();
      }
      if (clients > 0) {
        end = LONGEST;
      } else if (end == LONGEST) {
        end = now + REST;
      }
      if (now > end) {
        break;
      }
      beforeEvent.accept(stepsDone++);
      try {
        event.action.run();
      } catch (RuntimeException broken) {
        return broken + " at " + broken.getStackTrace()[0] + " " + broken.getStackTrace()[1];
      }
    }
    if (!found.isEmpty()) {
      return found.getFirst();
    }
    if (clients > 0) {
      return "stuck: " + clients + " clients wait for ever";
    }
    for (SimulatedLog log : logs) {
      String left = log.leftOver();
      if (left != null) {
        return left;
      }
    }
    return judge();
  }

  long steps() {
    return stepsDone;
  }

  static byte[] key(int key) {
    return key(RELATION, key);
  }

  static byte[] key(int relation, int key) {
    return new byte[] {0, 0, 0, (byte) relation, (byte) key};
  }

  /// A relation that nobody has used.
  int nextRelation() {
    if (relations == Byte.MAX_VALUE) {
      throw new IllegalStateException("too many relations");
    }
    return ++relations;
  }

  /// A version that nobody has used, and above that of a plan.
  long nextVersion(Layout plan) {
    return (plan.version() / 1_000 + 1) * 1_000 + ++changes;
  }

  /// The key of the row of a transaction prepared by name: names are numbers.
  static byte[] heldKey(int name) {
    return HeldRow.key(String.valueOf((char) name));
  }

  static String name(int shard, int key) {
    return "s" + shard + "k" + key;
  }

  private String judge() {
    Map<Long, History.Txn> byId = new HashMap<>();
    history.txns().forEach(txn -> byId.put(txn.id, txn));
    List<Place> places = places();
    for (int shard = 0; shard < shardCount(); shard++) {
      for (int key = 0; key < MOST_KEYS; key++) {
        for (Version version : versions(places, shard, key)) {
          Row row = Row.of(version.value());
          history.version(name(shard, key), row.writer());
          History.Txn writer = byId.get(row.writer());
          if (writer.end == Long.MAX_VALUE) {
            // Its client never heard of it, and yet it happened.
            writer.committed = true;
          }
          if (!row.equals(
              writer.committed ? lastWrites.get(name(shard, key) + row.writer()) : row)) {
            return "T" + row.writer() + " has left " + row + " at " + name(shard, key);
          }
        }
      }
    }
    return found.isEmpty() ? HistoryChecker.judge(history) : found.getFirst();
  }

  /// Where the rows were until a descriptor with another place was committed.
  private record Place(Layout layout, long until) {}

  private List<Place> places() {
    List<Place> places = new ArrayList<>();
    Layout last = Layout.FIRST;
    for (Version version : logs[0].versions(0, Mover.DESCRIPTOR)) {
      Layout next = layouts.get(Row.of(version.value()).writer());
      if (next.relation() != last.relation()) {
        places.add(new Place(last, version.commitTs()));
        last = next;
      }
    }
    places.add(new Place(last, Long.MAX_VALUE));
    return places;
  }

  /// A row's versions, each where the row was then.
  private List<Version> versions(List<Place> places, int shard, int key) {
    if (key == STAYS) {
      return logs[logOf(shard)].versions(shard, key(STAYING, key));
    }
    List<Version> all = new ArrayList<>();
    long since = 0;
    Row left = null;
    for (Place place : places) {
      int home = place.layout.home(shard, shardCount());
      Row arrived = null;
      for (Version version : logs[logOf(home)].versions(home, key(place.layout.relation(), key))) {
        if (version.commitTs() <= since) {
          arrived = Row.of(version.value());
        } else if (version.commitTs() <= place.until) {
          all.add(version);
        }
      }
      if (!Objects.equals(left, arrived)) {
        fault(name(shard, key) + " was " + left + " and arrived as " + arrived);
      }
      since = place.until;
      left = all.isEmpty() ? null : Row.of(all.getLast().value());
    }
    return all;
  }

  private final Map<String, Row> lastWrites = new HashMap<>();

  /// What a transaction that goes to commit has written last to a key.
  void willWrite(long txn, String name, Row row) {
    lastWrites.put(name + txn, row);
  }
}
