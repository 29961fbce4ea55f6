package io.trencadis.cli.bench;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/// What a terminal's user typed in: all that a transaction needs, so that it can be run again.
sealed interface TpccInput {
  /// Which transaction it is for.
  TpccType type();

  /// An order (clause 2.4.1).
  ///
  /// @param invalid whether the last line's item does not exist, so that it must be rolled back
  record NewOrder(int warehouse, int district, int customer, List<Line> lines, boolean invalid)
      implements TpccInput {
    @Override
    public TpccType type() {
      return TpccType.NEW_ORDER;
    }
  }

  /// A line of an order.
  record Line(int number, int item, int supplier, int quantity) {}

  /// A customer, by number, or by last name if the number is 0.
  record Customer(int warehouse, int district, int number, String lastName) {}

  /// A payment (clause 2.5.1).
  record Payment(int warehouse, int district, Customer customer, BigDecimal amount)
      implements TpccInput {
    @Override
    public TpccType type() {
      return TpccType.PAYMENT;
    }
  }

  /// A question for a customer's last order (clause 2.6.1).
  record OrderStatus(Customer customer) implements TpccInput {
    @Override
    public TpccType type() {
      return TpccType.ORDER_STATUS;
    }
  }

  /// The delivery of the oldest order of each district (clause 2.7.1).
  record Delivery(int warehouse, int carrier) implements TpccInput {
    @Override
    public TpccType type() {
      return TpccType.DELIVERY;
    }
  }

  /// A question for items that run short (clause 2.8.1).
  record StockLevel(int warehouse, int district, int threshold) implements TpccInput {
    @Override
    public TpccType type() {
      return TpccType.STOCK_LEVEL;
    }
  }

  /// What the user at a terminal of `warehouse` and `district` types in next.
  static TpccInput draw(TpccRandom random, TpccScale scale, int warehouse, int district) {
    return switch (TpccType.ofMix(random.uniform(1, 100))) {
      case NEW_ORDER -> newOrder(random, scale, warehouse);
      case PAYMENT -> payment(random, scale, warehouse);
      case ORDER_STATUS ->
          new OrderStatus(
              customer(random, scale, warehouse, random.uniform(1, TpccScale.DISTRICTS)));
      case DELIVERY -> new Delivery(warehouse, random.uniform(1, 10));
      case STOCK_LEVEL -> new StockLevel(warehouse, district, random.uniform(10, 20));
    };
  }

  private static NewOrder newOrder(TpccRandom random, TpccScale scale, int warehouse) {
    int district = random.uniform(1, TpccScale.DISTRICTS);
    int customer = random.customer(scale.customers());
    int count = random.uniform(5, 15);
    boolean invalid = random.uniform(1, 100) == 1;
    List<Line> lines = new ArrayList<>(count);
    for (int number = 1; number <= count; number++) {
      int item = random.item(scale.items());
      boolean remote = random.uniform(1, 100) == 1;
      lines.add(
          new Line(
              number,
              invalid && number == count ? scale.items() + 1 : item,
              remote ? another(random, scale, warehouse) : warehouse,
              random.uniform(1, 10)));
    }
    return new NewOrder(warehouse, district, customer, List.copyOf(lines), invalid);
  }

  private static Payment payment(TpccRandom random, TpccScale scale, int warehouse) {
    int district = random.uniform(1, TpccScale.DISTRICTS);
    Customer customer =
        random.uniform(1, 100) <= 85
            ? customer(random, scale, warehouse, district)
            : customer(
                random,
                scale,
                another(random, scale, warehouse),
                random.uniform(1, TpccScale.DISTRICTS));
    return new Payment(warehouse, district, customer, random.money(100, 500_000));
  }

  /// Six of ten customers are known by their last name.
  private static Customer customer(
      TpccRandom random, TpccScale scale, int warehouse, int district) {
    return random.uniform(1, 100) <= 60
        ? new Customer(warehouse, district, 0, random.lastNameToFind(scale.names()))
        : new Customer(warehouse, district, random.customer(scale.customers()), null);
  }

  /// Another warehouse, if there is one.
  private static int another(TpccRandom random, TpccScale scale, int warehouse) {
    if (scale.warehouses() == 1) {
      return warehouse;
    }
    int other = random.uniform(1, scale.warehouses() - 1);
    return other < warehouse ? other : other + 1;
  }
}
