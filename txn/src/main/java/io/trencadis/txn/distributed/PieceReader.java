package io.trencadis.txn.distributed;

import io.trencadis.storage.run.Run;
import io.trencadis.storage.run.RunEntry;
import io.trencadis.storage.run.RunMerge;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a large transaction has written to runs, as records of bounded size: shard by shard, in the
/// order of the keys, of each key the newest write. Confined to one thread.
final class PieceReader {
  private final long txn;
  private final long pieceBytes;
  private final Iterator<Map.Entry<Integer, List<Run>>> shards;
  private int shard;
  private RunMerge merge;

  /// @param runs by shard; they do not change while this is used
  /// @param pieceBytes a piece ends with the row that reaches so many
  PieceReader(long txn, Map<Integer, List<Run>> runs, long pieceBytes) {
    this.txn = txn;
    this.pieceBytes = pieceBytes;
    shards = new TreeMap<>(runs).entrySet().iterator();
  }

  /// The next piece; null at the end.
  ///
  /// @throws io.trencadis.base.SqlException 58030, XX001 if a run cannot be read
  BranchRecord.Piece next() {
    List<RunEntry> entries = new ArrayList<>();
    for (long bytes = 0; bytes < pieceBytes; ) {
      if (merge != null && merge.next()) {
        RunEntry entry = merge.entry();
        entries.add(entry);
        bytes += entry.key().length + (entry.value() == null ? 0 : entry.value().length);
      } else if (!entries.isEmpty() || !shards.hasNext()) {
        // A piece is of one shard.
        break;
      } else {
        Map.Entry<Integer, List<Run>> next = shards.next();
        shard = next.getKey();
        merge = RunMerge.all(next.getValue());
      }
    }
    return entries.isEmpty() ? null : new BranchRecord.Piece(txn, shard, entries);
  }
}
