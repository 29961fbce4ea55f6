package io.trencadis.sharding.cluster;

import io.trencadis.sharding.Peers;
import io.trencadis.sharding.rpc.NodeRpc;
import io.trencadis.sharding.rpc.Service;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// The other nodes' servers, over the network of nodes.
final class NodePeers implements Peers {
  private static final long CALL_MILLIS = 1_000;

  private final NodeRpc rpc;
  private final Supplier<Set<Integer>> nodes;
  private volatile UnaryOperator<byte[]> answers;

  /// @param nodes those there are
  NodePeers(NodeRpc rpc, Supplier<Set<Integer>> nodes) {
    this.rpc = rpc;
    this.nodes = nodes;
  }

  @Override
  public int self() {
    return rpc.self().node();
  }

  @Override
  public void serve(UnaryOperator<byte[]> server) {
    answers = server;
  }

  /// Another node asks; it hears nothing as long as nobody serves.
  void asked(byte[] question, Consumer<byte[]> answer) {
    UnaryOperator<byte[]> server = answers;
    if (server != null) {
      Thread.ofVirtual().name("peer").start(() -> answer.accept(server.apply(question)));
    }
  }

  @Override
  public Map<Integer, byte[]> ask(byte[] question) {
    Map<Integer, CompletableFuture<byte[]>> asked = new LinkedHashMap<>();
    for (int node : nodes.get()) {
      if (node != self()) {
        asked.put(
            node, rpc.call(node, Service.SERVERS, question, CALL_MILLIS).exceptionally(_ -> null));
      }
    }
    Map<Integer, byte[]> given = new LinkedHashMap<>();
    asked.forEach(
        (node, answer) -> {
          byte[] body = answer.join();
          if (body != null) {
            given.put(node, body);
          }
        });
    return given;
  }
}
