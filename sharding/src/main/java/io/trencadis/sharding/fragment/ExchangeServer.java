package io.trencadis.sharding.fragment;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.base.Clock;
import io.trencadis.base.SqlException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.function.Supplier;

/// The exchanges whose rows this node joins, and the sending of rows to those of other nodes.
/// Thread-safe.
///
/// An exchange is kept as long as its gateway speaks of it: what nobody has spoken of for a while
/// is let go of. Each answer with joined rows is kept until the next one is asked for, so that one
/// that was lost can be had again.
final class ExchangeServer implements AutoCloseable {
  /// How long an exchange is kept of which nothing is heard.
  static final long LIFE_NANOS = 30_000_000_000L;

  private static final int MOST_EXCHANGES = 64;

  /// More memory than this nobody is given, in bytes.
  private static final long MOST_MEMORY = 256 << 20;

  private final FragmentServer.Senders senders;
  private final Clock clock;
  private final Executor threads;
  private final long pieceNanos;
  private final Map<Long, Held> exchanges = new ConcurrentHashMap<>();

  /// One of them. What is not final is guarded by it, but for the time.
  private static final class Held {
    final FragmentEngine.Exchange state;
    volatile long heard;
    boolean sealed;
    int number;
    FragmentAnswer last;

    Held(FragmentEngine.Exchange state, long now) {
      this.state = state;
      this.heard = now;
    }
  }

  /// @param threads does what takes long; may reject it
  /// @param pieceNanos how long a piece is worked at
  ExchangeServer(FragmentServer.Senders senders, Clock clock, Executor threads, long pieceNanos) {
    this.senders = senders;
    this.clock = clock;
    this.threads = threads;
    this.pieceNanos = pieceNanos;
  }

  int open() {
    return exchanges.size();
  }

  /// Lets go of what nobody has spoken of. To be called every now and then; does not wait.
  void sweep() {
    long now = clock.nanoTime();
    for (Map.Entry<Long, Held> each : exchanges.entrySet()) {
      if (now - each.getValue().heard > LIFE_NANOS) {
        release(each.getKey());
      }
    }
  }

  private void release(long id) {
    Held held = exchanges.remove(id);
    if (held != null) {
      // Whoever runs it stops soon, and then files are removed.
      Thread.ofVirtual().start(held.state::close);
    }
  }

  /// Answers a request. Does not wait.
  void handle(FragmentEngine engine, byte[] body, Consumer<byte[]> answer) {
    ExchangeRequest request = ExchangeRequest.read(body);
    Held held = exchanges.get(request.exchange());
    if (held != null) {
      held.heard = clock.nanoTime();
    }
    switch (request) {
      case ExchangeRequest.Keep _ ->
          tell(answer, held == null ? FragmentAnswer.Plain.LOST : FragmentAnswer.Plain.TAKEN);
      case ExchangeRequest.Close(long id) -> {
        release(id);
        tell(answer, FragmentAnswer.Plain.TAKEN);
      }
      case ExchangeRequest.Open open -> tell(answer, opened(engine, open));
      case ExchangeRequest.Ship ship -> later(() -> shipped(held, ship), answer);
      case ExchangeRequest.Next next -> later(() -> next(held, next), answer);
    }
  }

  private static void tell(Consumer<byte[]> answer, FragmentAnswer what) {
    answer.accept(FragmentAnswer.toBytes(what));
  }

  private void later(Supplier<FragmentAnswer> work, Consumer<byte[]> answer) {
    try {
      threads.execute(() -> tell(answer, FragmentServer.answering(work)));
    } catch (RejectedExecutionException full) {
      tell(answer, FragmentAnswer.Plain.BUSY);
    }
  }

  private FragmentAnswer opened(FragmentEngine engine, ExchangeRequest.Open open) {
    if (exchanges.size() >= MOST_EXCHANGES) {
      return FragmentAnswer.Plain.BUSY;
    }
    long memory = Math.clamp(open.memory(), 1 << 16, MOST_MEMORY);
    FragmentEngine.Exchange state;
    try {
      state = engine.open(open.program(), open.arguments(), memory, open.mostKilobytes());
    } catch (IllegalArgumentException unknown) {
      return FragmentAnswer.Plain.CANNOT;
    }
    Held before = exchanges.putIfAbsent(open.exchange(), new Held(state, clock.nanoTime()));
    if (before != null) {
      state.close();
    }
    return FragmentAnswer.Plain.TAKEN;
  }

  private FragmentAnswer shipped(Held held, ExchangeRequest.Ship ship) {
    if (held == null) {
      return FragmentAnswer.Plain.LOST;
    }
    synchronized (held) {
      if (held.sealed) {
        // It was asked for again, and came without it.
        return FragmentAnswer.Plain.TAKEN;
      }
      held.state.add(ship.side(), ship.piece(), ship.rows());
    }
    return FragmentAnswer.Plain.TAKEN;
  }

  private FragmentAnswer next(Held held, ExchangeRequest.Next next) {
    if (held == null) {
      return FragmentAnswer.Plain.LOST;
    }
    synchronized (held) {
      if (next.number() == held.number && held.last != null) {
        return held.last;
      }
      if (next.number() != held.number + 1) {
        return FragmentAnswer.Plain.LOST;
      }
      if (!held.sealed) {
        held.sealed = true;
        held.state.seal(counted(next));
      }
      long deadline = clock.nanoTime() + pieceNanos;
      FragmentAnswer answer;
      try {
        FragmentEngine.Output output = held.state.run(() -> clock.nanoTime() - deadline > 0);
        answer =
            new FragmentAnswer.Part(
                held.state.ended() ? 1 : 0,
                null,
                new long[1],
                0,
                output.passed(),
                output.rows(),
                output.bytes());
      } catch (SqlException failed) {
        answer = new FragmentAnswer.Failed(failed);
      }
      held.number = next.number();
      held.last = answer;
      held.heard = clock.nanoTime();
      return answer;
    }
  }

  private static LongPredicate counted(ExchangeRequest.Next next) {
    return piece -> piece <= next.last() && Arrays.binarySearch(next.without(), piece) < 0;
  }

  // ---- sending

  /// Sends a piece's rows to their receivers.
  ///
  /// @param part the piece, whose output is divided: a receiver's place, a length, and rows
  /// @param answer is given the piece without its rows when all receivers have theirs; how many
  ///   bytes each was sent, by place, is its output then
  void ship(FragmentRequest.Shipping shipping, FragmentAnswer.Part part, Consumer<byte[]> answer) {
    int[] sent = new int[shipping.nodes().length];
    List<CompletableFuture<byte[]>> answers = new ArrayList<>();
    ByteReader in = new ByteReader(part.output());
    while (in.remaining() > 0) {
      int receiver = in.getByte() & 0xff;
      byte[] body =
          ExchangeRequest.toBytes(
              new ExchangeRequest.Ship(
                  shipping.exchange(),
                  shipping.side(),
                  shipping.piece(),
                  in.getBytes(in.getInt())));
      sent[receiver] += body.length;
      answers.add(senders.send(shipping.nodes()[receiver], body));
    }
    CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
        .whenComplete(
            (_, failed) ->
                tell(
                    answer, failed == null ? all(answers, part, sent) : FragmentAnswer.Plain.LOST));
  }

  private static FragmentAnswer all(
      List<CompletableFuture<byte[]>> answers, FragmentAnswer.Part part, int[] sent) {
    for (CompletableFuture<byte[]> each : answers) {
      FragmentAnswer one;
      try {
        one = FragmentAnswer.read(each.join());
      } catch (IllegalArgumentException | IndexOutOfBoundsException unknown) {
        one = FragmentAnswer.Plain.CANNOT;
      }
      if (one != FragmentAnswer.Plain.TAKEN) {
        return one;
      }
    }
    ByteWriter out = new ByteWriter(4 * sent.length);
    for (int bytes : sent) {
      out.putInt(bytes);
    }
    return new FragmentAnswer.Part(
        part.done(),
        part.last(),
        part.terms(),
        part.rowsRead(),
        part.rowsPassed(),
        part.rows(),
        out.toByteArray());
  }

  /// Lets go of all; nobody works at any when it is called.
  @Override
  public void close() {
    exchanges.values().forEach(held -> held.state.close());
    exchanges.clear();
  }
}
