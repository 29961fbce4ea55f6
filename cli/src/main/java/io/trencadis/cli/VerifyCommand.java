package io.trencadis.cli;

import io.trencadis.base.SqlException;
import io.trencadis.sharding.local.DirectoryException;
import io.trencadis.sharding.local.OfflineDirectory;
import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.CatalogStore;
import io.trencadis.sql.execute.TableCheck;
import io.trencadis.storage.log.LogReport;
import io.trencadis.storage.tree.TreeReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `trencadis verify`: reads all of a data directory and says what is wrong with it.
@Command(
    name = "verify",
    description = {
      "Reads all of a data directory and says what is wrong with it, without changing anything.",
      "The server must be stopped (or have died)."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Checked are: the write-ahead log (checksums and order of records, and that",
      "nothing is missing before its end), the base tree (checksums of values, order",
      "of keys), and, at one timestamp and with the log replayed in memory, that each",
      "row has its entry in each index and each entry its row. A log whose last,",
      "unfinished write was torn by a crash is sound.",
      "It takes as much memory as a start, and reads every file once.",
      "Example:",
      "  trencadis verify trencadis-data || echo 'do not start it; restore a backup'",
      "Exit codes: 0 sound, 1 damaged, 2 the command line is wrong or the directory",
      "cannot be read."
    })
final class VerifyCommand implements Callable<Integer> {
  static final int SOUND = 0;
  static final int DAMAGED = 1;
  static final int CANNOT_RUN = 2;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "The data directory.")
  private Path data;

  private final List<String> damages = new ArrayList<>();
  private long more;
  private PrintWriter out;

  @Override
  public Integer call() {
    out = spec.commandLine().getOut();
    try (OfflineDirectory directory = OfflineDirectory.open(data.toAbsolutePath());
        Progress progress = new Progress(spec.commandLine().getErr())) {
      out.println("Verifying " + data + " (" + directory.shards() + " shards)");
      check(directory, progress);
    } catch (DirectoryException e) {
      return refuse(e.getMessage());
    } catch (IOException e) {
      return refuse("cannot read " + data + ": " + e.getMessage());
    }
    return conclude();
  }

  private int refuse(String why) {
    spec.commandLine().getErr().println("trencadis: " + why);
    return CANNOT_RUN;
  }

  private void check(OfflineDirectory directory, Progress progress) {
    long bound = timestamps(directory);
    boolean tree = tree(directory, progress);
    if (!tree) {
      out.println("  log         not walked: what it begins with is known by the base tree");
    }
    boolean log = tree && log(directory, progress);
    if (log && bound >= 0 && directory.highestCommitTs() > bound) {
      damages.add(
          "timestamps: the bound "
              + bound
              + " is below the commit timestamp "
              + directory.highestCommitTs());
    }
    if (log) {
      tables(directory, progress);
    } else {
      out.println("  tables      not compared with indexes: the damage above comes first");
    }
  }

  private long timestamps(OfflineDirectory directory) {
    try {
      return directory.timestampBound();
    } catch (IOException e) {
      damages.add("timestamps: " + e.getMessage());
      return -1;
    }
  }

  /// @return whether it could be opened, so that what is in it can be read
  private boolean tree(OfflineDirectory directory, Progress progress) {
    progress.step("walking the base tree", "", 1);
    try {
      directory.openTree();
      TreeReport report = directory.checkTree();
      out.printf(
          "  base tree   %,d rows, %,d deletions, %,d bytes of keys and %,d of rows%n",
          report.rows(), report.deletions(), report.keyBytes(), report.rowBytes());
      report.faults().forEach(fault -> damages.add("base tree: " + fault));
      more += report.faultCount() - report.faults().size();
      return true;
    } catch (SqlException e) {
      String detail = e.fields().get(SqlException.Field.DETAIL);
      damages.add("base tree: " + e.getMessage() + (detail == null ? "" : ": " + detail));
      return false;
    }
  }

  private boolean log(OfflineDirectory directory, Progress progress) {
    progress.step("walking the write-ahead log", "MiB", 1 << 20);
    try {
      LogReport report = directory.checkLog(progress::add);
      String end =
          report.orderly()
              ? "closed in order"
              : report.torn() > 0
                  ? "its end torn by a crash: "
                      + "%,d bytes that were acknowledged to nobody".formatted(report.torn())
                  : "not closed, as after a crash";
      out.printf(
          "  log         %,d segments, %,d bytes up to position %,d, %,d records to replay; %s%n",
          report.segments(),
          report.bytes(),
          report.end(),
          report.records(),
          report.isSound() ? end : "damaged there");
      if (!report.isSound()) {
        damages.add(report.damage().getMessage());
      }
      int prepared = directory.preparedTransactions();
      if (prepared > 0) {
        out.printf("  prepared    %,d transactions prepared by name%n", prepared);
      }
      return report.isSound();
    } catch (IOException | SqlException e) {
      damages.add("log: " + e.getMessage());
      return false;
    }
  }

  private void tables(OfflineDirectory directory, Progress progress) {
    progress.step("comparing tables with their indexes", "rows and entries", 1);
    try {
      long timestamp = directory.highestCommitTs();
      Catalog catalog =
          CatalogStore.read(directory.stores().get(CatalogStore.META_SHARD), timestamp);
      if (catalog == null) {
        out.println("  tables      none: no server has been ready here yet");
        return;
      }
      TableCheck.Report report =
          new TableCheck(directory.stores(), timestamp, progress::add).run(catalog);
      out.printf(
          "  tables      %,d with %,d rows; %,d indexes beside primary keys, with %,d entries%n",
          report.tables(), report.rows(), report.indexes(), report.entries());
      damages.addAll(report.faults());
      more += report.faultCount() - report.faults().size();
    } catch (SqlException e) {
      damages.add("catalog: " + e.getMessage());
    }
  }

  private int conclude() {
    if (damages.isEmpty()) {
      out.println("No damage found.");
      return SOUND;
    }
    damages.forEach(damage -> out.println("DAMAGE: " + damage));
    if (more > 0) {
      out.println("... and " + more + " more.");
    }
    out.println(
        "What to do: keep a copy of the directory as it is, and find out what the disk did.");
    out.println("Then restore the newest backup into another directory (trencadis restore), and");
    out.println("verify that one. Where only an index is damaged, the table's rows are all there:");
    out.println("start the server, DROP the index and CREATE it again, and verify once more.");
    return DAMAGED;
  }
}
