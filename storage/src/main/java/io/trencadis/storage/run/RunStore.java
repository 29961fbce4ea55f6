package io.trencadis.storage.run;

import io.trencadis.storage.ShardStore;
import java.util.List;

/// A [ShardStore] that takes runs.
public interface RunStore extends ShardStore {
  /// Installs what a large transaction has written to runs; one writer at a time, as [#apply].
  /// Nothing newer of their keys was installed before.
  ///
  /// @param runs oldest first, durable; the store deletes them when it has the rows elsewhere
  /// @param logIndex as for [#apply]
  void applyRuns(List<Run> runs, long commitTs, long logIndex);
}
