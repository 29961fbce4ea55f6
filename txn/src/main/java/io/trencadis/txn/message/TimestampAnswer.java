package io.trencadis.txn.message;

/// @param about the prepared transaction
/// @param attempt the question's
/// @param askerTs the question's timestamp
/// @param commitTs its timestamp; [#NOT_ASKED] if it has not been asked for, so that it will lie
///   above `askerTs`; [#ENDED] if the transaction is over and its last message on the way
public record TimestampAnswer(long about, int attempt, long askerTs, long commitTs) {
  public static final long NOT_ASKED = 0;
  public static final long ENDED = -1;
}
