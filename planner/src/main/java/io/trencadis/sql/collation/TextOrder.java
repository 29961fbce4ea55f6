package io.trencadis.sql.collation;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.text.Collator;
import com.ibm.icu.util.ULocale;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.util.Arrays;

/// The order and the letters' case of an ICU locale (manual, 24.2.2.3.2). Thread-safe.
public final class TextOrder {
  private final ULocale locale;
  private final Collator collator;

  /// @param tag a language tag, which may have settings: `de-u-co-phonebk`, `und-u-ks-level2`; what
  ///   ICU does not know of it is passed over
  /// @throws SqlException XX000 for a setting that ICU refuses
  public TextOrder(String tag) {
    // ICU's own older names for settings are told by their sign: `@colStrength=secondary`.
    this.locale = tag.contains("@") ? new ULocale(tag) : ULocale.forLanguageTag(tag);
    try {
      this.collator = Collator.getInstance(locale).freeze();
    } catch (IllegalArgumentException | UnsupportedOperationException e) {
      throw new SqlException(
          SqlState.INTERNAL_ERROR,
          "could not open collator for locale \"" + tag + "\": U_ILLEGAL_ARGUMENT_ERROR",
          e);
    }
  }

  /// The order; 0 for texts that the locale does not tell apart, though they may differ.
  public int compare(String a, String b) {
    return collator.compare(a, b);
  }

  /// Bytes whose unsigned order is that of [#compare]; none of them is 0.
  public byte[] sortKey(String text) {
    byte[] key = collator.getCollationKey(text).toByteArray();
    // It ends in a 0 of its own.
    return Arrays.copyOf(key, key.length - 1);
  }

  public String lower(String text) {
    return UCharacter.toLowerCase(locale, text);
  }

  public String upper(String text) {
    return UCharacter.toUpperCase(locale, text);
  }

  /// Each word with a capital first letter.
  public String title(String text) {
    return UCharacter.toTitleCase(locale, text, null);
  }

  /// The version of the collation's data, as `pg_collation.collversion` has it.
  public String version() {
    int[] parts = {
      collator.getVersion().getMajor(),
      collator.getVersion().getMinor(),
      collator.getVersion().getMilli(),
      collator.getVersion().getMicro()
    };
    int count = parts.length;
    while (count > 2 && parts[count - 1] == 0) {
      count--;
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < count; i++) {
      out.append(i == 0 ? "" : ".").append(parts[i]);
    }
    return out.toString();
  }
}
