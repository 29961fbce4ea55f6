package io.trencadis.sql.types;

/// Case without regard to locale or to letters outside of ASCII.
final class Ascii {
  private Ascii() {}

  static String lower(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 'A' && c <= 'Z') {
        StringBuilder out = new StringBuilder(text);
        for (int k = i; k < text.length(); k++) {
          char u = text.charAt(k);
          if (u >= 'A' && u <= 'Z') {
            out.setCharAt(k, (char) (u + 32));
          }
        }
        return out.toString();
      }
    }
    return text;
  }
}
