package io.trencadis.sql.session;

import io.trencadis.sql.parser.ParsedStatement;
import io.trencadis.sql.parser.SqlParser;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Syntax trees of short texts that come again and again, such as BEGIN and COMMIT: the statements
/// that have no plan to keep. Bounded; thread-safe.
final class SyntaxCache {
  private static final int MOST_TEXTS = 500;
  private static final int LONGEST_TEXT = 200;

  private final Map<String, List<ParsedStatement>> trees =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, List<ParsedStatement>> eldest) {
          return size() > MOST_TEXTS;
        }
      };

  /// What a text that was parsed lately says, or null.
  List<ParsedStatement> find(String sql) {
    if (sql.length() > LONGEST_TEXT) {
      return null;
    }
    synchronized (trees) {
      return trees.get(sql);
    }
  }

  List<ParsedStatement> parse(String sql) {
    if (sql.length() > LONGEST_TEXT) {
      return SqlParser.parse(sql);
    }
    synchronized (trees) {
      List<ParsedStatement> known = trees.get(sql);
      if (known != null) {
        return known;
      }
    }
    List<ParsedStatement> parsed = SqlParser.parse(sql);
    synchronized (trees) {
      trees.put(sql, parsed);
    }
    return parsed;
  }
}
