package io.trencadis.storage.tree;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.storage.Keys;
import io.trencadis.storage.StoredVersion;
import io.trencadis.storage.lmdb.LmdbBytes;
import io.trencadis.storage.lmdb.LmdbPage;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/// The bytes of a tree's values, big-endian:
/// - version: CRC32C int32, kind byte (0 row, 1 deletion), commit timestamp int64, predecessor's
///   commit timestamp int64 (0 none), then the row's bytes;
/// - link: CRC32C int32, kind byte 2, number of the continuation int64;
/// - anything else: CRC32C int32, the bytes.
///
/// The checksum is over the whole key, not what a table holds of it, and all bytes behind the
/// checksum. LMDB's pages have none. Not thread-safe.
final class EntryFormat {
  static final int HEADER_BYTES = 21;
  private static final int CHECKSUM_BYTES = 4;
  private static final int KIND_AT = 4;
  private static final int COMMIT_TS_AT = 5;
  private static final int PREDECESSOR_TS_AT = 13;
  private static final int LINK_BYTES = 13;
  private static final byte ROW = 0;
  private static final byte DELETION = 1;
  private static final byte LINK = 2;

  /// How much of a key an error names.
  private static final int NAMED_KEY_BYTES = 64;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final CRC32C crc = new CRC32C();
  private ByteBuffer out = ByteBuffer.allocate(0);
  private byte[] head = new byte[256];

  StoredVersion decodeVersion(int shard, byte[] key, LmdbBytes stored) {
    byte[] row = decodeRow(shard, key, stored);
    return new StoredVersion(stored.getLong(COMMIT_TS_AT), stored.getLong(PREDECESSOR_TS_AT), row);
  }

  void decodeVersion(int shard, byte[] key, LmdbBytes stored, RowBatch into) {
    byte[] row = decodeRow(shard, key, stored);
    into.add(key, stored.getLong(COMMIT_TS_AT), stored.getLong(PREDECESSOR_TS_AT), row);
  }

  /// The version that a page stands on, which stays where it is.
  void decodeVersion(int shard, LmdbPage page, RowBatch into) {
    byte[] bytes = page.bytes();
    int at = page.valueAt();
    int length = page.valueLength();
    if (length < HEADER_BYTES || (int) INT.get(bytes, at) != checksum(page)) {
      throw damaged("checksum mismatch", shard, key(page));
    }
    byte kind = bytes[at + KIND_AT];
    if (kind != ROW && (kind != DELETION || length != HEADER_BYTES)) {
      throw damaged("unknown kind of entry " + kind, shard, key(page));
    }
    into.add(
        bytes,
        page.keyAt(),
        page.keyLength(),
        (long) LONG.get(bytes, at + COMMIT_TS_AT),
        (long) LONG.get(bytes, at + PREDECESSOR_TS_AT),
        kind == ROW ? bytes : null,
        at + HEADER_BYTES,
        length - HEADER_BYTES);
  }

  private int checksum(LmdbPage page) {
    crc.reset();
    crc.update(page.bytes(), page.keyAt(), page.keyLength());
    int checked = page.valueLength() - CHECKSUM_BYTES;
    crc.update(page.bytes(), page.valueAt() + CHECKSUM_BYTES, checked);
    return (int) crc.getValue();
  }

  private static byte[] key(LmdbPage page) {
    return Arrays.copyOfRange(page.bytes(), page.keyAt(), page.keyAt() + page.keyLength());
  }

  private byte[] decodeRow(int shard, byte[] key, LmdbBytes stored) {
    if (stored.length() < HEADER_BYTES) {
      throw damaged("checksum mismatch", shard, key);
    }
    byte kind = stored.get(KIND_AT);
    byte[] row = kind == DELETION ? null : stored.copyFrom(HEADER_BYTES);
    check(shard, key, stored, HEADER_BYTES, row);
    if (kind == ROW || kind == DELETION && stored.length() == HEADER_BYTES) {
      return row;
    }
    throw damaged("unknown kind of entry " + kind, shard, key);
  }

  /// @param prefix the part of the key that all keys below the link share
  long decodeLink(int shard, byte[] prefix, LmdbBytes stored) {
    if (stored.length() != LINK_BYTES) {
      throw damaged("a link to a continuation is something else", shard, prefix);
    }
    check(shard, prefix, stored, LINK_BYTES, null);
    if (stored.get(KIND_AT) != LINK) {
      throw damaged("a link to a continuation is something else", shard, prefix);
    }
    return stored.getLong(COMMIT_TS_AT);
  }

  byte[] decodePlain(String place, byte[] key, LmdbBytes stored) {
    byte[] value = stored.length() < CHECKSUM_BYTES ? null : stored.copyFrom(CHECKSUM_BYTES);
    if (value == null || stored.getInt(0) != checksum(key, stored, CHECKSUM_BYTES, value)) {
      throw new SqlException(SqlState.DATA_CORRUPTED, "checksum mismatch in the base tree")
          .detail(place + ", key " + hex(key));
    }
    return value;
  }

  private void check(int shard, byte[] key, LmdbBytes stored, int headerBytes, byte[] rest) {
    if (stored.getInt(0) != checksum(key, stored, headerBytes, rest)) {
      throw damaged("checksum mismatch", shard, key);
    }
  }

  /// Computes the checksum over copies: key and header together, then the rest.
  private int checksum(byte[] key, LmdbBytes stored, int headerBytes, byte[] rest) {
    int headerLength = headerBytes - CHECKSUM_BYTES;
    if (head.length < key.length + headerLength) {
      head = new byte[key.length + headerLength + 64];
    }
    System.arraycopy(key, 0, head, 0, key.length);
    stored.copy(CHECKSUM_BYTES, head, key.length, headerLength);
    crc.reset();
    crc.update(head, 0, key.length + headerLength);
    if (rest != null) {
      crc.update(rest, 0, rest.length);
    }
    return (int) crc.getValue();
  }

  private int checksum(byte[] key, ByteBuffer stored) {
    crc.reset();
    crc.update(key, 0, key.length);
    int position = stored.position();
    crc.update(stored.position(position + CHECKSUM_BYTES));
    stored.position(position);
    return (int) crc.getValue();
  }

  /// The stored form, valid until the next call.
  ByteBuffer encodeVersion(byte[] key, StoredVersion version) {
    byte[] row = version.value();
    begin(HEADER_BYTES + (row == null ? 0 : row.length))
        .put(row == null ? DELETION : ROW)
        .putLong(version.commitTs())
        .putLong(version.predecessorTs());
    if (row != null) {
      out.put(row);
    }
    return end(key);
  }

  ByteBuffer encodeLink(byte[] prefix, long number) {
    begin(LINK_BYTES).put(LINK).putLong(number);
    return end(prefix);
  }

  ByteBuffer encodePlain(byte[] key, byte[] value) {
    begin(CHECKSUM_BYTES + value.length).put(value);
    return end(key);
  }

  private ByteBuffer begin(int bytes) {
    if (out.capacity() < bytes) {
      out = ByteBuffer.allocateDirect(Math.max(Math.max(bytes, 4096), out.capacity() * 2));
    }
    return out.clear().position(CHECKSUM_BYTES);
  }

  private ByteBuffer end(byte[] key) {
    out.flip();
    return out.putInt(0, checksum(key, out));
  }

  static SqlException damaged(String what, int shard, byte[] key) {
    return new SqlException(SqlState.DATA_CORRUPTED, what + " in the base tree")
        .detail(place(shard, key));
  }

  /// Names a key for people: shard, relation, and the key's first bytes.
  static String place(int shard, byte[] key) {
    String relation = key.length < 4 ? "" : ", relation " + Keys.relationId(key);
    return "shard " + shard + relation + ", key " + hex(key) + " of " + key.length + " bytes";
  }

  private static String hex(byte[] key) {
    String text =
        HexFormat.of().formatHex(Arrays.copyOf(key, Math.min(key.length, NAMED_KEY_BYTES)));
    return key.length > NAMED_KEY_BYTES ? text + "…" : text;
  }
}
