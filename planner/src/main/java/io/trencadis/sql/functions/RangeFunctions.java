package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.RangeType;
import io.trencadis.sql.types.RangeValue;

/// Functions and operators of range types (PostgreSQL 15 manual, 9.20).
final class RangeFunctions {
  private RangeFunctions() {}

  @FunctionalInterface
  private interface Test {
    boolean holds(RangeType type, RangeValue a, RangeValue b);
  }

  @FunctionalInterface
  private interface Combination {
    RangeValue of(RangeType type, RangeValue a, RangeValue b);
  }

  static void register(Builtins.Registry to) {
    to.bound("range_constructor2", call -> constructor(RangeType.of(call.resultType())));
    to.bound("range_constructor3", call -> constructor(RangeType.of(call.resultType())));
    to.fn1("range_lower", (range, cx) -> ((RangeValue) range).lower());
    to.fn1("range_upper", (range, cx) -> ((RangeValue) range).upper());
    to.fn1("range_empty", (range, cx) -> ((RangeValue) range).empty());
    to.fn1("range_lower_inc", (range, cx) -> ((RangeValue) range).lowerIncluded());
    to.fn1("range_upper_inc", (range, cx) -> ((RangeValue) range).upperIncluded());
    to.fn1("range_lower_inf", (range, cx) -> isOpen((RangeValue) range, true));
    to.fn1("range_upper_inf", (range, cx) -> isOpen((RangeValue) range, false));
    test(to, "range_eq", (type, a, b) -> type.compare(a, b) == 0);
    test(to, "range_ne", (type, a, b) -> type.compare(a, b) != 0);
    test(to, "range_lt", (type, a, b) -> type.compare(a, b) < 0);
    test(to, "range_le", (type, a, b) -> type.compare(a, b) <= 0);
    test(to, "range_ge", (type, a, b) -> type.compare(a, b) >= 0);
    test(to, "range_gt", (type, a, b) -> type.compare(a, b) > 0);
    test(to, "range_overlaps", RangeType::overlaps);
    test(to, "range_contains", RangeType::contains);
    test(to, "range_contained_by", (type, a, b) -> type.contains(b, a));
    test(to, "range_adjacent", (type, a, b) -> any(a, b) && (type.meets(a, b) || type.meets(b, a)));
    test(to, "range_before", (type, a, b) -> any(a, b) && type.compareEnds(a, b) < 0);
    test(to, "range_after", (type, a, b) -> any(a, b) && type.compareEnds(b, a) < 0);
    test(to, "range_overleft", (type, a, b) -> any(a, b) && type.compareUpper(a, b) <= 0);
    test(to, "range_overright", (type, a, b) -> any(a, b) && type.compareLower(a, b) >= 0);
    combination(to, "range_union", (type, a, b) -> union(type, a, b, true));
    combination(to, "range_merge", (type, a, b) -> union(type, a, b, false));
    combination(to, "range_intersect", RangeFunctions::intersection);
    combination(to, "range_minus", RangeFunctions::difference);
    to.bound(
        "range_cmp",
        call -> {
          RangeType type = RangeType.of(call.argTypes().getFirst());
          return (Fn2) (a, b, cx) -> type.compare((RangeValue) a, (RangeValue) b);
        });
    to.bound(
        "range_contains_elem",
        call -> {
          RangeType type = RangeType.of(call.argTypes().getFirst());
          return (Fn2) (range, value, cx) -> type.contains((RangeValue) range, value);
        });
    to.bound(
        "elem_contained_by_range",
        call -> {
          RangeType type = RangeType.of(call.argTypes().get(1));
          return (Fn2) (value, range, cx) -> type.contains((RangeValue) range, value);
        });
  }

  private static boolean any(RangeValue a, RangeValue b) {
    return !a.empty() && !b.empty();
  }

  private static boolean isOpen(RangeValue range, boolean below) {
    return !range.empty() && (below ? range.lower() : range.upper()) == null;
  }

  private static void test(Builtins.Registry to, String name, Test test) {
    to.bound(
        name,
        call -> {
          RangeType type = RangeType.of(call.argTypes().getFirst());
          return (Fn2) (a, b, cx) -> test.holds(type, (RangeValue) a, (RangeValue) b);
        });
  }

  private static void combination(Builtins.Registry to, String name, Combination combination) {
    to.bound(
        name,
        call -> {
          RangeType type = RangeType.of(call.argTypes().getFirst());
          return (Fn2) (a, b, cx) -> combination.of(type, (RangeValue) a, (RangeValue) b);
        });
  }

  private static Fn constructor(RangeType type) {
    return (FnN)
        (args, cx) -> {
          String flags = "[)";
          if (args.length == 3) {
            if (args[2] == null) {
              throw new SqlException(
                  SqlState.DATA_EXCEPTION, "range constructor flags argument must not be null");
            }
            flags = (String) args[2];
          }
          if (!flags.matches("[\\[(][\\])]")) {
            throw new SqlException(SqlState.SYNTAX_ERROR, "invalid range bound flags")
                .hint("Valid values are \"[]\", \"[)\", \"(]\", and \"()\".");
          }
          return type.make(args[0], args[1], flags.charAt(0) == '[', flags.charAt(1) == ']');
        };
  }

  private static RangeValue range(RangeType type, RangeValue lower, RangeValue upper) {
    return type.make(lower.lower(), upper.upper(), lower.lowerIncluded(), upper.upperIncluded());
  }

  private static RangeValue union(RangeType type, RangeValue a, RangeValue b, boolean strict) {
    if (a.empty() || b.empty()) {
      return a.empty() ? b : a;
    }
    if (strict && !type.overlaps(a, b) && !type.meets(a, b) && !type.meets(b, a)) {
      throw new SqlException(
          SqlState.DATA_EXCEPTION, "result of range union would not be contiguous");
    }
    return range(type, type.compareLower(a, b) <= 0 ? a : b, type.compareUpper(a, b) >= 0 ? a : b);
  }

  private static RangeValue intersection(RangeType type, RangeValue a, RangeValue b) {
    return type.overlaps(a, b)
        ? range(type, type.compareLower(a, b) >= 0 ? a : b, type.compareUpper(a, b) <= 0 ? a : b)
        : RangeValue.EMPTY;
  }

  private static RangeValue difference(RangeType type, RangeValue a, RangeValue b) {
    if (!type.overlaps(a, b)) {
      return a;
    }
    boolean below = type.compareLower(a, b) < 0;
    boolean above = type.compareUpper(a, b) > 0;
    if (below && above) {
      throw new SqlException(
          SqlState.DATA_EXCEPTION, "result of range difference would not be contiguous");
    }
    if (below) {
      return type.make(a.lower(), b.lower(), a.lowerIncluded(), !b.lowerIncluded());
    }
    return above
        ? type.make(b.upper(), a.upper(), !b.upperIncluded(), a.upperIncluded())
        : RangeValue.EMPTY;
  }
}
