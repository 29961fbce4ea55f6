package io.trencadis.sharding.rpc;

/// Which of the connections to a node a message goes by. Each lane has a connection of its own and,
/// on this node, threads of its own: what keeps leaders elected does not wait for what transactions
/// have to say, however much that is.
enum Lane {
  /// Log entries, the heartbeats among them and votes.
  LOGS(1),

  REST(2);

  private final int threads;

  Lane(int threads) {
    this.threads = threads;
  }

  int threads() {
    return threads;
  }

  static Lane of(Service service) {
    return service == Service.RAFT ? LOGS : REST;
  }

  /// What stands for the lane where both ends of a connection say first what it is for.
  Service service() {
    return this == LOGS ? Service.RAFT : Service.META;
  }
}
