package io.trencadis.sql.parser;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// The keywords, found by their folded text. The grammar's tokens `K_…` are the list of them.
final class Keywords {
  private static final Map<String, Integer> TYPES = new HashMap<>(1024);

  static {
    for (int type = 1; type <= PgLexer.VOCABULARY.getMaxTokenType(); type++) {
      String name = PgLexer.VOCABULARY.getSymbolicName(type);
      if (name != null && name.startsWith("K_")) {
        TYPES.put(name.substring(2).toLowerCase(Locale.ROOT), type);
      }
    }
  }

  private Keywords() {}

  /// The token type of the keyword this word is, or null.
  static Integer type(String folded) {
    return TYPES.get(folded);
  }
}
