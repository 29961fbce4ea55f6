package io.trencadis.sharding;

import io.trencadis.base.SqlException;
import io.trencadis.sharding.fragment.FragmentAnswer;
import io.trencadis.sharding.fragment.FragmentRequest;
import io.trencadis.storage.Keys;
import io.trencadis.storage.RowBlock;
import io.trencadis.txn.IsolationLevel;
import io.trencadis.txn.RelationRef;
import io.trencadis.txn.SchemaChangedException;
import io.trencadis.txn.WouldBlockException;
import io.trencadis.txn.coordinator.ReadRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/// A transaction's fragment: it asks the nodes that lead the shards for pieces, all of them at the
/// same time, one piece ahead of whoever takes them.
///
/// As with a [LocalCursor], what was asked for at an earlier snapshot is asked for again when that
/// has moved, and the read set holds what was taken.
final class RemoteFragment implements FragmentScan {
  /// How many requests a node is asked at a time.
  private static final int LANES = 4;

  private static final long REST_NANOS = 20_000_000;
  private static final long LOOK_NANOS = 100_000_000;

  private final ShardTransaction transaction;
  private final ClusterGateway gateway;
  private final long job;
  private final Work work;
  private final boolean keepsSnapshot;
  private final long openedTs;
  private final List<Lane> lanes = new ArrayList<>();
  private final List<Rest> rest = new ArrayList<>();
  private final TreeSet<Integer> nodes = new TreeSet<>();

  /// Nodes that have been sent the program.
  private final TreeSet<Integer> told = new TreeSet<>();

  private final Thread owner = Thread.currentThread();
  private long bytes;
  private long roundTrips;
  private int rows;
  private int turn;
  private boolean closed;

  /// What is to be run.
  ///
  /// @param others relations that the program looks into, in the shards of the rows it reads
  /// @param shipping where the rows go; null for here
  record Work(
      byte[] program,
      byte[] arguments,
      RelationRef relation,
      List<RelationRef> others,
      int mostRows,
      Shipments shipping) {
    List<FragmentRequest.Other> named() {
      return others.stream()
          .map(other -> new FragmentRequest.Other(other.relationId(), other.schemaVersion()))
          .toList();
    }
  }

  /// The rows of one shard, as far as they were not read yet.
  private static final class Source {
    final int shard;
    final byte[] to;
    final ReadRange read;
    byte[] from;
    long provenTerm;

    Source(int shard, byte[] from, byte[] to, ReadRange read) {
      this.shard = shard;
      this.from = from;
      this.to = to;
      this.read = read;
    }
  }

  /// Shards that are asked for one after the other.
  private static final class Lane {
    final List<Source> sources = new ArrayList<>();

    /// Which of the sources were asked for; the first ones.
    int asked;

    int node = -1;
    long askedTs;
    long piece;
    long since;
    long restUntil;
    volatile CompletableFuture<byte[]> answer;
  }

  RemoteFragment(
      ShardTransaction transaction,
      ClusterGateway gateway,
      Work work,
      int[] shards,
      byte[] from,
      byte[] to) {
    this.transaction = transaction;
    this.gateway = gateway;
    this.work = work;
    this.job = gateway.newFragment();
    this.keepsSnapshot = transaction.isolation() == IsolationLevel.READ_COMMITTED;
    this.openedTs = transaction.readTimestamp();
    byte[] end = to == null ? Keys.relationEnd(Keys.relationId(from)) : to;
    Map<Integer, List<Integer>> byNode = new TreeMap<>();
    for (int shard : shards) {
      if (transaction.coordinator().wroteAt(shard)) {
        rest.add(new Rest(shard, from, end));
      } else {
        int node = gateway.network().leader(shard);
        byNode.computeIfAbsent(node, _ -> new ArrayList<>()).add(shard);
      }
    }
    for (List<Integer> led : byNode.values()) {
      int first = lanes.size();
      int count = Math.min(LANES, led.size());
      for (int i = 0; i < led.size(); i++) {
        if (i < count) {
          lanes.add(new Lane());
        }
        ReadRange read =
            transaction
                .coordinator()
                .readsRange(led.get(i), from, end, false, work.relation.columns());
        lanes.get(first + i % count).sources.add(new Source(led.get(i), from, end, read));
        looksInto(led.get(i));
      }
    }
    transaction.cursorOpened();
  }

  /// What partners are sought for is all of the other relations that is in the shard: which of it
  /// no row has asked for is not told.
  private void looksInto(int shard) {
    for (RelationRef other : work.others) {
      byte[] begin = Keys.relationStart(other.relationId());
      byte[] end = Keys.relationEnd(other.relationId());
      transaction.coordinator().readsWholeRange(shard, begin, end, other.columns());
    }
  }

  private long now() {
    return gateway.outside().clock().nanoTime();
  }

  private long timestamp() {
    return keepsSnapshot ? openedTs : transaction.readTimestamp();
  }

  @Override
  public Piece next() {
    while (!closed) {
      boolean open = false;
      for (int i = 0; i < lanes.size(); i++) {
        Lane lane = lanes.get(turn);
        turn = (turn + 1) % lanes.size();
        if (lane.sources.isEmpty()) {
          continue;
        }
        open = true;
        Piece piece = step(lane);
        if (piece != null) {
          return piece;
        }
      }
      if (!open) {
        close();
      } else {
        await();
      }
    }
    return null;
  }

  /// @return null where it has to be waited for
  private Piece step(Lane lane) {
    while (!lane.sources.isEmpty()) {
      CompletableFuture<byte[]> asked = lane.answer;
      long ts = timestamp();
      if (asked != null && lane.askedTs != ts) {
        lane.answer = null;
      } else if (asked != null && !asked.isDone()) {
        if (now() - lane.since > LOOK_NANOS
            && gateway.network().leader(lane.sources.getFirst().shard) != lane.node) {
          // Whoever was asked does not lead any more, and may never answer.
          lane.answer = null;
        } else {
          return null;
        }
      } else if (asked != null) {
        lane.answer = null;
        Piece piece = taken(lane, asked);
        if (piece != null) {
          if (work.mostRows == 0 || rows < work.mostRows) {
            ask(lane, ts);
          }
          return piece;
        }
      } else if (!ask(lane, ts)) {
        return null;
      }
    }
    return null;
  }

  /// @return false where it cannot be asked now
  private boolean ask(Lane lane, long ts) {
    if (lane.sources.isEmpty() || now() - lane.restUntil < 0) {
      return false;
    }
    int node = gateway.network().leader(lane.sources.getFirst().shard);
    if (node < 0) {
      lane.restUntil = now() + REST_NANOS;
      return false;
    }
    if (ts != lane.askedTs) {
      // A proof is worth something only if it was asked for after the snapshot was taken.
      lane.sources.forEach(source -> source.provenTerm = 0);
    }
    lane.node = node;
    List<FragmentRequest.Range> ranges = new ArrayList<>();
    for (Source source : lane.sources) {
      if (gateway.network().leader(source.shard) != node) {
        break;
      }
      ranges.add(
          new FragmentRequest.Range(source.shard, source.provenTerm, source.from, source.to));
    }
    if (ranges.isEmpty()) {
      return false;
    }
    // Once to each node: what it is told by one lane, it has before the next one asks.
    boolean knows = !told.add(node);
    FragmentRequest.Shipping shipping = work.shipping == null ? null : work.shipping.next();
    lane.piece = shipping == null ? 0 : shipping.piece();
    FragmentRequest request =
        new FragmentRequest(
            job,
            knows ? null : work.program,
            knows ? null : work.arguments,
            work.relation.relationId(),
            work.relation.schemaVersion(),
            work.named(),
            ts,
            work.mostRows == 0 ? 0 : Math.max(1, work.mostRows - rows),
            ranges,
            shipping);
    lane.asked = ranges.size();
    lane.askedTs = ts;
    lane.since = now();
    byte[] body = request.toBytes();
    bytes += body.length;
    CompletableFuture<byte[]> answer = gateway.network().fragment(node, body);
    lane.answer = answer;
    answer.whenComplete((_, _) -> LockSupport.unpark(owner));
    return true;
  }

  /// @return null where it has to be asked again
  private Piece taken(Lane lane, CompletableFuture<byte[]> answer) {
    if (answer.isCompletedExceptionally()) {
      // No connection, or no answer in time: whoever leads now is asked.
      told.remove(lane.node);
      lane.restUntil = now() + REST_NANOS;
      return null;
    }
    byte[] body = answer.join();
    roundTrips++;
    bytes += body.length;
    FragmentAnswer read;
    try {
      read = FragmentAnswer.read(body);
    } catch (IllegalArgumentException | IndexOutOfBoundsException unknown) {
      read = FragmentAnswer.Plain.CANNOT;
    }
    return switch (read) {
      case FragmentAnswer.Part part -> {
        transaction.requirePast();
        nodes.add(lane.node);
        moved(lane, part);
        if (work.shipping != null) {
          work.shipping.taken(lane.piece, part.output(), lane.node);
        }
        rows += part.rows();
        yield new Piece(part.output(), part.rowsRead(), part.rowsPassed());
      }
      case FragmentAnswer.SchemaChanged(int relation, long version) ->
          throw new SchemaChangedException(relation, version);
      case FragmentAnswer.Failed(SqlException why) -> throw why;
      case FragmentAnswer.Plain plain -> {
        switch (plain) {
          case UNKNOWN_JOB -> told.remove(lane.node);
          case NOT_LEADER, BUSY -> lane.restUntil = now() + REST_NANOS;
          case LOST -> throw Shipments.LostException.INSTANCE;
          case CANNOT, TAKEN -> {
            for (Source source : lane.sources) {
              rest.add(new Rest(source.shard, source.from, source.to));
            }
            lane.sources.clear();
          }
        }
        yield null;
      }
    };
  }

  private static void moved(Lane lane, FragmentAnswer.Part part) {
    if (part.terms().length != lane.asked) {
      throw SqlException.internal("an answer to another question");
    }
    for (int i = 0; i < part.terms().length; i++) {
      lane.sources.get(i).provenTerm = part.terms()[i];
    }
    for (int i = 0; i < part.done(); i++) {
      Source source = lane.sources.removeFirst();
      if (source.read != null) {
        source.read.exhausted();
      }
    }
    if (part.last() != null && part.done() < part.terms().length) {
      Source source = lane.sources.getFirst();
      source.from = Keys.successor(part.last());
      if (source.read != null) {
        RowBlock reached = new RowBlock(1);
        reached.add(part.last(), part.last());
        source.read.reached(reached, 0);
      }
    }
  }

  private void await() {
    WaitPolicy waits = transaction.waits();
    if (!waits.mayBlock()) {
      close();
      throw WouldBlockException.INSTANCE;
    }
    waits.checkInterrupts();
    LockSupport.parkNanos(this, REST_NANOS);
    if (Thread.interrupted()) {
      waits.checkInterrupts();
    }
  }

  @Override
  public List<Rest> rest() {
    return rest;
  }

  @Override
  public Traffic traffic() {
    return new Traffic(bytes, roundTrips, nodes);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      transaction.cursorClosed();
    }
  }
}
