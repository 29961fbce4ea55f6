package io.trencadis.base;

/// The machine's clock: the one place that reads it.
final class RealClock implements Clock {
  @Override
  public long currentMillis() {
    return System.currentTimeMillis();
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }
}
