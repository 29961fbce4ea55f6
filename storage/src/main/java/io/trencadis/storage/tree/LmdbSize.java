package io.trencadis.storage.tree;

/// How large the base tree's file may be mapped. Address space, not disk: the file is as large as
/// its content.
///
/// @param initialBytes mapped at first; doubled whenever it is full
/// @param maxBytes where writes fail with 53100
public record LmdbSize(long initialBytes, long maxBytes) {
  /// 1 GiB at first, up to 64 TiB.
  public static final LmdbSize DEFAULT = new LmdbSize(1L << 30, 1L << 46);

  public LmdbSize {
    if (initialBytes < 1 << 16 || maxBytes < initialBytes) {
      throw new IllegalArgumentException("map of " + initialBytes + " to " + maxBytes + " bytes");
    }
  }
}
