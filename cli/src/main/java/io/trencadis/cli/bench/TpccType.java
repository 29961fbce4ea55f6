package io.trencadis.cli.bench;

/// The five transactions.
enum TpccType {
  NEW_ORDER("New-Order", 18, 12),
  PAYMENT("Payment", 3, 12),
  ORDER_STATUS("Order-Status", 2, 10),
  DELIVERY("Delivery", 2, 5),
  STOCK_LEVEL("Stock-Level", 2, 5);

  private final String title;
  private final int keyingSeconds;
  private final int meanThinkSeconds;

  TpccType(String title, int keyingSeconds, int meanThinkSeconds) {
    this.title = title;
    this.keyingSeconds = keyingSeconds;
    this.meanThinkSeconds = meanThinkSeconds;
  }

  /// For how long its input is typed (clause 5.2.5.7).
  int keyingSeconds() {
    return keyingSeconds;
  }

  /// For how long its output is thought about on the average (clause 5.2.5.7).
  int meanThinkSeconds() {
    return meanThinkSeconds;
  }

  /// As the specification calls it.
  String title() {
    return title;
  }

  /// Which transaction is to be next: 45, 43, 4, 4 and 4 of a hundred (clause 5.2.3).
  ///
  /// @param percent from 1 to 100, equally likely
  static TpccType ofMix(int percent) {
    if (percent <= 45) {
      return NEW_ORDER;
    }
    if (percent <= 88) {
      return PAYMENT;
    }
    if (percent <= 92) {
      return ORDER_STATUS;
    }
    return percent <= 96 ? DELIVERY : STOCK_LEVEL;
  }
}
