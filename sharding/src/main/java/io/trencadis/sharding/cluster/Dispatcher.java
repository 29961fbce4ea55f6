package io.trencadis.sharding.cluster;

import io.trencadis.base.ByteReader;
import io.trencadis.sharding.replica.Members;
import io.trencadis.sharding.rpc.RpcHandler;
import java.io.IOException;
import java.util.function.Consumer;

/// Takes what other nodes send, from before the node knows what it is part of.
final class Dispatcher {
  private final Formation formation;
  private volatile ClusterNode node;

  Dispatcher(Formation formation) {
    this.formation = formation;
  }

  /// The node has opened its data.
  void opened(ClusterNode started) {
    node = started;
  }

  RpcHandler meta() {
    return new RpcHandler() {
      @Override
      public void message(int from, byte[] body) {
        if (node != null) {
          Members members = Members.read(new ByteReader(body));
          // It writes a file.
          Thread.ofVirtual().name("members").start(() -> node.learn(members));
        }
      }

      @Override
      public void call(int from, Object link, byte[] body, Consumer<byte[]> answer) {
        if (Formation.isFormation(body)) {
          // It writes a file.
          Thread.ofVirtual().name("formation").start(() -> form(body, answer));
        } else if (node == null) {
          answer.accept(new byte[0]);
        } else if (NodeReport.isQuestion(body)) {
          answer.accept(node.report().toBytes());
        } else if (MemberRequest.isRequest(body)) {
          node.changes().request(body, done -> answer.accept(done.toBytes()));
        } else {
          node.oracleCalls().issue(body, answer);
        }
      }
    };
  }

  private void form(byte[] body, Consumer<byte[]> answer) {
    try {
      answer.accept(formation.answer(body));
    } catch (IOException | RuntimeException e) {
      System.getLogger(ClusterNode.class.getName())
          .log(System.Logger.Level.WARNING, "the node cannot take part in a cluster", e);
    }
  }

  RpcHandler servers() {
    return new RpcHandler() {
      @Override
      public void message(int from, byte[] body) {
        // There are calls only.
      }

      @Override
      public void call(int from, Object link, byte[] body, Consumer<byte[]> answer) {
        if (node != null) {
          node.peers().asked(body, answer);
        }
      }
    };
  }

  RpcHandler transactions() {
    return new RpcHandler() {
      @Override
      public void message(int from, byte[] body) {
        if (node != null) {
          node.receive(from, body);
        }
      }

      @Override
      public void call(int from, Object link, byte[] body, Consumer<byte[]> answer) {
        if (node != null) {
          node.fragment(body, answer);
        }
      }
    };
  }
}
