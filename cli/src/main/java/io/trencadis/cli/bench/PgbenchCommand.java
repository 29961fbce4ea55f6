package io.trencadis.cli.bench;

import com.zaxxer.hikari.HikariDataSource;
import io.trencadis.base.Clock;
import io.trencadis.base.Outside;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `trencadis bench pgbench`: the tables and transactions that PostgreSQL's pgbench has built in,
/// over JDBC, with what they cost a server that counts messages and fsyncs.
@Command(
    name = "pgbench",
    description = {
      "Loads pgbench's tables, runs its TPC-B-like transaction, or its select alone, and",
      "checks that the sums agree, against this server or any PostgreSQL."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Without --load, --run or --check it does all three. --load REPLACES the four tables",
      "pgbench_* of the schema public. Runs of a load want its --scale.",
      "Environment: TRENCADIS_PASSWORD is the password, if the server asks for one.",
      "Examples:",
      "  trencadis bench pgbench --scale 10 --terminals 8 --duration 20",
      "  trencadis bench pgbench --select-only --run",
      "Exit codes: 0 the sums agree, 1 they do not, or a transaction failed other than by",
      "40001 and 40P01, or the server could not be used, 2 the command line is wrong."
    })
final class PgbenchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private BenchOptions options;

  @Option(
      names = "--scale",
      paramLabel = "N",
      defaultValue = "1",
      description = "How many branches, of 100,000 accounts each (default: 1).")
  private int scale;

  @Option(names = "--select-only", description = "Run the select alone.")
  private boolean selectOnly;

  @Option(names = "--load", description = "Make the tables anew and fill them.")
  private boolean load;

  @Option(names = "--run", description = "Run the transactions.")
  private boolean run;

  @Option(names = "--check", description = "Check that the sums agree.")
  private boolean check;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "What random values begin with (default: 1).")
  private long seed;

  @Option(names = "--accounts", defaultValue = "100000", hidden = true)
  private int accounts;

  @Override
  public Integer call() throws InterruptedException {
    String wrong = options.wrong();
    if (wrong == null && (scale < 1 || accounts < 1)) {
      wrong = "--scale must be 1 or more";
    }
    if (wrong != null) {
      return refuse(wrong, 2);
    }
    if (!load && !run && !check) {
      load = true;
      run = true;
      check = true;
    }
    try (HikariDataSource pool = options.pool("pgbench", "public")) {
      return measure(pool, Outside.real().clock()) ? 0 : 1;
    } catch (SQLException e) {
      return refuse(e.getSQLState() + " " + e.getMessage(), 1);
    }
  }

  private int refuse(String why, int exitCode) {
    spec.commandLine().getErr().println("trencadis: " + why);
    return exitCode;
  }

  private boolean measure(HikariDataSource pool, Clock clock)
      throws SQLException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    PgbenchTables tables = new PgbenchTables(pool, scale, accounts);
    boolean sound = true;
    if (load) {
      long begin = clock.nanoTime();
      tables.load();
      out.printf(Locale.ROOT, "Loaded in %.1f s.%n", (clock.nanoTime() - begin) / 1e9);
      out.flush();
    }
    if (run) {
      sound = run(pool, clock, out);
    }
    if (check) {
      sound &= tables.check(out);
    }
    return sound;
  }

  private boolean run(HikariDataSource pool, Clock clock, PrintWriter out)
      throws SQLException, InterruptedException {
    String title = selectOnly ? "select-only" : "TPC-B-like";
    out.printf(
        "scale %d, %d terminals, %s, %d s.%n",
        scale, options.terminals, options.isolation, options.duration);
    out.flush();
    SplittableRandom seeds = new SplittableRandom(seed);
    List<PgbenchUser> users = new ArrayList<>();
    for (int i = 0; i < options.terminals; i++) {
      users.add(new PgbenchUser(seeds.split(), scale, accounts, selectOnly));
    }
    Terminals.Result result = new Terminals(pool, options, clock, out).run(users::get);
    Tally sum = new Tally();
    users.forEach(user -> sum.add(user.tally()));
    boolean sound = TallyReport.print(Map.of(title, sum), out);
    out.printf(Locale.ROOT, "%.1f transactions/s%n", sum.completed() / (double) options.duration);
    result.printCosts(out);
    out.flush();
    return sound;
  }
}
