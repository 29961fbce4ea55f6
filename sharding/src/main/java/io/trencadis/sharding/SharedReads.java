package io.trencadis.sharding;

import io.trencadis.txn.RelationRef;
import io.trencadis.txn.coordinator.Coordinator;
import io.trencadis.txn.participant.Snapshots;
import java.util.ArrayList;
import java.util.List;

/// Reads at a transaction's snapshot of what turns up on the way, by a thread that may be any: rows
/// by their keys, and short ranges. Confined to that thread.
///
/// Like a [SharedScan] it cannot wait for a commit that it may have to see: then it gives up
/// ([#inDoubt]), and what came of its reads has to be forgotten. What was read joins the read set
/// when the transaction's own thread says so ([Transaction#endSharedReads]).
public final class SharedReads {
  private static final int FIRST_BATCH = 32;

  /// By number; null for those that only the transaction's own thread can read.
  private final Snapshots[] shards;

  private final long timestamp;
  private final List<Range> ranges = new ArrayList<>();
  private final List<Row> rows = new ArrayList<>();
  private boolean inDoubt;

  private record Range(int shard, byte[] from, byte[] to, long columns) {}

  private record Row(int shard, byte[] key, long columns) {}

  SharedReads(Snapshots[] shards, long timestamp) {
    this.shards = shards;
    this.timestamp = timestamp;
  }

  /// The same for another thread. May be called by any.
  public SharedReads fork() {
    return new SharedReads(shards, timestamp);
  }

  /// Whether a shard can be read so.
  public boolean covers(int shard) {
    return shards[shard] != null;
  }

  /// Whether it has given up.
  public boolean inDoubt() {
    return inDoubt;
  }

  /// A row's bytes, not to be modified; null if there is none, or if it has given up.
  public byte[] get(int shard, RelationRef rel, byte[] key) {
    byte[] row = covers(shard) ? shards[shard].get(rel, key, timestamp) : Snapshots.IN_DOUBT;
    if (row == Snapshots.IN_DOUBT) {
      inDoubt = true;
      return null;
    }
    rows.add(new Row(shard, key, rel.columns()));
    return row;
  }

  /// What [#get] gives for each of several keys of a shard; best in order.
  ///
  /// @param count how many of `keys` mean something
  /// @param found where each key's row is put, or null
  public void get(int shard, RelationRef rel, byte[][] keys, int count, byte[][] found) {
    if (!covers(shard) || !shards[shard].get(rel, keys, count, timestamp, found)) {
      inDoubt = true;
      return;
    }
    for (int i = 0; i < count; i++) {
      rows.add(new Row(shard, keys[i], rel.columns()));
    }
  }

  /// The rows with `from <= key < to`; a scan that gives up says so itself. All of the range joins
  /// the read set.
  ///
  /// @return null if it has given up
  public SharedScan scan(int shard, RelationRef rel, byte[] from, byte[] to) {
    if (!covers(shard)) {
      inDoubt = true;
      return null;
    }
    ranges.add(new Range(shard, from, to, rel.columns()));
    return new SharedScan(shards[shard], rel, from, to, timestamp, FIRST_BATCH);
  }

  /// Takes what was read into a transaction's read set. By its thread.
  void join(Coordinator coordinator) {
    for (Row row : rows) {
      coordinator.reads(row.shard, row.key, row.columns);
    }
    for (Range each : ranges) {
      coordinator.readsWholeRange(each.shard, each.from, each.to, each.columns);
    }
  }
}
