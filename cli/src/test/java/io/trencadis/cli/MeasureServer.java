package io.trencadis.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Prints what pgbench measures at a whole server in this process. A tool, not a test: it asserts
/// nothing about the figures.
public final class MeasureServer {
  private static final int ROUNDS = 3;
  private static final String SECONDS = "5";
  private static final Pattern TPS = Pattern.compile("tps = ([0-9.]+)");

  private MeasureServer() {}

  public static void main(String[] args) throws Exception {
    try (RunningServer server = RunningServer.start()) {
      var load = ClientProgram.run(server.port(), 600, null, "pgbench", "-i", "-s", "10");
      System.out.println(load.output().lines().reduce("", (_, last) -> last));
      for (String script : new String[] {"select-only", "tpcb-like"}) {
        for (String mode : new String[] {"simple", "prepared"}) {
          System.out.printf("pgbench -n -M %s -b %s -c 8 -j 2 -T %s:", mode, script, SECONDS);
          System.out.println(" tps " + String.join(", ", rounds(server, mode, script)));
        }
      }
    }
  }

  private static List<String> rounds(RunningServer server, String mode, String script)
      throws Exception {
    List<String> figures = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      String[] options = {"-n", "-M", mode, "-b", script, "-c", "8", "-j", "2", "-T", SECONDS};
      var run = ClientProgram.run(server.port(), 600, null, "pgbench", options);
      Matcher tps = TPS.matcher(run.output());
      figures.add(tps.find() ? tps.group(1) : run.output());
    }
    return figures;
  }
}
