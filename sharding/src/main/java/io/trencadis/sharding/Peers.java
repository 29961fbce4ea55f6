package io.trencadis.sharding;

import java.util.Map;
import java.util.function.UnaryOperator;

/// The servers above the other nodes' gateways: each asks its like there. Thread-safe.
public interface Peers {
  /// Of a node on its own.
  Peers NONE =
      new Peers() {
        @Override
        public int self() {
          return 0;
        }

        @Override
        public void serve(UnaryOperator<byte[]> answers) {
          // Nobody asks.
        }

        @Override
        public Map<Integer, byte[]> ask(byte[] question) {
          return Map.of();
        }
      };

  /// This node's number.
  int self();

  /// Says who answers what other nodes ask, on threads that may wait.
  void serve(UnaryOperator<byte[]> answers);

  /// Asks all other nodes at once. Waits for their answers, not for long.
  ///
  /// @return by the nodes' numbers, without those that have not answered
  Map<Integer, byte[]> ask(byte[] question);
}
