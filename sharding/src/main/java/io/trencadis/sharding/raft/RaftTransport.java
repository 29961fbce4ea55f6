package io.trencadis.sharding.raft;

import com.alipay.sofa.jraft.rpc.Connection;
import com.alipay.sofa.jraft.rpc.ProtobufMsgFactory;
import com.alipay.sofa.jraft.rpc.RaftRpcServerFactory;
import com.alipay.sofa.jraft.rpc.RpcContext;
import com.alipay.sofa.jraft.rpc.RpcProcessor;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequestHeader;
import com.alipay.sofa.jraft.rpc.RpcServer;
import com.alipay.sofa.jraft.rpc.impl.ConnectionClosedEventListener;
import com.alipay.sofa.jraft.util.Endpoint;
import com.google.protobuf.Message;
import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.sharding.rpc.NodeRpc;
import io.trencadis.sharding.rpc.RpcHandler;
import io.trencadis.sharding.rpc.Service;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/// JRaft's messages over a node's network. In JRaft's eyes node 3 lives at the endpoint `n3:1`:
/// what is behind that is the network's affair.
///
/// A message is the name of its class, its length before it in two bytes, and its bytes.
final class RaftTransport implements RpcServer, RpcHandler, AutoCloseable {
  private static final int PORT = 1;

  private final NodeRpc rpc;
  private final ExecutorService executor;

  /// For what a leader must hear of in time: a thread of the system's waits for its turn no longer
  /// than any other, a virtual one for as long as others keep theirs.
  private final ExecutorService prompt;

  private final Map<String, RpcProcessor<Object>> processors = new ConcurrentHashMap<>();
  private final Map<Object, Link> links = new ConcurrentHashMap<>();
  private final List<ConnectionClosedEventListener> listeners = new CopyOnWriteArrayList<>();

  RaftTransport(NodeRpc rpc) {
    this.rpc = rpc;
    executor = Executors.newVirtualThreadPerTaskExecutor();
    prompt = Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("raft-", 0).factory());
    rpc.handle(Service.RAFT, this);
    RaftRpcServerFactory.addRaftRequestProcessors(this, prompt, prompt, prompt);
  }

  static Endpoint endpoint(int node) {
    return new Endpoint("n" + node, PORT);
  }

  static int node(Endpoint endpoint) {
    return Integer.parseInt(endpoint.getIp().substring(1));
  }

  Executor executor() {
    return executor;
  }

  Executor prompt() {
    return prompt;
  }

  boolean isConnected(Endpoint endpoint) {
    return rpc.isConnected(node(endpoint));
  }

  CompletableFuture<Message> call(Endpoint endpoint, Message request, long millis) {
    return rpc.call(node(endpoint), Service.RAFT, encode(request), millis)
        .thenApply(RaftTransport::decode);
  }

  private static byte[] encode(Message message) {
    byte[] name = message.getClass().getName().getBytes(StandardCharsets.UTF_8);
    byte[] body = message.toByteArray();
    return new ByteWriter(2 + name.length + body.length)
        .putShort(name.length)
        .putBytes(name)
        .putBytes(body)
        .toByteArray();
  }

  private static Message decode(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    String name = in.getUtf8(in.getShort());
    return ProtobufMsgFactory.newMessageByJavaClassName(name, in.getBytes(in.remaining()));
  }

  // ---- what comes in

  @Override
  public void message(int fromNode, byte[] body) {
    // Every message of theirs is a call.
  }

  @Override
  public void call(int fromNode, Object link, byte[] body, Consumer<byte[]> answer) {
    Message request = decode(body);
    String name = request.getClass().getName();
    RpcProcessor<Object> processor = processors.get(name);
    if (processor == null) {
      return;
    }
    Link connection = links.computeIfAbsent(link, _ -> new Link());
    RpcContext context = new Context(connection, "n" + fromNode, answer);
    executorFor(processor, name, request).execute(() -> processor.handleRequest(context, request));
  }

  private Executor executorFor(RpcProcessor<Object> processor, String name, Message request) {
    Executor chosen = null;
    if (processor.executorSelector() != null && request instanceof AppendEntriesRequest append) {
      AppendEntriesRequestHeader header =
          AppendEntriesRequestHeader.newBuilder()
              .setGroupId(append.getGroupId())
              .setPeerId(append.getPeerId())
              .setServerId(append.getServerId())
              .build();
      chosen = processor.executorSelector().select(name, header);
    } else {
      chosen = processor.executor();
    }
    return chosen == null ? prompt : chosen;
  }

  @Override
  public void closed(int fromNode, Object link) {
    Link connection = links.remove(link);
    if (connection != null) {
      listeners.forEach(listener -> listener.onClosed("n" + fromNode, connection));
    }
  }

  private record Context(Link link, String remote, Consumer<byte[]> answer) implements RpcContext {
    @Override
    public void sendResponse(Object response) {
      answer.accept(encode((Message) response));
    }

    @Override
    public Connection getConnection() {
      return link;
    }

    @Override
    public String getRemoteAddress() {
      return remote;
    }
  }

  /// What JRaft keeps of a connection.
  private static final class Link implements Connection {
    private final Map<String, Object> attributes = new ConcurrentHashMap<>();

    @Override
    public Object getAttribute(String key) {
      return attributes.get(key);
    }

    @Override
    public void setAttribute(String key, Object value) {
      attributes.put(key, value);
    }

    @Override
    public Object setAttributeIfAbsent(String key, Object value) {
      return attributes.putIfAbsent(key, value);
    }

    @Override
    public void close() {
      // Others use it, too.
    }
  }

  // ---- what JRaft asks of a server

  @Override
  @SuppressWarnings("unchecked")
  public void registerProcessor(RpcProcessor<?> processor) {
    processors.put(processor.interest(), (RpcProcessor<Object>) processor);
  }

  @Override
  public void registerConnectionClosedEventListener(ConnectionClosedEventListener listener) {
    listeners.add(listener);
  }

  @Override
  public int boundPort() {
    return PORT;
  }

  @Override
  public boolean init(Void nothing) {
    return true;
  }

  @Override
  public void shutdown() {
    // The network is the node's.
  }

  @Override
  public void close() {
    executor.shutdown();
    prompt.shutdown();
  }
}
