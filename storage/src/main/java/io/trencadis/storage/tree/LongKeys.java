package io.trencadis.storage.tree;

import io.trencadis.storage.lmdb.LmdbBytes;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// How keys longer than LMDB's 511 bytes are stored in order: as a trie whose levels are stretches
/// of the key.
///
/// A shard's table takes keys of up to 510 bytes as they are. For longer ones it holds one entry
/// for all that share their first 510 bytes: those bytes and a byte 1 (a *link*), whose value is
/// the number of a *continuation*. The table of continuations holds, behind that number (8 bytes),
/// the rest of the key if it has at most 502 bytes, else its next 502 and a byte 1 with the number
/// of a continuation of its own. So 511 bytes mean a link, fewer a row; a link comes after the row
/// whose key it extends and before all that is greater than both, since the first 510 bytes decide.
/// Five levels below the first reach 3,020 bytes.
final class LongKeys {
  /// Longest key that a shard's table holds directly.
  static final int DIRECT_BYTES = 510;

  /// The number before each key in the table of continuations.
  static final int NUMBER_BYTES = Long.BYTES;

  /// Longest rest of a key that the table of continuations holds directly.
  static final int CONTINUED_BYTES = DIRECT_BYTES - NUMBER_BYTES;

  /// Length of a link's key, in either table; also the longest key LMDB takes.
  static final int LINK_BYTES = DIRECT_BYTES + 1;

  /// Continuations below a shard's table.
  static final int MAX_DEPTH = 5;

  private static final byte LINK = 1;

  private LongKeys() {}

  /// Bytes of the key that are used up on reaching a depth; 0 is the shard's table.
  static int consumed(int depth) {
    return depth == 0 ? 0 : DIRECT_BYTES + (depth - 1) * CONTINUED_BYTES;
  }

  /// Whether the key goes on below this depth.
  static boolean goesDeeper(int keyLength, int depth) {
    return keyLength > consumed(depth + 1);
  }

  /// Puts what a table holds for `key` at a depth, a row's or a link's key, ready to be read.
  static void encode(byte[] key, int depth, long number, ByteBuffer out) {
    out.clear();
    if (depth > 0) {
      out.putLong(number);
    }
    int from = consumed(depth);
    if (goesDeeper(key.length, depth)) {
      out.put(key, from, consumed(depth + 1) - from).put(LINK);
    } else {
      out.put(key, from, key.length - from);
    }
    out.flip();
  }

  /// The whole key that a table's entry belongs to, or for a link the part that all keys below it
  /// share.
  ///
  /// @param beginning holds the bytes consumed above this depth
  static byte[] decode(LmdbBytes stored, byte[] beginning, int depth) {
    int skipped = depth == 0 ? 0 : NUMBER_BYTES;
    int length = stored.length() - skipped;
    if (isLink(stored)) {
      length--;
    }
    int from = consumed(depth);
    byte[] key = from == 0 ? new byte[length] : Arrays.copyOf(beginning, from + length);
    stored.copy(skipped, key, from, length);
    return key;
  }

  static boolean isLink(LmdbBytes stored) {
    return stored.length() == LINK_BYTES;
  }
}
