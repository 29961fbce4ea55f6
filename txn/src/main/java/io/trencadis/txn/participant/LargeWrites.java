package io.trencadis.txn.participant;

import io.trencadis.storage.run.RunDirectory;
import java.util.concurrent.atomic.AtomicLong;

/// When a node's transactions move what they have written to runs, and where to. One for all shards
/// of a node; thread-safe.
public final class LargeWrites {
  /// Smaller transactions are neither counted nor moved.
  private static final long SMALL = 256 << 10;

  private final RunDirectory directory;
  private final long bytesEach;
  private final long bytesTogether;
  private final AtomicLong counted = new AtomicLong();

  /// @param bytesEach of one transaction at one shard
  /// @param bytesTogether of all; beyond it whoever has more than a little moves it
  public LargeWrites(RunDirectory directory, long bytesEach, long bytesTogether) {
    this.directory = directory;
    this.bytesEach = bytesEach;
    this.bytesTogether = bytesTogether;
  }

  RunDirectory directory() {
    return directory;
  }

  /// Counts what a transaction holds in memory, and tells whether it is to be moved.
  boolean tooLarge(Context context) {
    long bytes = context.writes().bytes();
    if (bytes > bytesEach) {
      return true;
    }
    if (bytes < SMALL) {
      return false;
    }
    long all = counted.addAndGet(bytes - context.countedBytes);
    context.countedBytes = bytes;
    return all > bytesTogether;
  }

  /// Nothing of the transaction is in memory any more.
  void moved(Context context) {
    if (context.countedBytes != 0) {
      counted.addAndGet(-context.countedBytes);
      context.countedBytes = 0;
    }
  }
}
