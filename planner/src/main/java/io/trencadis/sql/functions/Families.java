package io.trencadis.sql.functions;

/// Calls every family of built-in functions to register itself.
final class Families {
  private Families() {}

  static void registerAll(Builtins.Registry to) {
    ComparisonFunctions.register(to);
    BooleanFunctions.register(to);
    IntegerFunctions.register(to);
    FloatFunctions.register(to);
    MathFunctions.register(to);
    NumericFunctions.register(to);
    TextFunctions.register(to);
    RegexFunctions.register(to);
    ByteaFunctions.register(to);
    ArrayFunctions.register(to);
    UuidFunctions.register(to);
    DateTimeFunctions.register(to);
    IntervalFunctions.register(to);
    ExtractFunctions.register(to);
    TruncateFunctions.register(to);
    DateTimeFormat.register(to);
    DateTimeScanner.register(to);
    NumberFormatter.register(to);
    SystemFunctions.register(to);
    CatalogFunctions.register(to);
  }
}
