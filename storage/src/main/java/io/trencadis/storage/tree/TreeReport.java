package io.trencadis.storage.tree;

import java.util.List;

/// What a walk over a whole tree found.
///
/// @param rows versions that are rows
/// @param deletions versions that are deletions
/// @param longKeys versions whose key is longer than 510 bytes
/// @param keyBytes bytes of all keys
/// @param rowBytes bytes of all rows
/// @param faults what is wrong, each with its place; the first hundred
/// @param faultCount how much is wrong
public record TreeReport(
    long rows,
    long deletions,
    long longKeys,
    long keyBytes,
    long rowBytes,
    List<String> faults,
    long faultCount) {
  public TreeReport {
    faults = List.copyOf(faults);
  }

  public boolean isSound() {
    return faultCount == 0;
  }
}
