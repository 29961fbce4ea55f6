package io.trencadis.txn.participant;

import io.trencadis.storage.Keys;
import io.trencadis.txn.message.ReadPart;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What a transaction that is (about to be) prepared by name holds at this shard beside its locks
/// (rule 14): its reads, against whoever would change them; its writes, against whoever has read
/// them and wants to be prepared by name as well. For the machine only.
final class Hold {
  final long txn;

  /// The key of the row that the shard keeps of it; null where its gateway's log has it.
  final byte[] row;

  final MarkedKeys written;

  /// Keys in order; null for none.
  final ReadPart reads;

  /// Whether it is durable, so that it waits for nobody any more. Until then nobody may wait for it
  /// who is waited for himself.
  boolean settled;

  /// Requests that wait for its end.
  final List<Pending> waiters = new ArrayList<>(0);

  /// @param row null where its gateway's log has it
  Hold(long txn, byte[] row, MarkedKeys written, ReadPart reads) {
    this.txn = txn;
    this.row = row;
    this.written = written;
    if (reads != null) {
      byte[][] keys = reads.keys().clone();
      Arrays.sort(keys, Keys.ORDER);
      this.reads = new ReadPart(keys, reads.froms(), reads.tos());
    } else {
      this.reads = null;
    }
  }

  boolean hasRead(byte[] key) {
    if (reads == null) {
      return false;
    }
    if (Arrays.binarySearch(reads.keys(), key, Keys.ORDER) >= 0) {
      return true;
    }
    for (int i = 0; i < reads.froms().length; i++) {
      byte[] from = reads.froms()[i];
      byte[] to = reads.tos()[i];
      if ((from == null || Keys.compare(from, key) <= 0)
          && (to == null || Keys.compare(key, to) < 0)) {
        return true;
      }
    }
    return false;
  }

  boolean hasReadAnyOf(MarkedKeys keys) {
    return reads != null && keys.touch(reads, true, ChangeTest.ANY);
  }

  /// Whether something it has written is among what was read.
  boolean hasWrittenAnyOf(ReadPart read) {
    return read != null && written.touch(read, true, ChangeTest.ANY);
  }
}
