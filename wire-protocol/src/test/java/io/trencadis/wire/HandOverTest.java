package io.trencadis.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.base.ByteWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HandOverTest {
  private final FakeEngine engine = new FakeEngine();
  private WireServer server;

  @BeforeEach
  void start() throws IOException {
    server = new WireServer(engine, WireConfig.loopback(0));
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(2_000);
    assertEquals(0, engine.open());
    assertEquals(
        0,
        engine.overlaps.get(),
        "two threads in one session, or one that may not block where it does");
  }

  @Test
  void nothingLeavesBeforeWhatTheSessionFollows() throws Exception {
    try (RawClient client = RawClient.connect(server.port())) {
      CountDownLatch asked = new CountDownLatch(1);
      CountDownLatch durable = new CountDownLatch(1);
      engine.following =
          () -> {
            asked.countDown();
            try {
              durable.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          };
      client.send(Frames.query("slow"));
      asked.await();
      assertEquals(0, client.available());
      durable.countDown();
      assertEquals(2, client.untilReady().size());
    }
  }

  @Test
  void shortRequestsStayOnTheEventLoop() throws Exception {
    try (RawClient client = RawClient.connect(server.port())) {
      // The greeting comes just before the thread gives its turn away.
      Thread.sleep(100);
      int before = engine.onThread.get();
      for (int i = 0; i < 100; i++) {
        client.send(
            Frames.all(
                Frames.parse("s" + i, "echo"),
                Frames.describe('S', "s" + i),
                Frames.bind("", "s" + i, "a"),
                Frames.describe('P', ""),
                Frames.execute("", 0),
                Frames.sync()));
        assertEquals(8, client.untilReady().size());
      }
      assertEquals(before, engine.onThread.get());
      assertEquals(600, engine.onLoop.get());
    }
  }

  @Test
  void aRequestThatWouldBlockIsRunAgainWithoutATrace() throws Exception {
    try (RawClient client = RawClient.connect(server.port())) {
      Thread.sleep(100);
      client.send(
          Frames.all(
              Frames.parse("", "lock"), Frames.bind("", ""), Frames.execute("", 0), Frames.sync()));
      assertEquals(List.of("1", "2", "D:[locked]", "C:SELECT 1", "ZI"), client.untilReady());
      client.query("rows 1;lock");
      assertEquals(
          List.of("T", "D:[1, row 1]", "C:SELECT 1", "T", "D:[locked]", "C:SELECT 1", "ZI"),
          client.untilReady());
      assertTrue(engine.onLoop.get() > 0 && engine.onThread.get() > 0);
    }
  }

  @Test
  void everyMixOfThreadsAnswersInOrder() throws Exception {
    long seed = Long.getLong("seed", 20_250_101L);
    try (ExecutorService clients = Executors.newFixedThreadPool(8)) {
      List<Future<Integer>> all = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        long mine = seed + i;
        all.add(clients.submit((Callable<Integer>) () -> mixedClient(mine)));
      }
      for (int i = 0; i < 8; i++) {
        assertTrue(all.get(i).get() > 0, "seed " + (seed + i));
      }
    }
    assertTrue(engine.onLoop.get() > 1_000, engine.onLoop + " on the loop");
    assertTrue(engine.onThread.get() > 1_000, engine.onThread + " on the thread");
  }

  /// Pipelines requests of every kind at random and compares with what each must answer.
  private int mixedClient(long seed) throws Exception {
    Random random = new Random(seed);
    String[] words = {"echo", "echo", "echo", "lock", "slow", "sleep 1", "error", "commit"};
    int checked = 0;
    try (RawClient client = RawClient.connect(server.port())) {
      for (int round = 0; round < 150; round++) {
        ByteWriter batch = new ByteWriter();
        List<List<String>> expected = new ArrayList<>();
        for (int i = random.nextInt(12); i >= 0; i--) {
          String word = words[random.nextInt(words.length)];
          String value = "v" + random.nextInt();
          boolean simple = random.nextBoolean() && !word.equals("echo");
          List<String> answer = new ArrayList<>();
          if (simple) {
            batch.putBytes(Frames.query(word).toByteArray());
          } else {
            batch.putBytes(
                Frames.all(
                        Frames.parse("", word),
                        Frames.bind("", "", value),
                        Frames.execute("", 0),
                        Frames.sync())
                    .toByteArray());
            answer.addAll(List.of("1", "2"));
          }
          switch (word) {
            case "echo" -> answer.addAll(List.of("D:[" + value + "]", "C:SELECT 1"));
            case "lock" ->
                answer.addAll(
                    simple
                        ? List.of("T", "D:[locked]", "C:SELECT 1")
                        : List.of("D:[locked]", "C:SELECT 1"));
            case "error" -> answer.add("E:ERROR 42601 syntax error at or near \"error\"");
            default -> answer.add("C:" + word.split(" ")[0].toUpperCase(java.util.Locale.ROOT));
          }
          answer.add("ZI");
          expected.add(answer);
        }
        byte[] bytes = batch.toByteArray();
        // In two pieces, cut anywhere: half of a request may be there when the other thread is
        // busy.
        int cut = random.nextInt(bytes.length);
        client.raw(java.util.Arrays.copyOf(bytes, cut));
        if (random.nextInt(4) == 0) {
          Thread.sleep(random.nextInt(3));
        }
        client.raw(java.util.Arrays.copyOfRange(bytes, cut, bytes.length));
        for (List<String> answer : expected) {
          assertEquals(answer, client.untilReady(), "seed " + seed + ", round " + round);
          checked++;
        }
      }
    }
    return checked;
  }
}
