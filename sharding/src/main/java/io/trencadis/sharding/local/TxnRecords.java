package io.trencadis.sharding.local;

import io.trencadis.base.ByteWriter;
import io.trencadis.storage.Write;
import io.trencadis.storage.run.Run;
import io.trencadis.txn.DecisionRecord;
import io.trencadis.txn.GlobalName;
import io.trencadis.txn.HeldRecord;
import io.trencadis.txn.RollbackRecord;
import io.trencadis.txn.TxnRecord;
import io.trencadis.txn.lock.HeldLock;
import io.trencadis.txn.message.ReadPart;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// What transactions log, as bodies of log records; byte by byte in `docs/storage-format.md`.
final class TxnRecords {
  private static final int DECISION = 1;
  private static final int HELD = 2;
  private static final int ROLLBACK = 3;

  /// A decision of a transaction with runs.
  private static final int LARGE_DECISION = 4;

  private static final int NOTHING = -1;

  /// Opens runs that a decision names.
  @FunctionalInterface
  interface RunOpener {
    /// @return null for one that is not needed any more
    Run open(long id) throws IOException;
  }

  private TxnRecords() {}

  static byte[] encode(TxnRecord record) {
    ByteWriter to = new ByteWriter(512);
    switch (record) {
      case DecisionRecord decision -> {
        boolean large = decision.writes().stream().anyMatch(shard -> !shard.runs().isEmpty());
        to.putByte(large ? LARGE_DECISION : DECISION);
        to.putLong(decision.txn()).putLong(decision.commitTs());
        to.putInt(decision.writes().size());
        for (DecisionRecord.ShardWrites shard : decision.writes()) {
          to.putInt(shard.shard());
          encode(shard.writes(), to);
          if (large) {
            to.putInt(shard.runs().size());
            shard.runs().forEach(run -> to.putLong(run.summary().id()));
          }
        }
      }
      case HeldRecord held -> {
        GlobalName name = held.name();
        to.putByte(HELD).putLong(held.txn());
        encode(name.gid().getBytes(StandardCharsets.UTF_8), to);
        to.putLong(name.preparedMicros()).putInt(name.owner()).putInt(name.database());
        to.putInt(held.parts().size());
        for (HeldRecord.Part part : held.parts()) {
          to.putInt(part.shard());
          encode(part.writes(), to);
          to.putInt(part.locks().size());
          for (HeldLock lock : part.locks()) {
            to.putInt(lock.relationId());
            encode(lock.key(), to);
            to.putInt(lock.modes());
          }
          encode(part.reads(), to);
        }
      }
      case RollbackRecord rollback -> to.putByte(ROLLBACK).putLong(rollback.txn());
    }
    return to.toByteArray();
  }

  private static void encode(Collection<? extends Write> writes, ByteWriter to) {
    to.putInt(writes.size());
    for (Write write : writes) {
      encode(write.key(), to);
      encode(write.value(), to);
    }
  }

  private static void encode(ReadPart reads, ByteWriter to) {
    if (reads == null) {
      to.putInt(NOTHING);
      return;
    }
    to.putInt(reads.keys().length);
    for (byte[] key : reads.keys()) {
      encode(key, to);
    }
    to.putInt(reads.froms().length);
    for (int i = 0; i < reads.froms().length; i++) {
      encode(reads.froms()[i], to);
      encode(reads.tos()[i], to);
    }
  }

  private static void encode(byte[] bytes, ByteWriter to) {
    if (bytes == null) {
      to.putInt(NOTHING);
    } else {
      to.putInt(bytes.length).putBytes(bytes);
    }
  }

  /// @throws IOException for a body that is no such record, although its checksum is right: one of
  ///   a newer version
  static TxnRecord decode(ByteBuffer from, RunOpener runs) throws IOException {
    try {
      int kind = from.get();
      return switch (kind) {
        case DECISION -> decision(from, null);
        case LARGE_DECISION -> decision(from, runs);
        case HELD -> held(from);
        case ROLLBACK -> new RollbackRecord(from.getLong());
        default ->
            throw new IOException(
                "the log holds a record of kind " + kind + ", which this version does not know");
      };
    } catch (BufferUnderflowException | NegativeArraySizeException e) {
      throw new IOException("the log holds a record that ends too early", e);
    }
  }

  private static DecisionRecord decision(ByteBuffer from, RunOpener opener) throws IOException {
    long txn = from.getLong();
    long commitTs = from.getLong();
    int shardCount = from.getInt();
    List<DecisionRecord.ShardWrites> shards = new ArrayList<>(shardCount);
    for (int i = 0; i < shardCount; i++) {
      int shard = from.getInt();
      List<Write> writes = writes(from);
      List<Run> runs = new ArrayList<>(0);
      for (int r = opener == null ? 0 : from.getInt(); r > 0; r--) {
        Run run = opener.open(from.getLong());
        if (run != null) {
          runs.add(run);
        }
      }
      shards.add(new DecisionRecord.ShardWrites(shard, writes, runs));
    }
    return new DecisionRecord(txn, commitTs, shards);
  }

  private static HeldRecord held(ByteBuffer from) {
    long txn = from.getLong();
    String gid = new String(bytes(from), StandardCharsets.UTF_8);
    GlobalName name = new GlobalName(gid, from.getLong(), from.getInt(), from.getInt());
    int count = from.getInt();
    List<HeldRecord.Part> parts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int shard = from.getInt();
      List<Write> writes = writes(from);
      int lockCount = from.getInt();
      List<HeldLock> locks = new ArrayList<>(lockCount);
      for (int l = 0; l < lockCount; l++) {
        locks.add(new HeldLock(from.getInt(), bytes(from), from.getInt()));
      }
      parts.add(new HeldRecord.Part(shard, writes, locks, reads(from)));
    }
    return new HeldRecord(txn, name, parts);
  }

  private static List<Write> writes(ByteBuffer from) {
    int count = from.getInt();
    List<Write> writes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      writes.add(Write.of(bytes(from), bytes(from)));
    }
    return writes;
  }

  private static ReadPart reads(ByteBuffer from) {
    int keyCount = from.getInt();
    if (keyCount == NOTHING) {
      return null;
    }
    byte[][] keys = new byte[keyCount][];
    for (int i = 0; i < keyCount; i++) {
      keys[i] = bytes(from);
    }
    int rangeCount = from.getInt();
    byte[][] froms = new byte[rangeCount][];
    byte[][] tos = new byte[rangeCount][];
    for (int i = 0; i < rangeCount; i++) {
      froms[i] = bytes(from);
      tos[i] = bytes(from);
    }
    return new ReadPart(keys, froms, tos);
  }

  private static byte[] bytes(ByteBuffer from) {
    int length = from.getInt();
    if (length == NOTHING) {
      return null;
    }
    byte[] bytes = new byte[length];
    from.get(bytes);
    return bytes;
  }
}
