package io.trencadis.sql.functions;

import io.trencadis.sql.collation.LatinLetters;
import java.lang.Character.UnicodeScript;
import java.text.Normalizer;

/// The function of extension `unaccent` (manual, F.48). Where PostgreSQL has a file of rules, Latin
/// letters and punctuation are transliterated to ASCII by ICU, and Greek and Cyrillic ones lose
/// their accents by Unicode's decomposition: some two hundred signs differ.
final class Unaccenting {
  private Unaccenting() {}

  static void register(Builtins.Registry to) {
    to.fn1("unaccent_dict", (a, cx) -> of((String) a));
  }

  static String of(String text) {
    if (text.chars().allMatch(c -> c < 0x80)) {
      return text;
    }
    StringBuilder bare = new StringBuilder();
    text.codePoints().forEach(c -> bare.append(isGreek(c) ? decomposed(c) : Character.toString(c)));
    return LatinLetters.toAscii(bare.toString());
  }

  /// Of Cyrillic only Ё is taken for an accented letter.
  private static boolean isGreek(int c) {
    return UnicodeScript.of(c) == UnicodeScript.GREEK || c == 'Ё' || c == 'ё';
  }

  private static String decomposed(int c) {
    return Normalizer.normalize(Character.toString(c), Normalizer.Form.NFD)
        .replaceAll("\\p{Mn}", "");
  }
}
