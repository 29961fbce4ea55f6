package io.trencadis.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import java.io.IOException;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StartupTest {
  private static final int SSL = 80877103;
  private static final int GSS = 80877104;
  private static final int CANCEL = 80877102;

  private final FakeEngine engine = new FakeEngine();
  private WireServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        new WireServer(
            engine,
            WireConfig.builder(0).maxConnections(3).authenticationTimeoutMillis(500).build());
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(2_000);
    assertEquals(0, engine.open());
  }

  private List<String> greetingFor(String... parameters) throws IOException {
    try (RawClient client = new RawClient(server.port())) {
      client.startup(parameters);
      return client.untilReady();
    }
  }

  @Test
  void aTrustedClientGetsSettingsItsKeyAndReady() throws IOException {
    List<String> greeting = greetingFor("user", "postgres", "application_name", "t\u00e9st");
    assertEquals("R", greeting.getFirst());
    assertTrue(greeting.contains("S:server_version 15.0"));
    assertEquals(List.of("K", "ZI"), greeting.subList(greeting.size() - 2, greeting.size()));
    assertEquals("postgres", engine.lastParameters.get("database"));
    assertEquals("t\u00e9st", engine.lastParameters.get("application_name"));
  }

  @Test
  void faultyStartUpPacketsAreRefusedInPostgresWords() throws IOException {
    assertEquals(
        List.of("E:FATAL 28000 no PostgreSQL user name specified in startup packet", "EOF"),
        greetingFor("database", "x"));
    assertEquals(
        List.of("E:FATAL 28000 role \"nobody\" does not exist", "EOF"),
        greetingFor("user", "nobody"));
    assertEquals(
        List.of("R", "E:FATAL 3D000 database \"nowhere\" does not exist", "EOF"),
        greetingFor("user", "postgres", "database", "nowhere"));
    try (RawClient client = new RawClient(server.port())) {
      client.startup(2 << 16, "user", "postgres");
      assertEquals(
          List.of(
              "E:FATAL 0A000 unsupported frontend protocol 2.0: server supports 3.0 to 3.0", "EOF"),
          client.untilReady());
    }
    try (RawClient client = new RawClient(server.port())) {
      client.raw(new byte[] {0, 0, 0, 12, 0, 3, 0, 0, 'u', 0, 'p', 'x'});
      assertEquals(
          List.of(
              "E:FATAL 08P01 invalid startup packet layout: expected terminator as last byte",
              "EOF"),
          client.untilReady());
    }
    try (RawClient client = new RawClient(server.port())) {
      client.raw("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertEquals(
          List.of("E:FATAL 08P01 invalid length of startup packet", "EOF"), client.untilReady());
    }
  }

  @Test
  void newerMinorVersionsAndUnknownOptionsAreNegotiated() throws IOException {
    try (RawClient client = new RawClient(server.port())) {
      client.startup(3 << 16 | 2, "user", "postgres", "_pq_.something", "1");
      RawClient.Message negotiate = client.next();
      assertEquals('v', negotiate.type());
      ByteReader body = new ByteReader(negotiate.body());
      assertEquals(3 << 16, body.getInt());
      assertEquals(1, body.getInt());
      assertEquals("_pq_.something\0", body.getUtf8(body.remaining()));
      assertEquals("ZI", client.untilReady().getLast());
      assertFalse(engine.lastParameters.containsKey("_pq_.something"));
    }
  }

  @Test
  void encryptionIsRefusedWhereThereIsNone() throws IOException {
    try (RawClient client = new RawClient(server.port())) {
      client.request(GSS);
      assertEquals('N', client.readByte());
      client.request(SSL);
      assertEquals('N', client.readByte());
      client.startup("user", "postgres");
      assertEquals("ZI", client.untilReady().getLast());
    }
  }

  @Test
  void whatFollowsAnEncryptionRequestInTheClearIsRefused() throws IOException {
    try (RawClient client = new RawClient(server.port())) {
      client.raw(new ByteWriter().putInt(8).putInt(SSL).putInt(9).toByteArray());
      assertEquals(
          "E:FATAL 08P01 received unencrypted data after SSL request",
          client.untilReady().getFirst());
    }
  }

  @Test
  void cancelNeedsTheRightKey() throws IOException {
    try (RawClient client = RawClient.connect(server.port())) {
      client.query("sleep 3000");
      long start = System.nanoTime();
      cancel(client.processId, client.secretKey + 1);
      cancel(client.processId + 1, client.secretKey);
      sleep(100);
      cancel(client.processId, client.secretKey);
      assertEquals(
          List.of("E:ERROR 57014 canceling statement due to user request", "ZI"),
          client.untilReady());
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
      assertTrue(millis >= 100 && millis < 2_500, millis + " ms");
      client.query("commit");
      assertEquals(List.of("C:COMMIT", "ZI"), client.untilReady());
    }
  }

  private void cancel(int processId, int secretKey) throws IOException {
    try (RawClient canceller = new RawClient(server.port())) {
      canceller.request(CANCEL, processId, secretKey);
      assertNull(canceller.next());
    }
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void awaitOpen(int expected) {
    for (int i = 0;
        i < 300 && (engine.open() != expected || server.connectionCount() != expected);
        i++) {
      sleep(10);
    }
    assertEquals(expected, engine.open());
    assertEquals(expected, server.connectionCount());
  }

  @Test
  void tooManyClientsAreTurnedAwayUntilOneLeaves() throws IOException {
    RawClient first = RawClient.connect(server.port());
    try (RawClient second = RawClient.connect(server.port());
        RawClient third = RawClient.connect(server.port())) {
      assertEquals(
          List.of("E:FATAL 53300 sorry, too many clients already", "EOF"),
          greetingFor("user", "postgres"));
      first.close();
      awaitOpen(2);
      assertEquals("ZI", greetingFor("user", "postgres").getLast());
      assertEquals(2, List.of(second, third).size());
    }
    awaitOpen(0);
  }

  @Test
  void aClientThatVanishesTakesItsStatementWithIt() throws IOException {
    RawClient client = RawClient.connect(server.port());
    client.query("sleep 60000");
    sleep(50);
    client.close();
    awaitOpen(0);
  }

  @Test
  void aResetIsAsQuietAsAGoodbye() throws IOException {
    RawClient client = RawClient.connect(server.port());
    client.query("wide 100000");
    client.next();
    client.socket.setSoLinger(true, 0);
    client.close();
    awaitOpen(0);
  }

  @Test
  void whoDoesNotAuthenticateInTimeIsDropped() throws IOException {
    try (RawClient client = new RawClient(server.port())) {
      assertNull(client.next());
    }
  }

  @Test
  void stoppingTellsEveryoneAndDoesNotWaitForSlowStatements() throws IOException {
    try (RawClient idle = RawClient.connect(server.port());
        RawClient busy = RawClient.connect(server.port());
        RawClient ran = RawClient.connect(server.port())) {
      busy.query("sleep 60000");
      ran.query("sleep 1");
      ran.untilReady();
      sleep(50);
      long start = System.nanoTime();
      server.stop(5_000);
      assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(4));
      for (RawClient client : List.of(idle, busy, ran)) {
        assertEquals(
            "E:FATAL 57P01 terminating connection due to administrator command",
            String.valueOf(client.next()));
        assertNull(client.next());
      }
    }
    assertThrows(IOException.class, () -> new RawClient(server.port()));
  }

  @Test
  void aPortInUseIsSaidInOneSentence() {
    WireServer second = new WireServer(engine, WireConfig.loopback(server.port()));
    BindException error = assertThrows(BindException.class, second::start);
    assertEquals(
        "cannot listen at 127.0.0.1:" + server.port() + ": address already in use",
        error.getMessage());
  }
}
