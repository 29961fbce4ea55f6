package io.trencadis.txn.cluster;

import io.trencadis.storage.Memtable;
import io.trencadis.storage.RowScan;
import io.trencadis.storage.Version;
import io.trencadis.storage.Write;
import io.trencadis.storage.run.Run;
import io.trencadis.storage.run.RunMerge;
import io.trencadis.storage.run.RunStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// A shard's rows in memory. What comes in runs is there at once; their files go with the next
/// flush, as those of real stores do.
final class SimulatedStore implements RunStore {
  private final Memtable rows = new Memtable();
  private final TreeSet<byte[]> keys = new TreeSet<>(Arrays::compareUnsigned);
  private final List<Run> installed = new ArrayList<>();

  @Override
  public void applyRuns(List<Run> runs, long commitTs, long logIndex) {
    RunMerge all = RunMerge.all(runs);
    while (all.next()) {
      apply(List.of(Write.of(all.key(), all.entry().value())), commitTs, logIndex);
    }
    installed.addAll(runs);
  }

  /// All that were ever written.
  SortedSet<byte[]> keys() {
    return keys;
  }

  /// The rows are on the disk.
  void flushed() {
    installed.forEach(Run::delete);
    installed.clear();
  }

  @Override
  public Version read(byte[] key, long ts) {
    return rows.read(key, ts);
  }

  @Override
  public Version latest(byte[] key) {
    return rows.latest(key);
  }

  @Override
  public RowScan scan(byte[] from, byte[] to, long ts, boolean reverse) {
    return rows.scan(from, to, ts, reverse);
  }

  @Override
  public void apply(Collection<? extends Write> writes, long commitTs, long logIndex) {
    writes.forEach(write -> keys.add(write.key()));
    rows.apply(writes, commitTs, logIndex);
  }

  @Override
  public void discardBelow(long horizon) {
    rows.discardBelow(horizon);
  }

  @Override
  public long appliedIndex() {
    return rows.appliedIndex();
  }

  @Override
  public long highestCommitTs() {
    return rows.highestCommitTs();
  }

  @Override
  public long keyCount() {
    return rows.keyCount();
  }
}
