package io.trencadis.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.base.ByteWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QueryTest {
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

  private List<String> ask(ByteWriter... frames) throws IOException {
    client.send(Frames.all(frames));
    return client.untilReady();
  }

  @Test
  void severalStatementsOfASimpleQueryAreAnsweredInOrder() throws IOException {
    assertEquals(
        List.of("T", "D:[1, row 1]", "D:[2, row 2]", "C:SELECT 2", "C:COMMIT", "ZI"),
        ask(Frames.query("rows 2;commit")));
  }

  @Test
  void anEmptyQueryIsAnsweredAsSuch() throws IOException {
    assertEquals(List.of("I", "ZI"), ask(Frames.query("")));
  }

  @Test
  void preparedStatementsRunInOneBatch() throws IOException {
    assertEquals(
        List.of("1", "t", "T", "2", "T", "D:[hello]", "C:SELECT 1", "3", "ZI"),
        ask(
            Frames.parse("s", "echo"),
            Frames.describe('S', "s"),
            Frames.bind("", "s", "hello"),
            Frames.describe('P', ""),
            Frames.execute("", 0),
            Frames.close('S', "s"),
            Frames.sync()));
  }

  @Test
  void statementsWithoutRowsAreDescribedAsNoData() throws IOException {
    assertEquals(
        List.of("1", "t", "n", "2", "n", "C:BEGIN", "ZT"),
        ask(
            Frames.parse("", "begin"),
            Frames.describe('S', ""),
            Frames.bind("", ""),
            Frames.describe('P', ""),
            Frames.execute("", 0),
            Frames.sync()));
  }

  @Test
  void aRowLimitSuspendsThePortal() throws IOException {
    assertEquals(
        List.of("1", "2", "D:[1, row 1]", "D:[2, row 2]", "s", "D:[3, row 3]", "C:SELECT 3", "ZI"),
        ask(
            Frames.parse("", "rows 3"),
            Frames.bind("p", ""),
            Frames.execute("p", 2),
            Frames.execute("p", 2),
            Frames.sync()));
  }

  @Test
  void flushBringsAnswersWithoutEndingTheBatch() throws IOException {
    client.send(Frames.all(Frames.parse("", "rows 1"), Frames.flush()));
    assertEquals("1", client.next().toString());
    assertEquals(List.of("ZI"), ask(Frames.sync()));
  }

  @Test
  void afterAnErrorEverythingIsSkippedUntilSync() throws IOException {
    assertEquals(
        List.of("1", "E:ERROR 26000 prepared statement \"none\" does not exist", "ZI"),
        ask(
            Frames.parse("s", "rows 1"),
            Frames.bind("", "none"),
            Frames.execute("", 0),
            Frames.query("rows 1"),
            Frames.flush(),
            Frames.sync()));
    assertEquals(
        List.of("2", "D:[1, row 1]", "C:SELECT 1", "ZI"),
        ask(Frames.bind("", "s"), Frames.execute("", 0), Frames.sync()));
  }

  @Test
  void pipelinedBatchesFailOneByOne() throws IOException {
    client.send(
        Frames.all(
            Frames.parse("", "error"),
            Frames.bind("", ""),
            Frames.execute("", 0),
            Frames.sync(),
            Frames.parse("", "rows 1"),
            Frames.bind("", ""),
            Frames.execute("", 0),
            Frames.sync()));
    assertEquals(
        List.of("1", "2", "E:ERROR 42601 syntax error at or near \"error\"", "ZI"),
        client.untilReady());
    assertEquals(List.of("1", "2", "D:[1, row 1]", "C:SELECT 1", "ZI"), client.untilReady());
  }

  @Test
  void errorsCarryAllFieldsAndCountCharacters() throws IOException {
    client.query("error \uD83D\uDE00\uD83D\uDE00 here");
    RawClient.Message error = client.next();
    assertEquals("ERROR", error.field('S'));
    assertEquals("ERROR", error.field('V'));
    assertEquals("42601", error.field('C'));
    assertEquals("some detail", error.field('D'));
    assertEquals("some hint", error.field('H'));
    assertEquals("10", error.field('P'));
    assertEquals(List.of("ZI"), client.untilReady());
  }

  @Test
  void anErrorInATransactionShowsInTheStatus() throws IOException {
    ask(Frames.query("begin"));
    assertEquals("ZE", ask(Frames.query("error")).getLast());
    assertEquals("ZI", ask(Frames.query("commit")).getLast());
  }

  @Test
  void aBugIsAnInternalErrorAndTellsNothing() throws IOException {
    assertEquals(List.of("E:ERROR XX000 internal error", "ZI"), ask(Frames.query("bug")));
    assertEquals(List.of("E:ERROR XX000 internal error", "ZI"), ask(Frames.query("bug slow")));
    assertEquals("C:COMMIT", ask(Frames.query("commit")).getFirst());
  }

  @Test
  void deepNestingIsTooComplex() throws IOException {
    assertEquals(
        List.of("E:ERROR 54001 stack depth limit exceeded", "ZI"),
        ask(Frames.query("overflow slow")));
    assertEquals(
        List.of("E:ERROR 54001 stack depth limit exceeded", "ZI"), ask(Frames.query("overflow")));
  }

  @Test
  void aFatalErrorEndsTheConnection() throws IOException {
    assertEquals(List.of("E:FATAL 57P04 database is gone", "EOF"), ask(Frames.query("fatal")));
    client = RawClient.connect(server.port());
    assertEquals(List.of("E:FATAL 57P04 database is gone", "EOF"), ask(Frames.query("fatal slow")));
  }

  @Test
  void noticesAndChangedSettingsAreSent() throws IOException {
    assertEquals(
        List.of("N:WARNING 01000 look out", "C:WARN", "S:application_name x", "C:SET", "ZI"),
        ask(Frames.query("warn;set application_name x")));
  }

  @Test
  void functionCallsAreRefusedAndTheSessionGoesOn() throws IOException {
    List<String> answer = ask(Frames.frame('F', b -> b.putInt(1)));
    assertTrue(answer.getFirst().startsWith("E:ERROR 0A000"), answer.toString());
    assertEquals("ZI", answer.getLast());
  }

  @Test
  void aBadBodyInAWholeFrameIsAnErrorOfThatMessageAlone() throws IOException {
    assertEquals(
        List.of("E:ERROR 08P01 invalid message format", "ZI"),
        ask(Frames.frame('Q', b -> b.putUtf8("rows 1").putByte(0).putByte(7))));
    assertEquals(
        List.of("E:ERROR 08P01 invalid string in message", "ZI"),
        ask(Frames.frame('Q', b -> b.putUtf8("rows 1"))));
    assertEquals(
        List.of("E:ERROR 08P01 insufficient data left in message", "ZI"),
        ask(Frames.frame('E', b -> b.putByte(0)), Frames.execute("", 0), Frames.sync()));
    assertEquals(
        List.of("E:ERROR 08P01 invalid message format", "ZI"),
        ask(Frames.frame('S', b -> b.putByte(0))));
    assertEquals(
        List.of("E:ERROR 22021 invalid byte sequence for encoding \"UTF8\": 0xff", "ZI"),
        ask(Frames.frame('Q', b -> b.putByte(0xff).putByte(0))));
  }

  @Test
  void aStreamThatLostItsFramingEndsWithFatal() throws IOException {
    client.raw(new byte[] {'Q', 0, 0, 0, 1});
    assertEquals(List.of("E:FATAL 08P01 invalid message length", "EOF"), client.untilReady());
    client = RawClient.connect(server.port());
    client.raw(new byte[] {'!', 0, 0, 0, 4});
    assertEquals(
        List.of("E:FATAL 08P01 invalid frontend message type 33", "EOF"), client.untilReady());
    client = RawClient.connect(server.port());
    client.raw(new byte[] {'Q', 127, 0, 0, 1});
    assertEquals(List.of("E:FATAL 08P01 invalid message length", "EOF"), client.untilReady());
  }

  @Test
  void whatWasAskedBeforeTheFramingWasLostIsStillAnswered() throws IOException {
    client.send(Frames.all(Frames.query("sleep 50"), new ByteWriter().putByte(1)));
    assertEquals(List.of("C:SLEEP", "ZI"), client.untilReady());
    assertEquals("E:FATAL 08P01 invalid frontend message type 1", client.untilReady().getFirst());
  }

  @Test
  void goodbyeEndsTheSessionWithoutAWord() throws IOException {
    client.send(Frames.all(Frames.query("sleep 20"), Frames.terminate()));
    assertEquals(List.of("C:SLEEP", "ZI"), client.untilReady());
    assertNull(client.next());
  }

  @Test
  void jdbcRunsSimpleAndPreparedStatements() throws Exception {
    String url =
        "jdbc:postgresql://127.0.0.1:"
            + server.port()
            + "/postgres?user=postgres&prepareThreshold=1";
    try (Connection jdbc = DriverManager.getConnection(url)) {
      for (int run = 0; run < 5; run++) {
        try (var statement = jdbc.prepareStatement("rows 300");
            ResultSet rows = statement.executeQuery()) {
          int count = 0;
          while (rows.next()) {
            assertEquals(++count, rows.getInt(1));
          }
          assertEquals(300, count);
        }
      }
      jdbc.setAutoCommit(false);
      try (var statement = jdbc.createStatement()) {
        statement.setFetchSize(7);
        try (ResultSet rows = statement.executeQuery("rows 100")) {
          int count = 0;
          while (rows.next()) {
            count++;
          }
          assertEquals(100, count);
        }
      }
    }
  }

  @Test
  void aClientIsReadAndAnsweredInItsEncoding() throws IOException {
    ask(Frames.query("set client_encoding LATIN1"));
    client.send(Frames.frame('Q', b -> b.putUtf8("set x caf").putByte(0xe9).putByte(0)));
    assertArrayEquals("x\0caf\u00e9\0".getBytes(StandardCharsets.ISO_8859_1), client.next().body());
    assertEquals(List.of("C:SET", "ZI"), client.untilReady());
    ask(Frames.query("set client_encoding WIN1252"));
    client.send(Frames.frame('Q', b -> b.putUtf8("set x ").putByte(0x81).putByte(0)));
    assertEquals("22P05", client.next().field('C'));
    assertEquals(List.of("ZI"), client.untilReady());
    ask(Frames.query("set client_encoding UTF8"));
    client.send(Frames.frame('Q', b -> b.putUtf8("set x ").putByte(0xe9).putByte(0)));
    assertEquals("22021", client.next().field('C'));
    assertEquals(List.of("ZI"), client.untilReady());
  }
}
