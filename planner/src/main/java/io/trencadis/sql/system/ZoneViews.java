package io.trencadis.sql.system;

import io.trencadis.sql.types.DateTimeWords;
import io.trencadis.sql.types.Interval;
import io.trencadis.sql.types.Zones;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;

/// `pg_timezone_names`, the zones that `TimeZone` can be set to, as they are now; and
/// `pg_timezone_abbrevs`, the abbreviations that input understands.
final class ZoneViews {
  private static final long DAYS_1970_TO_2000 = 10_957;
  private static final long MICROS = 1_000_000;

  private ZoneViews() {}

  static void register(Registration to) {
    to.fixed(
        "pg_timezone_abbrevs",
        rows -> {
          for (DateTimeWords.Abbreviation each : DateTimeWords.abbreviations()) {
            rows.add()
                .set("abbrev", each.name().toUpperCase(Locale.ROOT))
                .set("utc_offset", new Interval(0, 0, each.seconds() * MICROS))
                .set("is_dst", each.summer());
          }
        });
    to.current(
        "pg_timezone_names",
        (rows, reading) -> {
          long now = reading.access().transactionTimestampMicros();
          Instant instant =
              Instant.ofEpochSecond(Math.floorDiv(now, MICROS) + DAYS_1970_TO_2000 * 86_400);
          for (String id : ZoneId.getAvailableZoneIds()) {
            ZoneId zone = ZoneId.of(id);
            String abbreviation = Zones.abbreviation(zone, now);
            rows.add()
                .set("name", id)
                .set("abbrev", abbreviation == null ? "" : abbreviation)
                .set("utc_offset", new Interval(0, 0, Zones.offsetAt(zone, now) * MICROS))
                .set("is_dst", zone.getRules().isDaylightSavings(instant));
          }
        });
  }
}
