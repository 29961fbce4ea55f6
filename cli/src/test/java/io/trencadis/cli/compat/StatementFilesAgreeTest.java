package io.trencadis.cli.compat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.trencadis.cli.RunningServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The statement files of the planner's tests, over the wire, at this server and at the PostgreSQL
/// 15 that `-Dpostgres.port=` names: beside what is recorded in the `.expected` files, column names
/// and type OIDs are the same.
class StatementFilesAgreeTest {
  private static final Integer POSTGRES = Integer.getInteger("postgres.port");
  private static final String DATABASE = "statement_files";
  private static final Map<String, String> SETTINGS =
      Map.of("TimeZone", "UTC", "default_transaction_isolation", "serializable");

  private static List<Path> files() throws IOException {
    Path here = Path.of("").toAbsolutePath();
    Path root = Files.exists(here.resolve("planner")) ? here : here.getParent();
    try (Stream<Path> files = Files.list(root.resolve("planner/src/test/resources/sql"))) {
      return files.filter(file -> file.toString().endsWith(".sql")).sorted().toList();
    }
  }

  private static List<String> differences(Path file) throws IOException {
    try (WireClient admin = new WireClient(POSTGRES, "postgres", Map.of())) {
      admin.query("drop database if exists " + DATABASE, null);
      admin.query(
          "create database " + DATABASE + " template template0 encoding utf8 locale 'C.UTF-8'",
          null);
    }
    List<String> differences = new ArrayList<>();
    try (RunningServer server = RunningServer.start();
        WireClient ours = new WireClient(server.port(), "postgres", SETTINGS);
        WireClient theirs = new WireClient(POSTGRES, DATABASE, SETTINGS)) {
      for (String statement : Files.readAllLines(file)) {
        if (!statement.isBlank()) {
          String difference =
              Answer.difference(
                  statement, ours.query(statement, null), theirs.query(statement, null));
          if (difference != null) {
            differences.add(file.getFileName() + ": " + statement + "\n  " + difference);
          }
        }
      }
    }
    return differences;
  }

  @Test
  void filesAgree() throws IOException {
    assumeTrue(POSTGRES != null, "no PostgreSQL to compare with: -Dpostgres.port= is not given");
    List<String> differences = new ArrayList<>();
    for (Path file : files()) {
      differences.addAll(differences(file));
    }
    assertEquals("", String.join("\n", differences));
  }
}
