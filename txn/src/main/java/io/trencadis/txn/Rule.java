package io.trencadis.txn;

/// The rules of the protocol that can be taken out, to show that each prevents something: the
/// simulator finds a wrong history, or one that never ends, without any one of them. Production
/// keeps them all. Numbers are those of `docs/transactions.md`.
public enum Rule {
  /// 3: marks stand on every written key at every shard before the commit timestamp is asked for.
  MARKS_BEFORE_TIMESTAMP,
  /// 3: a snapshot read that meets a mark finds out whether the write belongs to its snapshot.
  READERS_HEED_MARKS,
  /// Every read of a SERIALIZABLE transaction that writes is checked to be current at its commit
  /// timestamp.
  VALIDATE_AT_COMMIT,
  /// A range that was read is checked for rows that were not there.
  VALIDATE_RANGES,
  /// 4: a refresh counts marks on what was read, not only installed versions.
  REFRESH_HEEDS_MARKS,
  /// 4: what earlier statements read is checked before the snapshot moves.
  REFRESH_VALIDATES,
  /// 5: commit validation heeds marks of others.
  VALIDATION_HEEDS_MARKS,
  /// 5: whoever meets a mark asks for its timestamp and waits for lower ones only.
  ASK_FOR_TIMESTAMP,
  /// 5: a timestamp whose request is in flight counts as asked for.
  IN_FLIGHT_COUNTS,
  /// 8: a read below the conflict window's floor fails validation.
  WINDOW_FLOOR,
  /// 13: a request names its plan's schema version, and a shard with another one at its timestamp
  /// refuses.
  SCHEMA_IS_DATA,
  /// 16: a uniqueness check locks first and then looks at the newest version.
  INSERT_LOOKS_AT_NEWEST,
  /// 7: prepare is refused where the shard did not see every request of the transaction.
  PREPARE_COUNTS_REQUESTS,
  /// 14: what a transaction prepared by name has read is held against writers until its end.
  HELD_READS_STAY
}
