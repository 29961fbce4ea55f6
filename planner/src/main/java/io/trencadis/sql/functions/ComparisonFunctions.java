package io.trencadis.sql.functions;

import io.trencadis.sql.types.TypeCodec;
import io.trencadis.sql.types.Types;

/// The comparison operators of every type with an order, by the type's codec.
final class ComparisonFunctions {
  private ComparisonFunctions() {}

  static void register(Builtins.Registry to) {
    same(to, "bool", "btboolcmp", Types.BOOL.codec());
  }

  private static void same(Builtins.Registry to, String prefix, String compare, TypeCodec codec) {
    to.fn2(prefix + "eq", (a, b, cx) -> codec.equal(a, b));
    to.fn2(prefix + "ne", (a, b, cx) -> !codec.equal(a, b));
    to.fn2(prefix + "lt", (a, b, cx) -> codec.compare(a, b) < 0);
    to.fn2(prefix + "le", (a, b, cx) -> codec.compare(a, b) <= 0);
    to.fn2(prefix + "gt", (a, b, cx) -> codec.compare(a, b) > 0);
    to.fn2(prefix + "ge", (a, b, cx) -> codec.compare(a, b) >= 0);
    to.fn2(compare, (a, b, cx) -> codec.compare(a, b));
  }
}
