package io.trencadis.sharding;

import io.trencadis.storage.levels.NodeStorage;
import io.trencadis.storage.log.LogMetrics;

/// A node's log and levels, for their figures. Whoever is not of the node changes nothing there.
/// Thread-safe.
public interface StoreFigures {
  /// What the write-ahead log has done.
  LogMetrics logMetrics();

  /// Bytes of log that the next start would have to read, and that no flush has covered yet.
  long uncoveredLogBytes();

  /// The levels below.
  NodeStorage storage();
}
