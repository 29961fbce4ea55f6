package io.trencadis.cli.bench;

/// How many rows there are (clause 1.2.1). All but the warehouses are fixed by the specification;
/// tests run with fewer.
///
/// @param warehouses from 1
/// @param items of the one catalog, and stock rows of a warehouse; 100,000
/// @param customers of a district, and orders it has at first; 3,000
record TpccScale(int warehouses, int items, int customers) {
  static final int DISTRICTS = 10;

  TpccScale {
    if (warehouses < 1 || items < 1 || customers < 10) {
      throw new IllegalArgumentException("too small: " + warehouses + " warehouses, " + items);
    }
  }

  /// How many last names occur: all are the name of someone.
  int names() {
    return Math.min(1000, customers);
  }

  /// Orders of a district that are delivered at first: 2,100 of 3,000.
  int delivered() {
    return customers / 10 * 7;
  }
}
