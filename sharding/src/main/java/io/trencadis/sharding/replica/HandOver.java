package io.trencadis.sharding.replica;

import java.util.Collections;
import java.util.Set;
import java.util.function.Supplier;

/// A leader that is about to have another node lead in its place, and lets the transactions end
/// first that have locks or writes here, which would be lost with its term.
///
/// It waits, as long as it is asked to, for a moment when none is here that has been here for long,
/// and lets new ones in meanwhile. Then new ones are not heard, until the short ones have ended:
/// whoever has no answer says again what he has said, and by then to the next leader.
///
/// Belongs to whoever is inside the replica.
final class HandOver {
  /// Who is here for longer is not about to end, and is not waited for with others kept out.
  private static final long SHORT_NANOS = 500_000_000;

  /// If this node leads still after so long, nobody has taken it.
  private static final long TAKEN_NANOS = 1_000_000_000;

  private enum Phase {
    NONE,
    /// Somebody may be here for long.
    WAITING,
    /// New ones are left to the next leader.
    CLOSING,
    /// The other node is on its way.
    GIVEN
  }

  private Phase phase = Phase.NONE;
  private Runnable transfer;
  private Wish wish;

  /// When the phase, or this round of it, began; on a clock of nanoseconds.
  private long since;

  /// Who was here by then.
  private Set<Long> before = Set.of();

  /// How much another node is to lead.
  ///
  /// @param until when, on a clock of nanoseconds, it is waited no longer
  /// @param evenSo whether it is to lead then whoever is here: their transactions fail (40001), as
  ///   they do when a leader dies. Else all stays as it is
  record Wish(long until, boolean evenSo) {
    boolean isBefore(Wish other) {
      return evenSo && (!other.evenSo || until - other.until < 0);
    }
  }

  /// Begins. Where it has begun, what wants it sooner counts.
  ///
  /// @param now on a clock of nanoseconds
  /// @param open the transactions that have something here
  /// @param transfer has the other node lead; run on a thread of its own
  void begin(Runnable transfer, Wish wish, Set<Long> open, long now) {
    if (phase == Phase.NONE) {
      this.transfer = transfer;
      this.wish = wish;
      before = open;
      phase(Phase.WAITING, now);
    } else if (phase != Phase.GIVEN && wish.isBefore(this.wish)) {
      this.transfer = transfer;
      this.wish = wish;
    }
  }

  private void phase(Phase next, long now) {
    phase = next;
    since = now;
  }

  /// Whether it has begun, and has to [#look].
  boolean isOn() {
    return phase != Phase.NONE;
  }

  /// Whether transactions that have nothing here yet are left to the next leader.
  boolean refusesNew() {
    return phase == Phase.CLOSING || phase == Phase.GIVEN;
  }

  /// @param here says which transactions have something here
  void look(Supplier<Set<Long>> here, long now) {
    boolean timeIsUp = now - since >= (phase == Phase.GIVEN ? TAKEN_NANOS : SHORT_NANOS);
    if (phase == Phase.GIVEN) {
      phase = timeIsUp ? Phase.NONE : phase;
      return;
    }
    Set<Long> open = here.get();
    if (open.isEmpty()) {
      give(now);
    } else if (timeIsUp && phase == Phase.WAITING) {
      if (Collections.disjoint(before, open)) {
        phase(Phase.CLOSING, now);
      } else {
        goOn(open, now);
      }
    } else if (timeIsUp) {
      // Somebody has come meanwhile who stays.
      goOn(open, now);
    }
  }

  private void goOn(Set<Long> open, long now) {
    if (now - wish.until < 0) {
      before = open;
      phase(Phase.WAITING, now);
    } else if (wish.evenSo) {
      give(now);
    } else {
      over();
    }
  }

  private void give(long now) {
    Thread.ofVirtual().name("hand-over").start(transfer);
    transfer = null;
    phase(Phase.GIVEN, now);
  }

  /// Another term has begun, or this node's has ended.
  void over() {
    phase = Phase.NONE;
    transfer = null;
    before = Set.of();
  }
}
