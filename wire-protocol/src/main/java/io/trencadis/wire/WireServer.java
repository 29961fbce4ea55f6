package io.trencadis.wire;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.trencadis.sql.session.SqlEngine;
import io.trencadis.wire.connection.ConnectionHandler;
import io.trencadis.wire.connection.ConnectionSettings;
import io.trencadis.wire.connection.Connections;
import io.trencadis.wire.connection.WireCounters;
import io.trencadis.wire.tls.TlsConfig;
import io.trencadis.wire.tls.TlsContext;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Listens for PostgreSQL clients. [#start] once, [#stop] once.
public final class WireServer {
  private static final Logger log = LoggerFactory.getLogger(WireServer.class);
  private static final int WRITE_LOW_BYTES = 64 * 1024;
  private static final int WRITE_HIGH_BYTES = 128 * 1024;

  private final SqlEngine engine;
  private final WireConfig config;
  private final Connections connections;
  private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final List<Channel> listeners = new ArrayList<>();
  private MultiThreadIoEventLoopGroup loops;

  /// Null for none.
  private volatile TlsContext tls;

  public WireServer(SqlEngine engine, WireConfig config) {
    this.engine = engine;
    this.config = config;
    this.connections =
        new Connections(config.maxConnections(), config.firstProcessId(), config.random());
  }

  /// Loads what listening needs, which takes a while. Not needed, only quicker; on any thread.
  public static void prepare() {
    new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("prepare-io", true), io())
        .shutdownGracefully(0, 0, TimeUnit.SECONDS);
  }

  private static IoHandlerFactory io() {
    return Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
  }

  /// Listens; clients are served from now on.
  ///
  /// @throws BindException naming the address if it cannot be listened at, such as when the port is
  ///   in use
  /// @throws IOException if certificate or key cannot be used
  public void start() throws IOException {
    reloadTls(config.tls());
    ConnectionSettings settings =
        new ConnectionSettings(
            engine,
            config.authPolicy(),
            () -> tls,
            config.maxMessageBytes(),
            config.maxMessageBytesBeforeAuthentication(),
            config.authenticationTimeoutMillis(),
            config.inline(),
            config.random(),
            config.mockSecret().clone());
    boolean epoll = Epoll.isAvailable();
    loops =
        new MultiThreadIoEventLoopGroup(
            config.ioThreads(), new DefaultThreadFactory("wire-io", true), io());
    Class<? extends ServerSocketChannel> listener =
        epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops)
            .channel(listener)
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, Math.max(128, 2 * config.maxConnections()))
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(WRITE_LOW_BYTES, WRITE_HIGH_BYTES))
            .childHandler(new Admission(settings));
    try {
      int port = config.port();
      for (InetSocketAddress address : addresses()) {
        Channel bound = listen(bootstrap, new InetSocketAddress(address.getAddress(), port));
        listeners.add(bound);
        port = port();
      }
    } catch (IOException | RuntimeException e) {
      stop(0);
      throw e;
    }
  }

  private Set<InetSocketAddress> addresses() throws IOException {
    Set<InetSocketAddress> addresses = new LinkedHashSet<>();
    for (String name : config.listenAddresses()) {
      if (name.equals("*")) {
        addresses.add(new InetSocketAddress(config.port()));
      } else {
        for (InetAddress address : InetAddress.getAllByName(name)) {
          addresses.add(new InetSocketAddress(address, config.port()));
        }
      }
    }
    return addresses;
  }

  private static Channel listen(ServerBootstrap bootstrap, InetSocketAddress address)
      throws IOException {
    var bind = bootstrap.bind(address).awaitUninterruptibly();
    if (bind.isSuccess()) {
      return bind.channel();
    }
    String where = address.getAddress().getHostAddress() + ":" + address.getPort();
    BindException failure =
        new BindException("cannot listen at " + where + ": " + reason(bind.cause()));
    failure.initCause(bind.cause());
    throw failure;
  }

  private static String reason(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    return message.contains("in use") ? "address already in use" : message;
  }

  /// Reads certificate and key, for connections to come; those that there are keep what they have.
  /// If this fails nothing has changed.
  ///
  /// @param files null for no encryption from now on
  /// @throws IOException saying in one line which file cannot be used, why, and what to do
  public void reloadTls(TlsConfig files) throws IOException {
    tls = files == null ? null : TlsContext.load(files);
  }

  /// What connections have done since the start.
  public WireCounters counters() {
    return connections.counters();
  }

  /// The port that clients are to connect to.
  public int port() {
    return ((InetSocketAddress) listeners.getFirst().localAddress()).getPort();
  }

  /// Sessions at this moment.
  public int connectionCount() {
    return connections.count();
  }

  /// Turns new clients away with 57P03, ends idle sessions with 57P01, and lets the others finish
  /// their transactions, after each of which a session ends the same way. [#stop] comes next.
  ///
  /// @param waitMillis how long at most; [#hurry] ends the wait earlier
  /// @return whether all sessions have ended
  public boolean drain(long waitMillis) {
    try {
      return connections.drain(waitMillis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// Has [#drain] wait no longer. Any thread may call this, at any time.
  public void hurry() {
    connections.hurry();
  }

  /// Stops listening, ends all sessions with 57P01, waits for them at most `waitMillis`, and then
  /// closes whatever is left.
  public void stop(long waitMillis) {
    listeners.forEach(listener -> listener.close().awaitUninterruptibly());
    boolean interrupted = false;
    try {
      if (!connections.shutDown(waitMillis)) {
        log.warn("{} sessions did not end within {} ms", connections.count(), waitMillis);
      } else {
        // Sessions are gone; their last words may still be on the way.
        channels.newCloseFuture().await(Math.min(waitMillis, 500));
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    channels.close().awaitUninterruptibly(1_000);
    if (loops != null) {
      loops.shutdownGracefully(0, 2_000, TimeUnit.MILLISECONDS).awaitUninterruptibly(3_000);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// Makes a connection of each channel, up to a bound on those that have not even said who they
  /// are.
  private final class Admission extends ChannelInitializer<Channel> {
    private final ConnectionSettings settings;

    Admission(ConnectionSettings settings) {
      this.settings = settings;
    }

    @Override
    protected void initChannel(Channel channel) {
      // Beyond the sessions there is room for as many who cancel, or are about to be told that
      // there is none.
      if (channels.size() >= 2 * config.maxConnections() + 16) {
        channel.close();
        return;
      }
      channels.add(channel);
      channel.pipeline().addLast(new ConnectionHandler(settings, connections));
    }
  }
}
