package io.trencadis.sharding.fragment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.base.ByteWriter;
import io.trencadis.base.Clock;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;

/// What a node keeps for an exchange, for how long, and what it answers.
class ExchangeServerTest {
  private static final byte[] NOTHING = {};

  private long now = 1;

  private final Clock clock =
      new Clock() {
        @Override
        public long currentMillis() {
          return now / 1_000_000;
        }

        @Override
        public long nanoTime() {
          return now;
        }
      };

  /// Gives back the rows of the pieces that count, one a run.
  private static final class Echo implements FragmentEngine.Exchange {
    private final Map<Long, byte[]> pieces = new TreeMap<>();
    private final List<byte[]> left = new ArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    @Override
    public void add(int side, long piece, byte[] rows) {
      pieces.put(piece, rows);
    }

    @Override
    public void seal(LongPredicate counted) {
      pieces.forEach(
          (piece, rows) -> {
            if (counted.test(piece)) {
              left.add(rows);
            }
          });
    }

    @Override
    public FragmentEngine.Output run(BooleanSupplier over) {
      byte[] next = left.removeFirst();
      if (next.length == 0) {
        throw new SqlException(SqlState.DIVISION_BY_ZERO, "division by zero");
      }
      return new FragmentEngine.Output(next, 1, 1);
    }

    @Override
    public boolean ended() {
      return left.isEmpty();
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  private final List<Echo> made = new ArrayList<>();

  private final FragmentEngine engine =
      new FragmentEngine() {
        @Override
        public Program load(byte[] program) {
          throw new IllegalArgumentException("no program");
        }

        @Override
        public Exchange open(byte[] program, byte[] arguments, long memory, long mostKilobytes) {
          if (program.length > 0) {
            throw new IllegalArgumentException("an unknown program");
          }
          made.add(new Echo());
          return made.getLast();
        }
      };

  private final Map<Integer, List<byte[]>> sent = new TreeMap<>();
  private FragmentAnswer ofOthers = FragmentAnswer.Plain.TAKEN;

  private final ExchangeServer server =
      new ExchangeServer(
          (node, body) -> {
            sent.computeIfAbsent(node, _ -> new ArrayList<>()).add(body);
            return ofOthers == null
                ? CompletableFuture.failedFuture(new IllegalStateException("no connection"))
                : CompletableFuture.completedFuture(FragmentAnswer.toBytes(ofOthers));
          },
          clock,
          Runnable::run,
          1_000_000);

  private FragmentAnswer ask(ExchangeRequest request) {
    List<byte[]> answers = new ArrayList<>();
    server.handle(engine, ExchangeRequest.toBytes(request), answers::add);
    assertEquals(1, answers.size());
    return FragmentAnswer.read(answers.getFirst());
  }

  private FragmentAnswer open(long exchange) {
    return ask(new ExchangeRequest.Open(exchange, NOTHING, NOTHING, 1 << 20, -1));
  }

  private FragmentAnswer next(int number, long... without) {
    return ask(new ExchangeRequest.Next(7, number, 4, without));
  }

  private static byte[] output(FragmentAnswer answer) {
    return ((FragmentAnswer.Part) answer).output();
  }

  @Test
  void onlyPiecesThatWereAnsweredCountAndAnswersCanBeHadAgain() {
    assertEquals(FragmentAnswer.Plain.TAKEN, open(7));
    for (int piece = 1; piece <= 5; piece++) {
      assertEquals(
          FragmentAnswer.Plain.TAKEN,
          ask(new ExchangeRequest.Ship(7, piece % 2, piece, new byte[] {(byte) piece})));
    }
    // The second was asked for again, and the fifth is later than all.
    assertArrayEquals(new byte[] {1}, output(next(1, 2)));
    assertArrayEquals(new byte[] {1}, output(next(1, 2)));
    assertArrayEquals(new byte[] {3}, output(next(2, 2)));
    assertEquals(
        FragmentAnswer.Plain.TAKEN, ask(new ExchangeRequest.Ship(7, 0, 2, new byte[] {9})));
    assertEquals(FragmentAnswer.Plain.LOST, next(4, 2));
    FragmentAnswer.Part last = (FragmentAnswer.Part) next(3, 2);
    assertArrayEquals(new byte[] {4}, last.output());
    assertEquals(1, last.done());
    assertEquals(FragmentAnswer.Plain.LOST, ask(new ExchangeRequest.Next(8, 1, 4, new long[0])));
  }

  @Test
  void anErrorIsAnAnswer() {
    open(7);
    ask(new ExchangeRequest.Ship(7, 0, 1, NOTHING));
    for (int i = 0; i < 2; i++) {
      FragmentAnswer.Failed failed = (FragmentAnswer.Failed) next(1);
      assertEquals(SqlState.DIVISION_BY_ZERO, failed.why().state());
    }
  }

  @Test
  void whatNobodySpeaksOfIsLetGoOf() throws InterruptedException {
    open(7);
    open(8);
    now += ExchangeServer.LIFE_NANOS / 2;
    assertEquals(FragmentAnswer.Plain.TAKEN, ask(new ExchangeRequest.Keep(8)));
    now += ExchangeServer.LIFE_NANOS / 2 + 1;
    server.sweep();
    assertTrue(made.get(0).closed.await(20, TimeUnit.SECONDS));
    assertEquals(FragmentAnswer.Plain.LOST, ask(new ExchangeRequest.Keep(7)));
    assertEquals(FragmentAnswer.Plain.LOST, ask(new ExchangeRequest.Ship(7, 0, 1, NOTHING)));
    assertFalse(made.get(1).closed.await(1, TimeUnit.MILLISECONDS));
    assertEquals(FragmentAnswer.Plain.TAKEN, ask(new ExchangeRequest.Close(8)));
    assertTrue(made.get(1).closed.await(20, TimeUnit.SECONDS));
    assertEquals(FragmentAnswer.Plain.LOST, ask(new ExchangeRequest.Keep(8)));
  }

  @Test
  void thereAreSoManyAndNoMore() {
    int open = 0;
    while (open < 1_000 && open(100 + open) == FragmentAnswer.Plain.TAKEN) {
      open++;
    }
    assertEquals(64, open);
    assertEquals(FragmentAnswer.Plain.BUSY, open(1));
    assertEquals(
        FragmentAnswer.Plain.CANNOT,
        new ExchangeServerTest()
            .ask(new ExchangeRequest.Open(1, new byte[] {1}, NOTHING, 1 << 20, -1)));
    server.close();
    assertTrue(made.stream().allMatch(each -> each.closed.getCount() == 0));
  }

  private FragmentAnswer ship() {
    ByteWriter output = new ByteWriter();
    output.putByte(1).putInt(2).putBytes(new byte[] {5, 6});
    output.putByte(0).putInt(1).putBytes(new byte[] {7});
    List<byte[]> answers = new ArrayList<>();
    server.ship(
        new FragmentRequest.Shipping(7, 1, 3, new int[] {4, 2, 9}, new byte[256]),
        new FragmentAnswer.Part(1, null, new long[] {8}, 10, 9, 3, output.toByteArray()),
        answers::add);
    assertEquals(1, answers.size());
    return FragmentAnswer.read(answers.getFirst());
  }

  @Test
  void aPieceIsAnsweredWhenAllHaveTheirs() {
    FragmentAnswer.Part part = (FragmentAnswer.Part) ship();
    assertEquals(List.of(2, 4), List.copyOf(sent.keySet()));
    ExchangeRequest.Ship one = (ExchangeRequest.Ship) ExchangeRequest.read(sent.get(2).getFirst());
    assertEquals(7, one.exchange());
    assertEquals(1, one.side());
    assertEquals(3, one.piece());
    assertArrayEquals(new byte[] {5, 6}, one.rows());
    int[] lengths = {sent.get(4).getFirst().length, sent.get(2).getFirst().length, 0};
    ByteWriter expected = new ByteWriter();
    for (int length : lengths) {
      expected.putInt(length);
    }
    assertArrayEquals(expected.toByteArray(), part.output());
    assertEquals(10, part.rowsRead());
    ofOthers = FragmentAnswer.Plain.BUSY;
    assertEquals(FragmentAnswer.Plain.BUSY, ship());
    ofOthers = FragmentAnswer.Plain.LOST;
    assertEquals(FragmentAnswer.Plain.LOST, ship());
    ofOthers = null;
    assertEquals(FragmentAnswer.Plain.LOST, ship());
  }
}
