package io.trencadis.cli.bench;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/// What came of transactions of one type: how long they took, and which failed with what. Confined
/// to one thread until it is added to another.
final class Tally {
  private long[] micros = new long[1024];
  private int completed;
  private long rolledBack;
  private final Map<String, Long> aborts = new TreeMap<>();
  private final Map<String, Long> retries = new TreeMap<>();
  private final Map<String, String> messages = new TreeMap<>();

  /// Those committed or rolled back as intended.
  long completed() {
    return completed;
  }

  /// Of those completed, the ones that were to be rolled back.
  long rolledBack() {
    return rolledBack;
  }

  /// Attempts that failed, by SQLSTATE.
  Map<String, Long> aborts() {
    return aborts;
  }

  /// Of the attempts that failed, those that were tried again, by SQLSTATE.
  Map<String, Long> retries() {
    return retries;
  }

  /// A message of each SQLSTATE that is no reason to try again.
  Map<String, String> messages() {
    return messages;
  }

  /// The time that `percent` of those completed took at most, with all their attempts.
  ///
  /// @return milliseconds; 0 if there are none
  double percentile(int percent) {
    long[] sorted = Arrays.copyOf(micros, completed);
    Arrays.sort(sorted);
    int at = (int) Math.ceil(percent / 100.0 * completed) - 1;
    return completed == 0 ? 0 : sorted[Math.max(0, at)] / 1000.0;
  }

  /// A transaction is over.
  ///
  /// @param nanos from its first statement on, earlier attempts included
  void completed(long nanos, boolean committed) {
    rolledBack += committed ? 0 : 1;
    add(nanos / 1000);
  }

  /// An attempt failed.
  void aborted(String state, String message, boolean retried) {
    aborts.merge(state, 1L, Long::sum);
    if (retried) {
      retries.merge(state, 1L, Long::sum);
    } else {
      messages.putIfAbsent(state, message);
    }
  }

  /// Adds what another counted.
  void add(Tally more) {
    for (int i = 0; i < more.completed; i++) {
      add(more.micros[i]);
    }
    rolledBack += more.rolledBack;
    more.aborts.forEach((state, count) -> aborts.merge(state, count, Long::sum));
    more.retries.forEach((state, count) -> retries.merge(state, count, Long::sum));
    more.messages.forEach(messages::putIfAbsent);
  }

  private void add(long time) {
    if (completed == micros.length) {
      micros = Arrays.copyOf(micros, completed * 2);
    }
    micros[completed++] = time;
  }
}
