package io.trencadis.txn.cluster;

import io.trencadis.storage.Version;
import io.trencadis.storage.Write;
import io.trencadis.txn.HeldRow;
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
          for (int key = 0; key < Cluster.MOST_KEYS; key++) {
            for (byte[] each : List.of(Cluster.key(key), Cluster.heldKey(key))) {
              for (Version version : Machines.versions(store, each)) {
                rows.add(new Installed(shard, each, version.value(), version.commitTs()));
              }
            }
          }
        });
    rows.sort(Comparator.comparingLong(Installed::commitTs));
    return rows;
  }

  @Override
  public String toString() {
    String what = HeldRow.isKey(key) ? "held " + Arrays.hashCode(row) : Row.of(row).toString();
    return what + " at " + Cluster.name(shard, key[4]) + " of " + commitTs;
  }

  static void all(List<Installed> rows, Map<Integer, SimulatedStore> stores) {
    for (Installed row : rows) {
      stores.get(row.shard).apply(List.of(Write.of(row.key, row.row)), row.commitTs, 0);
    }
  }
}
