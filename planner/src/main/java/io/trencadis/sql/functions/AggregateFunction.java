package io.trencadis.sql.functions;

/// An aggregate bound to its argument types; makes accumulators.
@FunctionalInterface
public interface AggregateFunction {
  Accumulator newAccumulator();
}
