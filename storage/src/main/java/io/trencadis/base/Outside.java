package io.trencadis.base;

import java.util.random.RandomGenerator;

/// All that the server asks of the outside: production wires the real ones, a simulation seeded
/// ones. Network and disk join when there is something to send and to keep.
///
/// @param random chance, not secrets: keys and salts come from a secure source
public record Outside(Clock clock, Timers timers, RandomGenerator random) {
  /// The real clock, timers and chance. Each call makes a new set; its timer thread is a daemon,
  /// started at the first timer.
  public static Outside real() {
    return new Outside(new RealClock(), new RealTimers(), RandomGenerator.of("L64X128MixRandom"));
  }
}
