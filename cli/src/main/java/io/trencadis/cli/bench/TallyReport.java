package io.trencadis.cli.bench;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// What transactions of several types came to, for people: a table, and what was not expected.
final class TallyReport {
  private TallyReport() {}

  /// @param tallies by the types' titles, in the order to print them
  /// @return whether nothing failed but what is worth another try
  static boolean print(Map<String, Tally> tallies, PrintWriter out) {
    out.println(
        "transaction    completed    p50 ms    p95 ms    p99 ms  failed attempts (of them tried again)");
    tallies.forEach(
        (title, tally) ->
            out.printf(
                Locale.ROOT,
                "%-13s %10d %9.2f %9.2f %9.2f  %s%n",
                title,
                tally.completed(),
                tally.percentile(50),
                tally.percentile(95),
                tally.percentile(99),
                aborts(tally)));
    boolean sound = true;
    for (Map.Entry<String, Tally> each : tallies.entrySet()) {
      for (Map.Entry<String, String> message : each.getValue().messages().entrySet()) {
        if (!Terminal.worthAnotherTry(message.getKey())) {
          sound = false;
          out.printf(
              "%s %s: %s%n",
              each.getKey(), message.getKey(), message.getValue().lines().findFirst().orElse(""));
        }
      }
    }
    return sound;
  }

  private static String aborts(Tally tally) {
    if (tally.aborts().isEmpty()) {
      return "-";
    }
    return tally.aborts().entrySet().stream()
        .map(
            entry ->
                entry.getKey()
                    + ": "
                    + entry.getValue()
                    + " ("
                    + tally.retries().getOrDefault(entry.getKey(), 0L)
                    + ")")
        .collect(Collectors.joining(", "));
  }
}
