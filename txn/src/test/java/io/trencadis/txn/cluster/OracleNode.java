package io.trencadis.txn.cluster;

import java.util.function.LongConsumer;

/// Issues timestamps. What it has handed out lies below a bound that it has written down (rule 2).
final class OracleNode {
  private static final int AHEAD = 50;

  private final Cluster cluster;
  private long last = 100;
  private long bound = last + AHEAD;

  OracleNode(Cluster cluster) {
    this.cluster = cluster;
  }

  /// @param answer run at the gateway, if the answer arrives
  void ask(int fromNode, String who, LongConsumer answer) {
    int self = cluster.oracleNode();
    cluster.send(
        fromNode,
        self,
        "timestamp? for " + who,
        () -> {
          long ts = ++last;
          if (last > bound) {
            bound = last + AHEAD;
          }
          cluster.send(self, fromNode, ts + " for " + who, () -> answer.accept(ts));
        });
  }

  void crash() {
    cluster.note("CRASH of the oracle");
    last = bound;
    bound += AHEAD;
  }
}
