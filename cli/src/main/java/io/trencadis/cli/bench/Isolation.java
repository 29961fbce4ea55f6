package io.trencadis.cli.bench;

import java.util.Locale;

/// The isolation levels of transactions that can be measured.
enum Isolation {
  SERIALIZABLE,
  REPEATABLE_READ,
  READ_COMMITTED;

  String jdbcName() {
    return "TRANSACTION_" + name();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
