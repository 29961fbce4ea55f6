package io.trencadis.cli.bench;

import io.trencadis.base.Clock;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.sql.DataSource;

/// Runs the queries, against one server or two in turn, and tells their times.
final class TpchRun {
  private final DataSource server;
  private final DataSource second;
  private final TpchQueries queries;
  private final Clock clock;
  private final PrintWriter out;
  private final SortedMap<Integer, TpchAnswer> answers = new TreeMap<>();
  private boolean sound = true;
  private double logarithms;
  private double secondLogarithms;
  private int timed;

  /// @param second to compare answers and times with, or null
  TpchRun(DataSource server, DataSource second, TpchQueries queries, Clock clock, PrintWriter out) {
    this.server = server;
    this.second = second;
    this.queries = queries;
    this.clock = clock;
    this.out = out;
  }

  /// One query's answer, and the median of its times.
  private record Outcome(TpchAnswer answer, double millis, String failure) {}

  /// Runs queries one after another.
  ///
  /// @param repeat how often each is run; the median counts
  /// @param timeoutSeconds after which a query is called off; 0 for never
  /// @return whether all ran, and gave the second server's answers
  boolean run(List<Integer> numbers, int repeat, int timeoutSeconds) throws SQLException {
    out.println(
        second == null
            ? "query     rows         ms"
            : "query     rows         ms  second ms   ratio  answers");
    try (Connection connection = server.getConnection();
        Connection other = second == null ? null : second.getConnection()) {
      for (int number : numbers) {
        one(connection, other, number, repeat, timeoutSeconds);
      }
    }
    if (timed > 0) {
      double mean = Math.exp(logarithms / timed);
      out.printf(Locale.ROOT, "geometric mean %11.1f", mean);
      if (second != null) {
        double theirs = Math.exp(secondLogarithms / timed);
        out.printf(Locale.ROOT, " %10.1f %7.2f", theirs, mean / theirs);
      }
      out.println(timed < numbers.size() ? "  (of " + timed + " queries)" : "");
    }
    out.flush();
    return sound;
  }

  /// What the queries gave, by number.
  SortedMap<Integer, TpchAnswer> answers() {
    return answers;
  }

  private void one(
      Connection connection, Connection other, int number, int repeat, int timeoutSeconds) {
    double[] ours = new double[repeat];
    double[] theirs = new double[repeat];
    Outcome outcome = null;
    Outcome otherOutcome = null;
    for (int i = 0; i < repeat; i++) {
      outcome = ask(connection, number, timeoutSeconds);
      ours[i] = outcome.millis();
      if (other != null) {
        otherOutcome = ask(other, number, timeoutSeconds);
        theirs[i] = otherOutcome.millis();
      }
      if (outcome.failure() != null || otherOutcome != null && otherOutcome.failure() != null) {
        break;
      }
    }
    if (outcome.failure() != null) {
      sound = false;
      out.printf("%5d  %s%n", number, outcome.failure());
      out.flush();
      return;
    }
    answers.put(number, outcome.answer());
    double mine = median(ours);
    out.printf(Locale.ROOT, "%5d %8d %10.1f", number, outcome.answer().rows().size(), mine);
    if (otherOutcome == null) {
      logarithms += Math.log(mine);
      timed++;
      out.println();
    } else if (otherOutcome.failure() != null) {
      sound = false;
      out.println("  second: " + otherOutcome.failure());
    } else {
      double their = median(theirs);
      logarithms += Math.log(mine);
      secondLogarithms += Math.log(their);
      timed++;
      TpchAnswer.Likeness likeness = outcome.answer().compare(otherOutcome.answer());
      sound &= likeness != TpchAnswer.Likeness.DIFFERENT;
      out.printf(Locale.ROOT, " %10.1f %7.2f  %s%n", their, mine / their, likeness.words());
    }
    out.flush();
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private Outcome ask(Connection connection, int number, int timeoutSeconds) {
    long begin = clock.nanoTime();
    try (Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(timeoutSeconds);
      try (ResultSet result = statement.executeQuery(queries.text(number))) {
        TpchAnswer answer = TpchAnswer.of(result);
        return new Outcome(answer, Math.max(1, clock.nanoTime() - begin) / 1e6, null);
      }
    } catch (SQLException e) {
      String message = e.getMessage().lines().findFirst().orElse("");
      return new Outcome(null, 0, e.getSQLState() + " " + message);
    }
  }

  /// The queries that `list` names, such as `1,6,17-19`.
  ///
  /// @throws IllegalArgumentException if it names something else
  static List<Integer> numbers(String list) {
    List<Integer> numbers = new ArrayList<>();
    for (String part : list.split(",")) {
      String[] ends = part.strip().split("-", 2);
      int first = Integer.parseInt(ends[0]);
      int last = Integer.parseInt(ends[ends.length - 1]);
      if (first < 1 || last > TpchQueries.COUNT || first > last) {
        throw new IllegalArgumentException(part);
      }
      for (int i = first; i <= last; i++) {
        numbers.add(i);
      }
    }
    return numbers;
  }
}
