package io.trencadis.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.base.ByteWriter;
import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Mutated streams at a running server: each attacker's connection ends, and a second client never
/// notices.
class FuzzTest {
  private static final int ROUNDS = Integer.getInteger("fuzz.rounds", 1_500);

  private final FakeEngine engine = new FakeEngine();
  private WireServer server;

  @BeforeEach
  void start() throws IOException {
    server = new WireServer(engine, WireConfig.builder(0).maxMessageBytes(1 << 20).build());
    server.start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    for (int i = 0; i < 500 && engine.open() > 0; i++) {
      Thread.sleep(10);
    }
    assertEquals(0, engine.open(), "sessions that never ended");
    server.stop(2_000);
    assertEquals(0, engine.overlaps.get());
  }

  private static List<byte[]> streams() {
    ByteWriter startup =
        new ByteWriter()
            .putInt(0)
            .putInt(3 << 16)
            .putUtf8("user\0postgres\0application_name\0fuzz\0\0");
    startup.setInt(0, startup.length());
    List<byte[]> streams = new ArrayList<>();
    ByteWriter[] conversations = {
      Frames.all(Frames.query("rows 3;commit"), Frames.query("error"), Frames.query("warn")),
      Frames.all(
          Frames.parse("s", "echo"),
          Frames.describe('S', "s"),
          Frames.bind("p", "s", "value", "second"),
          Frames.describe('P', "p"),
          Frames.execute("p", 10),
          Frames.close('P', "p"),
          Frames.flush(),
          Frames.sync(),
          Frames.bind("", "s", "x"),
          Frames.execute("", 0),
          Frames.close('S', "s"),
          Frames.sync()),
      Frames.all(
          Frames.query("copyin"),
          Frames.copyData("1\t2\n"),
          Frames.copyDone(),
          Frames.query("copyout 3")),
      Frames.all(
          Frames.parse("", "copyin"),
          Frames.bind("", ""),
          Frames.execute("", 0),
          Frames.copyFail("x"),
          Frames.sync(),
          Frames.query("lock"),
          Frames.query("bug")),
      Frames.all(Frames.password(new byte[] {'x', 0}), Frames.query("rows 1")),
    };
    for (ByteWriter conversation : conversations) {
      streams.add(Frames.all(startup, conversation, Frames.terminate()).toByteArray());
    }
    return streams;
  }

  @Test
  void mutatedStreamsHarmNobodyElse() throws Exception {
    long seed = Long.getLong("seed", 42L);
    Random random = new Random(seed);
    List<byte[]> streams = streams();
    try (RawClient bystander = RawClient.connect(server.port())) {
      for (int round = 0; round < ROUNDS; round++) {
        byte[] attack = MutatedBytes.of(streams.get(random.nextInt(streams.size())), random);
        String claim = "seed " + seed + ", round " + round;
        attack(attack, claim);
        if (round % 10 == 0) {
          bystander.query("rows 1");
          assertEquals(
              List.of("T", "D:[1, row 1]", "C:SELECT 1", "ZI"), bystander.untilReady(), claim);
        }
      }
    }
    assertTrue(engine.opened.get() > ROUNDS / 4, "most attacks should get past the start-up");
  }

  /// Sends all, ends its half of the connection, and reads until the server has ended the other.
  private void attack(byte[] bytes, String claim) throws IOException {
    try (RawClient attacker = new RawClient(server.port())) {
      try {
        attacker.raw(bytes);
        attacker.endOfInput();
        while (attacker.readByte() >= 0) {}
      } catch (java.net.SocketTimeoutException hangs) {
        throw new AssertionError("the server hangs, " + claim, hangs);
      } catch (SocketException reset) {
        // As good an end as any.
      }
    }
  }
}
