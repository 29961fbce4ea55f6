package io.trencadis.cli;

import io.trencadis.sharding.BackupResult;
import io.trencadis.sharding.local.DirectoryException;
import io.trencadis.sharding.local.Restore;
import io.trencadis.storage.disk.RealDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `trencadis restore`: makes a data directory out of a backup.
@Command(
    name = "restore",
    description = "Makes a data directory out of a backup that trencadis backup has made.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Every file is checked against the backup's manifest, and made durable. A",
      "directory with something in it is never touched, and a server does not start",
      "in one that is not complete. Certificates and keys are not in a backup: make",
      "or copy them anew.",
      "Example:",
      "  trencadis restore --from /backups/monday --data trencadis-data",
      "  trencadis verify trencadis-data && trencadis start",
      "Exit codes: 0 restored, 1 it cannot be restored, 2 the command line is wrong."
    })
final class RestoreCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--from", paramLabel = "BACKUP", required = true, description = "The backup.")
  private Path from;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      required = true,
      description = "The new data directory: empty, or not there yet.")
  private Path data;

  @Override
  public Integer call() {
    AtomicLong before = new AtomicLong();
    try (Progress progress = new Progress(spec.commandLine().getErr())) {
      progress.step("restoring", "MiB", 1 << 20);
      BackupResult restored =
          Restore.run(
              new RealDisk(),
              from.toAbsolutePath().normalize(),
              data.toAbsolutePath().normalize(),
              (done, _) -> progress.add(done - before.getAndSet(done)));
      spec.commandLine()
          .getOut()
          .println(
              "Restored "
                  + restored.files()
                  + " files, "
                  + restored.bytes()
                  + " bytes, with all that was committed up to timestamp "
                  + restored.timestamp()
                  + ". Start it: trencadis start --data "
                  + data);
      return 0;
    } catch (DirectoryException e) {
      return refuse(e.getMessage());
    } catch (IOException e) {
      return refuse("cannot restore " + from + " into " + data + ": " + e);
    }
  }

  private int refuse(String why) {
    spec.commandLine().getErr().println("trencadis: " + why);
    return StartException.FAILURE;
  }
}
