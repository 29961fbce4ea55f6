package io.trencadis.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The program `trencadis`.
@Command(
    name = "trencadis",
    description = "A distributed SQL server that PostgreSQL clients talk to.",
    mixinStandardHelpOptions = true,
    version = "trencadis 0.1.0",
    subcommands = {StartCommand.class, WarmUpCommand.class})
public final class Main implements Runnable {
  private Main() {}

  public static void main(String[] args) {
    // Chronicle and Calcite look for properties of their own; nothing here phones home.
    System.setProperty("chronicle.analytics.disable", "true");
    System.exit(new CommandLine(new Main()).execute(args));
  }

  @Override
  public void run() {
    new CommandLine(this).usage(System.out);
  }
}
