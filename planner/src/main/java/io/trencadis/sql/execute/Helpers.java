package io.trencadis.sql.execute;

import java.util.concurrent.Semaphore;

/// How many threads may help sessions to read, all sessions together. Nobody waits for one: who
/// gets none reads alone. Thread-safe.
public final class Helpers {
  /// No help for anybody.
  public static final Helpers NONE = new Helpers(0);

  private final Semaphore free;

  /// @param most at a time, zero or more
  public Helpers(int most) {
    free = new Semaphore(most);
  }

  boolean enter() {
    return free.tryAcquire();
  }

  void leave() {
    free.release();
  }
}
