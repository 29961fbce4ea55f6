package io.trencadis.sql.types;

/// A time of day with a zone.
///
/// @param micros microseconds since local midnight, 0 to 86 400 000 000
/// @param zoneSecondsWest offset of the zone from UTC, positive to the west
public record TimeTz(long micros, int zoneSecondsWest) {
  /// Microseconds since midnight UTC; outside one day where the zone makes it so.
  public long utcMicros() {
    return micros + zoneSecondsWest * 1_000_000L;
  }
}
