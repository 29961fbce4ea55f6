package io.trencadis.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.base.ByteWriter;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BackPressureTest {
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
    assertEquals(0, engine.overlaps.get());
  }

  @Test
  void aSlowReaderHoldsBackItsSessionAndNotMemory() throws Exception {
    try (RawClient slow = RawClient.connect(server.port());
        RawClient other = RawClient.connect(server.port())) {
      slow.socket.setReceiveBufferSize(64 * 1024);
      int rows = 300_000;
      slow.query("wide " + rows);
      long used = 0;
      for (int i = 0; i < 10; i++) {
        Thread.sleep(50);
        other.query("rows 1");
        assertEquals(4, other.untilReady().size());
        used =
            io.netty.buffer.ByteBufAllocator.DEFAULT
                    instanceof io.netty.buffer.ByteBufAllocatorMetricProvider m
                ? m.metric().usedDirectMemory() + m.metric().usedHeapMemory()
                : 0;
      }
      // 300 MB are asked for.
      assertTrue(used < 64L * 1024 * 1024, used + " bytes of buffers");
      int count = 0;
      for (RawClient.Message message = slow.next(); message.type() != 'Z'; message = slow.next()) {
        count += message.type() == 'D' ? 1 : 0;
      }
      assertEquals(rows, count);
    }
  }

  @Test
  void aSlowReaderCanBeStopped() throws Exception {
    try (RawClient slow = RawClient.connect(server.port())) {
      slow.query("wide 300000");
      Thread.sleep(200);
      long start = System.nanoTime();
      server.stop(3_000);
      assertTrue(System.nanoTime() - start < 8_000_000_000L);
    }
  }

  @Test
  void whoSendsFasterThanTheSessionRunsIsHeldBack() throws Exception {
    try (RawClient client = RawClient.connect(server.port())) {
      client.query("sleep 1500");
      ByteWriter many = new ByteWriter();
      for (int i = 0; i < 1_000; i++) {
        many.putBytes(Frames.query("commit " + "x".repeat(1_000)).toByteArray());
      }
      byte[] megabyte = many.toByteArray();
      Thread writer =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      for (int i = 0; i < 50; i++) {
                        client.raw(megabyte);
                      }
                    } catch (IOException e) {
                      throw new IllegalStateException(e);
                    }
                  });
      assertTrue(
          !writer.join(java.time.Duration.ofMillis(700)), "50 MB went into a session that sleeps");
      assertEquals(List.of("C:SLEEP", "ZI"), client.untilReady());
      for (int i = 0; i < 50_000; i++) {
        assertEquals(List.of("C:COMMIT", "ZI"), client.untilReady());
      }
      writer.join();
    }
  }

  @Test
  void pipeliningWithoutReadingStopsTheSessionAndLosesNothing() throws Exception {
    try (RawClient client = RawClient.connect(server.port())) {
      client.socket.setReceiveBufferSize(64 * 1024);
      int batches = 20_000;
      Thread writer =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      client.send(Frames.parse("s", "echo"));
                      ByteWriter some = new ByteWriter();
                      String value = "v".repeat(500);
                      for (int i = 0; i < batches; i++) {
                        some.putBytes(Frames.bind("", "s", i + value).toByteArray());
                        some.putBytes(Frames.execute("", 0).toByteArray());
                        some.putBytes(Frames.sync().toByteArray());
                        if (some.length() > 100_000) {
                          client.send(some);
                          some.reset();
                        }
                      }
                      client.send(some);
                    } catch (IOException e) {
                      throw new IllegalStateException(e);
                    }
                  });
      Thread.sleep(700);
      assertEquals("1", client.next().toString());
      for (int i = 0; i < batches; i++) {
        List<String> answer = client.untilReady();
        assertTrue(answer.get(1).startsWith("D:[" + i + "v"), answer.toString());
      }
      writer.join();
      client.socket.setSoTimeout(50);
      try {
        assertEquals(null, client.next());
      } catch (SocketTimeoutException nothingMore) {
        // as it should be
      }
    }
  }
}
