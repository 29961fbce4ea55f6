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
  private static final int DELETED = -1;

  private CommitRecord() {}

  static byte[] encode(DecisionRecord record) {
    ByteWriter to = new ByteWriter(512);
    to.putByte(KIND).putLong(record.txn()).putLong(record.commitTs());
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
    }
    return to.toByteArray();
  }

  /// @throws IOException for a body that is no decision, although its checksum is right: one of a
  ///   newer version
  static DecisionRecord decode(ByteBuffer from) throws IOException {
    try {
      int kind = from.get();
      if (kind != KIND) {
        throw new IOException(
            "the log holds a record of kind " + kind + ", which this version does not know");
      }
      long txn = from.getLong();
      long commitTs = from.getLong();
      int shardCount = from.getInt();
      List<DecisionRecord.ShardWrites> shards = new ArrayList<>(shardCount);
      for (int i = 0; i < shardCount; i++) {
        int shard = from.getInt();
        int count = from.getInt();
        List<Write> writes = new ArrayList<>(count);
        for (int w = 0; w < count; w++) {
          byte[] key = bytes(from, from.getInt());
          int length = from.getInt();
          writes.add(Write.of(key, length == DELETED ? null : bytes(from, length)));
        }
        shards.add(new DecisionRecord.ShardWrites(shard, writes));
      }
      return new DecisionRecord(txn, commitTs, shards);
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
