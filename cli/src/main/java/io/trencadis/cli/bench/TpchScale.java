package io.trencadis.cli.bench;

/// How many rows the tables have (clause 4.2.5), and how parts and suppliers belong together.
///
/// @param factor the scale factor, 0.01 at least
record TpchScale(double factor) {
  /// Below, the four suppliers of a part could not be told apart.
  static final double LEAST = 0.01;

  static final int SUPPLIERS_OF_A_PART = 4;

  int suppliers() {
    return rows(10_000);
  }

  int parts() {
    return rows(200_000);
  }

  int customers() {
    return rows(150_000);
  }

  int orders() {
    return rows(1_500_000);
  }

  int clerks() {
    return rows(1_000);
  }

  private int rows(int atOne) {
    return (int) Math.max(1, Math.round(atOne * factor));
  }

  /// The key of the `number`th order, from 1: the first 8 of every 32 keys are used.
  static long orderKey(int number) {
    return ((long) number >> 3) << 5 | number & 7;
  }

  /// In cents (clause 4.2.3).
  static long retailPrice(int part) {
    return 90_000 + part / 10 % 20_001 + 100L * (part % 1_000);
  }

  /// The `which`th supplier of a part, from 0 to 3 (clause 4.2.3).
  int supplierOf(int part, int which) {
    int all = suppliers();
    int step = all / 4 + (part - 1) / all;
    // At some fractions of a scale the specification's step comes round to where it began.
    while (step % all == 0 || 2L * step % all == 0 || 3L * step % all == 0) {
      step++;
    }
    return (int) ((part + (long) which * step) % all) + 1;
  }
}
