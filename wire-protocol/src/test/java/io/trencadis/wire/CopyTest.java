package io.trencadis.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

class CopyTest {
  private final FakeEngine engine = new FakeEngine();
  private WireServer server;
  private RawClient client;

  @BeforeEach
  void start() throws IOException {
    server = new WireServer(engine, WireConfig.loopback(0));
    server.start();
    client = RawClient.connect(server.port());
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    server.stop(2_000);
    assertEquals(0, engine.open());
    assertEquals(0, engine.overlaps.get());
  }

  @Test
  void dataIsTakenUntilDone() throws IOException {
    client.query("copyin");
    assertEquals("G", client.next().toString());
    client.send(
        Frames.all(
            Frames.copyData("one\n"),
            Frames.flush(),
            Frames.sync(),
            Frames.copyData(""),
            Frames.copyData("tw"),
            Frames.copyData("o\n"),
            Frames.copyDone()));
    assertEquals(List.of("C:COPY 8", "ZI"), client.untilReady());
  }

  @Test
  void copyInTheExtendedProtocolIgnoresTheSyncThatDriversSendTooEarly() throws IOException {
    client.send(
        Frames.all(
            Frames.parse("", "copyin"), Frames.bind("", ""), Frames.execute("", 0), Frames.sync()));
    client.send(Frames.all(Frames.copyData("x\n"), Frames.copyDone(), Frames.sync()));
    assertEquals(List.of("1", "2", "G", "C:COPY 2", "ZI"), client.untilReady());
  }

  @Test
  void theClientCanGiveUp() throws IOException {
    client.send(
        Frames.all(Frames.query("copyin"), Frames.copyData("x"), Frames.copyFail("no more")));
    assertEquals(
        List.of("G", "E:ERROR 57014 COPY from stdin failed: no more", "ZI"), client.untilReady());
  }

  @Test
  void otherMessagesEndTheCopyAndLateDataIsIgnored() throws IOException {
    client.send(
        Frames.all(
            Frames.query("copyin"),
            Frames.copyData("x"),
            Frames.query("rows 1"),
            Frames.copyData("y"),
            Frames.copyDone(),
            Frames.query("rows 1")));
    assertEquals(
        List.of("G", "E:ERROR 08P01 unexpected message type 0x51 during COPY from stdin", "ZI"),
        client.untilReady());
    assertEquals(List.of("T", "D:[1, row 1]", "C:SELECT 1", "ZI"), client.untilReady());
  }

  @Test
  void goodbyeInTheMiddleEndsTheSession() throws IOException {
    client.send(Frames.all(Frames.query("copyin"), Frames.copyData("x"), Frames.terminate()));
    assertEquals("G", client.next().toString());
    assertEquals(
        "E:FATAL 08P01 unexpected message type 0x58 during COPY from stdin",
        client.next().toString());
    assertNull(client.next());
  }

  @Test
  void copyOutIsFramedRowByRow() throws IOException {
    client.query("copyout 2");
    assertEquals(List.of("H", "d", "d", "c", "C:COPY 2", "ZI"), client.untilReady());
  }

  @Test
  void jdbcCopiesInBothDirections() throws Exception {
    String url = "jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres?user=postgres";
    try (Connection jdbc = DriverManager.getConnection(url)) {
      var copy = jdbc.unwrap(PGConnection.class).getCopyAPI();
      String text = "a line of data\n".repeat(200_000);
      // The fake engine's tag is the number of bytes.
      assertEquals(text.length(), copy.copyIn("copyin", new StringReader(text)));
      StringWriter out = new StringWriter();
      assertEquals(50_000, copy.copyOut("copyout 50000", out));
      assertEquals("row 49999", out.toString().lines().reduce((_, last) -> last).orElseThrow());
    }
  }
}
