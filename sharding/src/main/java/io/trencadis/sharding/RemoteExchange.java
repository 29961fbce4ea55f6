package io.trencadis.sharding;

import io.trencadis.base.SqlException;
import io.trencadis.sharding.fragment.ExchangeRequest;
import io.trencadis.sharding.fragment.FragmentAnswer;
import io.trencadis.sharding.fragment.FragmentRequest;
import io.trencadis.txn.WouldBlockException;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/// A transaction's exchange: it has the leaders of two relations' shards send rows to nodes that
/// join them, piece by piece as a [RemoteFragment] asks for, and then asks those nodes for joined
/// rows, all of them at the same time.
///
/// A receiver that is lost before any row was given costs another attempt; after that, the
/// statement.
final class RemoteExchange implements ExchangeScan {
  private static final int MOST_ATTEMPTS = 3;
  private static final int MOST_RECEIVERS = 200;
  private static final long REST_NANOS = 20_000_000;
  private static final long BETWEEN_NANOS = 300_000_000;
  private static final long KEEP_NANOS = 3_000_000_000L;

  /// For how long a receiver is asked that does not answer.
  private static final long PATIENCE_NANOS = 2_000_000_000L;

  private final ShardTransaction transaction;
  private final ClusterGateway gateway;
  private final Work work;
  private final TreeSet<Integer> nodes = new TreeSet<>();
  private final SideRows[] rows = {new SideRows(0, 0), new SideRows(0, 0)};
  private final Thread owner = Thread.currentThread();
  private Shipments shipments;
  private List<Receiver> receivers = List.of();
  private long bytes;
  private long exchanged;
  private long roundTrips;
  private int attempts;
  private int turn;
  private boolean given;

  /// What others may look at, on any thread. Guarded by itself.
  private final Kept kept = new Kept();

  private static final class Kept {
    long exchange;
    List<Integer> nodes = List.of();
    long told;
    boolean open;
  }

  /// A node that joins a part.
  private static final class Receiver {
    final int node;
    int number = 1;
    boolean ended;
    long failingSince;
    long restUntil;
    CompletableFuture<byte[]> answer;

    Receiver(int node) {
      this.node = node;
    }
  }

  RemoteExchange(ShardTransaction transaction, ClusterGateway gateway, Work work) {
    this.transaction = transaction;
    this.gateway = gateway;
    this.work = work;
  }

  private long now() {
    return gateway.outside().clock().nanoTime();
  }

  @Override
  public boolean ship() {
    if (!transaction.waits().mayBlock()) {
      throw WouldBlockException.INSTANCE;
    }
    while (attempts < MOST_ATTEMPTS) {
      if (attempts++ > 0) {
        rest(BETWEEN_NANOS);
      }
      boolean shipped = false;
      try {
        shipped = begin() && ship(1, work.right()) && ship(0, work.left());
        return shipped;
      } catch (Shipments.LostException again) {
        // A receiver has gone, or was started anew: from the beginning.
      } finally {
        if (!shipped) {
          close();
        }
      }
    }
    return false;
  }

  private void rest(long nanos) {
    for (long until = now() + nanos; now() - until < 0; ) {
      await();
    }
  }

  private void await() {
    WaitPolicy waits = transaction.waits();
    waits.checkInterrupts();
    LockSupport.parkNanos(this, REST_NANOS);
    if (Thread.interrupted()) {
      waits.checkInterrupts();
    }
  }

  /// Begins at all receivers.
  ///
  /// @return false where there are none to speak of, or one does not understand the program
  private boolean begin() {
    int[] leaders =
        Arrays.stream(work.shards())
            .map(gateway.network()::leader)
            .filter(node -> node >= 0)
            .sorted()
            .distinct()
            .toArray();
    if (leaders.length < 2 || leaders.length > MOST_RECEIVERS) {
      return false;
    }
    long exchange = gateway.newFragment();
    shipments = new Shipments(exchange, leaders, slots(leaders));
    receivers = Arrays.stream(leaders).mapToObj(Receiver::new).toList();
    synchronized (kept) {
      kept.exchange = exchange;
      kept.nodes = Arrays.stream(leaders).boxed().toList();
      kept.told = now();
      kept.open = true;
    }
    gateway.opened(this);
    byte[] body =
        ExchangeRequest.toBytes(
            new ExchangeRequest.Open(
                exchange, work.program(), work.arguments(), work.memory(), work.mostKilobytes()));
    for (Receiver each : receivers) {
      ask(each, body);
    }
    for (Receiver each : receivers) {
      while (!each.answer.isDone()) {
        await();
      }
      FragmentAnswer answer = answer(each);
      if (answer == null) {
        throw Shipments.LostException.INSTANCE;
      }
      if (answer != FragmentAnswer.Plain.TAKEN) {
        return false;
      }
    }
    return true;
  }

  private byte[] slots(int[] leaders) {
    byte[] slots = new byte[FragmentRequest.SLOTS];
    for (int i = 0; i < slots.length; i++) {
      int place =
          work.slotShards() == null
              ? -1
              : Arrays.binarySearch(leaders, gateway.network().leader(work.slotShards()[i]));
      slots[i] = (byte) (place >= 0 ? place : i % leaders.length);
    }
    return slots;
  }

  private void ask(Receiver receiver, byte[] body) {
    bytes += body.length;
    CompletableFuture<byte[]> answer = gateway.network().fragment(receiver.node, body);
    receiver.answer = answer;
    answer.whenComplete((_, _) -> LockSupport.unpark(owner));
  }

  /// What a receiver has answered; null for nothing.
  private FragmentAnswer answer(Receiver receiver) {
    CompletableFuture<byte[]> answered = receiver.answer;
    receiver.answer = null;
    if (answered.isCompletedExceptionally()) {
      return null;
    }
    byte[] body = answered.join();
    bytes += body.length;
    roundTrips++;
    nodes.add(receiver.node);
    try {
      return FragmentAnswer.read(body);
    } catch (IllegalArgumentException | IndexOutOfBoundsException unknown) {
      return FragmentAnswer.Plain.CANNOT;
    }
  }

  /// Has one side's rows sent.
  ///
  /// @return false where some of them have to be read otherwise
  private boolean ship(int number, Side side) {
    shipments.side(number);
    long sent = shipments.bytes();
    RemoteFragment fragment =
        new RemoteFragment(
            transaction,
            gateway,
            new RemoteFragment.Work(
                side.program(), side.arguments(), side.relation(), side.others(), 0, shipments),
            side.shards(),
            side.from(),
            side.to());
    long read = 0;
    long passed = 0;
    try (fragment) {
      for (FragmentScan.Piece piece = fragment.next(); piece != null; piece = fragment.next()) {
        read += piece.rowsRead();
        passed += piece.rowsPassed();
      }
    } finally {
      FragmentScan.Traffic traffic = fragment.traffic();
      bytes += traffic.bytes();
      roundTrips += traffic.roundTrips();
      nodes.addAll(traffic.nodes());
      exchanged += shipments.bytes() - sent;
    }
    rows[number] = new SideRows(read, passed);
    return fragment.rest().isEmpty();
  }

  @Override
  public FragmentScan.Piece next() {
    boolean done = false;
    try {
      FragmentScan.Piece piece = joined();
      done = piece != null;
      return piece;
    } finally {
      if (!done) {
        close();
      }
    }
  }

  private FragmentScan.Piece joined() {
    while (true) {
      boolean open = false;
      for (int i = 0; i < receivers.size(); i++) {
        Receiver receiver = receivers.get(turn);
        turn = (turn + 1) % receivers.size();
        if (receiver.ended) {
          continue;
        }
        open = true;
        if (receiver.answer == null && now() - receiver.restUntil >= 0) {
          next(receiver);
        } else if (receiver.answer != null && receiver.answer.isDone()) {
          FragmentScan.Piece piece;
          try {
            piece = taken(receiver);
          } catch (Shipments.LostException lost) {
            close();
            if (given || !ship()) {
              throw Failures.exchangeLost();
            }
            turn = 0;
            break;
          }
          if (piece != null) {
            given = true;
            return piece;
          }
        }
      }
      if (!open) {
        return null;
      }
      if (receivers.stream().noneMatch(each -> each.answer != null && each.answer.isDone())) {
        await();
      }
    }
  }

  private void next(Receiver receiver) {
    ask(
        receiver,
        ExchangeRequest.toBytes(
            new ExchangeRequest.Next(
                shipments.exchange(), receiver.number, shipments.last(), shipments.without())));
  }

  /// @return null where there is nothing in it
  private FragmentScan.Piece taken(Receiver receiver) {
    switch (answer(receiver)) {
      case FragmentAnswer.Part part -> {
        receiver.number++;
        receiver.failingSince = 0;
        receiver.ended = part.done() > 0;
        if (!receiver.ended) {
          next(receiver);
        }
        return part.output().length == 0
            ? null
            : new FragmentScan.Piece(part.output(), part.rowsRead(), part.rowsPassed());
      }
      case FragmentAnswer.Failed(SqlException why) -> throw why;
      case FragmentAnswer.Plain.BUSY -> receiver.restUntil = now() + REST_NANOS;
      case null -> {
        // No connection, or no answer in time: what it has answered it answers again.
        long at = now();
        receiver.restUntil = at + REST_NANOS;
        if (receiver.failingSince == 0) {
          receiver.failingSince = at;
        } else if (at - receiver.failingSince > PATIENCE_NANOS) {
          throw Shipments.LostException.INSTANCE;
        }
      }
      default -> throw Shipments.LostException.INSTANCE;
    }
    return null;
  }

  @Override
  public SideRows rows(int side) {
    return rows[side];
  }

  @Override
  public Traffic traffic() {
    return new Traffic(bytes, exchanged, roundTrips, nodes);
  }

  /// Tells the receivers now and then that somebody will go on asking. Any thread.
  void again() {
    synchronized (kept) {
      long at = now();
      if (kept.open && at - kept.told > KEEP_NANOS) {
        kept.told = at;
        tell(new ExchangeRequest.Keep(kept.exchange));
      }
    }
  }

  /// Whether it was the transaction's; then it is closed. Any thread.
  boolean endedWith(ShardTransaction ended) {
    if (ended == transaction) {
      release();
    }
    return ended == transaction;
  }

  private void tell(ExchangeRequest what) {
    byte[] body = ExchangeRequest.toBytes(what);
    kept.nodes.forEach(node -> gateway.network().fragment(node, body));
  }

  private void release() {
    synchronized (kept) {
      if (kept.open) {
        kept.open = false;
        tell(new ExchangeRequest.Close(kept.exchange));
      }
    }
  }

  @Override
  public void close() {
    release();
    gateway.closed(this);
    receivers = List.of();
  }
}
