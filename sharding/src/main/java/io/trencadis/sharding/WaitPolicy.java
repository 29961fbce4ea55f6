package io.trencadis.sharding;

import io.trencadis.txn.lock.Wanted;
import java.util.List;

/// How the thread that runs a transaction waits. The session implements it; the transaction calls
/// it, on that thread.
public interface WaitPolicy {
  /// Waits without limit, deaf to interrupts: for tests and internal work.
  WaitPolicy PATIENT =
      new WaitPolicy() {
        @Override
        public boolean mayBlock() {
          return true;
        }

        @Override
        public void checkInterrupts() {}

        @Override
        public long lockTimeoutMillis() {
          return 0;
        }

        @Override
        public boolean waitsForDurability() {
          return true;
        }
      };

  /// False makes a call that would have to wait throw [io.trencadis.txn.WouldBlockException],
  /// leaving no trace, so that the statement can be run again on a thread that may block.
  boolean mayBlock();

  /// Called before the thread parks and whenever `Thread.interrupt` wakes it.
  ///
  /// @throws io.trencadis.base.SqlException 57014 and the like, to give up the wait
  void checkInterrupts();

  /// Longest wait for one lock; 0 for none. Past it the call fails with 55P03, "canceling statement
  /// due to lock timeout".
  long lockTimeoutMillis();

  /// The detail of a deadlock's error.
  ///
  /// @param circle the waits that close it, starting with this thread's; each is for something that
  ///   the next one holds or is ahead for
  default String deadlockDetail(List<Wanted.Wait> circle) {
    StringBuilder detail = new StringBuilder();
    for (int i = 0; i < circle.size(); i++) {
      detail
          .append(i == 0 ? "" : "\n")
          .append("Transaction ")
          .append(circle.get(i).txn())
          .append(" waits for transaction ")
          .append(circle.get((i + 1) % circle.size()).txn())
          .append('.');
    }
    return detail.toString();
  }

  /// Whether a commit returns only once it would survive a crash of the node. Without, a crash may
  /// take back transactions committed in the last moments, the newest first, and never a part of
  /// one (`synchronous_commit = off`).
  boolean waitsForDurability();

  /// Told before the thread parks for another transaction, and after it.
  default void waits(boolean begins) {}
}
