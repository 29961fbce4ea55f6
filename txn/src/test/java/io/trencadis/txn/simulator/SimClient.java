package io.trencadis.txn.simulator;

import io.trencadis.storage.Keys;
import io.trencadis.storage.encoding.ColumnBits;
import io.trencadis.txn.GlobalName;
import io.trencadis.txn.IsolationLevel;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.Mutation;
import io.trencadis.txn.MutationResult;
import io.trencadis.txn.RelationLock;
import io.trencadis.txn.RelationRef;
import io.trencadis.txn.RowLock;
import io.trencadis.txn.Rule;
import io.trencadis.txn.TxnRecord;
import io.trencadis.txn.coordinator.Coordinator;
import io.trencadis.txn.coordinator.Effects;
import io.trencadis.txn.coordinator.ReadRange;
import io.trencadis.txn.history.History;
import io.trencadis.txn.message.Reply;
import io.trencadis.txn.message.Request;
import io.trencadis.txn.message.TimestampAnswer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// A client that runs one script after another, each a transaction. It does with a coordinator what
/// the real rim does, but message by message; and it notes what it sees.
final class SimClient implements Effects {
  /// @param level of the transaction
  /// @param readOnly whether it promises not to write
  record Script(IsolationLevel level, boolean readOnly, List<Op> ops) {}

  private final Simulation simulation;
  private final Iterator<Script> scripts;

  private Script script;
  private Coordinator coordinator;
  private History.Txn seen;
  private RelationRef rel;
  private int at;
  private int statementAt;
  private boolean committing;
  private boolean byName;

  /// Goes on with the reply to the request that is out.
  private Consumer<Reply> awaiting;

  private Runnable afterTimestamp;

  private Map<String, Value> own;
  private Map<String, Value> ownAtStatement;
  private Map<String, Value> lastSeen;
  private int readsAtStatement;
  private int rangesAtStatement;
  private int savepointsAtStatement;
  private final Deque<Integer> savepoints = new ArrayDeque<>();
  private final Deque<Map<String, Value>> ownAtSavepoint = new ArrayDeque<>();
  private final Set<String> insertedKeys = new HashSet<>();
  private int restarts;

  /// Up to where the log has to be durable before anybody is told of the transaction.
  private long follows;

  /// The highest timestamp of what it has seen before that was durable.
  private long followsTs;

  /// Where its snapshot was last.
  private long lastSnapshot;

  /// Where its last record ends; 0 while there is none.
  private long recordEnd;

  SimClient(Simulation simulation, List<Script> scripts) {
    this.simulation = simulation;
    this.scripts = scripts.iterator();
    simulation.clientStarted(this);
    simulation.after(simulation.delay(), this::nextScript);
  }

  private void nextScript() {
    if (!scripts.hasNext()) {
      simulation.clientFinished();
      return;
    }
    script = scripts.next();
    coordinator =
        new Coordinator(
            simulation.newTxn(),
            script.level,
            script.readOnly,
            simulation.shardCount(),
            simulation.rules);
    simulation.register(coordinator, this);
    seen = new History.Txn(coordinator.id(), simulation.now());
    if (script.level == IsolationLevel.SERIALIZABLE) {
      simulation.history.txns().add(seen);
    }
    rel = new RelationRef(Simulation.RELATION, simulation.knownSchema, "t");
    at = 0;
    committing = false;
    byName = false;
    own = new HashMap<>();
    lastSeen = new HashMap<>();
    savepoints.clear();
    ownAtSavepoint.clear();
    restarts = 0;
    follows = 0;
    followsTs = 0;
    lastSnapshot = 0;
    recordEnd = 0;
    insertedKeys.clear();
    beginStatement();
    step();
  }

  private void beginStatement() {
    coordinator.beginStatement();
    if (script.level == IsolationLevel.READ_COMMITTED) {
      coordinator.snapshotAt(0);
    }
    statementAt = at;
    ownAtStatement = new HashMap<>(own);
    readsAtStatement = seen.reads.size();
    rangesAtStatement = seen.ranges.size();
    savepointsAtStatement = savepoints.size();
  }

  private boolean isMine(long txn) {
    return coordinator.id() == txn;
  }

  // ---- what comes in

  void on(long txn, int shard, Reply reply) {
    if (!isMine(txn)) {
      return;
    }
    if (coordinator.state() != Coordinator.State.OPEN) {
      coordinator.on(shard, reply, this);
      phaseChanged();
      return;
    }
    Consumer<Reply> next = awaiting;
    awaiting = null;
    if (reply instanceof Reply.After(long position, long commitTs, Reply early)) {
      follows = Math.max(follows, position);
      followsTs = Math.max(followsTs, commitTs);
      next.accept(early);
    } else {
      next.accept(reply);
    }
  }

  /// The node stops. What is durable has happened, whether or not its client was told.
  void crashed() {
    boolean decided = coordinator != null && coordinator.state() == Coordinator.State.DECIDING;
    if (decided && simulation.isDurable(recordEnd)) {
      ended(true, "");
    }
  }

  void timestamp(long txn, long ts) {
    if (afterTimestamp != null) {
      Runnable next = afterTimestamp;
      afterTimestamp = null;
      coordinator.snapshotAt(ts);
      next.run();
    } else {
      coordinator.timestamp(ts, this);
      phaseChanged();
    }
  }

  /// The coordinator may have come to an end of what it was doing.
  private void phaseChanged() {
    switch (coordinator.state()) {
      case OPEN -> step();
      case REFRESH_FAILED -> abort("refresh failed");
      case HELD -> endHeld();
      case COMMITTED -> committed();
      case ABORTED -> ended(false, "validation failed");
      default -> {}
    }
  }

  /// Its client takes its time.
  private void endHeld() {
    simulation.note("T" + coordinator.id() + " is prepared by name");
    boolean commits = simulation.random.nextInt(5) > 0;
    simulation.after(
        simulation.random.nextInt(150),
        () -> {
          if (commits) {
            coordinator.commitHeld(this);
          } else {
            coordinator.rollbackHeld(this);
          }
        });
  }

  /// The client hears of it when what it follows is durable. A record of its own comes after that
  /// in the log; who has none may have taken a timestamp and validated before that is durable.
  private void committed() {
    simulation.whenDurable(
        follows,
        () -> {
          known(followsTs);
          ended(true, "");
        });
  }

  private void known(long commitTs) {
    if (simulation.rules.has(Rule.SNAPSHOTS_FOLLOW_WHAT_IS_KNOWN)) {
      simulation.known = Math.max(simulation.known, commitTs);
    }
  }

  private void ended(boolean committed, String why) {
    simulation.note("T" + coordinator.id() + (committed ? " commits" : " aborts: " + why));
    if (committed) {
      if (!script.readOnly || !own.isEmpty()) {
        own.forEach(this::wrote);
      }
      seen.committed(simulation.now());
      insertedKeys.forEach(name -> simulation.inserted(name, coordinator.id()));
      if (own.containsKey("s0k0")) {
        simulation.increments++;
      }
      schemaLearned();
    } else {
      seen.aborted(simulation.now());
    }
    simulation.after(simulation.delay(), this::nextScript);
  }

  private void wrote(String name, Value value) {
    if (value == null || value.writer() == coordinator.id()) {
      seen.wrote(name);
    }
    if (value == null || value.sideWriter() == coordinator.id()) {
      seen.wrote(Simulation.side(name));
    }
  }

  private void schemaLearned() {
    simulation.knownSchema = Math.max(simulation.knownSchema, (int) rel.schemaVersion());
  }

  private void abort(String why) {
    coordinator.abort(this);
    ended(false, why);
  }

  // ---- running the script

  private void step() {
    if (committing) {
      throw new IllegalStateException("a step after commit");
    }
    if (at == script.ops.size()) {
      committing = true;
      if (byName) {
        coordinator.hold(new GlobalName("x" + coordinator.id(), 0, 0, 0), this);
        return;
      }
      coordinator.commit(true, this);
      if (coordinator.state() == Coordinator.State.COMMITTED) {
        committed();
      }
      return;
    }
    if (coordinator.readTs() == 0) {
      if (simulation.random.nextBoolean()) {
        coordinator.snapshotAt(Math.max(simulation.known, lastSnapshot));
        simulation.note("T" + coordinator.id() + " reads at " + coordinator.readTs());
      } else {
        afterTimestamp = this::step;
        askTimestamp();
        return;
      }
    }
    lastSnapshot = coordinator.readTs();
    Op op = script.ops.get(at++);
    long id = coordinator.id();
    long ts = coordinator.readTs();
    switch (op) {
      case Op.Statement _ -> {
        beginStatement();
        step();
      }
      case Op.Get(int shard, int key, Value.Part part) -> {
        Request request = new Request.Get(id, rel, Simulation.key(key), ts, true);
        call(
            shard,
            request,
            reply -> {
              Reply.Row row = (Reply.Row) reply;
              if (!row.own()) {
                coordinator.reads(shard, Simulation.key(key), part.columns());
              }
              saw(shard, key, Value.of(row.value()), part);
              step();
            });
      }
      case Op.Scan scan -> {
        byte[] from = Simulation.key(scan.from());
        byte[] to = Simulation.key(scan.to());
        ReadRange range =
            coordinator.readsRange(scan.shard(), from, to, scan.reverse(), scan.part().columns());
        scanOn(scan, from, to, range, coordinator.nextMark(), new HashSet<>());
      }
      case Op.Lock(int shard, int key, var mode, LockWait wait) -> {
        coordinator.affects(shard);
        int mark = coordinator.mark();
        call(
            shard,
            new Request.LockRow(id, rel, Simulation.key(key), mode, wait, false, ts, mark, true),
            reply -> locked(shard, key, mode, reply));
      }
      case Op.LockNewest(int shard, int key) -> {
        coordinator.affects(shard);
        int mark = coordinator.mark();
        Request request =
            new Request.LockRow(
                id, rel, Simulation.key(key), RowLock.SHARE, LockWait.WAIT, true, ts, mark, true);
        call(
            shard,
            request,
            reply -> {
              coordinator.readsNewest(shard, Simulation.key(key));
              saw(shard, key, Value.of(((Reply.Row) reply).value()));
              step();
            });
      }
      case Op.Put(int shard, int key, long add) -> {
        Value before = lastSeen.get(Simulation.name(shard, key));
        long number = (before == null ? 0 : before.number()) + add;
        mutate(
            shard,
            key,
            new Mutation.Put(Simulation.key(key), value(number).bytes()),
            value(number));
      }
      case Op.PutPart(int shard, int key, Value.Part part) -> {
        Value old = lastSeen.get(Simulation.name(shard, key));
        Value whole = value(1);
        Value value =
            old == null
                ? whole
                : part == Value.Part.MAIN
                    ? new Value(
                        whole.writer(), at, whole.schema(), whole.number(), old.sideWriter())
                    : new Value(
                        old.writer(), old.step(), old.schema(), old.number(), whole.writer());
        mutate(shard, key, new Mutation.Put(Simulation.key(key), value.bytes()), value);
      }
      case Op.Delete(int shard, int key) ->
          mutate(shard, key, new Mutation.Delete(Simulation.key(key)), null);
      case Op.Insert(int shard, int key, long number) ->
          mutate(
              shard,
              key,
              new Mutation.Insert(Simulation.key(key), value(number).bytes()),
              value(number));
      case Op.Savepoint _ -> {
        savepoints.push(coordinator.savepoint());
        ownAtSavepoint.push(new HashMap<>(own));
        step();
      }
      case Op.RollbackTo _ -> {
        if (savepoints.isEmpty()) {
          step();
        } else {
          undo(
              savepoints.peek(),
              true,
              () -> {
                coordinator.rolledBackTo(savepoints.peek());
                own = new HashMap<>(ownAtSavepoint.peek());
                beginStatement();
                step();
              });
        }
      }
      case Op.ByName _ -> {
        byName = true;
        step();
      }
      case Op.NextSchema _ -> nextSchema(0);
    }
  }

  private Value value(long number) {
    return new Value(coordinator.id(), at, (int) rel.schemaVersion(), number);
  }

  /// Sends a request that this client, not the coordinator, waits for, and deals with the replies
  /// that end it.
  private void call(int shard, Request request, Consumer<Reply> then) {
    awaiting =
        reply -> {
          switch (reply) {
            case Reply.Restart _ -> restart();
            case Reply.Deadlock _ -> abort("deadlock");
            case Reply.Unavailable _ -> abort("lock not available");
            case Reply.SchemaChanged _ -> abort("schema changed");
            default -> then.accept(reply);
          }
        };
    simulation.send(shard, request, this);
  }

  private void scanOn(
      Op.Scan scan, byte[] from, byte[] to, ReadRange range, int mark, Set<String> keys) {
    long ts = coordinator.readTs();
    int limit = 1 + simulation.random.nextInt(3);
    Request request =
        new Request.Scan(coordinator.id(), rel, from, to, scan.reverse(), ts, mark, limit, true);
    call(
        scan.shard(),
        request,
        reply -> {
          Reply.Rows rows = (Reply.Rows) reply;
          byte[] last = null;
          for (int i = 0; i < rows.count(); i++) {
            last = rows.rows().key(i);
            if (range != null) {
              range.reached(rows.rows(), i);
            }
            keys.add(Simulation.name(scan.shard(), last[4]));
            saw(scan.shard(), last[4], Value.of(rows.rows().value(i)), scan.part());
            if (keys.size() == scan.rows()) {
              sawRange(scan, last, keys);
              return;
            }
          }
          if (rows.done()) {
            if (range != null) {
              range.exhausted();
            }
            sawRange(scan, null, keys);
          } else if (scan.reverse()) {
            scanOn(scan, from, last == null ? to : last, range, mark, keys);
          } else {
            scanOn(scan, last == null ? from : Keys.successor(last), to, range, mark, keys);
          }
        });
  }

  private void sawRange(Op.Scan scan, byte[] last, Set<String> keys) {
    int from = scan.reverse() && last != null ? last[4] : scan.from();
    int to = !scan.reverse() && last != null ? last[4] + 1 : scan.to();
    Set<String> names = new HashSet<>();
    Set<String> known = new HashSet<>();
    for (int key = from; key < to; key++) {
      String name = Simulation.name(scan.shard(), key);
      String read = scan.part() == Value.Part.SIDE ? Simulation.side(name) : name;
      names.add(read);
      if (keys.contains(name) || own.containsKey(name)) {
        known.add(read);
      }
    }
    seen.readRange(names::contains, known);
    step();
  }

  private void locked(int shard, int key, RowLock mode, Reply reply) {
    switch (reply) {
      case Reply.Row(byte[] row, boolean _) -> {
        coordinator.readsLocked(shard, Simulation.key(key), mode);
        saw(shard, key, Value.of(row));
        step();
      }
      case Reply.Skipped _ -> step();
      case Reply.Changed(byte[] row, long _) -> {
        if (coordinator.canMoveFreely(mode)) {
          afterTimestamp =
              () -> {
                coordinator.readsLocked(shard, Simulation.key(key), mode);
                saw(shard, key, Value.of(row));
                step();
              };
          askTimestamp();
        } else {
          restart();
        }
      }
      default -> throw new IllegalStateException(reply.toString());
    }
  }

  private void mutate(int shard, int key, Mutation op, Value value) {
    coordinator.writes(shard);
    if (op instanceof Mutation.Insert) {
      coordinator.locks(shard, op.key());
    }
    Request request =
        new Request.Mutate(
            coordinator.id(), rel, List.of(op), coordinator.readTs(), coordinator.mark(), true);
    call(
        shard,
        request,
        reply -> {
          MutationResult result = ((Reply.Mutated) reply).results().getFirst();
          String name = Simulation.name(shard, key);
          if (op instanceof Mutation.Insert && !own.containsKey(name)) {
            saw(shard, key, Value.of(result.existing()));
          }
          if (result.applied()) {
            own.put(name, value);
            lastSeen.put(name, value);
            if (op instanceof Mutation.Insert) {
              insertedKeys.add(name);
            }
          }
          step();
        });
  }

  private void nextSchema(int shard) {
    if (shard < simulation.shardCount()) {
      coordinator.affects(shard);
      call(
          shard,
          new Request.LockRelation(
              coordinator.id(),
              Simulation.RELATION,
              RelationLock.ACCESS_EXCLUSIVE,
              LockWait.WAIT,
              coordinator.mark(),
              true),
          _ -> nextSchema(shard + 1));
      return;
    }
    // With all locked, the present is what it builds on.
    afterTimestamp =
        () -> rewrite(0, new RelationRef(Simulation.RELATION, rel.schemaVersion() + 1, "t"));
    askTimestamp();
  }

  private void rewrite(int shard, RelationRef next) {
    if (shard == simulation.shardCount()) {
      rel = next;
      step();
      return;
    }
    byte[] from = Keys.relationStart(Simulation.RELATION);
    byte[] to = Keys.relationEnd(Simulation.RELATION);
    ReadRange range = coordinator.readsRange(shard, from, to, false, ColumnBits.ALL);
    rewriteFrom(from, to, range, new ArrayList<>(), shard, next);
  }

  /// A batch ends where a row is in doubt: what has released its locks may not be durable yet.
  private void rewriteFrom(
      byte[] from, byte[] to, ReadRange range, List<Mutation> ops, int shard, RelationRef next) {
    long id = coordinator.id();
    call(
        shard,
        new Request.Scan(
            id, rel, from, to, false, coordinator.readTs(), coordinator.nextMark(), 64, true),
        reply -> {
          Reply.Rows rows = (Reply.Rows) reply;
          for (int i = 0; i < rows.count(); i++) {
            Value old = Value.of(rows.rows().value(i));
            Value value = new Value(id, at, (int) next.schemaVersion(), old.number());
            saw(shard, rows.rows().key(i)[4], old);
            own.put(Simulation.name(shard, rows.rows().key(i)[4]), value);
            ops.add(new Mutation.Put(rows.rows().key(i), value.bytes(), true));
          }
          if (!rows.done()) {
            byte[] rest = Keys.successor(rows.rows().key(rows.count() - 1));
            rewriteFrom(rest, to, range, ops, shard, next);
            return;
          }
          if (range != null) {
            range.exhausted();
          }
          coordinator.writes(shard);
          int mark = coordinator.mark();
          call(
              shard,
              new Request.Mutate(id, rel, ops, coordinator.readTs(), mark, true),
              _ -> {
                coordinator.writes(shard);
                call(
                    shard,
                    new Request.SetSchema(id, Simulation.RELATION, next.schemaVersion(), mark),
                    _ -> rewrite(shard + 1, next));
              });
        });
  }

  private void undo(int mark, boolean releaseLocks, Runnable then) {
    undo(coordinator.undo(mark, releaseLocks), 0, then);
  }

  private void undo(Request[] requests, int shard, Runnable then) {
    if (shard == requests.length) {
      then.run();
    } else if (requests[shard] == null) {
      undo(requests, shard + 1, then);
    } else {
      call(shard, requests[shard], _ -> undo(requests, shard + 1, then));
    }
  }

  private void restart() {
    if (++restarts > 5) {
      abort("restarted too often");
      return;
    }
    undo(
        coordinator.statementMark(),
        false,
        () -> {
          coordinator.forgetStatementReads();
          coordinator.release(coordinator.statementMark());
          while (savepoints.size() > savepointsAtStatement) {
            savepoints.pop();
            ownAtSavepoint.pop();
          }
          own = new HashMap<>(ownAtStatement);
          insertedKeys.retainAll(own.keySet());
          at = statementAt;
          seen.reads.subList(readsAtStatement, seen.reads.size()).clear();
          seen.ranges.subList(rangesAtStatement, seen.ranges.size()).clear();
          if (coordinator.mayRefresh()) {
            coordinator.refresh(this);
          } else {
            abort("could not serialize access due to concurrent update");
          }
        });
  }

  /// Notes what a key held, and checks what can be checked at once.
  private void saw(int shard, int key, Value value) {
    saw(shard, key, value, Value.Part.BOTH);
  }

  private void saw(int shard, int key, Value value, Value.Part part) {
    String name = Simulation.name(shard, key);
    lastSeen.put(name, value);
    if (value != null && value.schema() != rel.schemaVersion()) {
      simulation.fault(
          "T"
              + coordinator.id()
              + " with a plan for schema "
              + rel.schemaVersion()
              + " met a row of "
              + value.schema());
    }
    if (own.containsKey(name)) {
      if (!java.util.Objects.equals(own.get(name), value)) {
        simulation.fault(
            "T"
                + coordinator.id()
                + " wrote "
                + own.get(name)
                + " to "
                + name
                + " and saw "
                + value);
      }
    } else {
      if (part != Value.Part.SIDE) {
        seen.read(name, value == null ? History.NOBODY : value.writer());
      }
      if (part != Value.Part.MAIN) {
        seen.read(Simulation.side(name), value == null ? History.NOBODY : value.sideWriter());
      }
    }
  }

  // ---- what the coordinator wants

  @Override
  public void send(int shard, Request request) {
    simulation.send(shard, request, this);
  }

  @Override
  public void askTimestamp() {
    simulation.askOracle(this, coordinator.id());
  }

  @Override
  public void decide(TxnRecord record) {
    recordEnd = simulation.append(record);
    coordinator.appended(recordEnd, this);
    long position = recordEnd;
    simulation.whenDurable(
        position,
        () ->
            // Another thread hears of it in its own time.
            simulation.after(
                simulation.delay(),
                () -> {
                  known(coordinator.commitTs());
                  coordinator.decided(position, this);
                  phaseChanged();
                }));
  }

  @Override
  public void answer(int shard, TimestampAnswer answer) {
    simulation.answer(shard, answer);
  }
}
