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
  /// 4: a row that was changed is current only where the columns that were looked at are the same.
  COLUMNS_ARE_COMPARED,
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
  /// Leadership proof: what nothing that follows would prove is answered after a majority was
  /// asked.
  LEADERS_PROVE,
  /// 13: a request names its plan's schema version, and a shard with another one at its timestamp
  /// refuses.
  SCHEMA_IS_DATA,
  /// 16: a uniqueness check locks first and then looks at the newest version.
  INSERT_LOOKS_AT_NEWEST,
  /// 7: prepare is refused where the shard did not see every request of the transaction.
  PREPARE_COUNTS_REQUESTS,
  /// 14: what a transaction prepared by name has read is held against writers until its end.
  HELD_READS_STAY,
  /// 14: what shards keep rows of, prepared by name, holds its locks and reads again before a new
  /// leader serves anything.
  HELD_ROWS_HOLD,
  /// 1: the answer to an earlier question to the oracle is no commit timestamp.
  TIMESTAMPS_ARE_FRESH,
  /// 1: a snapshot is no older than what anybody was told of before it was taken.
  SNAPSHOTS_FOLLOW_WHAT_IS_KNOWN,
  /// 2: where several logs are written, all prepares are durable before the timestamp is asked for.
  PREPARES_ARE_DURABLE,
  /// 6: nobody hears of a decision that is not durable.
  TOLD_WHEN_DURABLE,
  /// 6: what is appended but not durable stays in doubt to everybody but those who lock its rows.
  APPENDED_STAYS_IN_DOUBT,
  /// 6: whoever locks a row of what is appended but not durable answers nobody before it is.
  ANSWERS_FOLLOW,
  /// 6: nothing is prepared at a log while a resolution that was acted on there may be lost.
  PREPARES_FOLLOW_RESOLUTIONS,
  /// 7: messages to a shard name its term and are numbered, and prepare names the last; what does
  /// not fit is refused.
  MESSAGES_NAME_THE_TERM,
  /// 7: what ends the wait of a request names it, and a late copy of a read waits in nobody's
  /// place.
  LATE_COPIES_END_NO_WAIT,
  /// 7: what is prepared holds its locks and marks again before a new life serves anything.
  PREPARED_LOCK_AGAIN,
  /// 9: a commit is accepted only while the anchor holds the transaction prepared.
  COMMIT_NEEDS_PREPARED,
  /// 9: an abort that somebody was told of is written down, so that no commit follows it.
  ABORTS_LEAVE_TOMBSTONES,
  /// 9: a decision is kept until all logs have resolved it.
  FORGET_WHEN_RESOLVED,
  /// 9: a decision is kept until its gateway is past it.
  FORGET_WHEN_HEARD,
  /// 10: a flush keeps what is prepared.
  FLUSH_KEEPS_PREPARED,
  /// 10: a flush keeps decisions.
  FLUSH_KEEPS_DECISIONS,
  /// 16: a shard where something is only locked is found in its term after the timestamp is known.
  LOCKS_CONFIRM_THE_TERM
}
