package io.trencadis.sharding.cluster;

import io.trencadis.sharding.StoreFigures;
import io.trencadis.storage.levels.NodeStorage;
import io.trencadis.storage.log.LogMetrics;
import io.trencadis.storage.log.WriteAheadLog;

/// The figures of a cluster's node.
record ReplicaFigures(WriteAheadLog log, NodeStorage storage) implements StoreFigures {
  @Override
  public LogMetrics logMetrics() {
    return log.metrics();
  }

  @Override
  public long uncoveredLogBytes() {
    return Math.max(0, log.durable() - storage.coveredPosition());
  }
}
