package io.trencadis.sql.functions;

/// Calls every family of built-in functions to register itself.
final class Families {
  private Families() {}

  static void registerAll(Builtins.Registry to) {
    ComparisonFunctions.register(to);
    IntegerFunctions.register(to);
  }
}
