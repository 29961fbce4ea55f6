package io.trencadis.txn;

/// A call would have had to wait and its thread may not. The call itself has written nothing and
/// queues nowhere; locks got before it stay. `Transaction.undoStatement()` takes back the earlier
/// calls of the statement, which can then run again on a thread that may block. Stackless, one
/// instance.
public final class WouldBlockException extends RuntimeException {
  public static final WouldBlockException INSTANCE = new WouldBlockException();

  private WouldBlockException() {
    super("the call would block", null, false, false);
  }
}
