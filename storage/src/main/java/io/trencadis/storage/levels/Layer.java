package io.trencadis.storage.levels;

import io.trencadis.storage.Memtable;
import io.trencadis.storage.RowScan;
import io.trencadis.storage.Version;
import io.trencadis.storage.run.Run;
import io.trencadis.storage.run.RunEntry;
import io.trencadis.storage.run.RunMerge;
import java.util.List;

/// What lies between a shard's active memtable and the base tree, until a flush has merged it into
/// the tree: nothing in it changes any more. Of one key, what a layer holds is newer than what is
/// below it.
sealed interface Layer {
  /// The newest version at or before `ts`, deletions included, or null.
  Version read(byte[] key, long ts);

  /// The newest version, deletions included, or null; those before it hang on it.
  Version latest(byte[] key);

  RowScan scanWithDeletions(byte[] from, byte[] to, long ts, boolean reverse);

  long highestCommitTs();

  long keyCount();

  /// On the heap.
  long bytes();

  /// A memtable that was full, or had to make room for runs.
  record Full(Memtable memtable) implements Layer {
    @Override
    public Version read(byte[] key, long ts) {
      return memtable.read(key, ts);
    }

    @Override
    public Version latest(byte[] key) {
      return memtable.latest(key);
    }

    @Override
    public RowScan scanWithDeletions(byte[] from, byte[] to, long ts, boolean reverse) {
      return memtable.scanWithDeletions(from, to, ts, reverse);
    }

    @Override
    public long highestCommitTs() {
      return memtable.highestCommitTs();
    }

    @Override
    public long keyCount() {
      return memtable.keyCount();
    }

    @Override
    public long bytes() {
      return memtable.bytes();
    }
  }

  /// The runs of one transaction.
  ///
  /// @param runs oldest first
  /// @param position where its record ends in the log
  record Runs(List<Run> runs, long commitTs, long position) implements Layer {
    @Override
    public Version read(byte[] key, long ts) {
      return ts < commitTs ? null : latest(key);
    }

    @Override
    public Version latest(byte[] key) {
      for (int i = runs.size() - 1; i >= 0; i--) {
        RunEntry entry = runs.get(i).find(key);
        if (entry != null) {
          return new Version(commitTs, entry.value());
        }
      }
      return null;
    }

    @Override
    public RowScan scanWithDeletions(byte[] from, byte[] to, long ts, boolean reverse) {
      List<Run> seen = ts < commitTs ? List.of() : runs;
      return new RunScan(new RunMerge(seen, from, to, reverse, Integer.MAX_VALUE), commitTs);
    }

    @Override
    public long highestCommitTs() {
      return commitTs;
    }

    @Override
    public long keyCount() {
      long keys = 0;
      for (Run run : runs) {
        keys += run.summary().keys();
      }
      return keys;
    }

    @Override
    public long bytes() {
      return 0;
    }
  }

  /// A merge of runs as the rows of a scan.
  record RunScan(RunMerge merge, long commitTs) implements RowScan {
    @Override
    public boolean next() {
      return merge.next();
    }

    @Override
    public byte[] key() {
      return merge.key();
    }

    @Override
    public byte[] value() {
      return merge.entry().value();
    }
  }
}
