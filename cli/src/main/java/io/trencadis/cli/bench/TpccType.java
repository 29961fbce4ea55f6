package io.trencadis.cli.bench;

/// The five transactions.
enum TpccType {
  NEW_ORDER("New-Order"),
  PAYMENT("Payment"),
  ORDER_STATUS("Order-Status"),
  DELIVERY("Delivery"),
  STOCK_LEVEL("Stock-Level");

  private final String title;

  TpccType(String title) {
    this.title = title;
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
