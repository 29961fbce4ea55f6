package io.trencadis.txn.participant;

import io.trencadis.storage.Keys;
import io.trencadis.txn.message.Request;

/// How much of a scan's range comes before the first key that is in doubt for it: the scan stops
/// short of that one, and waits only if that is where it starts.
///
/// @param nearest whose marks end it; null if it is the whole range
record ClearRange(byte[] from, byte[] to, Prepared nearest) {
  static ClearRange whole(Request.Scan scan) {
    return new ClearRange(scan.from(), scan.to(), null);
  }

  static ClearRange of(Request.Scan scan, Snapshots snapshots) {
    ClearRange clear = whole(scan);
    for (Prepared marks : snapshots.prepared()) {
      if (marks.txn != scan.txn() && marks.mayBeAtOrBelow(scan.readTs())) {
        byte[] marked = marks.keys.firstIn(clear.from, clear.to, scan.reverse());
        if (marked != null) {
          clear =
              scan.reverse()
                  ? new ClearRange(Keys.successor(marked), clear.to, marks)
                  : new ClearRange(clear.from, marked, marks);
        }
      }
    }
    return clear;
  }
}
