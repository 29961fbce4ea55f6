package io.trencadis.sql.functions;

import io.trencadis.sql.types.Numeric;
import io.trencadis.sql.types.SqlRow;
import io.trencadis.sql.types.WholeNumberCodec;

/// One group's running aggregate. Not thread-safe.
public interface Accumulator {
  /// Takes one row's arguments. Rows that a strict aggregate must skip are skipped here.
  void add(Object[] args, EvalContext cx);

  /// [#add] of one whole number.
  ///
  /// @param codec of its type
  default void addNumber(long value, WholeNumberCodec codec, EvalContext cx) {
    add(new Object[] {codec.box(value)}, cx);
  }

  /// [#add] of one decimal, in units of 10^-scale.
  default void addDecimal(long unscaled, int scale, EvalContext cx) {
    add(new Object[] {Numeric.of(unscaled, scale)}, cx);
  }

  /// The aggregate of the rows so far; more may be added afterwards.
  Object result(EvalContext cx);

  /// What another accumulator of the same aggregate needs in order to go on as if it had seen these
  /// rows. The row's columns are ordinary SQL values, so that it can travel
  /// (`Types.RECORD.codec()`).
  SqlRow state();

  /// Takes in what another accumulator has seen.
  void merge(SqlRow state);
}
