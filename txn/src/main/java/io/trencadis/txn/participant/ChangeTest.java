package io.trencadis.txn.participant;

import io.trencadis.storage.encoding.ColumnBits;

/// Whether a change of a key makes what was read of its row another read.
@FunctionalInterface
interface ChangeTest {
  /// Every change does.
  ChangeTest ANY = (_, _) -> true;

  /// @param columns of its row, those that were looked at ([ColumnBits])
  boolean matters(byte[] key, long columns);
}
