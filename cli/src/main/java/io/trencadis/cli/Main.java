package io.trencadis.cli;

import io.trencadis.base.Release;
import io.trencadis.cli.bench.BenchCommand;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// The program `trencadis`.
@Command(
    name = "trencadis",
    description = "A distributed SQL server that PostgreSQL clients talk to.",
    mixinStandardHelpOptions = true,
    version = "trencadis " + Release.VERSION,
    subcommands = {
      StartCommand.class,
      VerifyCommand.class,
      BackupCommand.class,
      RestoreCommand.class,
      CertCommand.class,
      StatusCommand.class,
      DrainCommand.class,
      BenchCommand.class,
      WarmUpCommand.class
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  private Main() {}

  public static void main(String[] args) {
    // Chronicle and Calcite look for properties of their own; nothing here phones home.
    System.setProperty("chronicle.analytics.disable", "true");
    // Netty's sampling of buffers for leaks is for tests: it takes stack traces in the hot path.
    if (System.getProperty("io.netty.leakDetection.level") == null) {
      System.setProperty("io.netty.leakDetection.level", "disabled");
    }
    // Nor are its JFR events, whose registration takes longer than the first connection itself.
    if (System.getProperty("io.netty.jfr.enabled") == null) {
      System.setProperty("io.netty.jfr.enabled", "false");
    }
    if (args.length > 0 && args[0].equals("start")) {
      ServerAssembly.prepare();
      List<String> options = List.of(args).subList(1, args.length);
      StartOptions plain = StartOptions.plain(options, System::getenv);
      if (plain != null) {
        System.exit(new NodeRun(plain, new PrintWriter(System.err, true)).untilStopped());
      }
      CommandLine start = new CommandLine(new StartCommand()).setCommandName("trencadis start");
      System.exit(inOneLine(start).execute(options.toArray(String[]::new)));
    }
    System.exit(commandLine().execute(args));
  }

  /// The commands. What is wrong with a command line is said in a line, not by all of its help.
  static CommandLine commandLine() {
    return inOneLine(new CommandLine(new Main()));
  }

  private static CommandLine inOneLine(CommandLine commands) {
    return commands.setParameterExceptionHandler(
        (wrong, _) -> {
          CommandLine command = wrong.getCommandLine();
          command
              .getErr()
              .println(
                  "trencadis: "
                      + wrong.getMessage()
                      + ". See "
                      + command.getCommandSpec().qualifiedName()
                      + " --help");
          return StartException.USAGE;
        });
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
