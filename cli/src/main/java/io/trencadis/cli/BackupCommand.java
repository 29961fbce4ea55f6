package io.trencadis.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `trencadis backup`: has a running server copy its data.
@Command(
    name = "backup",
    description = {
      "Has a running server copy all of its data into a directory of the server's machine,",
      "while it goes on working. trencadis restore is the way back."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "The backup has everything that was committed before it began, and whole",
      "transactions only. The server writes it, as its own user; certificates and",
      "keys are not part of it. One that was interrupted has no manifest, and cannot",
      "be restored. Meanwhile the log grows instead of being reused: leave room.",
      "It takes a superuser, also from SQL: SELECT trencadis_backup('/whole/path').",
      "Environment: TRENCADIS_PASSWORD is the password, if the server asks for one;",
      "TRENCADIS_PORT stands for --port.",
      "Example:",
      "  trencadis backup --to /backups/monday",
      "  trencadis restore --from /backups/monday --data trial",
      "  trencadis verify trial",
      "Exit codes: 0 complete, 1 the server could not make it, 2 the command line is",
      "wrong."
    })
final class BackupCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private ServerLogin server;

  @Option(
      names = "--to",
      paramLabel = "DIR",
      required = true,
      description = "Where to put it, on the server's machine: empty, or not there yet.")
  private Path to;

  @Override
  public Integer call() {
    if (server.mistake() != null) {
      return refuse(server.mistake(), StartException.USAGE);
    }
    PrintWriter err = spec.commandLine().getErr();
    Path directory = to.toAbsolutePath().normalize();
    try (PlainClient client =
        server.connect(
            notice -> {
              err.println("trencadis: " + notice);
              err.flush();
            })) {
      String made =
          client.query(
              "SELECT pg_catalog.trencadis_backup('"
                  + directory.toString().replace("'", "''")
                  + "')");
      spec.commandLine().getOut().println("Backup complete in " + directory + ": " + made + ".");
      return 0;
    } catch (IOException e) {
      CallFailure failure =
          server.failure(e, "its --host and --port", ": the backup is not complete");
      return refuse(failure.message(), failure.exitCode());
    }
  }

  private int refuse(String why, int exitCode) {
    spec.commandLine().getErr().println("trencadis: " + why);
    return exitCode;
  }
}
