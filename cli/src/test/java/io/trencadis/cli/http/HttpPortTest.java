package io.trencadis.cli.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Callers that behave, and callers that do not.
@Timeout(60)
class HttpPortTest {
  private static final long PATIENT = 60_000;

  private final CountDownLatch release = new CountDownLatch(1);
  private HttpPort port;

  private Answer slow() {
    try {
      release.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Answer.text(200, "at last");
  }

  private void open(long requestMillis) throws BindException {
    Map<String, Page> pages =
        Map.of(
            "/hello", () -> Answer.text(200, "grüezi"),
            "/broken",
                () -> {
                  throw new IllegalStateException("on purpose");
                },
            "/slow", this::slow);
    port = HttpPort.open(InetAddress.getLoopbackAddress(), 0, pages, requestMillis);
  }

  @AfterEach
  void close() {
    release.countDown();
    port.close();
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port.port());
    socket.setSoTimeout(30_000);
    return socket;
  }

  private static void send(Socket to, String text) throws IOException {
    to.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    to.getOutputStream().flush();
  }

  private static String untilClosed(Socket from) throws IOException {
    return new String(from.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /// Everything that is said until the connection is closed.
  private String said(String request) throws IOException {
    try (Socket socket = connect()) {
      send(socket, request);
      return untilClosed(socket);
    }
  }

  private static void assertStatus(String expected, String said) {
    assertTrue(said.startsWith("HTTP/1.1 " + expected), said);
  }

  @Test
  void pagesAreServedAndNothingElse() throws IOException {
    open(PATIENT);
    String hello = said("GET /hello?x=1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    assertStatus("200 OK\r\n", hello);
    assertTrue(hello.contains("content-type: text/plain; charset=utf-8\r\n"), hello);
    assertTrue(hello.contains("content-length: 8\r\n"), hello);
    assertTrue(hello.endsWith("\r\n\r\ngrüezi\n"), hello);
    String head = said("HEAD /hello HTTP/1.0\r\n\r\n");
    assertStatus("200 OK\r\n", head);
    assertTrue(head.contains("content-length: 8\r\n"), head);
    assertTrue(head.endsWith("\r\n\r\n"), head);
    for (String path : new String[] {"/", "/hello/", "/../hello", "/hello%2f", "hello", "*"}) {
      assertStatus("404 ", said("GET " + path + " HTTP/1.1\r\nConnection: close\r\n\r\n"));
    }
    String posted = said("POST /hello HTTP/1.1\r\nContent-Length: 0\r\n\r\n");
    assertStatus("405 ", posted);
    assertTrue(posted.contains("allow: GET, HEAD\r\n"), posted);
    assertStatus("500 ", said("GET /broken HTTP/1.1\r\nConnection: close\r\n\r\n"));
  }

  @Test
  void aConnectionServesOneRequestAfterTheOther() throws IOException {
    open(PATIENT);
    try (Socket socket = connect()) {
      for (int i = 0; i < 3; i++) {
        send(socket, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
        StringBuilder answer = new StringBuilder();
        while (answer.indexOf("grüezi\n") < 0) {
          byte[] some = new byte[1_000];
          int length = socket.getInputStream().read(some);
          assertTrue(length > 0, answer.toString());
          answer.append(new String(some, 0, length, StandardCharsets.UTF_8));
        }
        assertStatus("200 ", answer.toString());
      }
    }
  }

  @Test
  void whatIsTooLongIsRefused() throws IOException {
    open(PATIENT);
    assertStatus("414 ", said("GET /" + "x".repeat(2_000) + " HTTP/1.1\r\n\r\n"));
    assertStatus("431 ", said("GET /hello HTTP/1.1\r\nX: " + "x".repeat(9_000) + "\r\n\r\n"));
    assertStatus("413 ", said("GET /hello HTTP/1.1\r\nContent-Length: 5\r\n\r\n12345"));
    assertStatus("400 ", said("\u0016\u0003\u0001 this is not HTTP\r\n\r\n"));
  }

  @Test
  void theSilentAndTheSlowAreLeftAlone() throws IOException {
    open(200);
    try (Socket silent = connect();
        Socket slow = connect()) {
      send(slow, "GET /hello HTTP/1.1\r\nX: ");
      assertEquals("", untilClosed(slow));
      assertEquals("", untilClosed(silent));
    }
    assertStatus("200 ", said("GET /hello HTTP/1.1\r\nConnection: close\r\n\r\n"));
  }

  @Test
  void aPageThatTakesLongKeepsNobodyWaiting() throws Exception {
    open(200);
    try (Socket socket = connect()) {
      send(socket, "GET /slow HTTP/1.1\r\nConnection: close\r\n\r\n");
      assertStatus("200 ", said("GET /hello HTTP/1.1\r\nConnection: close\r\n\r\n"));
      release.countDown();
      assertTrue(untilClosed(socket).endsWith("at last\n"));
    }
    // Who does not wait for the answer is not kept.
    assertTrue(release.await(0, TimeUnit.SECONDS));
  }

  @Test
  void thereIsRoomForSoManyOnly() throws IOException {
    open(PATIENT);
    Socket[] open = new Socket[64];
    try {
      for (int i = 0; i < open.length; i++) {
        open[i] = connect();
        // Answered, so it has been let in.
        send(open[i], "GET /none HTTP/1.1\r\n\r\n");
        assertEquals('H', open[i].getInputStream().read());
      }
      try (Socket beyond = connect()) {
        assertEquals(-1, beyond.getInputStream().read());
      }
    } finally {
      for (Socket each : open) {
        if (each != null) {
          each.close();
        }
      }
    }
  }

  @Test
  void aPortInUseIsNamed() throws IOException {
    open(PATIENT);
    BindException refused =
        assertThrows(
            BindException.class,
            () ->
                HttpPort.open(InetAddress.getLoopbackAddress(), port.port(), Map.of(), PATIENT)
                    .close());
    assertEquals(
        "cannot listen for HTTP at 127.0.0.1:" + port.port() + ": address already in use",
        refused.getMessage());
  }
}
