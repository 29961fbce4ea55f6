package io.trencadis.sql.types;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// Time zones: between local and absolute time, and the names users give them.
public final class Zones {
  private static final Map<String, String> LOWER_TO_ID = new HashMap<>();

  static {
    for (String id : ZoneId.getAvailableZoneIds()) {
      LOWER_TO_ID.put(id.toLowerCase(Locale.ROOT), id);
    }
    // Names of the zone database that Java leaves out.
    LOWER_TO_ID.put("est", "-05:00");
    LOWER_TO_ID.put("mst", "-07:00");
    LOWER_TO_ID.put("hst", "-10:00");
  }

  private Zones() {}

  private static long unixSeconds(long micros) {
    return Math.floorDiv(micros, Calendar.MICROS_PER_SECOND) + Calendar.UNIX_EPOCH_DAYS * 86_400L;
  }

  /// Offset from UTC in seconds, positive to the east, at an instant.
  public static int offsetAt(ZoneId zone, long utcMicros) {
    if (zone instanceof ZoneOffset fixed) {
      return fixed.getTotalSeconds();
    }
    return zone.getRules()
        .getOffset(Instant.ofEpochSecond(unixSeconds(utcMicros)))
        .getTotalSeconds();
  }

  /// Offset from UTC in seconds, positive to the east, that a local time has. A time in a gap is
  /// read with the offset before it, one that exists twice with the later, standard, offset.
  public static int offsetOfLocal(ZoneId zone, long localMicros) {
    if (zone instanceof ZoneOffset fixed) {
      return fixed.getTotalSeconds();
    }
    ZoneRules rules = zone.getRules();
    if (rules.isFixedOffset()) {
      return rules.getOffset(Instant.EPOCH).getTotalSeconds();
    }
    LocalDateTime local = LocalDateTime.ofEpochSecond(unixSeconds(localMicros), 0, ZoneOffset.UTC);
    ZoneOffsetTransition transition = rules.getTransition(local);
    if (transition == null) {
      return rules.getOffset(local).getTotalSeconds();
    }
    return (transition.isGap() ? transition.getOffsetBefore() : transition.getOffsetAfter())
        .getTotalSeconds();
  }

  /// The absolute time of a local one; infinities stay.
  public static long toUtc(ZoneId zone, long localMicros) {
    if (Calendar.isInfinite(localMicros)) {
      return localMicros;
    }
    long utc = localMicros - offsetOfLocal(zone, localMicros) * Calendar.MICROS_PER_SECOND;
    if (!Calendar.isTimestamp(utc)) {
      throw new SqlException(SqlState.DATETIME_FIELD_OVERFLOW, "timestamp out of range");
    }
    return utc;
  }

  /// The local time of an absolute one; infinities stay.
  public static long toLocal(ZoneId zone, long utcMicros) {
    return Calendar.isInfinite(utcMicros)
        ? utcMicros
        : utcMicros + offsetAt(zone, utcMicros) * Calendar.MICROS_PER_SECOND;
  }

  /// The abbreviation that a zone has at an instant, such as CET; null if it has none.
  public static String abbreviation(ZoneId zone, long utcMicros) {
    if (zone instanceof ZoneOffset) {
      return zone.equals(ZoneOffset.UTC) ? "UTC" : null;
    }
    String id = zone.getId();
    if (id.equals("UTC")
        || id.equals("Etc/UTC")
        || id.equals("UCT")
        || id.equals("Zulu")
        || id.equals("Universal")) {
      return "UTC";
    }
    if (id.equals("GMT") || id.equals("Etc/GMT") || id.equals("Greenwich")) {
      return "GMT";
    }
    Instant instant = Instant.ofEpochSecond(unixSeconds(utcMicros));
    java.util.List<ZoneOffsetTransition> transitions = zone.getRules().getTransitions();
    if (!transitions.isEmpty() && instant.isBefore(transitions.getFirst().getInstant())) {
      return "LMT";
    }
    boolean summer = zone.getRules().isDaylightSavings(instant);
    String name =
        java.util.TimeZone.getTimeZone(zone)
            .getDisplayName(summer, java.util.TimeZone.SHORT, Locale.ENGLISH);
    if (name.isEmpty() || name.startsWith("GMT") && name.length() > 3 || name.indexOf(':') >= 0) {
      return null;
    }
    return name;
  }

  /// A zone by the name that SET TIME ZONE or AT TIME ZONE give: a name of the zone database in any
  /// case, or a POSIX offset such as `UTC+3` or `<+03>-03`, which counts to the west. Null if there
  /// is none.
  public static ZoneId byName(String name) {
    String id = LOWER_TO_ID.get(name.toLowerCase(Locale.ROOT));
    if (id != null) {
      return ZoneId.of(id);
    }
    return posix(name);
  }

  /// A zone by an offset such as `+05:30` or `-3`, as it stands in a timestamp: positive to the
  /// east. Null if it is none.
  public static ZoneId byOffset(String text) {
    try {
      return text.isEmpty() || "+-".indexOf(text.charAt(0)) < 0
          ? null
          : ZoneOffset.ofTotalSeconds(seconds(text));
    } catch (DateTimeException | NumberFormatException e) {
      return null;
    }
  }

  private static ZoneId posix(String name) {
    int at = 0;
    if (name.startsWith("<")) {
      at = name.indexOf('>') + 1;
    } else {
      while (at < name.length() && Character.isLetter(name.charAt(at))) {
        at++;
      }
      if (at < 3) {
        at = 0;
      }
    }
    boolean bare =
        !name.isEmpty() && ("+-".indexOf(name.charAt(0)) >= 0 || Scan.isDigit(name.charAt(0)));
    if ((at == 0 && !bare) || at >= name.length()) {
      return null;
    }
    String offset = name.substring(at);
    if (Scan.isDigit(offset.charAt(0))) {
      offset = "+" + offset;
    }
    try {
      return "+-".indexOf(offset.charAt(0)) < 0
          ? null
          : ZoneOffset.ofTotalSeconds(-seconds(offset));
    } catch (DateTimeException | NumberFormatException e) {
      return null;
    }
  }

  private static int seconds(String signed) {
    String[] parts = signed.substring(1).split(":", -1);
    int hours = Integer.parseInt(parts[0]);
    int minutes = parts.length > 1 ? Integer.parseInt(parts[1]) : 0;
    int seconds = parts.length > 2 ? Integer.parseInt(parts[2]) : 0;
    if (parts.length == 1 && parts[0].length() > 2) {
      minutes = hours % 100;
      hours = hours / 100;
    }
    int total = hours * 3600 + minutes * 60 + seconds;
    return signed.charAt(0) == '-' ? -total : total;
  }
}
