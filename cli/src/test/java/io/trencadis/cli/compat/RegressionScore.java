package io.trencadis.cli.compat;

import io.trencadis.cli.RunningServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Runs PostgreSQL's own regression tests at a PostgreSQL 15 and at a server in this process,
/// statement by statement, and counts where both answer the same: columns with their types, rows,
/// tags, SQLSTATE and text of errors. A tool, not a test; the tests are not part of this project:
/// `-Dregress=` names the directory `src/test/regress` of PostgreSQL's sources, `-Dpostgres.port=`
/// the server, whose database `regression` is made anew, `-Dreport=` a file for the differences,
/// `-Dpage=` the page to write, `-Donly=a,b` the files to count (all are run that they need).
public final class RegressionScore {
  private static final String DATABASE = "regression";
  private static final Map<String, String> SETTINGS =
      Map.of(
          "TimeZone", "America/Los_Angeles",
          "DateStyle", "Postgres, MDY",
          "default_transaction_isolation", "read committed",
          "statement_timeout", "10000",
          "client_min_messages", "error");
  private static final Pattern VARIABLE = Pattern.compile(PsqlFile.VARIABLE + ":(['\"]?)(\\w+)\\1");
  private static final Pattern COPY_FILE =
      Pattern.compile("(?is)(copy\\b.*\\bfrom\\s+)'([^']*/data/[^']*)'(.*)");

  private final Path directory;
  private final Side ours;
  private final Side theirs;
  private final Map<String, int[]> counts = new LinkedHashMap<>();
  private final Map<String, Integer> groups = new HashMap<>();
  private final StringBuilder report = new StringBuilder();

  /// One of the two servers, with the variables that a psql would have.
  private static final class Side {
    final int port;
    final String database;
    final Map<String, String> variables = new HashMap<>();
    WireClient client;

    Side(int port, String database) throws IOException {
      this.port = port;
      this.database = database;
      connect();
    }

    void connect() throws IOException {
      if (client != null) {
        client.close();
      }
      client = new WireClient(port, database, SETTINGS);
      client.query("set intervalstyle = 'postgres_verbose'", null);
    }

    String filled(String sql) {
      return VARIABLE
          .matcher(sql)
          .replaceAll(
              m -> {
                String value = variables.get(m.group(2));
                if (value == null) {
                  return Matcher.quoteReplacement(m.group().substring(1));
                }
                String quote = m.group(1);
                return Matcher.quoteReplacement(
                    quote
                        + (quote.isEmpty() ? value : value.replace(quote, quote + quote))
                        + quote);
              })
          .replace(String.valueOf(PsqlFile.VARIABLE), "");
    }

    Answer run(PsqlFile.Step step) throws IOException {
      String sql = filled(step.sql());
      byte[] data = step.copyData();
      Matcher copy = COPY_FILE.matcher(sql);
      if (copy.matches() && Files.exists(Path.of(copy.group(2)))) {
        sql = copy.group(1) + "stdin" + copy.group(3);
        data = Files.readAllBytes(Path.of(copy.group(2)));
      }
      try {
        return client.query(sql, data);
      } catch (IOException e) {
        connect();
        return new Answer(List.of(), List.of(), List.of(), "connection: " + e.getMessage());
      }
    }

    void keep(String prefix, Answer answer) {
      String[] values = answer.rows().isEmpty() ? new String[0] : answer.rows().get(0).split("\\|");
      for (int i = 0; i < Math.min(values.length, answer.columns().size()); i++) {
        variables.put(prefix + answer.columns().get(i).replaceAll(":\\w+$", ""), values[i]);
      }
    }
  }

  private RegressionScore(Path directory, Side ours, Side theirs) {
    this.directory = directory;
    this.ours = ours;
    this.theirs = theirs;
  }

  public static void main(String[] args) throws IOException {
    Path directory = Path.of(System.getProperty("regress"));
    int port = Integer.getInteger("postgres.port");
    CountedFiles files = CountedFiles.read();
    String only = System.getProperty("only");
    try (WireClient admin = new WireClient(port, "postgres", Map.of())) {
      admin.query("drop database if exists " + DATABASE, null);
      admin.query(
          "create database " + DATABASE + " template template0 encoding utf8 locale 'C'", null);
    }
    try (RunningServer server = RunningServer.start()) {
      RegressionScore score =
          new RegressionScore(
              directory, new Side(server.port(), "postgres"), new Side(port, DATABASE));
      List<String> wanted = only == null ? files.names() : List.of(only.split(","));
      score.run("test_setup");
      for (String file : files.names()) {
        if (wanted.contains(file) || file.equals("create_index")) {
          score.run(file);
        }
      }
      score.print(files);
    }
  }

  private void run(String file) throws IOException {
    long before = System.nanoTime();
    for (Side side : List.of(ours, theirs)) {
      side.connect();
      side.variables.clear();
      side.variables.put("abs_srcdir", directory.toString());
      side.variables.put("abs_builddir", directory.toString());
      side.variables.put("libdir", "/nonexistent");
      side.variables.put("dlsuffix", ".so");
    }
    int[] count = counts.computeIfAbsent(file, _ -> new int[2]);
    Deque<Boolean> conditions = new ArrayDeque<>();
    String text =
        Files.readString(directory.resolve("sql/" + file + ".sql"), StandardCharsets.UTF_8);
    for (PsqlFile.Step step : PsqlFile.steps(text)) {
      if (step.sql() == null) {
        if (!command(step.command(), conditions)) {
          break;
        }
      } else if (!conditions.contains(false)) {
        statement(file, step, count);
      }
    }
    System.out.printf(
        "%s %d of %d, %d s%n",
        file, count[0], count[1], (System.nanoTime() - before) / 1_000_000_000);
  }

  private void statement(String file, PsqlFile.Step step, int[] count) throws IOException {
    Answer there = theirs.run(step);
    Answer here = ours.run(step);
    if (step.command() != null && step.command().startsWith("gset")) {
      String prefix = step.command().substring(4).strip();
      ours.keep(prefix, here);
      theirs.keep(prefix, there);
    }
    // Plans are another planner's.
    if (step.sql().toLowerCase(Locale.ROOT).startsWith("explain") && there.error() == null) {
      return;
    }
    count[1]++;
    String difference = Answer.difference(step.sql(), here, there);
    if (difference == null) {
      count[0]++;
      return;
    }
    groups.merge(difference.replaceAll("(?<![A-Z0-9])\\d+(?![A-Z0-9]*:)", "N"), 1, Integer::sum);
    report.append(
        String.format(
            "== %s:%d %s%n%s%n  here: %s%n  there: %s%n",
            file, step.line(), difference, step.sql(), here.shown(), there.shown()));
  }

  /// @return whether the file goes on
  private boolean command(String command, Deque<Boolean> conditions) throws IOException {
    String[] words = command.split("\\s+");
    switch (words[0]) {
      case "if" -> conditions.push(isTrue(words[1]));
      case "elif", "else" -> conditions.push(!conditions.pop() && words.length == 1);
      case "endif" -> conditions.pop();
      case "quit", "q" -> {
        return conditions.contains(false);
      }
      case "set" -> {
        if (words.length > 1) {
          set(ours, words);
          set(theirs, words);
        }
      }
      case "c", "connect" -> {
        ours.connect();
        theirs.connect();
      }
      default -> {
        // What is only about the display.
      }
    }
    return true;
  }

  private boolean isTrue(String word) {
    String value =
        word.startsWith(":") ? theirs.variables.getOrDefault(word.substring(1), "f") : word;
    return value.startsWith("t") || value.equals("1") || value.equals("on");
  }

  private static void set(Side side, String[] words) {
    StringBuilder value = new StringBuilder();
    for (int i = 2; i < words.length; i++) {
      value.append(
          words[i].startsWith(":")
              ? side.variables.getOrDefault(words[i].substring(1), "")
              : words[i].replaceAll("^'|'$", ""));
    }
    side.variables.put(words[1], value.toString());
  }

  private void print(CountedFiles files) throws IOException {
    StringBuilder head = new StringBuilder();
    groups.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder()))
        .forEach(e -> head.append(e.getValue()).append("  ").append(e.getKey()).append('\n'));
    if (System.getProperty("report") != null) {
      Files.writeString(Path.of(System.getProperty("report")), head + "\n\n" + report);
    }
    Map<String, int[]> families = new TreeMap<>();
    int[] all = new int[2];
    for (String file : files.names()) {
      int[] count = counts.getOrDefault(file, new int[2]);
      for (int[] sum :
          List.of(all, families.computeIfAbsent(files.family(file), _ -> new int[2]))) {
        sum[0] += count[0];
        sum[1] += count[1];
      }
    }
    System.out.println("agreed " + all[0] + " of " + all[1]);
    if (System.getProperty("page") != null) {
      Files.writeString(
          Path.of(System.getProperty("page")), new ScorePage(files, counts, families, all).text());
    }
  }
}
