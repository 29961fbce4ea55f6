package io.trencadis.sharding;

import java.util.Set;

/// Who knows which relations there are: the catalog. Thread-safe.
@FunctionalInterface
public interface RelationRegistry {
  /// Those of the relations that no read at or above `horizon` can reach, nor any transaction to
  /// come. An answer may leave some out, which are asked about again later.
  ///
  /// @param stored ids of relations that have committed rows
  Set<Integer> unreachable(Set<Integer> stored, long horizon);
}
