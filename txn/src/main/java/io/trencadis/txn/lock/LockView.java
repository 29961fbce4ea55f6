package io.trencadis.txn.lock;

import java.util.List;

/// A lock as it stood at one moment: for whoever lists them.
///
/// @param owner the transaction that holds it or waits for it, or the session
/// @param place 0 for a lock that is held; else the place in its queue, from 1
/// @param holders for a wait: owners that hold the thing in a conflicting mode
/// @param ahead for a wait: owners that queue for a conflicting mode before it
public record LockView(long owner, Wanted wanted, int place, List<Long> holders, List<Long> ahead) {
  public boolean granted() {
    return place == 0;
  }
}
