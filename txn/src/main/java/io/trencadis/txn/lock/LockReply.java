package io.trencadis.txn.lock;

import java.util.List;

/// What became of a request for a lock. A request never blocks: the one who asked waits, or does not.
public sealed interface LockReply {
  /// Held from now on, or was held before.
  record Granted() implements LockReply {
    static final Granted INSTANCE = new Granted();
  }

  /// Somebody is in the way and the request did not want to queue.
  record Unavailable() implements LockReply {
    static final Unavailable INSTANCE = new Unavailable();
  }

  /// In the queue. Each of `victims` is a wait whose end breaks a circle that this one closed.
  record Queued(Waiter waiter, List<WaitGraph.Wait> victims) implements LockReply {}
}
