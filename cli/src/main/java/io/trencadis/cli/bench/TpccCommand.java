package io.trencadis.cli.bench;

import com.zaxxer.hikari.HikariDataSource;
import io.trencadis.base.Clock;
import io.trencadis.base.Outside;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `trencadis bench tpcc`: TPC-C's tables, transactions and consistency conditions, without its
/// think times unless asked, against any PostgreSQL-compatible server.
@Command(
    name = "tpcc",
    description = {
      "Loads TPC-C's tables, runs its five transactions, and checks its consistency",
      "conditions, against this server or any PostgreSQL. Not an audited TPC result:",
      "terminals think only if told to, and tpmC is what the name says, without a price."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Without --load, --run or --check it does all three. --load REPLACES the schema",
      "tpcc. Runs of a load want its --seed, --warehouses and scale.",
      "Environment: TRENCADIS_PASSWORD is the password, if the server asks for one.",
      "Examples:",
      "  trencadis bench tpcc --warehouses 2 --terminals 4 --duration 20",
      "  trencadis bench tpcc --url jdbc:postgresql://db/test --user me --run",
      "Exit codes: 0 all conditions hold, 1 one does not, or a transaction failed other",
      "than by 40001 and 40P01, or the server could not be used, 2 the command line is",
      "wrong."
    })
final class TpccCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private BenchOptions options;

  @Option(
      names = "--warehouses",
      paramLabel = "N",
      defaultValue = "1",
      description = "How many warehouses, of about 500,000 rows each (default: 1).")
  private int warehouses;

  @Option(names = "--think", description = "With the keying and think times of the specification.")
  private boolean think;

  @Option(names = "--load", description = "Make the tables anew and fill them.")
  private boolean load;

  @Option(names = "--run", description = "Run the transactions.")
  private boolean run;

  @Option(names = "--check", description = "Check the consistency conditions.")
  private boolean check;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "What random values begin with (default: 1).")
  private long seed;

  @Option(names = "--items", defaultValue = "100000", hidden = true)
  private int items;

  @Option(names = "--customers", defaultValue = "3000", hidden = true)
  private int customers;

  @Override
  public Integer call() throws InterruptedException {
    String wrong = wrong();
    if (wrong != null) {
      return refuse(wrong, 2);
    }
    if (!load && !run && !check) {
      load = true;
      run = true;
      check = true;
    }
    try (var pool = options.pool("tpcc", TpccSchema.NAME)) {
      return measure(pool, Outside.real().clock()) ? 0 : 1;
    } catch (SQLException e) {
      return refuse(e.getSQLState() + " " + e.getMessage(), 1);
    }
  }

  private String wrong() {
    if (options.wrong() != null) {
      return options.wrong();
    }
    if (warehouses < 1) {
      return "--warehouses must be 1 or more";
    }
    return items < 1 || customers < 10 ? "the scale is too small" : null;
  }

  private int refuse(String why, int exitCode) {
    spec.commandLine().getErr().println("trencadis: " + why);
    return exitCode;
  }

  private boolean measure(HikariDataSource pool, Clock clock)
      throws SQLException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    TpccScale scale = new TpccScale(warehouses, items, customers);
    TpccConstants constants = TpccConstants.draw(new SplittableRandom(seed));
    boolean sound = true;
    if (load) {
      long begin = clock.nanoTime();
      new TpccLoader(pool, scale, constants, seed, clock, out)
          .load(Math.min(warehouses, options.terminals));
      out.printf("Loaded in %.1f s.%n", (clock.nanoTime() - begin) / 1e9);
    }
    if (run) {
      out.printf(
          "%d warehouses, %d terminals, %s, %d s%s.%n",
          warehouses,
          options.terminals,
          options.isolation,
          options.duration,
          think ? ", with keying and think times" : "");
      out.flush();
      sound = run(pool, scale, constants, clock);
    }
    if (check) {
      sound &= new TpccConditions(scale).check(pool, out);
    }
    return sound;
  }

  private boolean run(HikariDataSource pool, TpccScale scale, TpccConstants constants, Clock clock)
      throws SQLException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    SplittableRandom seeds = new SplittableRandom(~seed);
    List<TpccUser> users = new ArrayList<>();
    for (int i = 0; i < options.terminals; i++) {
      users.add(
          new TpccUser(
              scale,
              new TpccRandom(constants, seeds.split()),
              i % warehouses + 1,
              i / warehouses % TpccScale.DISTRICTS + 1,
              think));
    }
    Terminals.Result result = new Terminals(pool, options, clock, out).run(users::get);
    Map<TpccType, Tally> tallies = TpccUser.tallies();
    users.forEach(user -> user.addTo(tallies));
    return TpccReport.print(tallies, result, options.duration, out);
  }
}
