package io.trencadis.sql.functions;

/// Casts of booleans and the functions behind boolean aggregates. AND, OR and NOT are no functions.
final class BooleanFunctions {
  private BooleanFunctions() {}

  static void register(Builtins.Registry to) {
    to.fn1("booltext", (a, cx) -> (Boolean) a ? "true" : "false");
    to.fn2("booland_statefunc", (a, b, cx) -> (Boolean) a && (Boolean) b);
    to.fn2("boolor_statefunc", (a, b, cx) -> (Boolean) a || (Boolean) b);
  }
}
