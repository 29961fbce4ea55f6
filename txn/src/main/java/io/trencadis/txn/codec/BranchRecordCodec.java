package io.trencadis.txn.codec;

import static io.trencadis.txn.codec.Fields.bytes;
import static io.trencadis.txn.codec.Fields.choice;
import static io.trencadis.txn.codec.Fields.flag;
import static io.trencadis.txn.codec.Fields.list;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.storage.run.RunEntry;
import io.trencadis.txn.distributed.BranchRecord;

/// The records of transactions over several logs.
public final class BranchRecordCodec {
  private enum Kind {
    PREPARED,
    DECIDED,
    RESOLVED,
    FORGOTTEN,
    PIECE,
    DROPPED
  }

  private static final Kind[] KINDS = Kind.values();

  private BranchRecordCodec() {}

  public static void encode(ByteWriter to, BranchRecord record) {
    switch (record) {
      case BranchRecord.Prepared prepared -> {
        choice(to, Kind.PREPARED);
        to.putLong(prepared.txn()).putInt(prepared.anchor());
        list(to, prepared.logs(), ByteWriter::putInt);
        list(to, prepared.parts(), BranchRecordCodec::part);
      }
      case BranchRecord.Decided decided -> {
        choice(to, Kind.DECIDED);
        to.putLong(decided.txn()).putLong(decided.commitTs());
        list(to, decided.logs(), ByteWriter::putInt);
        list(to, decided.parts(), BranchRecordCodec::part);
      }
      case BranchRecord.Resolved resolved -> {
        choice(to, Kind.RESOLVED);
        to.putLong(resolved.txn()).putLong(resolved.commitTs());
      }
      case BranchRecord.Forgotten forgotten -> {
        choice(to, Kind.FORGOTTEN);
        list(to, forgotten.txns(), ByteWriter::putLong);
      }
      case BranchRecord.Piece piece -> {
        choice(to, Kind.PIECE);
        to.putLong(piece.txn()).putInt(piece.shard());
        list(to, piece.entries(), BranchRecordCodec::entry);
      }
      case BranchRecord.Dropped dropped -> {
        choice(to, Kind.DROPPED);
        to.putLong(dropped.txn());
      }
    }
  }

  private static void entry(ByteWriter to, RunEntry entry) {
    bytes(to, entry.key());
    flag(to, entry.keepsKey());
    bytes(to, entry.value());
  }

  private static RunEntry entry(ByteReader from) {
    byte[] key = bytes(from);
    boolean keepsKey = flag(from);
    return new RunEntry(key, 0, keepsKey, bytes(from));
  }

  private static void part(ByteWriter to, BranchRecord.Part part) {
    to.putInt(part.shard());
    list(to, part.writes(), Fields::write);
    list(to, part.locks(), Fields::lock);
  }

  /// @throws RuntimeException for bytes that are no record
  public static BranchRecord decode(ByteReader from) {
    return switch (choice(from, KINDS)) {
      case PREPARED ->
          new BranchRecord.Prepared(
              from.getLong(),
              from.getInt(),
              list(from, ByteReader::getInt),
              list(from, BranchRecordCodec::part));
      case DECIDED ->
          new BranchRecord.Decided(
              from.getLong(),
              from.getLong(),
              list(from, ByteReader::getInt),
              list(from, BranchRecordCodec::part));
      case RESOLVED -> new BranchRecord.Resolved(from.getLong(), from.getLong());
      case FORGOTTEN -> new BranchRecord.Forgotten(list(from, ByteReader::getLong));
      case PIECE ->
          new BranchRecord.Piece(
              from.getLong(), from.getInt(), list(from, BranchRecordCodec::entry));
      case DROPPED -> new BranchRecord.Dropped(from.getLong());
    };
  }

  private static BranchRecord.Part part(ByteReader from) {
    return new BranchRecord.Part(
        from.getInt(), list(from, Fields::write), list(from, Fields::lock));
  }
}
