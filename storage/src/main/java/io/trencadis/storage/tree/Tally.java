package io.trencadis.storage.tree;

import io.trencadis.storage.StoredVersion;
import java.util.ArrayList;
import java.util.List;

/// Counts what a walk meets, and keeps the first hundred faults.
final class Tally {
  private static final int KEPT_FAULTS = 100;

  private long rows;
  private long deletions;
  private long longKeys;
  private long keyBytes;
  private long rowBytes;
  private long faultCount;
  private final List<String> faults = new ArrayList<>();

  void count(byte[] key, StoredVersion version) {
    if (version.value() == null) {
      deletions++;
    } else {
      rows++;
      rowBytes += version.value().length;
    }
    keyBytes += key.length;
    if (key.length > LongKeys.DIRECT_BYTES) {
      longKeys++;
    }
  }

  long deletions() {
    return deletions;
  }

  void fault(String sentence) {
    faultCount++;
    if (faults.size() < KEPT_FAULTS) {
      faults.add(sentence);
    }
  }

  TreeReport report() {
    return new TreeReport(rows, deletions, longKeys, keyBytes, rowBytes, faults, faultCount);
  }
}
