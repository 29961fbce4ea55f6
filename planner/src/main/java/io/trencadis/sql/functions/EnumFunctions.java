package io.trencadis.sql.functions;

import io.trencadis.sql.types.EnumValue;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlArray;
import io.trencadis.sql.types.TypeCodec;
import io.trencadis.sql.types.Types;
import java.util.List;

/// The functions of enums; comparisons go by the labels' positions.
final class EnumFunctions {
  private EnumFunctions() {}

  static void register(Builtins.Registry to) {
    TypeCodec codec = Types.ANYENUM.codec();
    to.fn2("enum_eq", (a, b, cx) -> codec.compare(a, b) == 0);
    to.fn2("enum_ne", (a, b, cx) -> codec.compare(a, b) != 0);
    to.fn2("enum_lt", (a, b, cx) -> codec.compare(a, b) < 0);
    to.fn2("enum_le", (a, b, cx) -> codec.compare(a, b) <= 0);
    to.fn2("enum_gt", (a, b, cx) -> codec.compare(a, b) > 0);
    to.fn2("enum_ge", (a, b, cx) -> codec.compare(a, b) >= 0);
    to.fn2("enum_cmp", (a, b, cx) -> Integer.signum(codec.compare(a, b)));
    to.fn2("enum_smaller", (a, b, cx) -> codec.compare(a, b) < 0 ? a : b);
    to.fn2("enum_larger", (a, b, cx) -> codec.compare(a, b) > 0 ? a : b);
    to.fn1("hashenum", (a, cx) -> (int) codec.hash(a));
    to.fn1("enum_out", (a, cx) -> a.toString());
    to.fn1("enum_send", (a, cx) -> a.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    to.bound("enum_first", call -> end(call, true));
    to.bound("enum_last", call -> end(call, false));
    to.bound("enum_range_all", call -> range(call, false));
    to.bound("enum_range_bounds", call -> range(call, true));
  }

  private static Fn end(ResolvedCall call, boolean first) {
    PgType type = call.argTypes().getFirst().baseType();
    List<EnumValue> labels = type.labels();
    FnN fn =
        (args, cx) -> {
          if (labels.isEmpty()) {
            throw new io.trencadis.base.SqlException(
                io.trencadis.base.SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
                "enum " + type.displayName() + " contains no values");
          }
          return type.safe(first ? labels.getFirst() : labels.getLast(), cx);
        };
    return fn;
  }

  private static Fn range(ResolvedCall call, boolean bounds) {
    PgType type = call.argTypes().getFirst().baseType();
    FnN fn =
        (args, cx) -> {
          EnumValue low = bounds ? (EnumValue) args[0] : null;
          EnumValue high = bounds ? (EnumValue) args[1] : null;
          List<EnumValue> within =
              type.labels().stream()
                  .filter(value -> low == null || value.compareTo(low) >= 0)
                  .filter(value -> high == null || value.compareTo(high) <= 0)
                  .toList();
          within.forEach(value -> type.safe(value, cx));
          return SqlArray.of(type, within);
        };
    return fn;
  }
}
