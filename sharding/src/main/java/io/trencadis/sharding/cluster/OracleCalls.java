package io.trencadis.sharding.cluster;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.sharding.ClusterNetwork.Timestamps;
import io.trencadis.sharding.replica.OracleReplica;
import io.trencadis.sharding.rpc.NodeRpc;
import io.trencadis.sharding.rpc.Service;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/// Requests for timestamps between nodes: to whoever leads the oracle, and from others where this
/// one does. Thread-safe.
final class OracleCalls {
  private static final long CALL_MILLIS = 1_000;

  private final OracleReplica oracle;
  private final NodeRpc rpc;
  private final int self;
  private final IntSupplier leader;

  /// @param leader the node that leads the oracle, as far as is known; -1 for none
  OracleCalls(OracleReplica oracle, NodeRpc rpc, int self, IntSupplier leader) {
    this.oracle = oracle;
    this.rpc = rpc;
    this.self = self;
    this.leader = leader;
  }

  /// See [io.trencadis.sharding.ClusterNetwork#timestamps].
  CompletableFuture<Timestamps> timestamps(int count, boolean forCatalog) {
    int leads = leader.getAsInt();
    if (leads == self) {
      CompletableFuture<Timestamps> answer = new CompletableFuture<>();
      oracle.issue(
          count,
          forCatalog,
          issued -> {
            if (issued == null) {
              answer.completeExceptionally(new IOException("this node does not lead the oracle"));
            } else {
              answer.complete(new Timestamps(issued.timestamps(), issued.catalogTs()));
            }
          });
      return answer;
    }
    if (leads < 0) {
      return CompletableFuture.failedFuture(new IOException("no node leads the oracle"));
    }
    byte[] question =
        new ByteWriter(8).putByte(1).putInt(count).putByte(forCatalog ? 1 : 0).toByteArray();
    return rpc.call(leads, Service.META, question, CALL_MILLIS).thenApply(OracleCalls::timestamps);
  }

  private static Timestamps timestamps(byte[] answer) {
    if (answer.length == 0) {
      throw new IllegalStateException("the node asked does not lead the oracle");
    }
    ByteReader in = new ByteReader(answer);
    long catalogTs = in.getLong();
    long[] timestamps = new long[in.remaining() / Long.BYTES];
    for (int i = 0; i < timestamps.length; i++) {
      timestamps[i] = in.getLong();
    }
    return new Timestamps(timestamps, catalogTs);
  }

  /// Answers another node's request; empty where this one does not lead the oracle.
  void issue(byte[] question, Consumer<byte[]> answer) {
    ByteReader in = new ByteReader(question);
    in.getByte();
    oracle.issue(
        in.getInt(),
        in.getByte() != 0,
        issued -> {
          ByteWriter out = new ByteWriter();
          if (issued != null) {
            out.putLong(issued.catalogTs());
            for (long timestamp : issued.timestamps()) {
              out.putLong(timestamp);
            }
          }
          answer.accept(out.toByteArray());
        });
  }
}
