package io.trencadis.cli.compat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What a server answered to one query message.
///
/// @param columns `name:type OID` of each column of each result, results separated by `;`
/// @param rows values separated by `|`, null as `\N`; what COPY sent, by lines
/// @param tags the command tags
/// @param error `SQLSTATE: text`, or null
record Answer(List<String> columns, List<String> rows, List<String> tags, String error) {

  /// In what two answers differ; null where they agree. Rows are compared in their order where the
  /// statement asks for one.
  static String difference(String statement, Answer ours, Answer theirs) {
    if (ours.error != null || theirs.error != null) {
      if (theirs.error == null) {
        return "refused here: " + ours.error;
      }
      if (ours.error == null) {
        return "not refused here: " + theirs.error;
      }
      return ours.error.equals(theirs.error)
          ? null
          : "other error: " + ours.error + " // " + theirs.error;
    }
    if (!ours.columns.equals(theirs.columns)) {
      return "columns: " + ours.columns + " // " + theirs.columns;
    }
    if (!ours.tags.equals(theirs.tags)) {
      return "tags: " + ours.tags + " // " + theirs.tags;
    }
    boolean ordered = ordered(statement);
    return comparable(ours.rows, ordered).equals(comparable(theirs.rows, ordered)) ? null : "rows";
  }

  /// Whether there is an ORDER BY outside all parentheses: those inside order windows, aggregates
  /// and subqueries.
  private static boolean ordered(String statement) {
    StringBuilder outside = new StringBuilder();
    int depth = 0;
    for (char c : statement.toLowerCase(Locale.ROOT).toCharArray()) {
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      outside.append(depth == 0 ? c : ' ');
    }
    return outside.toString().matches("(?s).*\\border\\s+by\\b.*");
  }

  private static List<String> comparable(List<String> rows, boolean ordered) {
    return ordered ? rows : rows.stream().sorted().toList();
  }

  /// The answer in a few lines, for reading.
  String shown() {
    if (error != null) {
      return "ERROR " + error;
    }
    List<String> lines = new ArrayList<>();
    lines.add(String.join(", ", columns) + " -> " + String.join(", ", tags));
    rows.stream().limit(6).forEach(lines::add);
    return String.join("\n    ", lines);
  }
}
