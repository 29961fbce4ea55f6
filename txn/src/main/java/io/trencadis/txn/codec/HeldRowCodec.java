package io.trencadis.txn.codec;

import static io.trencadis.txn.codec.Fields.flag;
import static io.trencadis.txn.codec.Fields.list;
import static io.trencadis.txn.codec.Fields.reads;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.txn.GlobalName;
import io.trencadis.txn.HeldRecord;
import io.trencadis.txn.HeldRow;

/// What is in the rows that a cluster's shards keep of transactions prepared by name; byte by byte
/// in `docs/storage-format.md`.
public final class HeldRowCodec {
  private static final int FORMAT = 1;

  private HeldRowCodec() {}

  public static byte[] encode(HeldRow row) {
    ByteWriter to = new ByteWriter(256).putByte(FORMAT).putLong(row.txn());
    name(to, row.name());
    list(to, row.shards(), ByteWriter::putInt);
    HeldRecord.Part part = row.part();
    to.putInt(part.shard());
    list(to, part.writes(), Fields::write);
    list(to, part.locks(), Fields::lock);
    flag(to, part.reads() != null);
    if (part.reads() != null) {
      reads(to, part.reads());
    }
    return to.toByteArray();
  }

  /// @throws RuntimeException for bytes that are no such row
  public static HeldRow decode(byte[] row) {
    ByteReader from = new ByteReader(row);
    int format = from.getByte();
    if (format != FORMAT) {
      throw new IllegalArgumentException(
          "a prepared transaction is written in format "
              + format
              + ", this version knows "
              + FORMAT);
    }
    return new HeldRow(
        from.getLong(),
        name(from),
        list(from, ByteReader::getInt),
        new HeldRecord.Part(
            from.getInt(),
            list(from, Fields::write),
            list(from, Fields::lock),
            flag(from) ? reads(from) : null));
  }

  static void name(ByteWriter to, GlobalName name) {
    Fields.text(to, name.gid());
    to.putLong(name.preparedMicros()).putInt(name.owner()).putInt(name.database());
  }

  static GlobalName name(ByteReader from) {
    return new GlobalName(Fields.text(from), from.getLong(), from.getInt(), from.getInt());
  }
}
