package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/// `pg_size_bytes`: sizes with units.
final class SizeText {
  private SizeText() {}

  static Long bytes(String text) {
    String trimmed = text.strip();
    int at = 0;
    while (at < trimmed.length() && "+-.0123456789eE".indexOf(trimmed.charAt(at)) >= 0) {
      at++;
    }
    BigDecimal number;
    try {
      number = new BigDecimal(trimmed.substring(0, at));
    } catch (NumberFormatException e) {
      throw invalid(text).detail(null);
    }
    String unit = trimmed.substring(at).strip().toLowerCase(Locale.ROOT);
    int shift =
        switch (unit) {
          case "", "b", "bytes" -> 0;
          case "kb" -> 10;
          case "mb" -> 20;
          case "gb" -> 30;
          case "tb" -> 40;
          case "pb" -> 50;
          default ->
              throw invalid(text)
                  .detail("Invalid size unit: \"" + trimmed.substring(at).strip() + "\".")
                  .hint(
                      "Valid units are \"bytes\", \"B\", \"kB\", \"MB\", \"GB\", \"TB\", and \"PB\".");
        };
    BigDecimal size =
        number.multiply(BigDecimal.valueOf(1L << shift)).setScale(0, RoundingMode.HALF_UP);
    if (size.unscaledValue().bitLength() > 63) {
      throw IntegerFunctions.outOfRange("bigint");
    }
    return size.longValue();
  }

  private static SqlException invalid(String text) {
    return new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid size: \"" + text + "\"");
  }
}
