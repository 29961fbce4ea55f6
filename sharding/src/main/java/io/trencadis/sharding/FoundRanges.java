package io.trencadis.sharding;

import io.trencadis.storage.RowBlock;
import io.trencadis.txn.RelationRef;
import io.trencadis.txn.coordinator.Coordinator;
import io.trencadis.txn.message.Reply;
import java.util.List;

/// What a shard has found for several keys and short ranges that were looked up at once.
final class FoundRanges {
  private FoundRanges() {}

  /// Takes what was read whole into the read set.
  ///
  /// @return for each that was looked up its rows; null where there are more than were asked for
  static RowBlock[] of(
      Coordinator coordinator, RelationRef rel, Transaction.Lookup lookup, Reply.Ranges reply) {
    List<Reply.Rows> ranges = reply.ranges();
    RowBlock[] rows = new RowBlock[ranges.size()];
    for (int i = 0; i < rows.length; i++) {
      byte[] from = lookup.froms()[i];
      byte[] to = lookup.tos()[i];
      if (ranges.get(i).done()) {
        rows[i] = ranges.get(i).rows();
        if (to == null) {
          coordinator.reads(lookup.shard(), from, rel.columns());
        } else {
          coordinator.readsWholeRange(lookup.shard(), from, to, rel.columns());
        }
      }
    }
    return rows;
  }
}
