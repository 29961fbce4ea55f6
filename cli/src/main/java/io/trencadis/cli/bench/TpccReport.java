package io.trencadis.cli.bench;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// What a run came to, for people.
final class TpccReport {
  private TpccReport() {}

  /// @return whether nothing failed but what is worth another try
  static boolean print(TpccTally tally, double seconds, PrintWriter out) {
    long all = 0;
    boolean sound = true;
    out.println(
        "transaction    completed    p50 ms    p95 ms    p99 ms  failed attempts (of them tried again)");
    for (TpccType type : TpccType.values()) {
      TpccTally.Row row = tally.of(type);
      all += row.completed();
      out.printf(
          Locale.ROOT,
          "%-13s %10d %9.2f %9.2f %9.2f  %s%n",
          type.title(),
          row.completed(),
          row.percentile(50),
          row.percentile(95),
          row.percentile(99),
          aborts(row));
    }
    for (TpccType type : TpccType.values()) {
      for (Map.Entry<String, String> message : tally.of(type).messages().entrySet()) {
        if (!TpccTerminal.worthAnotherTry(message.getKey())) {
          sound = false;
          out.printf(
              "%s %s: %s%n",
              type.title(), message.getKey(), message.getValue().lines().findFirst().orElse(""));
        }
      }
    }
    TpccTally.Row orders = tally.of(TpccType.NEW_ORDER);
    out.printf(
        Locale.ROOT,
        "%.0f tpmC (New-Orders committed a minute; %d more were rolled back as intended),"
            + " %.1f transactions/s of all types%n",
        (orders.completed() - orders.rolledBack()) * 60 / seconds,
        orders.rolledBack(),
        all / seconds);
    out.flush();
    return sound;
  }

  private static String aborts(TpccTally.Row row) {
    if (row.aborts().isEmpty()) {
      return "-";
    }
    return row.aborts().entrySet().stream()
        .map(
            entry ->
                entry.getKey()
                    + ": "
                    + entry.getValue()
                    + " ("
                    + row.retries().getOrDefault(entry.getKey(), 0L)
                    + ")")
        .collect(Collectors.joining(", "));
  }
}
