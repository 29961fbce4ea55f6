package io.trencadis.txn.distributed;

/// The ids of transactions in a cluster: which gateway began it, in which of its lives, and as
/// which one of that life. A new id for each attempt. Ids of one gateway are ordered by their
/// begin, so one number, its oldest live id, says of all others whether they are over: those of
/// earlier lives included.
public final class TransactionId {
  private static final int GATEWAY_BITS = 10;
  private static final int LIFE_BITS = 16;
  private static final int SEQUENCE_BITS = 37;

  private TransactionId() {}

  /// @param gateway 0 to 1,023
  /// @param life which of its lives, from 1; never again once it has ended
  /// @param sequence from 1
  public static long of(int gateway, int life, long sequence) {
    if (gateway >>> GATEWAY_BITS != 0
        || life >>> LIFE_BITS != 0
        || sequence >>> SEQUENCE_BITS != 0) {
      throw new IllegalArgumentException(
          "no transaction has id " + gateway + ", " + life + ", " + sequence);
    }
    return ((long) gateway << LIFE_BITS | life) << SEQUENCE_BITS | sequence;
  }

  /// Whether an id is of a later life than another one of the same gateway.
  public static boolean isOfLaterLife(long id, long other) {
    return id >>> SEQUENCE_BITS > other >>> SEQUENCE_BITS;
  }

  public static int gateway(long id) {
    return (int) (id >>> LIFE_BITS + SEQUENCE_BITS);
  }
}
