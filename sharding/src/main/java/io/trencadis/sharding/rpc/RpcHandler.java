package io.trencadis.sharding.rpc;

import java.util.function.Consumer;

/// Takes what other nodes send to one of this node's services. Called on a thread of the network's:
/// it must not wait for anything. Thread-safe.
public interface RpcHandler {
  /// A message that is not answered.
  void message(int fromNode, byte[] body);

  /// A question.
  ///
  /// @param link stands for the connection it came on: the same object for all that comes on it
  /// @param answer takes the answer, at any time, once
  void call(int fromNode, Object link, byte[] body, Consumer<byte[]> answer);

  /// A connection from another node is gone.
  default void closed(int fromNode, Object link) {}
}
