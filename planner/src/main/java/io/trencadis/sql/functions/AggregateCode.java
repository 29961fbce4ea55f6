package io.trencadis.sql.functions;

/// Which accumulator an aggregate has.
final class AggregateCode {
  private AggregateCode() {}

  static AggregateFunction find(ResolvedCall call) {
    return null;
  }
}
