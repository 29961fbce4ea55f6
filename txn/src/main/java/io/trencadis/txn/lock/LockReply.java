package io.trencadis.txn.lock;

/// What became of a request for a lock. A request never blocks: the one who asked waits, or does
/// not.
public sealed interface LockReply {
  /// Held from now on, or was held before.
  record Granted() implements LockReply {
    static final Granted INSTANCE = new Granted();
  }

  /// Somebody is in the way and the request did not want to queue.
  record Unavailable() implements LockReply {
    static final Unavailable INSTANCE = new Unavailable();
  }

  /// In the queue. Whether that has closed a circle, [LockTable#takeVictims] tells.
  record Queued(Waiter waiter) implements LockReply {}
}
