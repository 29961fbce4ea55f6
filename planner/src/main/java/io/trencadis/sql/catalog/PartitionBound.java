package io.trencadis.sql.catalog;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/// Which rows of its parent a partition takes (`FOR VALUES …`). Values are in their types' output
/// form.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "bound")
@JsonSubTypes({
  @JsonSubTypes.Type(value = PartitionBound.Hash.class, name = "hash"),
  @JsonSubTypes.Type(value = PartitionBound.ListOf.class, name = "list"),
  @JsonSubTypes.Type(value = PartitionBound.Range.class, name = "range"),
  @JsonSubTypes.Type(value = PartitionBound.Default.class, name = "default")
})
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
