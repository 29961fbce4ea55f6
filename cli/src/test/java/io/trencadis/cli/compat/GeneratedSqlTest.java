package io.trencadis.cli.compat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.trencadis.cli.RunningServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Statements by chance. Each seed makes its tables and asks `-Dgenerated.statements=` things of
/// them; `-Dseed=` is the first seed, `-Dseeds=` says how many, `-Dpostgres.port=` where a
/// PostgreSQL 15 listens that says what is right.
class GeneratedSqlTest {
  private static final long FIRST = Long.getLong("seed", 1);
  private static final int SEEDS = Integer.getInteger("seeds", 3);
  private static final int STATEMENTS = Integer.getInteger("generated.statements", 200);
  private static final Integer POSTGRES = Integer.getInteger("postgres.port");
  private static final String DATABASE = "generated";
  private static final Map<String, String> SETTINGS =
      Map.of("TimeZone", "UTC", "client_min_messages", "error", "statement_timeout", "30000");

  private interface Check {
    /// @return what is wrong, or null
    String of(String statement, Answer answer) throws IOException;
  }

  private static List<String> run(long seed, WireClient ours, Check check) throws IOException {
    SqlGenerator generator = new SqlGenerator(seed);
    ours.query("drop table if exists t1, t2, t3, t4", null);
    List<String> statements = new ArrayList<>(generator.schema());
    for (int i = 0; i < STATEMENTS; i++) {
      statements.add(generator.statement());
    }
    statements.addAll(generator.contents());
    List<String> wrong = new ArrayList<>();
    for (String statement : statements) {
      String difference = check.of(statement, ours.query(statement, null));
      if (difference != null) {
        wrong.add("seed " + seed + ": " + statement + "\n  " + difference);
      }
    }
    return wrong;
  }

  @Test
  void statementsEndWithAnAnswerOrAnErrorOfTheirs() throws IOException {
    List<String> wrong = new ArrayList<>();
    try (RunningServer server = RunningServer.start();
        WireClient ours = new WireClient(server.port(), "postgres", SETTINGS)) {
      for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
        wrong.addAll(
            run(
                seed,
                ours,
                (_, answer) ->
                    answer.error() != null && !answer.error().matches("(2[23]|42).*")
                        ? answer.error()
                        : null));
      }
    }
    assertEquals("", String.join("\n", wrong));
  }

  @Test
  void answersAsPostgresDoes() throws IOException {
    assumeTrue(POSTGRES != null, "no PostgreSQL to compare with: -Dpostgres.port= is not given");
    try (WireClient admin = new WireClient(POSTGRES, "postgres", Map.of())) {
      admin.query("drop database if exists " + DATABASE, null);
      admin.query(
          "create database " + DATABASE + " template template0 encoding utf8 locale 'C.UTF-8'",
          null);
    }
    List<String> wrong = new ArrayList<>();
    try (RunningServer server = RunningServer.start();
        WireClient ours = new WireClient(server.port(), "postgres", SETTINGS);
        WireClient theirs = new WireClient(POSTGRES, DATABASE, SETTINGS)) {
      for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
        theirs.query("drop table if exists t1, t2, t3, t4", null);
        wrong.addAll(
            run(
                seed,
                ours,
                (statement, answer) -> {
                  Answer right = theirs.query(statement, null);
                  String difference = Answer.difference(statement, answer, right);
                  return difference == null || bothData(answer, right)
                      ? null
                      : difference + "\n  here " + answer.shown() + "\n  there " + right.shown();
                }));
      }
    }
    assertEquals("", String.join("\n", wrong));
  }

  /// Which of several wrong values is found first is not said by anyone.
  private static boolean bothData(Answer ours, Answer theirs) {
    return ours.error() != null
        && theirs.error() != null
        && ours.error().startsWith("22")
        && theirs.error().startsWith("22");
  }
}
