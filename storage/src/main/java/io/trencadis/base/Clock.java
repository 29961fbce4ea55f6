package io.trencadis.base;

/// What time it is. Thread-safe.
public interface Clock {
  /// Milliseconds since 1970 UTC; may jump either way.
  long currentMillis();

  /// Nanoseconds since some fixed moment; never runs backwards.
  long nanoTime();
}
