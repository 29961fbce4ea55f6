package io.trencadis.sql.types;

import java.util.Set;

/// Writing names so that SQL reads them back.
public final class Identifiers {
  private Identifiers() {}

  /// `quote_ident`: in double quotes if the name is not a plain lower-case word or is a keyword.
  public static String quote(String name) {
    boolean plain = !name.isEmpty() && !Character.isDigit(name.charAt(0)) && name.charAt(0) != '$';
    for (int i = 0; plain && i < name.length(); i++) {
      char c = name.charAt(i);
      plain = c == '_' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    }
    if (plain && !Keywords.RESTRICTED.contains(name)) {
      return name;
    }
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /// Whether a word is a keyword that cannot be used everywhere as a name without quotes.
  public static boolean needsQuotes(String word) {
    return Keywords.RESTRICTED.contains(word);
  }

  /// Keywords of the three categories other than unreserved.
  private static final class Keywords {
    static final Set<String> RESTRICTED = load();

    private static Set<String> load() {
      Set<String> words = new java.util.HashSet<>();
      for (String[] row : CatalogFile.rows("keywords.tsv", 3)) {
        if (!row[1].equals("U")) {
          words.add(row[0]);
        }
      }
      return java.util.Collections.unmodifiableSet(words);
    }
  }
}
