package io.trencadis.sharding.local;

import io.trencadis.base.ByteWriter;
import io.trencadis.storage.Write;
import io.trencadis.txn.DecisionRecord;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// A decision as the body of a log record; byte by byte in `docs/storage-format.md`.
final class CommitRecord {
  private static final int KIND = 1;

  /// With runs.
  private static final int LARGE_KIND = 2;

  private static final int DELETED = -1;

  private CommitRecord() {}

  static byte[] encode(DecisionRecord record) {
    boolean large = record.writes().stream().anyMatch(shard -> !shard.runs().isEmpty());
    ByteWriter to = new ByteWriter(512);
    to.putByte(large ? LARGE_KIND : KIND).putLong(record.txn()).putLong(record.commitTs());
    to.putInt(record.writes().size());
    for (DecisionRecord.ShardWrites shard : record.writes()) {
      to.putInt(shard.shard()).putInt(shard.writes().size());
      for (Write write : shard.writes()) {
        byte[] value = write.value();
        to.putInt(write.key().length).putBytes(write.key());
        if (value == null) {
          to.putInt(DELETED);
        } else {
          to.putInt(value.length).putBytes(value);
        }
      }
      if (large) {
        to.putInt(shard.runs().size());
        shard.runs().forEach(run -> to.putLong(run.summary().id()));
      }
    }
    return to.toByteArray();
  }

  /// What a record says of one shard.
  ///
  /// @param runs their ids, oldest first
  record Shard(int number, List<Write> writes, List<Long> runs) {}

  /// A record that was read.
  record Decoded(long txn, long commitTs, List<Shard> shards) {}

  /// @throws IOException for a body that is no decision, although its checksum is right: one of a
  ///   newer version
  static Decoded decode(ByteBuffer from) throws IOException {
    try {
      int kind = from.get();
      if (kind != KIND && kind != LARGE_KIND) {
        throw new IOException(
            "the log holds a record of kind " + kind + ", which this version does not know");
      }
      long txn = from.getLong();
      long commitTs = from.getLong();
      int shardCount = from.getInt();
      List<Shard> shards = new ArrayList<>(shardCount);
      for (int i = 0; i < shardCount; i++) {
        int shard = from.getInt();
        int count = from.getInt();
        List<Write> writes = new ArrayList<>(count);
        for (int w = 0; w < count; w++) {
          byte[] key = bytes(from, from.getInt());
          int length = from.getInt();
          writes.add(Write.of(key, length == DELETED ? null : bytes(from, length)));
        }
        List<Long> runs = new ArrayList<>(0);
        for (int r = kind == LARGE_KIND ? from.getInt() : 0; r > 0; r--) {
          runs.add(from.getLong());
        }
        shards.add(new Shard(shard, writes, runs));
      }
      return new Decoded(txn, commitTs, shards);
    } catch (BufferUnderflowException | NegativeArraySizeException e) {
      throw new IOException("the log holds a record that ends too early", e);
    }
  }

  private static byte[] bytes(ByteBuffer from, int length) {
    byte[] bytes = new byte[length];
    from.get(bytes);
    return bytes;
  }
}
