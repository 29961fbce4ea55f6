package io.trencadis.cli.bench;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `trencadis bench`: the benchmarks.
@Command(
    name = "bench",
    description = "Measures a server: this one, or any PostgreSQL.",
    mixinStandardHelpOptions = true,
    subcommands = {PgbenchCommand.class, TpccCommand.class, TpchCommand.class})
public final class BenchCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
