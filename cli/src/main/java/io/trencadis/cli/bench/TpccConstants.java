package io.trencadis.cli.bench;

import java.util.random.RandomGenerator;

/// The constants C of TPC-C's non-uniform distribution (clause 2.1.6). They hold for a load and all
/// runs on it: loader and terminals share one of these.
///
/// @param nameLoad for last names, while loading, 0 to 255
/// @param nameRun for last names, while running, 0 to 255; apart from `nameLoad` as clause 2.1.6.1
///   asks
/// @param customer for customers' numbers, 0 to 1023
/// @param item for items' numbers, 0 to 8191
public record TpccConstants(int nameLoad, int nameRun, int customer, int item) {
  public TpccConstants {
    check(nameLoad, 255);
    check(nameRun, 255);
    check(customer, 1023);
    check(item, 8191);
    if (!allowedDelta(Math.abs(nameRun - nameLoad))) {
      throw new IllegalArgumentException(
          "last names of load and run are not to differ by " + Math.abs(nameRun - nameLoad));
    }
  }

  /// Draws constants. The same generator in the same state draws the same ones.
  public static TpccConstants draw(RandomGenerator random) {
    int nameLoad = random.nextInt(256);
    int nameRun;
    do {
      nameRun = random.nextInt(256);
    } while (!allowedDelta(Math.abs(nameRun - nameLoad)));
    return new TpccConstants(nameLoad, nameRun, random.nextInt(1024), random.nextInt(8192));
  }

  /// Whether clause 2.1.6.1 allows the last-name constants of load and run to differ by `delta`.
  static boolean allowedDelta(int delta) {
    return delta >= 65 && delta <= 119 && delta != 96 && delta != 112;
  }

  private static void check(int value, int highest) {
    if (value < 0 || value > highest) {
      throw new IllegalArgumentException(value + " is not between 0 and " + highest);
    }
  }
}
