package io.trencadis.sql.catalog;

import java.util.List;

/// Which rows of its parent a partition takes (`FOR VALUES …`). Values are in their types' output
/// form.
public sealed interface PartitionBound {
  record Hash(int modulus, int remainder) implements PartitionBound {}

  /// @param values the listed values; a null element is SQL NULL
  record ListOf(List<String> values) implements PartitionBound {}

  /// From `lower` (inclusive) to `upper` (exclusive), column by column.
  record Range(List<Edge> lower, List<Edge> upper) implements PartitionBound {}

  /// The partition for rows that no other takes.
  record Default() implements PartitionBound {}

  /// One column of a range's end.
  ///
  /// @param infinity -1 for MINVALUE, 1 for MAXVALUE, 0 for `value`
  record Edge(int infinity, String value) {}
}
