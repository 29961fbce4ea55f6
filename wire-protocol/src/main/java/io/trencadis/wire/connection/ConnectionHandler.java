package io.trencadis.wire.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.encoding.Encoding;
import io.trencadis.sql.session.Endpoints;
import io.trencadis.wire.message.BackendWriter;
import io.trencadis.wire.message.FrameCutter;
import io.trencadis.wire.message.FrontendMessage;
import io.trencadis.wire.message.Report;
import io.trencadis.wire.tls.TlsContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The event loop's side of a connection: cuts what comes in, answers the start-up packets, and
/// then for each message either runs it here or posts it to the session's thread. All methods run
/// on the channel's event loop.
public final class ConnectionHandler extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(ConnectionHandler.class);

  /// Requests run here before others get a turn; what is left of a longer batch goes to the thread.
  private static final int MOST_INLINE_PER_READ = 256;

  private enum Stage {
    STARTUP,
    MESSAGES,
    /// Nothing that comes in matters any more.
    DISCARD
  }

  private final ConnectionSettings settings;
  private final Connections connections;
  private final FrameCutter cutter = new FrameCutter();
  private Channel channel;
  private Connection connection;
  private Stage stage = Stage.STARTUP;

  /// The identity that the client was shown, or null without encryption. Another may be in use by
  /// the time it logs in, but this is the one it has bound its proof to.
  private TlsContext tls;

  private boolean tlsAsked;
  private boolean gssAsked;
  private volatile boolean authenticated;
  private boolean saidGoodbye;
  private int inlineLeft = MOST_INLINE_PER_READ;
  private Future<?> authenticationTimeout;

  public ConnectionHandler(ConnectionSettings settings, Connections connections) {
    this.settings = settings;
    this.connections = connections;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    channel = ctx.channel();
    connection =
        new Connection(
            channel, settings, connections, this::reconsiderReadingSoon, this::notifySoon);
    authenticationTimeout =
        ctx.executor()
            .schedule(
                this::authenticationTimedOut,
                settings.authenticationTimeoutMillis(),
                TimeUnit.MILLISECONDS);
  }

  private void authenticationTimedOut() {
    if (stage == Stage.STARTUP) {
      channel.close();
    } else if (!authenticated) {
      SqlException reason =
          new SqlException(SqlState.QUERY_CANCELED, "canceling authentication due to timeout")
              .asFatal();
      connection.stop(reason);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object received) {
    if (stage == Stage.DISCARD) {
      ReferenceCountUtil.release(received);
      return;
    }
    cutter.add((ByteBuf) received, ctx.alloc());
    try {
      while (stage == Stage.STARTUP && startupPacket()) {}
      while (stage == Stage.MESSAGES && message()) {}
    } catch (SqlException lostFraming) {
      if (connection.processId() == 0) {
        refuse(lostFraming);
      } else {
        stage = Stage.DISCARD;
        connection.mailbox().endOfInput(lostFraming);
      }
    }
    if (stage == Stage.DISCARD) {
      cutter.release();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    cutter.releaseIfEmpty();
    inlineLeft = MOST_INLINE_PER_READ;
    if (connection.mailbox().loopMayRun()) {
      connection.outbound().sendFromLoop(true);
    }
  }

  /// Handles one start-up packet; false if none is complete.
  private boolean startupPacket() {
    byte[] bytes = cutter.nextStartupPacket(settings.maxMessageBytesBeforeAuthentication());
    if (bytes == null) {
      return false;
    }
    switch (StartupPacket.read(bytes, tls == null && !tlsAsked, !gssAsked)) {
      case StartupPacket.SslRequest _ -> {
        tlsAsked = true;
        requireNothingBehind("SSL request");
        TlsContext now = settings.tls().get();
        reply(now == null ? 'N' : 'S');
        if (now != null) {
          tls = now;
          channel.pipeline().addFirst(now.newHandler(channel.alloc()));
        }
      }
      case StartupPacket.GssEncRequest _ -> {
        gssAsked = true;
        requireNothingBehind("GSSAPI encryption request");
        reply('N');
      }
      case StartupPacket.CancelRequest(int processId, int secretKey) -> {
        connections.cancel(processId, secretKey);
        stage = Stage.DISCARD;
        channel.close();
      }
      case StartupPacket.Startup startup -> {
        connections.admit(connection);
        stage = Stage.MESSAGES;
        Endpoints endpoints =
            new Endpoints(
                (InetSocketAddress) channel.remoteAddress(),
                (InetSocketAddress) channel.localAddress());
        connection.start(
            new Login(settings, connection, startup, endpoints, tls, this::authenticated));
      }
    }
    return true;
  }

  /// What came before encryption was agreed on could be anyone's (CVE-2021-23214).
  private void requireNothingBehind(String request) {
    if (cutter.pendingBytes() > 0) {
      throw new SqlException(
              SqlState.PROTOCOL_VIOLATION, "received unencrypted data after " + request)
          .detail(
              "This could be either a client-software bug or evidence of an attempted "
                  + "man-in-the-middle attack.");
    }
  }

  private void reply(char answer) {
    channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {(byte) answer}));
  }

  /// Turns a client away before it has a session.
  private void refuse(SqlException error) {
    stage = Stage.DISCARD;
    ByteWriter out = new ByteWriter();
    BackendWriter.write(new Report.ErrorResponse(error, true, 0), Encoding.UTF8, out);
    connection.writer().sendFromLoop(connection.writer().copy(out.array(), out.length()));
    connection.writer().finish(true);
  }

  private void authenticated() {
    authenticated = true;
    authenticationTimeout.cancel(false);
  }

  /// Handles one message; false if none is complete.
  private boolean message() {
    int limit =
        authenticated ? settings.maxMessageBytes() : settings.maxMessageBytesBeforeAuthentication();
    cutter.speaks(connection.outbound().encoding());
    FrontendMessage message = cutter.nextMessage(limit);
    if (message == null) {
      return false;
    }
    if (message == FrontendMessage.Bare.TERMINATE) {
      saidGoodbye = true;
      stage = Stage.DISCARD;
    }
    connection.idle().end();
    if (!runHere(message)) {
      connection.mailbox().post(message, cutter.lastFrameBytes());
      reconsiderReading();
    }
    return true;
  }

  /// Runs a message on the event loop; false if it is the thread's.
  private boolean runHere(FrontendMessage message) {
    if (!connection.mailbox().loopMayRun()) {
      return false;
    }
    SessionDriver driver = connection.driver();
    Outbound outbound = connection.outbound();
    if (inlineLeft > 0 && channel.isWritable() && driver.runsOnLoop(message)) {
      inlineLeft--;
      switch (driver.run(message, true)) {
        case DONE -> {
          outbound.sendFromLoop(false);
          return true;
        }
        case WOULD_BLOCK -> {}
        case END -> {
          outbound.sendFromLoop(true);
          stage = Stage.DISCARD;
          // The thread ends the session, which may take a while.
          connection.mailbox().endOfInput(null);
          return true;
        }
      }
    }
    // The thread may take long: what has been answered must not wait for it.
    outbound.sendFromLoop(true);
    return false;
  }

  /// Any thread: has notifications sent, between two requests.
  private void notifySoon() {
    try {
      channel
          .eventLoop()
          .execute(
              () -> {
                if (!runHere(FrontendMessage.Bare.NOTIFIED)) {
                  connection.mailbox().post(FrontendMessage.Bare.NOTIFIED, 0);
                } else if (connection.mailbox().loopMayRun()) {
                  connection.outbound().sendFromLoop(true);
                }
              });
    } catch (RejectedExecutionException serverIsGone) {
      // So are its clients.
    }
  }

  private void reconsiderReadingSoon() {
    channel.eventLoop().execute(this::reconsiderReading);
  }

  /// Stops reading while too much waits for the thread. Only ever done on the event loop, so that
  /// the last word is the latest one.
  private void reconsiderReading() {
    boolean read = stage == Stage.DISCARD || !connection.mailbox().full();
    if (channel.config().isAutoRead() != read) {
      channel.config().setAutoRead(read);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    connection.writer().writabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    stage = Stage.DISCARD;
    authenticationTimeout.cancel(false);
    cutter.release();
    connection.clientGone(saidGoodbye);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException || cause.getCause() instanceof IOException) {
      log.debug("connection {} was lost", connection == null ? 0 : connection.processId());
    } else {
      Bugs.log(cause, null);
    }
    ctx.close();
  }
}
