package io.trencadis.sql.types;

/// A value of a range type. Immutable, as its bounds are.
///
/// @param lower null for none
/// @param upper null for none
/// @param lowerIncluded false where there is no bound; likewise `upperIncluded`
/// @param empty whether no value is in it; then nothing else is said
public record RangeValue(
    Object lower, Object upper, boolean lowerIncluded, boolean upperIncluded, boolean empty) {
  public static final RangeValue EMPTY = new RangeValue(null, null, false, false, true);
}
