package io.trencadis.sharding.rpc;

/// Whom at a node a message is for.
public enum Service {
  /// The groups that replicate logs.
  RAFT,
  /// Transactions: shards and gateways.
  TRANSACTIONS,
  /// The oracle and the list of nodes.
  META,
  /// The servers above: what sessions do, and what is done to them.
  SERVERS
}
