package io.trencadis.sql.functions;

import io.trencadis.sql.types.Calendar;
import io.trencadis.sql.types.DateTimeComparison;
import io.trencadis.sql.types.Floats;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.TypeCodec;
import io.trencadis.sql.types.Types;

/// The comparison operators of every type with an order, by the type's codec, and those between
/// types.
final class ComparisonFunctions {
  /// How two values compare, as `Comparator` does, with the session's zone at hand.
  @FunctionalInterface
  private interface Order {
    int compare(Object a, Object b, EvalContext cx);
  }

  private static final String[] NAMES = {"eq", "ne", "lt", "le", "gt", "ge"};

  private ComparisonFunctions() {}

  static void register(Builtins.Registry to) {
    same(to, "bool", "btboolcmp", Types.BOOL);
    same(to, "char", "btcharcmp", Types.CHAR);
    same(to, "int2", "btint2cmp", Types.INT2);
    same(to, "int4", "btint4cmp", Types.INT4);
    same(to, "int8", "btint8cmp", Types.INT8);
    same(to, "float4", "btfloat4cmp", Types.FLOAT4);
    same(to, "float8", "btfloat8cmp", Types.FLOAT8);
    same(to, "numeric_", "numeric_cmp", Types.NUMERIC);
    same(to, "oid", "btoidcmp", Types.OID);
    same(to, "tid", "bttidcmp", Types.TID);
    same(to, "oidvector", "btoidvectorcmp", Types.OIDVECTOR);
    same(to, "name", "btnamecmp", Types.NAME);
    same(to, "bpchar", "bpcharcmp", Types.BPCHAR);
    same(to, "bytea", "byteacmp", Types.BYTEA);
    same(to, "date_", "date_cmp", Types.DATE);
    same(to, "time_", "time_cmp", Types.TIME);
    same(to, "timetz_", "timetz_cmp", Types.TIMETZ);
    same(to, "timestamp_", "timestamp_cmp", Types.TIMESTAMP);
    same(to, "interval_", "interval_cmp", Types.INTERVAL);
    same(to, "uuid_", "uuid_cmp", Types.UUID);
    same(to, "pg_lsn_", "pg_lsn_cmp", Types.PG_LSN);
    same(to, "jsonb_", "jsonb_cmp", Types.JSONB);
    same(to, "record_", "btrecordcmp", Types.RECORD);
    // Rows are compared by value here too; PostgreSQL compares their bytes.
    same(to, "record_image_", "btrecordimagecmp", Types.RECORD);
    same(to, "array_", "btarraycmp", Types.ANYARRAY);
    text(to);
    xid(to);
    crossNumbers(to);
    crossDates(to);
    crossNames(to);
    largerAndSmaller(to);
  }

  private static void same(Builtins.Registry to, String prefix, String compare, PgType type) {
    TypeCodec codec = type.codec();
    to.fn2(prefix + "eq", (a, b, cx) -> codec.equal(a, b));
    to.fn2(prefix + "ne", (a, b, cx) -> !codec.equal(a, b));
    ordered(to, prefix, codec);
    to.fn2(compare, (a, b, cx) -> codec.compare(a, b));
  }

  private static void ordered(Builtins.Registry to, String prefix, TypeCodec codec) {
    to.fn2(prefix + "lt", (a, b, cx) -> codec.compare(a, b) < 0);
    to.fn2(prefix + "le", (a, b, cx) -> codec.compare(a, b) <= 0);
    to.fn2(prefix + "gt", (a, b, cx) -> codec.compare(a, b) > 0);
    to.fn2(prefix + "ge", (a, b, cx) -> codec.compare(a, b) >= 0);
  }

  private static void text(Builtins.Registry to) {
    TypeCodec codec = Types.TEXT.codec();
    to.fn2("texteq", (a, b, cx) -> a.equals(b));
    to.fn2("textne", (a, b, cx) -> !a.equals(b));
    ordered(to, "text_", codec);
    ordered(to, "text_pattern_", codec);
    to.fn2("bttextcmp", (a, b, cx) -> codec.compare(a, b));
    to.fn2("bttext_pattern_cmp", (a, b, cx) -> codec.compare(a, b));
    ordered(to, "bpchar_pattern_", Types.BPCHAR.codec());
    to.fn2("btbpchar_pattern_cmp", (a, b, cx) -> Types.BPCHAR.codec().compare(a, b));
  }

  private static void xid(Builtins.Registry to) {
    to.fn2("xideq", (a, b, cx) -> ((Number) a).longValue() == ((Number) b).longValue());
    to.fn2("xidneq", (a, b, cx) -> ((Number) a).longValue() != ((Number) b).longValue());
    to.fn2("cideq", (a, b, cx) -> a.equals(b));
    to.fn1("xid8toxid", (a, cx) -> ((Number) a).longValue() & 0xffff_ffffL);
    to.fn2("tidlarger", (a, b, cx) -> Types.TID.codec().compare(a, b) >= 0 ? a : b);
    to.fn2("tidsmaller", (a, b, cx) -> Types.TID.codec().compare(a, b) <= 0 ? a : b);
    to.fn2("array_larger", (a, b, cx) -> Types.ANYARRAY.codec().compare(a, b) > 0 ? a : b);
    to.fn2("array_smaller", (a, b, cx) -> Types.ANYARRAY.codec().compare(a, b) < 0 ? a : b);
  }

  private static void cross(Builtins.Registry to, String prefix, String suffix, Order order) {
    for (int i = 0; i < NAMES.length; i++) {
      int which = i;
      to.fn2(
          prefix + NAMES[i] + suffix,
          (a, b, cx) -> {
            int c = order.compare(a, b, cx);
            return switch (which) {
              case 0 -> c == 0;
              case 1 -> c != 0;
              case 2 -> c < 0;
              case 3 -> c <= 0;
              case 4 -> c > 0;
              default -> c >= 0;
            };
          });
    }
  }

  private static void crossNumbers(Builtins.Registry to) {
    for (String pair : new String[] {"24", "42", "28", "82", "48", "84"}) {
      cross(
          to,
          "int" + pair,
          "",
          (a, b, cx) -> Long.compare(((Number) a).longValue(), ((Number) b).longValue()));
      to.fn2(
          "btint" + pair + "cmp",
          (a, b, cx) -> Long.compare(((Number) a).longValue(), ((Number) b).longValue()));
    }
    for (String pair : new String[] {"48", "84"}) {
      cross(
          to,
          "float" + pair,
          "",
          (a, b, cx) -> Floats.compare(((Number) a).doubleValue(), ((Number) b).doubleValue()));
      to.fn2(
          "btfloat" + pair + "cmp",
          (a, b, cx) -> Floats.compare(((Number) a).doubleValue(), ((Number) b).doubleValue()));
    }
  }

  private static void crossDates(Builtins.Registry to) {
    Order dateTimestamp =
        (a, b, cx) -> DateTimeComparison.compareDateTimestamp((Integer) a, (Long) b);
    Order dateTimestamptz =
        (a, b, cx) -> DateTimeComparison.compareDateTimestamptz((Integer) a, (Long) b, cx);
    Order timestampTimestamptz =
        (a, b, cx) -> DateTimeComparison.compareTimestampTimestamptz((Long) a, (Long) b, cx);
    both(to, "date", "timestamp", dateTimestamp);
    both(to, "date", "timestamptz", dateTimestamptz);
    both(to, "timestamp", "timestamptz", timestampTimestamptz);
    to.fn1("date_finite", (a, cx) -> !Calendar.isInfinite((int) (Integer) a));
    to.fn1("timestamp_finite", (a, cx) -> !Calendar.isInfinite((long) (Long) a));
    to.fn1("interval_finite", (a, cx) -> true);
  }

  private static void both(Builtins.Registry to, String left, String right, Order order) {
    cross(to, left + "_", "_" + right, order);
    cross(to, right + "_", "_" + left, (a, b, cx) -> -order.compare(b, a, cx));
    to.fn2(left + "_cmp_" + right, order::compare);
    to.fn2(right + "_cmp_" + left, (a, b, cx) -> -order.compare(b, a, cx));
  }

  private static void crossNames(Builtins.Registry to) {
    TypeCodec codec = Types.TEXT.codec();
    cross(to, "name", "text", (a, b, cx) -> codec.compare(a, b));
    cross(to, "text", "name", (a, b, cx) -> codec.compare(a, b));
    to.fn2("btnametextcmp", (a, b, cx) -> codec.compare(a, b));
    to.fn2("bttextnamecmp", (a, b, cx) -> codec.compare(a, b));
  }

  private static void largerAndSmaller(Builtins.Registry to) {
    Object[][] families = {
      {"int2", Types.INT2},
      {"int4", Types.INT4},
      {"int8", Types.INT8},
      {"float4", Types.FLOAT4},
      {"float8", Types.FLOAT8},
      {"numeric_", Types.NUMERIC},
      {"oid", Types.OID},
      {"text_", Types.TEXT},
      {"bpchar_", Types.BPCHAR},
      {"date_", Types.DATE},
      {"time_", Types.TIME},
      {"timetz_", Types.TIMETZ},
      {"timestamp_", Types.TIMESTAMP},
      {"interval_", Types.INTERVAL},
      {"pg_lsn_", Types.PG_LSN}
    };
    for (Object[] family : families) {
      TypeCodec codec = ((PgType) family[1]).codec();
      to.fn2(family[0] + "larger", (a, b, cx) -> codec.compare(a, b) > 0 ? a : b);
      to.fn2(family[0] + "smaller", (a, b, cx) -> codec.compare(a, b) < 0 ? a : b);
    }
  }
}
