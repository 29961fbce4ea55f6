package io.trencadis.txn.cluster;

import java.util.Random;

/// What goes wrong in a run, in hundredths or as a mean time between.
///
/// @param lost messages that never arrive
/// @param twice messages that arrive twice
/// @param crashesEvery of nodes; 0 for never
/// @param cutsEvery of links, one way or both; 0 for never
/// @param flushesEvery of logs; 0 for never
/// @param slowNode one whose messages take ten times as long; -1 for none
record Faults(
    int lost, int twice, int crashesEvery, int cutsEvery, int flushesEvery, int slowNode) {
  static final Faults NONE = new Faults(0, 0, 0, 0, 0, -1);

  /// Some kinds at a time: what hides behind one is seen without it.
  static Faults of(Random random, int nodes) {
    return new Faults(
        random.nextInt(3) == 0 ? 1 + random.nextInt(8) : 0,
        random.nextInt(2) == 0 ? 1 + random.nextInt(20) : 0,
        random.nextInt(4) > 0 ? 60 + random.nextInt(500) : 0,
        random.nextInt(3) == 0 ? 200 + random.nextInt(600) : 0,
        random.nextInt(2) == 0 ? 20 + random.nextInt(200) : 0,
        random.nextInt(4) == 0 ? random.nextInt(nodes) : -1);
  }
}
