package io.trencadis.txn.coordinator;

import io.trencadis.storage.Write;
import io.trencadis.storage.run.Run;
import io.trencadis.txn.lock.HeldLock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// What a coordinator remembers of one shard.
final class Touched {
  /// Null until something is read that has to be validated.
  ReadSet reads;

  /// Whether anything was read here, for the report.
  boolean read;

  /// Requests with an effect sent so far.
  int requests;

  /// Whether some write, not undone, may be there; and the mark of the last.
  boolean wrote;

  int lastWriteMark;

  /// Whether it was told to hold what the transaction has there.
  boolean held;

  /// What it holds then.
  List<HeldLock> locks = List.of();

  /// What the shard holds prepared.
  Collection<? extends Write> prepared = List.of();

  List<Run> runs = List.of();

  /// Keys that were read under a lock while a savepoint stood, and the marks of those locks:
  /// rolling back to it takes the locks away, and what they protected has to be validated then.
  List<byte[]> lockedReads;

  List<Integer> lockedReadMarks;

  /// Sizes of the read set at the statement's start.
  int statementKeys;

  int statementRanges;

  ReadSet reads() {
    if (reads == null) {
      reads = new ReadSet();
    }
    return reads;
  }

  boolean hasReads() {
    return reads != null && !reads.isEmpty();
  }

  void lockedRead(byte[] key, int mark) {
    if (lockedReads == null) {
      lockedReads = new ArrayList<>();
      lockedReadMarks = new ArrayList<>();
    }
    lockedReads.add(key);
    lockedReadMarks.add(mark);
  }
}
