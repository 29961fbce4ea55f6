package io.trencadis.storage.run;

import io.trencadis.storage.Keys;

/// A Bloom filter over keys (Bloom, *Space/Time Trade-offs in Hash Coding*, 1970): ten bits a key
/// and seven probes, so that about one absent key in a hundred is taken for present. The probes
/// come from the two halves of one hash (Kirsch and Mitzenmacher, 2006).
///
/// Filled by one thread, then immutable.
final class KeyFilter {
  private static final int BITS_PER_KEY = 10;
  private static final int PROBES = 7;

  private final long[] words;
  private final int mask;

  /// @param keys how many will be added
  KeyFilter(long keys) {
    long bits =
        Math.clamp(Long.highestOneBit(Math.max(64, keys * BITS_PER_KEY) * 2 - 1), 64, 1 << 30);
    words = new long[(int) (bits / Long.SIZE)];
    mask = (int) (bits - 1);
  }

  static long hash(byte[] key) {
    return Keys.hash64(key, 0, key.length);
  }

  void add(long hash) {
    int step = (int) (hash >>> 32) | 1;
    int at = (int) hash;
    for (int i = 0; i < PROBES; i++) {
      int bit = at & mask;
      words[bit >>> 6] |= 1L << bit;
      at += step;
    }
  }

  /// Whether the key may have been added.
  boolean mayHave(long hash) {
    int step = (int) (hash >>> 32) | 1;
    int at = (int) hash;
    for (int i = 0; i < PROBES; i++) {
      int bit = at & mask;
      if ((words[bit >>> 6] & 1L << bit) == 0) {
        return false;
      }
      at += step;
    }
    return true;
  }
}
