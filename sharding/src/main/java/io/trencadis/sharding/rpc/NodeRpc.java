package io.trencadis.sharding.rpc;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.trencadis.base.Clock;
import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/// A node's place in the network of nodes: it listens, and keeps a connection for each lane to each
/// node that it sends to. Messages to one node and service arrive in the order they were sent, or
/// not at all: a connection that breaks takes with it what was on its way, and whoever needs an
/// answer asks again.
///
/// Thread-safe. Nothing here waits but [#start] and [#close].
public final class NodeRpc implements Closeable {
  private static final System.Logger LOG = System.getLogger(NodeRpc.class.getName());

  static final int VERSION = 5;

  /// The number of a node that has none yet.
  public static final int NOBODY = -1;

  private static final int CONNECT_MILLIS = 2_000;
  private static final long RETRY_NANOS = 200_000_000;

  /// Beyond this much that waits to be sent to a node, messages to it are dropped, as by a network
  /// that is full; calls fail.
  private static final int MOST_PENDING = 1 << 26;

  private final Clock clock;
  private final RpcTls tls;
  private final IntFunction<InetSocketAddress> addresses;
  private final Map<Service, RpcHandler> handlers = new EnumMap<>(Service.class);
  private final Map<Lane, Map<Integer, Peer>> peers = new EnumMap<>(Lane.class);
  private final Set<Channel> accepted = ConcurrentHashMap.newKeySet();
  private final Set<Integer> cutOff = ConcurrentHashMap.newKeySet();
  private final Map<Integer, String> lastRefusals = new ConcurrentHashMap<>();
  private final Map<Integer, String> refused = new ConcurrentHashMap<>();
  private final RpcCounters counters = new RpcCounters();
  private volatile NodeIdentity self;
  private final Map<Lane, MultiThreadIoEventLoopGroup> loops = new EnumMap<>(Lane.class);
  private Channel listener;

  /// @param self with cluster 0 and node [#NOBODY] as long as the node belongs to none
  /// @param tls null for connections in the clear, which are for tests and for nodes of one machine
  /// @param addresses where each node listens now; null for one that is not known. Below [#NOBODY]
  ///   are places, not nodes: whoever is there is meant
  public NodeRpc(
      NodeIdentity self, RpcTls tls, IntFunction<InetSocketAddress> addresses, Clock clock) {
    this.self = self;
    this.tls = tls;
    this.addresses = addresses;
    this.clock = clock;
    for (Lane lane : Lane.values()) {
      peers.put(lane, new ConcurrentHashMap<>());
    }
  }

  /// Says who takes a service's messages. Before [#start].
  public void handle(Service service, RpcHandler handler) {
    handlers.put(service, handler);
  }

  /// The node belongs to a cluster now, or has another number: connections made before are closed.
  public void become(NodeIdentity identity) {
    self = identity;
    disconnectAll();
  }

  private void disconnectAll() {
    peers.values().forEach(each -> each.values().forEach(Peer::disconnect));
    accepted.forEach(Channel::close);
  }

  public NodeIdentity self() {
    return self;
  }

  /// What it has sent.
  public RpcCounters counters() {
    return counters;
  }

  /// Listens.
  ///
  /// @throws IOException in one line if that address cannot be had, or the certificates not be used
  public void start(InetSocketAddress address) throws IOException {
    if (tls != null) {
      tls.server();
      tls.client();
    }
    for (Lane lane : Lane.values()) {
      DefaultThreadFactory threads =
          new DefaultThreadFactory("nodes-" + lane.name().toLowerCase(Locale.ROOT), true);
      loops.put(
          lane,
          new MultiThreadIoEventLoopGroup(lane.threads(), threads, NioIoHandler.newFactory()));
    }
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops.get(Lane.REST))
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) throws IOException {
                    if (tls != null) {
                      channel.pipeline().addLast(tls.server().newHandler(channel.alloc()));
                    }
                    framing(channel.pipeline());
                    channel.pipeline().addLast(new Incoming(NodeRpc.this));
                  }
                });
    var bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      loops.values().forEach(each -> each.shutdownGracefully(0, 0, TimeUnit.SECONDS));
      throw new BindException(
          "cannot listen for other nodes at " + address + ": " + bound.cause().getMessage());
    }
    listener = bound.channel();
  }

  static void framing(ChannelPipeline pipeline) {
    pipeline.addLast(new LengthFieldBasedFrameDecoder(Frame.MAX_BYTES, 0, 4, 0, 4));
    pipeline.addLast(new FrameCodec());
  }

  /// Where it listens.
  public int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  /// Sends a message; it is lost where the node cannot be reached.
  public void send(int node, Service service, byte[] body) {
    if (node == self.node()) {
      RpcHandler own = handlers.get(service);
      loops(Lane.of(service)).execute(() -> own.message(node, body));
      return;
    }
    peer(node, service).send(new Frame(Frame.Kind.MESSAGE, service, 0, body));
  }

  /// Asks a node.
  ///
  /// @param millis how long to wait for the answer
  /// @return completed on a thread of the network's; exceptionally with an [RpcException]
  public CompletableFuture<byte[]> call(int node, Service service, byte[] body, long millis) {
    if (node == self.node()) {
      CompletableFuture<byte[]> answer = new CompletableFuture<>();
      RpcHandler own = handlers.get(service);
      loops(Lane.of(service)).execute(() -> own.call(node, this, body, answer::complete));
      return answer;
    }
    return peer(node, service).call(service, body, millis);
  }

  /// Whether all connections to the node stand; begins those that do not.
  public boolean isConnected(int node) {
    boolean all = true;
    if (node != self.node()) {
      for (Lane lane : Lane.values()) {
        all &= peer(node, lane).isConnected();
      }
    }
    return all;
  }

  /// Why a node does not talk to this one, as it has said since they last talked; null if it has
  /// not.
  public String refusal(int node) {
    return node == self.node() ? null : peer(node, Lane.REST).refusal();
  }

  /// From now on nothing that comes from a node is heard.
  ///
  /// @param why what it is told
  public void refuse(int node, String why) {
    refused.put(node, why);
  }

  /// Logs why a connection was refused, once as long as that stays the reason: the other node comes
  /// again and again.
  void tellRefused(int node, String why) {
    if (!why.equals(lastRefusals.put(node, why))) {
      LOG.log(System.Logger.Level.WARNING, "refused a connection: " + why);
    }
  }

  /// Why a node is not heard; null for one that is.
  String refused(int node) {
    return refused.isEmpty() ? null : refused.get(node);
  }

  /// For tests: from now on nothing goes to a node, and nothing that comes from it is heard, until
  /// [#mend].
  public void cut(int node) {
    cutOff.add(node);
    for (Lane lane : Lane.values()) {
      peer(node, lane).disconnect();
    }
  }

  /// Takes [#cut] back.
  public void mend(int node) {
    cutOff.remove(node);
  }

  boolean isCut(int node) {
    return cutOff.contains(node);
  }

  /// A node, or a place, in words.
  String name(int node) {
    if (node > NOBODY) {
      return "node " + node;
    }
    InetSocketAddress place = addresses.apply(node);
    return place == null
        ? "a node nobody knows"
        : "the node at " + place.getHostString() + ":" + place.getPort();
  }

  private Peer peer(int node, Service service) {
    return peer(node, Lane.of(service));
  }

  private Peer peer(int node, Lane lane) {
    return peers.get(lane).computeIfAbsent(node, number -> new Peer(this, number, lane));
  }

  RpcHandler handler(Service service) {
    return handlers.get(service);
  }

  Clock clock() {
    return clock;
  }

  static long retryNanos() {
    return RETRY_NANOS;
  }

  static int mostPending() {
    return MOST_PENDING;
  }

  void opened(Channel channel) {
    accepted.add(channel);
  }

  void closed(Channel channel) {
    accepted.remove(channel);
  }

  MultiThreadIoEventLoopGroup loops(Lane lane) {
    return loops.get(lane);
  }

  /// Begins to connect.
  void connect(Peer peer, int node) {
    InetSocketAddress address = addresses.apply(node);
    if (address == null) {
      peer.failed("no address is known for node " + node);
      return;
    }
    // An address by name may have changed since it was looked up.
    InetSocketAddress fresh = new InetSocketAddress(address.getHostString(), address.getPort());
    new Bootstrap()
        .group(loops(peer.lane()))
        .channel(NioSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
        .handler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel channel) throws IOException {
                if (tls != null) {
                  channel
                      .pipeline()
                      .addLast(
                          tls.client()
                              .newHandler(channel.alloc(), fresh.getHostString(), fresh.getPort()));
                }
                framing(channel.pipeline());
                channel.pipeline().addLast(new Outgoing(NodeRpc.this, peer, node));
              }
            })
        .connect(fresh)
        .addListener(
            connected -> {
              if (!connected.isSuccess()) {
                peer.failed(connected.cause().getMessage());
              }
            });
  }

  @Override
  public void close() {
    if (listener != null) {
      listener.close().awaitUninterruptibly();
      disconnectAll();
      for (MultiThreadIoEventLoopGroup each : loops.values()) {
        each.shutdownGracefully(0, 500, TimeUnit.MILLISECONDS);
      }
      loops.values().forEach(each -> each.terminationFuture().awaitUninterruptibly());
    }
  }
}
