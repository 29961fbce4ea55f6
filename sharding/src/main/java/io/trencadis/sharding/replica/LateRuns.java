package io.trencadis.sharding.replica;

import io.trencadis.storage.Version;
import io.trencadis.storage.levels.LevelledStore;
import io.trencadis.storage.run.Run;
import io.trencadis.storage.run.RunDirectory;
import io.trencadis.storage.run.RunEntry;
import io.trencadis.storage.run.RunMerge;
import io.trencadis.storage.run.RunWriter;
import java.io.IOException;
import java.util.List;

/// Runs of a commit that a store may have already, and later ones of the same keys with it: it
/// began with another copy's rows, which were written while commits went on. A run would hide
/// those, since what comes later lies above.
final class LateRuns {
  private LateRuns() {}

  /// The same without the keys of which the store has that version, or a later one. Nobody reads
  /// what was between: it is below the copy's floor.
  ///
  /// @return one run, or none
  /// @throws io.trencadis.base.SqlException 53100, 58030
  static List<Run> missing(
      List<Run> runs, long commitTs, LevelledStore store, RunDirectory directory, int shard) {
    try (RunWriter writer = directory.create(shard)) {
      boolean some = false;
      RunMerge merge = RunMerge.all(runs);
      while (merge.next()) {
        RunEntry entry = merge.entry();
        Version newest = store.latest(entry.key());
        if (newest == null || newest.commitTs() < commitTs) {
          writer.add(entry.key(), 0, entry.keepsKey(), entry.value());
          some = true;
        }
      }
      return some ? List.of(writer.finish()) : List.of();
    } catch (IOException e) {
      throw directory.failed(e);
    }
  }
}
