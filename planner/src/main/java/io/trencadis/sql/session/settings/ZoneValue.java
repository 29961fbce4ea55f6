package io.trencadis.sql.session.settings;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.Interval;
import io.trencadis.sql.types.TypeContext;
import io.trencadis.sql.types.Types;
import io.trencadis.sql.types.Typmods;
import java.time.ZoneId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Values of `TimeZone`, as they are written and as they are kept (PostgreSQL 15 manual, 8.5.3 and
/// SET). Stateless.
final class ZoneValue {
  private static final Pattern INTERVAL =
      Pattern.compile("interval\\s*'(.*)'\\s*([a-z ]*)", Pattern.CASE_INSENSITIVE);
  private static final int FULL_PRECISION = 0xffff;
  private static final long MICROS_PER_MINUTE = 60_000_000;
  private static final int MOST_MINUTES = 15 * 60 + 59;

  private ZoneValue() {}

  /// PostgreSQL's spelling of a zone. Accepts names in any case, hours east of UTC as a number, and
  /// the same as an interval.
  ///
  /// @param name the setting's
  /// @throws SqlException 22023 for what is no zone
  static String canonical(String name, String value) {
    Matcher interval = INTERVAL.matcher(value.strip());
    String found = interval.matches() ? ofInterval(name, interval) : ofName(value.strip());
    if (found == null) {
      throw SessionSettings.invalid(name, value);
    }
    return found;
  }

  private static String ofInterval(String name, Matcher written) {
    String text = written.group(1).replace("''", "'");
    int typmod = Typmods.intervalTypmod(Typmods.intervalFields(written.group(2)), FULL_PRECISION);
    Interval interval = (Interval) Types.INTERVAL.codec().parse(text, typmod, TypeContext.DEFAULTS);
    String part = interval.months() != 0 ? "months" : interval.days() != 0 ? "days" : null;
    if (part != null) {
      throw new SqlException(
              SqlState.INVALID_PARAMETER_VALUE,
              "invalid value for parameter \""
                  + name
                  + "\": \"INTERVAL '"
                  + Types.INTERVAL.codec().format(interval, TypeContext.DEFAULTS)
                  + "'\"")
          .detail("Cannot specify " + part + " in time zone interval.");
    }
    return ofMinutes(interval.micros() / MICROS_PER_MINUTE);
  }

  private static String ofName(String text) {
    if (text.equalsIgnoreCase("local") || text.equalsIgnoreCase("default")) {
      return ZoneId.systemDefault().getId();
    }
    for (String known : ZoneId.getAvailableZoneIds()) {
      if (known.equalsIgnoreCase(text)) {
        return known;
      }
    }
    try {
      return ofMinutes(Math.round(Double.parseDouble(text) * 60));
    } catch (NumberFormatException e) {
      return SessionSettings.zone(text) == null ? null : text;
    }
  }

  /// A fixed offset as POSIX writes it, with the sign turned, and the offset itself as its name.
  private static String ofMinutes(long minutes) {
    if (Math.abs(minutes) > MOST_MINUTES) {
      return null;
    }
    String digits =
        "%02d".formatted(Math.abs(minutes) / 60)
            + (minutes % 60 == 0 ? "" : ":%02d".formatted(Math.abs(minutes) % 60));
    return "<" + (minutes < 0 ? "-" : "+") + digits + ">" + (minutes < 0 ? "+" : "-") + digits;
  }
}
