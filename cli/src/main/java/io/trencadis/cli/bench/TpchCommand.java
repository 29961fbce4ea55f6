package io.trencadis.cli.bench;

import io.trencadis.base.Clock;
import io.trencadis.base.Outside;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `trencadis bench tpch`: TPC-H's tables and its 22 queries, against any PostgreSQL-compatible
/// server, or two of them in turn.
@Command(
    name = "tpch",
    description = {
      "Loads TPC-H's tables and runs its 22 queries with the validation parameters,",
      "against this server or any PostgreSQL. Not an audited TPC result: the rows come",
      "from a generator of our own, by the specification's rules, and there are no",
      "refresh functions."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Without --load, --run or --check it does all three. --load REPLACES the schema",
      "tpch, in the --compare server too. --run wants the --scale of the load.",
      "Environment: TRENCADIS_PASSWORD is the password, if the servers ask for one.",
      "Examples:",
      "  trencadis bench tpch --scale 0.1",
      "  trencadis bench tpch --run --queries 1,6,17-19 --repeat 3 \\",
      "    --compare jdbc:postgresql://127.0.0.1:5433/postgres",
      "Exit codes: 0 all is well, 1 a query failed, an answer differed or a check did",
      "not hold, or a server could not be used, 2 the command line is wrong."
    })
final class TpchCommand implements Callable<Integer> {
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
      names = "--scale",
      paramLabel = "FACTOR",
      defaultValue = "1",
      description = "The scale factor, 0.01 or more; 1 is about 8.7 million rows (default: 1).")
  private double scale;

  @Option(
      names = "--workers",
      paramLabel = "N",
      defaultValue = "2",
      description = "How many COPYs at a time (default: 2).")
  private int workers;

  @Option(names = "--load", description = "Make the tables anew and fill them.")
  private boolean load;

  @Option(names = "--run", description = "Run the queries.")
  private boolean run;

  @Option(names = "--check", description = "Check that the tables are as they were made.")
  private boolean check;

  @Option(
      names = "--queries",
      paramLabel = "LIST",
      defaultValue = "1-22",
      description = "Which queries to run (default: ${DEFAULT-VALUE}).")
  private String queries;

  @Option(
      names = "--repeat",
      paramLabel = "N",
      defaultValue = "1",
      description = "How often each query is run; the median counts (default: 1).")
  private int repeat;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "0",
      description = "Call a query off after so long (default: never).")
  private int timeout;

  @Option(
      names = "--compare",
      paramLabel = "URL",
      description = "A second server, whose answers and times are compared with.")
  private String compare;

  @Option(
      names = "--answers",
      paramLabel = "FILE",
      description = "Write what the queries gave to this file.")
  private Path answers;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "What random values begin with (default: 1).")
  private long seed;

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
    try {
      return measure(Outside.real().clock()) ? 0 : 1;
    } catch (SQLException e) {
      return refuse(e.getSQLState() + " " + e.getMessage(), 1);
    } catch (IOException e) {
      return refuse(answers + ": " + e.getMessage(), 1);
    }
  }

  private String wrong() {
    if (!url.startsWith("jdbc:postgresql:")
        || compare != null && !compare.startsWith("jdbc:postgresql:")) {
      return "--url and --compare must begin with jdbc:postgresql:";
    }
    if (!(scale >= TpchScale.LEAST && scale <= 1000)) {
      return "--scale must be from " + TpchScale.LEAST + " to 1000";
    }
    if (workers < 1 || repeat < 1 || timeout < 0) {
      return "--workers and --repeat must be 1 or more, --timeout 0 or more";
    }
    try {
      TpchRun.numbers(queries);
    } catch (IllegalArgumentException e) {
      return "--queries must be a list such as 1,6,17-19";
    }
    return null;
  }

  private int refuse(String why, int exitCode) {
    spec.commandLine().getErr().println("trencadis: " + why);
    return exitCode;
  }

  private DataSource server(String at) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(at);
    source.setUser(user);
    source.setPassword(System.getenv("TRENCADIS_PASSWORD"));
    source.setCurrentSchema(TpchSchema.NAME);
    source.setApplicationName("trencadis bench tpch");
    return source;
  }

  private boolean measure(Clock clock) throws SQLException, IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    TpchScale size = new TpchScale(scale);
    DataSource first = server(url);
    DataSource second = compare == null ? null : server(compare);
    boolean sound = true;
    if (load) {
      for (DataSource server : second == null ? List.of(first) : List.of(first, second)) {
        long begin = clock.nanoTime();
        new TpchLoader(server, size, seed, clock, out).load(workers);
        out.printf("Loaded in %.1f s.%n", (clock.nanoTime() - begin) / 1e9);
      }
    }
    if (check) {
      sound = TpchChecks.run(first, size, out);
    }
    if (run) {
      TpchRun runs = new TpchRun(first, second, new TpchQueries(size), clock, out);
      sound &= runs.run(TpchRun.numbers(queries), repeat, timeout);
      if (answers != null) {
        write(runs.answers());
      }
    }
    return sound;
  }

  private void write(Map<Integer, TpchAnswer> all) throws IOException {
    List<String> lines = new ArrayList<>();
    all.forEach(
        (number, answer) -> {
          lines.add("--- " + number);
          lines.addAll(answer.lines());
        });
    Files.write(answers, lines);
  }
}
