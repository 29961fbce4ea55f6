package io.trencadis.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Statements with the answers that a PostgreSQL 15 gave to them. A file is one session; a line `>
/// statement` is followed by the answer's lines, indented by two.
class StatementFilesTest {
  private static final List<String> FILES =
      List.of(
          "queries",
          "changes",
          "found_by_chance",
          "key_lists",
          "first_rows_joins",
          "keyset_pages",
          "few_of_many",
          "index_only",
          "compatibility",
          "batches",
          "lookups");

  /// Files whose answers hold the details, hints and constraints of errors.
  private static final List<String> DETAILED_FILES =
      List.of(
          "on_conflict",
          "foreign_keys",
          "recursive",
          "modifying_with",
          "grouping_sets",
          "json",
          "jsonpath",
          "ordered_sets",
          "enums",
          "domains",
          "composites",
          "rows",
          "composite_rights",
          "view_parts",
          "composite_plans",
          "arrays",
          "bit_strings",
          "network_addresses",
          "own_types",
          "roles",
          "privileges",
          "comments",
          "type_rights",
          "prepared_transactions",
          "partition_expressions",
          "regression_found",
          "regression_definitions",
          "regression_partitions",
          "functions_sql",
          "procedures_sql",
          "plpgsql",
          "triggers",
          "inheritance",
          "current_of",
          "search_cycle",
          "system_columns",
          "using_index",
          "partition_refusals",
          "partition_indexes",
          "routing",
          "deferrable_unique",
          "inverted_indexes",
          "index_builds",
          "constraint_triggers",
          "transition_tables",
          "instead_triggers",
          "ranges",
          "exclusion",
          "icu_collations",
          "create_collation",
          "extensions",
          "collated_queries",
          "regexes",
          "kept_by_oid",
          "backslash_strings",
          "merged_columns",
          "outer_aggregates",
          "partition_keys",
          "regression_small",
          "written_expressions",
          "written_queries",
          "written_views",
          "ranges_in_or",
          "first_rows",
          "alter_types",
          "drop_columns",
          "rename_columns",
          "rename_under_views",
          "function_settings",
          "rename_functions",
          "like_bounds",
          "trigrams",
          "sets_and_lateral",
          "citext");

  /// Files whose answers also say where errors are.
  private static final List<String> POSITIONED_FILES =
      List.of(
          "collations",
          "windows",
          "temporary_tables",
          "generated_columns",
          "special_indexes",
          "merge",
          "updatable_views",
          "view_catalog",
          "tablesample",
          "explain_formats",
          "encodings",
          "row_subqueries",
          "index_methods",
          "unread_with",
          "forward_with",
          "databases",
          "partition_bounds",
          "stars_and_bounds",
          "logic_tests",
          "locked_views",
          "nested_locks");

  private record Step(String file, int line, String statement, List<String> answer) {}

  private static List<Step> steps(String file) throws IOException {
    List<Step> steps = new ArrayList<>();
    try (InputStream in =
        StatementFilesTest.class.getResourceAsStream("/sql/" + file + ".expected")) {
      String[] lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n");
      for (int i = 0; i < lines.length; i++) {
        if (lines[i].startsWith("> ")) {
          steps.add(new Step(file, i + 1, lines[i].substring(2), new ArrayList<>()));
        } else {
          steps.getLast().answer.add(lines[i].substring(2));
        }
      }
    }
    return steps;
  }

  @TestFactory
  List<DynamicTest> answersAsPostgresDid() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    List<String> all = new ArrayList<>(FILES);
    all.addAll(DETAILED_FILES);
    all.addAll(POSITIONED_FILES);
    for (String file : all) {
      SqlScript script = new SqlScript(SqlScript.engine(), shown(file));
      for (Step step : steps(file)) {
        // Run at once, in order: the tests only compare.
        List<String> answer = script.run(step.statement);
        tests.add(
            DynamicTest.dynamicTest(
                file + ":" + step.line + " " + step.statement,
                () ->
                    assertEquals(
                        comparable(step.statement, step.answer),
                        comparable(step.statement, answer))));
      }
    }
    return tests;
  }

  private static SqlScript.Shown shown(String file) {
    return POSITIONED_FILES.contains(file)
        ? SqlScript.Shown.POSITIONS
        : DETAILED_FILES.contains(file) ? SqlScript.Shown.DETAILS : SqlScript.Shown.TEXT;
  }

  /// Without ORDER BY rows have no order: where a table has no key it changes from run to run.
  private static String comparable(String statement, List<String> answer) {
    boolean ordered = statement.toLowerCase(Locale.ROOT).contains("order by");
    return String.join("\n", ordered ? answer : answer.stream().sorted().toList());
  }
}
