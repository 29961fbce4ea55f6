package io.trencadis.wire.connection;

import io.netty.channel.Channel;
import io.trencadis.base.SqlException;
import io.trencadis.sql.session.SqlSession;
import io.trencadis.wire.message.BackendMessage;
import io.trencadis.wire.message.FrontendMessage;
import java.util.concurrent.RejectedExecutionException;

/// One client's connection: its parts, and the life of its session on a virtual thread.
final class Connection {
  private static final int MAILBOX_MESSAGES = 1_000;
  private static final int MAILBOX_BYTES = 1024 * 1024;

  private final Channel channel;
  private final ConnectionSettings settings;
  private final Connections connections;
  private final Mailbox mailbox;
  private final ChannelWriter writer;
  private final Outbound outbound;
  private final IdleTimer idle;
  private final Runnable whenNotified;
  private volatile SessionDriver driver;

  /// Why the session is to end as soon as it is idle; null while it need not.
  private volatile SqlException endWhenIdle;

  private int processId;
  private int secretKey;

  /// @param whenRoom called when a full mailbox has room again
  /// @param whenNotified called when notifications have arrived for the session
  Connection(
      Channel channel,
      ConnectionSettings settings,
      Connections connections,
      Runnable whenRoom,
      Runnable whenNotified) {
    this.whenNotified = whenNotified;
    this.channel = channel;
    this.settings = settings;
    this.connections = connections;
    this.mailbox = new Mailbox(MAILBOX_MESSAGES, MAILBOX_BYTES, settings.inline(), whenRoom);
    this.writer = new ChannelWriter(channel);
    this.outbound = new Outbound(writer, mailbox);
    this.idle = new IdleTimer(channel.eventLoop(), this::stop);
  }

  Mailbox mailbox() {
    return mailbox;
  }

  ChannelWriter writer() {
    return writer;
  }

  Outbound outbound() {
    return outbound;
  }

  IdleTimer idle() {
    return idle;
  }

  /// The session's driver, or null before there is a session and after it.
  SessionDriver driver() {
    return driver;
  }

  void identify(int id, int key) {
    processId = id;
    secretKey = key;
  }

  int processId() {
    return processId;
  }

  int secretKey() {
    return secretKey;
  }

  /// Starts the session's thread, for a connection that was admitted.
  ///
  /// @param login proves who the client is and opens a session
  void start(Login login) {
    Thread.ofVirtual().name("connection-" + processId).start(() -> live(login));
  }

  private void live(Login login) {
    boolean linger = true;
    SqlSession session = null;
    try {
      session = login.run();
      greet(session);
      driver =
          new SessionDriver(session, outbound, idle, () -> endWhenIdle, connections.counters());
      session.whenNotified(whenNotified);
      session.whenTerminated(this::stop);
      driver.ready();
      linger = serve();
    } catch (SqlException end) {
      outbound.lastError(end, 0);
    } catch (RuntimeException | Error bug) {
      outbound.lastError(Bugs.report(bug, null), 0);
    } finally {
      driver = null;
      idle.close();
      mailbox.over();
      close(session);
      connections.leave(this);
      writer.finish(linger);
    }
  }

  /// Runs requests until the end.
  ///
  /// @return whether the client may not know yet that this is the end
  private boolean serve() {
    if (driver.endsNow()) {
      outbound.sendLast();
      return true;
    }
    for (FrontendMessage message = mailbox.next(); message != null; message = mailbox.next()) {
      if (driver.run(message, false) == SessionDriver.Outcome.END) {
        outbound.sendLast();
        return message != FrontendMessage.Bare.TERMINATE;
      }
    }
    return true;
  }

  private void greet(SqlSession session) {
    session.reportedSettings().forEach((name, value) -> outbound.parameterStatus(name, value));
    outbound.write(new BackendMessage.BackendKeyData(processId, secretKey));
  }

  private static void close(SqlSession session) {
    if (session != null) {
      try {
        session.mayBlock(true);
        session.close();
      } catch (RuntimeException | Error bug) {
        Bugs.report(bug, null);
      }
    }
  }

  /// Any thread: asks the statement that is running, if any, to stop.
  void cancel(SqlException reason) {
    SessionDriver running = driver;
    if (running != null) {
      running.session().cancel(reason);
    }
  }

  /// Any thread: ends the session. The client is told why unless it does not read.
  void stop(SqlException reason) {
    try {
      channel
          .eventLoop()
          .execute(
              () -> {
                mailbox.stop(reason);
                writer.stop(reason);
                cancel(reason);
              });
    } catch (RejectedExecutionException serverIsGone) {
      writer.closed();
    }
  }

  /// Any thread: ends the session once it has neither a statement nor a transaction; at once where
  /// it has none now, or is not yet one.
  void stopWhenIdle(SqlException reason) {
    endWhenIdle = reason;
    if (driver == null) {
      stop(reason);
    } else {
      // Whoever has the turn looks at it after each request, and this makes one.
      whenNotified.run();
    }
  }

  /// Event loop: the client has gone.
  ///
  /// @param afterGoodbye whether it said so, in which case what it sent before is still carried out
  void clientGone(boolean afterGoodbye) {
    writer.closed();
    if (afterGoodbye) {
      mailbox.endOfInput(null);
    } else {
      mailbox.stop(ChannelWriter.connectionLost());
      cancel(ChannelWriter.connectionLost());
    }
  }
}
