package io.trencadis.txn.cluster;

import io.trencadis.storage.Version;
import io.trencadis.storage.Write;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// What a version of a row was installed with: a row on disk.
record Installed(int shard, byte[] key, byte[] row, long commitTs) {
  /// All there is, from oldest to newest.
  static List<Installed> in(Map<Integer, SimulatedStore> stores) {
    List<Installed> rows = new ArrayList<>();
    stores.forEach(
        (shard, store) -> {
          for (byte[] key : store.keys()) {
            for (Version version : Machines.versions(store, key)) {
              rows.add(new Installed(shard, key, version.value(), version.commitTs()));
            }
          }
        });
    rows.sort(Comparator.comparingLong(Installed::commitTs));
    return rows;
  }

  @Override
  public String toString() {
    return Arrays.hashCode(row) + " at s" + shard + Arrays.toString(key) + " of " + commitTs;
  }

  static void all(List<Installed> rows, Map<Integer, SimulatedStore> stores) {
    for (Installed row : rows) {
      stores.get(row.shard).apply(List.of(Write.of(row.key, row.row)), row.commitTs, 0);
    }
  }
}
