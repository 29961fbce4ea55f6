package io.trencadis.sql.collation;

import com.ibm.icu.text.Transliterator;

/// Latin letters and punctuation as ASCII, by ICU's transliteration. Thread-safe.
public final class LatinLetters {
  /// Loaded when it is first needed, for its tables are large.
  private static final class Loaded {
    static final Transliterator TO_ASCII = Transliterator.getInstance("Latin-ASCII");
  }

  private LatinLetters() {}

  /// A text without accents and ligatures; what is not Latin stays.
  public static String toAscii(String text) {
    return Loaded.TO_ASCII.transliterate(text);
  }
}
