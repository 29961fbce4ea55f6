package io.trencadis.sql.execute;

/// The rows of a node in several parts, which together, one after the other, are what the node's
/// own source gives in its order. Different parts may be read by different threads at the same
/// time, each with an [Execution#worker] of its own, while the session's thread does nothing else
/// with its transaction.
public interface Parts {
  int count();

  /// Thrown out of a part that only the session's thread can read: what the part gave so far has to
  /// be forgotten, and the part read again by [#openAlone].
  final class InDoubtException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    static final InDoubtException INSTANCE = new InDoubtException();

    private InDoubtException() {
      super("in doubt", null, false, false);
    }
  }

  /// Starts a part, on the thread that reads it.
  RowSource open(int part, Execution worker);

  /// Starts a part on the session's thread, when no worker is at work any more.
  RowSource openAlone(int part, Execution x);

  /// To be called on the session's thread when all parts have been read.
  void finish();
}
