package io.trencadis.storage.tree;

import java.nio.ByteBuffer;

/// Names of a tree's own metadata; they begin with a full stop, those of others do not.
public final class TreeMeta {
  /// Version of the format: int32, [#FORMAT_VERSION].
  public static final String FORMAT = ".format";

  /// How many shards the tree was made for: int32.
  public static final String SHARDS = ".shards";

  /// The log position that the last flush covers: int64.
  public static final String POSITION = ".position";

  /// The highest commit timestamp flushed: int64.
  public static final String HIGHEST_COMMIT_TS = ".highest-commit-ts";

  /// No read below this timestamp can be answered: int64.
  public static final String HISTORY_FLOOR = ".history-floor";

  /// Runs that the tree holds and a replay of the log would find named: pairs of the int64 position
  /// of the record that names one, and its int64 id.
  public static final String RUNS = ".runs";

  /// Begins the names of what each shard has flushed: `.shard.` and its number; int64 applied log
  /// index, int64 highest commit timestamp.
  public static final String SHARD_PREFIX = ".shard.";

  /// The next unused number of a long key's continuation: int64.
  static final String NEXT_CONTINUATION = ".next-continuation";

  public static final int FORMAT_VERSION = 1;

  private TreeMeta() {}

  public static byte[] ofLong(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }

  /// The stored number, or 0 where nothing is stored.
  public static long toLong(byte[] value) {
    return value == null ? 0 : ByteBuffer.wrap(value).getLong();
  }

  static byte[] ofInt(int value) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
  }

  static int toInt(byte[] value) {
    return value == null ? 0 : ByteBuffer.wrap(value).getInt();
  }
}
