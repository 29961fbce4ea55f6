package io.trencadis.cli.bench;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/// What came of transactions: how long they took, and which failed with what. Confined to one
/// thread until it is added to another.
final class TpccTally {
  /// Of one type of transaction.
  static final class Row {
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
  }

  private final Map<TpccType, Row> rows = new EnumMap<>(TpccType.class);

  TpccTally() {
    for (TpccType type : TpccType.values()) {
      rows.put(type, new Row());
    }
  }

  Row of(TpccType type) {
    return rows.get(type);
  }

  /// A transaction is over.
  ///
  /// @param nanos from its first statement on, earlier attempts included
  void completed(TpccType type, long nanos, boolean committed) {
    Row row = of(type);
    row.rolledBack += committed ? 0 : 1;
    add(row, nanos / 1000);
  }

  /// An attempt failed.
  void aborted(TpccType type, String state, String message, boolean retried) {
    Row row = of(type);
    row.aborts.merge(state, 1L, Long::sum);
    if (retried) {
      row.retries.merge(state, 1L, Long::sum);
    } else {
      row.messages.putIfAbsent(state, message);
    }
  }

  /// Adds what another counted.
  void add(TpccTally other) {
    other.rows.forEach(
        (type, more) -> {
          Row row = of(type);
          for (int i = 0; i < more.completed; i++) {
            add(row, more.micros[i]);
          }
          row.rolledBack += more.rolledBack;
          more.aborts.forEach((state, count) -> row.aborts.merge(state, count, Long::sum));
          more.retries.forEach((state, count) -> row.retries.merge(state, count, Long::sum));
          more.messages.forEach(row.messages::putIfAbsent);
        });
  }

  private static void add(Row row, long micros) {
    if (row.completed == row.micros.length) {
      row.micros = Arrays.copyOf(row.micros, row.completed * 2);
    }
    row.micros[row.completed++] = micros;
  }
}
