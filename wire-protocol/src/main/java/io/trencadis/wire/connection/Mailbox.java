package io.trencadis.wire.connection;

import io.trencadis.base.SqlException;
import io.trencadis.wire.message.FrontendMessage;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Whose turn it is to run a connection's session, and the messages that wait for the session's
/// thread.
///
/// ```
///            post, stop, endOfInput                 thread ends
///   LOOP ──────────────────────────────▶ THREAD ───────────────────▶ OVER
///     ◀──────────────────────────────────
///        thread finds the mailbox empty
/// ```
///
/// - LOOP: the event loop may run requests itself. The thread waits in [#next], and no message
///   waits.
/// - THREAD: the session's thread runs requests; the event loop only adds messages.
/// - OVER: the session has ended, and nobody runs it.
///
/// Invariants:
/// 1. Only the holder of the turn touches the session and the outbound buffer.
/// 2. LOOP is left on the event loop only, and only between two requests, so that the event loop
///    can act on [#loopMayRun] without a lock. THREAD is left by the session's thread only.
/// 3. While messages wait, the turn is not LOOP: so no message overtakes another.
/// 4. Each change of turn happens under the lock and writes the volatile turn, which orders all
///    that the old holder did before all that the new one does.
final class Mailbox {
  private enum Turn {
    LOOP,
    THREAD,
    OVER
  }

  private record Entry(FrontendMessage message, int bytes) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Entry> entries = new ArrayDeque<>();
  private final int maxMessages;
  private final int maxBytes;
  private final boolean loopTakesTurns;
  private final Runnable whenRoom;
  private volatile Turn turn = Turn.THREAD;
  private int bytes;
  private boolean toldFull;
  private boolean inputEnded;
  private SqlException afterInput;
  private SqlException stopped;

  /// @param loopTakesTurns whether LOOP is ever entered
  /// @param whenRoom called by the thread when a mailbox that was said to be full has room again
  Mailbox(int maxMessages, int maxBytes, boolean loopTakesTurns, Runnable whenRoom) {
    this.maxMessages = maxMessages;
    this.maxBytes = maxBytes;
    this.loopTakesTurns = loopTakesTurns;
    this.whenRoom = whenRoom;
  }

  /// Event loop: whether it may run a request now.
  boolean loopMayRun() {
    return turn == Turn.LOOP;
  }

  /// Event loop: gives the thread a message, and with it the turn.
  void post(FrontendMessage message, int frameBytes) {
    lock.lock();
    try {
      if (turn != Turn.OVER && !inputEnded) {
        entries.add(new Entry(message, frameBytes));
        bytes += frameBytes;
        giveTurnToThread();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Event loop: whether the client should be kept from sending more. A true answer is followed by
  /// `whenRoom`.
  boolean full() {
    lock.lock();
    try {
      toldFull = turn != Turn.OVER && (entries.size() >= maxMessages || bytes >= maxBytes);
      return toldFull;
    } finally {
      lock.unlock();
    }
  }

  /// Event loop: no more messages will come. Those that wait are handled first.
  ///
  /// @param reason what the client is to be told in the end, or null where there is nobody to tell
  void endOfInput(SqlException reason) {
    lock.lock();
    try {
      if (!inputEnded) {
        inputEnded = true;
        afterInput = reason;
        giveTurnToThread();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Event loop: drops all messages; the thread gets `reason` instead of the next one.
  void stop(SqlException reason) {
    lock.lock();
    try {
      stopped = stopped == null ? reason : stopped;
      entries.clear();
      bytes = 0;
      giveTurnToThread();
    } finally {
      lock.unlock();
    }
  }

  private void giveTurnToThread() {
    if (turn == Turn.LOOP) {
      turn = Turn.THREAD;
    }
    changed.signal();
  }

  /// Thread: the next request, null at the end of the input. The turn is the event loop's while
  /// there is none.
  ///
  /// @throws SqlException why the session has to end
  FrontendMessage next() {
    return take(loopTakesTurns);
  }

  /// Thread: the next message of an exchange in the middle of a request; the turn stays the
  /// thread's.
  ///
  /// @throws SqlException why the session has to end
  FrontendMessage more() {
    FrontendMessage message = take(false);
    while (message == FrontendMessage.Bare.NOTIFIED) {
      // They are sent when the exchange is over.
      message = take(false);
    }
    return message;
  }

  private FrontendMessage take(boolean leaveTurn) {
    Entry entry;
    boolean room;
    lock.lock();
    try {
      while (stopped == null && entries.isEmpty() && !inputEnded) {
        if (leaveTurn) {
          turn = Turn.LOOP;
        }
        changed.awaitUninterruptibly();
      }
      if (stopped != null) {
        throw stopped;
      }
      entry = entries.poll();
      if (entry == null) {
        if (afterInput != null) {
          throw afterInput;
        }
        return null;
      }
      bytes -= entry.bytes;
      room = toldFull && entries.size() <= maxMessages / 2 && bytes <= maxBytes / 2;
      if (room) {
        toldFull = false;
      }
    } finally {
      lock.unlock();
    }
    if (room) {
      whenRoom.run();
    }
    return entry.message;
  }

  /// Thread: the session has ended.
  void over() {
    lock.lock();
    try {
      turn = Turn.OVER;
      entries.clear();
      bytes = 0;
    } finally {
      lock.unlock();
    }
  }
}
