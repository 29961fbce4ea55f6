package io.trencadis.storage.lmdb;

/// A call of LMDB that did not succeed.
public final class LmdbException extends RuntimeException {
  /// No entry for the key, or none further on.
  public static final int NOT_FOUND = -30798;

  /// A page was asked for that the file does not have: the file is damaged.
  public static final int PAGE_NOT_FOUND = -30797;

  /// A page is of the wrong kind: the file is damaged.
  public static final int CORRUPTED = -30796;

  /// The file is not one of LMDB's.
  public static final int INVALID = -30793;

  /// The map has no free page left.
  public static final int MAP_FULL = -30792;

  private static final long serialVersionUID = 1;

  private final int code;

  LmdbException(String call, int code, String message) {
    super(call + ": " + message);
    this.code = code;
  }

  /// One of the constants above, or the operating system's `errno` (above 0).
  public int code() {
    return code;
  }
}
