package io.trencadis.sql.catalog;

import java.util.List;

/// What ANALYZE found of a column.
///
/// @param column the column's number
/// @param nullPart the part of the rows where it is null, from 0 to 1
/// @param width bytes of a value on average
/// @param distinct how many different values there are; below zero, their part of the rows, as in
///   PostgreSQL's `pg_statistic.stadistinct`
/// @param common the most common values in their type's output form, the most common first
/// @param commonParts for each of them, the part of the rows that have it
/// @param bounds values that cut the others into parts of about as many rows each, in order
public record ColumnStatistics(
    int column,
    double nullPart,
    int width,
    double distinct,
    List<String> common,
    List<Double> commonParts,
    List<String> bounds) {
  /// How many different values there are in so many rows.
  public double distinctOf(double rows) {
    return Math.max(1, distinct < 0 ? -distinct * rows : distinct);
  }
}
