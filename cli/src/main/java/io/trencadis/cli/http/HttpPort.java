package io.trencadis.cli.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Serves pages over HTTP/1.1 from [#open] to [#close]. Thread-safe.
public final class HttpPort implements AutoCloseable {
  private static final int MOST_CONNECTIONS = 64;

  private static final int LONGEST_REQUEST_LINE = 1_024;
  private static final int LONGEST_HEADERS = 8_192;

  private final MultiThreadIoEventLoopGroup loop;
  private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Map<String, Page> pages;
  private final long requestMillis;
  private Channel listener;

  private HttpPort(Map<String, Page> pages, long requestMillis) {
    this.pages = Map.copyOf(pages);
    this.requestMillis = requestMillis;
    loop =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("http", true), NioIoHandler.newFactory());
  }

  /// Listens.
  ///
  /// @param port 0 for any that is free
  /// @param pages by path
  /// @param requestMillis how long a connection may take for a request, from connecting or from the
  ///   end of the request before; then it is closed, whether silent or slow
  /// @throws BindException if it cannot listen there, saying where and why
  public static HttpPort open(
      InetAddress address, int port, Map<String, Page> pages, long requestMillis)
      throws BindException {
    HttpPort http = new HttpPort(pages, requestMillis);
    try {
      http.bind(new InetSocketAddress(address, port));
      return http;
    } catch (BindException e) {
      http.close();
      throw e;
    }
  }

  private void bind(InetSocketAddress address) throws BindException {
    var bind =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(new Admission())
            .bind(address)
            .awaitUninterruptibly();
    if (!bind.isSuccess()) {
      String why = String.valueOf(bind.cause().getMessage());
      BindException failure =
          new BindException(
              "cannot listen for HTTP at "
                  + address.getAddress().getHostAddress()
                  + ":"
                  + address.getPort()
                  + ": "
                  + (why.contains("in use") ? "address already in use" : why));
      failure.initCause(bind.cause());
      throw failure;
    }
    listener = bind.channel();
  }

  /// The port it listens at.
  public int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  /// Closes the port and all connections.
  @Override
  public void close() {
    if (listener != null) {
      listener.close().awaitUninterruptibly();
    }
    channels.close().awaitUninterruptibly(1_000);
    loop.shutdownGracefully(0, 1_000, TimeUnit.MILLISECONDS).awaitUninterruptibly(2_000);
  }

  private final class Admission extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      if (channels.size() >= MOST_CONNECTIONS) {
        channel.close();
        return;
      }
      channels.add(channel);
      HttpDecoderConfig limits =
          new HttpDecoderConfig()
              .setMaxInitialLineLength(LONGEST_REQUEST_LINE)
              .setMaxHeaderSize(LONGEST_HEADERS);
      channel
          .pipeline()
          .addLast(new HttpServerCodec(limits), new RequestHandler(pages, requestMillis));
    }
  }
}
