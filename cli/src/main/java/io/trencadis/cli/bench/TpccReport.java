package io.trencadis.cli.bench;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// What a run came to, for people.
final class TpccReport {
  private TpccReport() {}

  /// @return whether nothing failed but what is worth another try
  static boolean print(
      Map<TpccType, Tally> tallies, Terminals.Result result, double seconds, PrintWriter out) {
    Map<String, Tally> titled = new LinkedHashMap<>();
    long all = 0;
    for (TpccType type : TpccType.values()) {
      titled.put(type.title(), tallies.get(type));
      all += tallies.get(type).completed();
    }
    boolean sound = TallyReport.print(titled, out);
    Tally orders = tallies.get(TpccType.NEW_ORDER);
    out.printf(
        Locale.ROOT,
        "%.0f tpmC (New-Orders committed a minute; %d more were rolled back as intended),"
            + " %.1f transactions/s of all types%n",
        (orders.completed() - orders.rolledBack()) * 60 / seconds,
        orders.rolledBack(),
        all / seconds);
    result.printCosts(out);
    out.flush();
    return sound;
  }
}
