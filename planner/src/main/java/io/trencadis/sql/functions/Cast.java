package io.trencadis.sql.functions;

import io.trencadis.sql.types.PgType;

/// A way to turn values of one type into another, typmod included.
public interface Cast {
  /// The converted value; null for null.
  Object apply(Object value, EvalContext cx);

  PgType source();

  PgType target();

  /// Whether values pass unchanged, so that the cast need not be run.
  boolean isNoop();

  /// Whether NULL has to be given to it, too: a domain may refuse it.
  default boolean looksAtNull() {
    return false;
  }

  /// i immutable, s stable (depends on settings or the catalog), v volatile.
  char volatility();
}
