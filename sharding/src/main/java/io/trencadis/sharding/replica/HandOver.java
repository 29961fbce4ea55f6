package io.trencadis.sharding.replica;

/// A leader that is about to have another node lead in its place, and lets the transactions end
/// first that have locks or writes here, which would be lost with its term. New ones are not heard
/// meanwhile: whoever has no answer says again what he has said, and by then to the next leader.
///
/// Belongs to whoever is inside the replica.
final class HandOver {
  /// How long transactions may take to end. Longer ones fail (40001), as they do when a leader
  /// dies.
  private static final long QUIET_NANOS = 500_000_000;

  /// If this node leads still after so long, nobody has taken it.
  private static final long TAKEN_NANOS = 1_000_000_000;

  private Runnable transfer;
  private boolean waiting;
  private long end;

  /// Begins; nothing happens where it has begun.
  ///
  /// @param now on a clock of nanoseconds
  /// @param transfer has the other node lead; run on a thread of its own
  void begin(Runnable transfer, long now) {
    if (!waiting) {
      waiting = true;
      this.transfer = transfer;
      end = now + QUIET_NANOS;
    }
  }

  /// Whether transactions that have nothing here yet are left to the next leader.
  boolean refusesNew() {
    return waiting;
  }

  /// @param open how many transactions have something here
  void look(int open, long now) {
    if (!waiting) {
      return;
    }
    boolean late = now - end >= 0;
    if (transfer == null) {
      waiting = !late;
    } else if (open == 0 || late) {
      Thread.ofVirtual().name("hand-over").start(transfer);
      transfer = null;
      end = now + TAKEN_NANOS;
    }
  }

  /// Another term has begun, or this node's has ended.
  void over() {
    waiting = false;
    transfer = null;
  }
}
