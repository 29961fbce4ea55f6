package io.trencadis.cli.bench;

import io.trencadis.base.Clock;
import io.trencadis.base.Outside;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// `trencadis bench tpcc`: TPC-C's tables, transactions and consistency conditions, without its
/// think times, against any PostgreSQL-compatible server.
@Command(
    name = "tpcc",
    description = {
      "Loads TPC-C's tables, runs its five transactions, and checks its consistency",
      "conditions, against this server or any PostgreSQL. Not an audited TPC result:",
      "terminals do not think, and tpmC is what the name says, without a price."
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

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "jdbc:postgresql://127.0.0.1:5432/postgres",
      description = "JDBC URL of the server (default: ${DEFAULT-VALUE}).")
  private String url;

  @Option(
      names = "--user",
      paramLabel = "ROLE",
      defaultValue = "postgres",
      description = "Who to log in as (default: ${DEFAULT-VALUE}).")
  private String user;

  @Option(
      names = "--warehouses",
      paramLabel = "N",
      defaultValue = "1",
      description = "How many warehouses, of about 500,000 rows each (default: 1).")
  private int warehouses;

  @Option(
      names = "--terminals",
      paramLabel = "N",
      defaultValue = "4",
      description = "How many transactions at a time (default: 4).")
  private int terminals;

  @Option(
      names = "--duration",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "How long to measure (default: 60).")
  private int duration;

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      defaultValue = "0",
      description = "How long to run before measuring (default: 0).")
  private int warmUp;

  @Option(
      names = "--isolation",
      paramLabel = "LEVEL",
      defaultValue = "serializable",
      converter = IsolationConverter.class,
      description = "serializable, repeatable-read or read-committed (default: ${DEFAULT-VALUE}).")
  private TpccIsolation isolation;

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

  /// A level of isolation by its name on the command line.
  static final class IsolationConverter implements ITypeConverter<TpccIsolation> {
    @Override
    public TpccIsolation convert(String value) {
      for (TpccIsolation level : TpccIsolation.values()) {
        if (level.toString().equals(value)) {
          return level;
        }
      }
      throw new TypeConversionException(
          "must be serializable, repeatable-read or read-committed, not " + value);
    }
  }

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
    try (var pool =
        TpccPools.open(url, user, System.getenv("TRENCADIS_PASSWORD"), terminals, isolation)) {
      return measure(pool, Outside.real().clock()) ? 0 : 1;
    } catch (SQLException e) {
      return refuse(e.getSQLState() + " " + e.getMessage(), 1);
    }
  }

  private String wrong() {
    if (!url.startsWith("jdbc:postgresql:")) {
      return "--url must begin with jdbc:postgresql:";
    }
    if (warehouses < 1 || terminals < 1 || duration < 1 || warmUp < 0) {
      return "--warehouses, --terminals and --duration must be 1 or more, --warm-up 0 or more";
    }
    return items < 1 || customers < 10 ? "the scale is too small" : null;
  }

  private int refuse(String why, int exitCode) {
    spec.commandLine().getErr().println("trencadis: " + why);
    return exitCode;
  }

  private boolean measure(DataSource pool, Clock clock) throws SQLException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    TpccScale scale = new TpccScale(warehouses, items, customers);
    TpccConstants constants = TpccConstants.draw(new SplittableRandom(seed));
    boolean sound = true;
    if (load) {
      long begin = clock.nanoTime();
      new TpccLoader(pool, scale, constants, seed, clock, out)
          .load(Math.min(warehouses, terminals));
      out.printf("Loaded in %.1f s.%n", (clock.nanoTime() - begin) / 1e9);
    }
    if (run) {
      out.printf(
          "%d warehouses, %d terminals, %s, %d s.%n", warehouses, terminals, isolation, duration);
      out.flush();
      sound = TpccReport.print(run(pool, scale, constants, clock), duration, out);
    }
    if (check) {
      sound &= new TpccConditions(scale).check(pool, out);
    }
    return sound;
  }

  private TpccTally run(DataSource pool, TpccScale scale, TpccConstants constants, Clock clock)
      throws InterruptedException {
    SplittableRandom seeds = new SplittableRandom(~seed);
    long begin = clock.nanoTime() + warmUp * 1_000_000_000L;
    long end = begin + duration * 1_000_000_000L;
    List<TpccTerminal> all = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < terminals; i++) {
      TpccTerminal terminal =
          new TpccTerminal(
              pool,
              scale,
              new TpccRandom(constants, seeds.split()),
              i % warehouses + 1,
              i / warehouses % TpccScale.DISTRICTS + 1,
              clock,
              begin,
              end);
      all.add(terminal);
      threads.add(Thread.ofPlatform().name("terminal-" + i).start(terminal));
    }
    TpccTally sum = new TpccTally();
    for (int i = 0; i < terminals; i++) {
      threads.get(i).join();
      sum.add(all.get(i).tally());
    }
    return sum;
  }
}
