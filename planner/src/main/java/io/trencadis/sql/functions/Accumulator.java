package io.trencadis.sql.functions;

import io.trencadis.sql.types.SqlRow;

/// One group's running aggregate. Not thread-safe.
public interface Accumulator {
  /// Takes one row's arguments. Rows that a strict aggregate must skip are skipped here.
  void add(Object[] args, EvalContext cx);

  /// The aggregate of the rows so far; more may be added afterwards.
  Object result(EvalContext cx);

  /// What another accumulator of the same aggregate needs in order to go on as if it had seen these
  /// rows. The row's columns are ordinary SQL values, so that it can travel
  /// (`Types.RECORD.codec()`).
  SqlRow state();

  /// Takes in what another accumulator has seen.
  void merge(SqlRow state);
}
