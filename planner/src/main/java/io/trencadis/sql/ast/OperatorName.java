package io.trencadis.sql.ast;

import java.util.List;

/// An operator's symbol, with the schema it was qualified with: `+`, or `OPERATOR(pg_catalog.+)`.
/// `!=` arrives as `<>`.
///
/// @param schema the qualifying parts, the outermost first; empty for a plain symbol
public record OperatorName(List<String> schema, String symbol) {
  /// An unqualified operator.
  public static OperatorName of(String symbol) {
    return new OperatorName(List.of(), symbol);
  }
}
