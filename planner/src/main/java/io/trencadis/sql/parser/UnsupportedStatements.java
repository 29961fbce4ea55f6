package io.trencadis.sql.parser;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Recognises, by their leading keywords, the statements that PostgreSQL has and this server
/// refuses. Their syntax is not looked at any further.
final class UnsupportedStatements {
  private static final Map<String, String> NAMES = new HashMap<>();
  private static final int LONGEST = 4;

  static {
    add("CREATE", "RULE", "AGGREGATE", "LANGUAGE", "TRANSFORM");
    add("CREATE", "OPERATOR", "OPERATOR CLASS", "OPERATOR FAMILY", "CAST", "CONVERSION");
    add(
        "CREATE",
        "EVENT TRIGGER",
        "FOREIGN TABLE",
        "FOREIGN DATA WRAPPER",
        "POLICY",
        "PUBLICATION");
    add(
        "CREATE",
        "SERVER",
        "STATISTICS",
        "SUBSCRIPTION",
        "TABLESPACE",
        "TEXT SEARCH",
        "ACCESS METHOD");
    add("CREATE", "USER MAPPING", "ASSERTION");
    add("ALTER", "AGGREGATE", "OPERATOR", "CONVERSION");
    add("ALTER", "OPERATOR CLASS", "OPERATOR FAMILY", "EVENT TRIGGER");
    add(
        "ALTER",
        "FOREIGN DATA WRAPPER",
        "LANGUAGE",
        "LARGE OBJECT",
        "POLICY",
        "PUBLICATION",
        "RULE");
    add("ALTER", "SERVER", "STATISTICS", "SUBSCRIPTION", "TABLESPACE", "TEXT SEARCH");
    add("ALTER", "USER MAPPING", "TABLE ALL", "INDEX ALL", "MATERIALIZED VIEW ALL");
    add("DROP", "TABLESPACE", "USER MAPPING", "TRANSFORM");
    add("IMPORT", "FOREIGN SCHEMA");
    add("SECURITY", "LABEL");
    NAMES.put("LOAD", "LOAD");
    NAMES.put("CREATE DEFAULT CONVERSION", "CREATE CONVERSION");
    NAMES.put("CREATE TRUSTED LANGUAGE", "CREATE LANGUAGE");
    NAMES.put("CREATE PROCEDURAL LANGUAGE", "CREATE LANGUAGE");
    NAMES.put("CREATE TRUSTED PROCEDURAL LANGUAGE", "CREATE LANGUAGE");
    NAMES.put("ALTER PROCEDURAL LANGUAGE", "ALTER LANGUAGE");
  }

  private UnsupportedStatements() {}

  private static void add(String verb, String... objects) {
    for (String object : objects) {
      NAMES.put(verb + " " + object, verb + " " + object);
    }
  }

  /// What the statement is called, or null if the grammar is to parse it.
  static String name(List<SqlToken> tokens) {
    int last = tokens.size() - 1;
    int at = 0;
    StringBuilder words = new StringBuilder();
    String found = null;
    for (int taken = 0; taken < LONGEST && at < last; taken++, at++) {
      int type = tokens.get(at).getType();
      if (at == 1
          && type == PgLexer.K_OR
          && at + 1 < last
          && tokens.get(at + 1).getType() == PgLexer.K_REPLACE) {
        at += 2;
        if (at >= last) {
          break;
        }
        type = tokens.get(at).getType();
      }
      String symbol = PgLexer.VOCABULARY.getSymbolicName(type);
      if (symbol == null || !symbol.startsWith("K_")) {
        break;
      }
      words.append(words.isEmpty() ? "" : " ").append(symbol, 2, symbol.length());
      String name = NAMES.get(words.toString().toUpperCase(Locale.ROOT));
      found = name != null ? name : found;
    }
    if (found != null && !isComplete(found, tokens)) {
      return null;
    }
    return found != null ? found : typeStatement(tokens);
  }

  /// A lone leading word, such as DO or MERGE with nothing behind it, is a syntax error instead.
  private static boolean isComplete(String name, List<SqlToken> tokens) {
    long words = name.chars().filter(c -> c == ' ').count() + 1;
    return tokens.size() - 1 > words;
  }

  /// The forms of CREATE TYPE and ALTER TYPE that are not parsed.
  private static String typeStatement(List<SqlToken> tokens) {
    if (tokens.size() < 4 || tokens.get(1).getType() != PgLexer.K_TYPE) {
      return null;
    }
    int verb = tokens.getFirst().getType();
    int at = 3;
    while (tokens.get(at).getType() == PgLexer.DOT && at + 2 < tokens.size()) {
      at += 2;
    }
    int next = tokens.get(at).getType();
    int second = at + 1 < tokens.size() ? tokens.get(at + 1).getType() : PgLexer.EOF;
    if (verb == PgLexer.K_CREATE) {
      boolean shell = next == PgLexer.EOF || next == PgLexer.LPAREN;
      return shell || next == PgLexer.K_AS && second == PgLexer.K_RANGE ? "CREATE TYPE" : null;
    }
    boolean set = next == PgLexer.K_SET && second == PgLexer.LPAREN;
    return verb == PgLexer.K_ALTER && set ? "ALTER TYPE" : null;
  }
}
