package io.trencadis.sql.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Lists of identifiers in settings, such as `"$user", public`.
final class SearchPaths {
  private SearchPaths() {}

  static List<String> split(String text) {
    List<String> names = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == ',' || Character.isWhitespace(c)) {
        at++;
      } else if (c == '"') {
        StringBuilder name = new StringBuilder();
        at++;
        while (at < text.length()) {
          if (text.charAt(at) == '"') {
            if (at + 1 < text.length() && text.charAt(at + 1) == '"') {
              at++;
            } else {
              break;
            }
          }
          name.append(text.charAt(at++));
        }
        at++;
        names.add(name.toString());
      } else {
        int end = at;
        while (end < text.length()
            && text.charAt(end) != ','
            && !Character.isWhitespace(text.charAt(end))) {
          end++;
        }
        names.add(text.substring(at, end).toLowerCase(Locale.ROOT));
        at = end;
      }
    }
    return names;
  }

  /// The names as a setting's text, quoted where need be.
  static String join(List<String> names) {
    List<String> quoted = new ArrayList<>();
    for (String name : names) {
      quoted.add(name.isEmpty() ? "\"\"" : io.trencadis.sql.types.Identifiers.quote(name));
    }
    return String.join(", ", quoted);
  }
}
