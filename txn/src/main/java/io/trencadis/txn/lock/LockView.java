package io.trencadis.txn.lock;

import java.util.List;

/// A lock as it stood at one moment: for whoever lists them.
///
/// @param owner the transaction that holds it or waits for it, or the session
/// @param place 0 for a lock that is held; else the place in its queue, from 1
/// @param blockers for a wait: owners that hold the thing in a conflicting mode, then those who
///   queue for one ahead of it
/// @param heldUp whether a holder is among the blockers
public record LockView(long owner, Wanted wanted, int place, List<Long> blockers, boolean heldUp) {
  public boolean granted() {
    return place == 0;
  }
}
