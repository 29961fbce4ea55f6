package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.trencadis.wire.RawClient;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// Mutated streams and mutated statements at a whole server, the real engine behind the wire: each
/// attack ends, none finds a bug (XX000, or an error in the log), and another client is answered
/// correctly all the while. `-Dseed=…` replays a run, `-Dfuzz.rounds=…` makes it longer.
class FuzzTest {
  private static final int ROUNDS = Integer.getInteger("fuzz.rounds", 200);
  private static final long SEED = Long.getLong("seed", 20261121L);

  /// Only to tell a server that hangs from one that is slow.
  private static final int PATIENCE_MILLIS = 60_000;

  private static final String KNOWN_ANSWERS = "123ACDEGHIKNRSTVWZcdnstv";

  private final ConcurrentLinkedQueue<String> logged = new ConcurrentLinkedQueue<>();
  private final AppenderBase<ILoggingEvent> listener =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          if (event.getLevel().isGreaterOrEqual(Level.ERROR)) {
            logged.add(event.getFormattedMessage() + " " + trace(event));
          }
        }
      };
  private RunningServer server;

  private static String trace(ILoggingEvent event) {
    var proxy = event.getThrowableProxy();
    return proxy == null
        ? ""
        : proxy.getMessage()
            + " "
            + List.of(proxy.getStackTraceElementProxyArray()).stream().limit(8).toList();
  }

  @BeforeEach
  void start() {
    rootLogger().addAppender(listener);
    listener.start();
    server = RunningServer.start();
  }

  @AfterEach
  void stop() {
    server.close();
    rootLogger().detachAppender(listener);
  }

  private static Logger rootLogger() {
    return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }

  @Test
  void mutatedStreamsHarmNobody() throws Exception {
    Conversations conversations = new Conversations(new Random(SEED));
    for (Attack conversation : conversations.unmutated()) {
      run(conversation, "unmutated, " + conversation.description());
    }
    int answered = attackWhileAnotherClientWorks(conversations::stream);
    assertTrue(answered > ROUNDS / 4, "most attacks should get past the start-up");
  }

  @Test
  void mutatedStatementsFindNoBugAndEachRequestIsAnsweredOnce() throws Exception {
    Conversations conversations = new Conversations(new Random(SEED));
    for (Attack script : conversations.scripts()) {
      run(script, "unmutated, " + script.description());
    }
    int answered = attackWhileAnotherClientWorks(conversations::statements);
    assertEquals(ROUNDS, answered);
  }

  /// @return how many attackers got a session
  private int attackWhileAnotherClientWorks(Supplier<Attack> attacks) throws Exception {
    try (QuietClient quiet = new QuietClient(server)) {
      FutureTask<Integer> work = new FutureTask<>(() -> quiet.work(ROUNDS));
      Thread.ofPlatform().name("quiet client").daemon().start(work);
      int answered = 0;
      for (int round = 0; round < ROUNDS; round++) {
        quiet.oneMore();
        Attack attack = attacks.get();
        String claim = "seed " + SEED + ", round " + round + ", " + attack.description();
        answered += run(attack, claim) ? 1 : 0;
        assertEquals(List.of(), List.copyOf(logged), claim);
        assertTrue(
            !work.isDone() || work.state() == Future.State.SUCCESS,
            () -> "the quiet client: " + work.exceptionNow() + ", " + claim);
      }
      assertEquals(ROUNDS, work.get(2 * PATIENCE_MILLIS, TimeUnit.MILLISECONDS));
      quiet.awaitBeingAlone();
      return answered;
    }
  }

  /// Sends all and reads until the server has ended the connection.
  private boolean run(Attack attack, String claim) throws IOException {
    int ready = 0;
    boolean fatal = false;
    try (RawClient attacker = new RawClient(server.port())) {
      attacker.patience(PATIENCE_MILLIS);
      try {
        attacker.raw(attack.bytes());
        if (attack.unfinished()) {
          // The server waits for the rest of something.
          attacker.endOfInput();
        }
        for (var message = attacker.next(); message != null; message = attacker.next()) {
          assertTrue(KNOWN_ANSWERS.indexOf(message.type()) >= 0, message + ", " + claim);
          if (message.type() == 'E') {
            assertNotEquals("XX000", message.field('C'), message + ", " + claim);
            fatal |= message.field('S').equals("FATAL");
          }
          ready += message.type() == 'Z' ? 1 : 0;
        }
      } catch (SocketTimeoutException hangs) {
        throw new AssertionError("the server hangs, " + claim, hangs);
      } catch (SocketException reset) {
        // As good an end as any for one who sends what nobody reads.
        fatal = true;
      } catch (IOException torn) {
        // Who has ended its half is not owed the rest of an answer. (A request to encrypt is
        // answered by a lone byte.)
        assertTrue(attack.answers() == Attack.UNKNOWN, () -> torn + ", " + claim);
      }
    }
    if (attack.answers() != Attack.UNKNOWN && !fatal) {
      assertEquals(attack.answers(), ready, "requests answered, " + claim);
    }
    return ready > 0;
  }
}
