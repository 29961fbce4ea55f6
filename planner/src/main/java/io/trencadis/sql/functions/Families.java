package io.trencadis.sql.functions;

import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The families of built-in functions. Each registers itself when a function is first looked for in
/// it: linking a thousand lambdas takes longer than the rest of start-up, and a session uses few of
/// them.
enum Families {
  COMPARISON(ComparisonFunctions::register),
  INTEGER(IntegerFunctions::register),
  TEXT(TextFunctions::register),
  NUMERIC(NumericFunctions::register),
  DATE_TIME(DateTimeFunctions::register),
  SYSTEM(SystemFunctions::register),
  CATALOG(CatalogFunctions::register),
  BOOLEAN(BooleanFunctions::register),
  FLOAT(FloatFunctions::register),
  MATH(MathFunctions::register),
  REGEX(RegexFunctions::register),
  BYTEA(ByteaFunctions::register),
  ARRAY(ArrayFunctions::register),
  UUID(UuidFunctions::register),
  TRIGRAMS(TrigramFunctions::register),
  UNACCENT(Unaccenting::register),
  CITEXT(CitextFunctions::register),
  CRYPTO(CryptoFunctions::register),
  INTERVAL(IntervalFunctions::register),
  EXTRACT(ExtractFunctions::register),
  TRUNCATE(TruncateFunctions::register),
  DATE_TIME_FORMAT(DateTimeFormat::register),
  DATE_TIME_SCANNER(DateTimeScanner::register),
  NUMBER_FORMAT(NumberFormatter::register),
  JSON_ACCESS(JsonAccess::register),
  JSON(JsonFunctions::register),
  JSON_CHANGE(JsonChange::register),
  JSON_TEXTS(JsonTexts::register),
  JSON_POPULATE(JsonPopulate::register),
  JSON_PATH(JsonPathFunctions::register),
  ENUM(EnumFunctions::register),
  BIT_STRING(BitStringFunctions::register),
  NETWORK(NetworkFunctions::register),
  LSN(LsnFunctions::register),
  RANGE(RangeFunctions::register);

  private final Consumer<Builtins.Registry> register;
  private volatile Map<String, Object> code;

  Families(Consumer<Builtins.Registry> register) {
    this.register = register;
  }

  /// The family's functions by `prosrc`. Two threads may both make them, which does no harm.
  Map<String, Object> code() {
    Map<String, Object> known = code;
    if (known == null) {
      Builtins.Registry registry = new Builtins.Registry();
      register.accept(registry);
      known = Map.copyOf(registry.code());
      code = known;
    }
    return known;
  }

  /// The code registered for a function, or null. Likely families are asked first; the guess only
  /// saves time.
  static Object find(String key, ProcInfo proc) {
    List<Families> order = new ArrayList<>(values().length);
    if (proc != null) {
      guess(key, proc, order);
    }
    for (Families family : order) {
      Object found = family.code().get(key);
      if (found != null) {
        return found;
      }
    }
    for (Families family : values()) {
      if (!order.contains(family)) {
        Object found = family.code().get(key);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  private static void guess(String key, ProcInfo proc, List<Families> order) {
    if (key.startsWith("pg_") || key.startsWith("has_")) {
      order.add(CATALOG);
      order.add(SYSTEM);
    }
    boolean twoToBoolean = proc.argTypes().length == 2 && proc.resultType() == Types.BOOL.oid();
    if (twoToBoolean) {
      order.add(key.contains("like") || key.contains("regex") ? REGEX : COMPARISON);
    }
    if (key.contains("regex") || key.contains("similar")) {
      order.add(REGEX);
    }
    if (key.startsWith("bit") || key.startsWith("varbit")) {
      order.addFirst(BIT_STRING);
    }
    if (key.startsWith("network_") || key.startsWith("inet") || key.startsWith("mac")) {
      order.addFirst(NETWORK);
    }
    if (proc.isUsers()) {
      order.addFirst(UUID);
      order.addFirst(CRYPTO);
    }
    if (key.startsWith("enum_")) {
      order.addFirst(ENUM);
    }
    if (key.startsWith("jsonb_path")) {
      order.add(JSON_PATH);
    }
    if (key.startsWith("json")) {
      order.add(JSON_ACCESS);
      order.add(JSON);
    }
    if (key.startsWith("extract_") || key.endsWith("_part")) {
      order.add(EXTRACT);
    }
    PgType first = proc.argTypes().length == 0 ? null : Types.byOid(proc.argTypes()[0]);
    if (first == null) {
      order.add(SYSTEM);
      order.add(DATE_TIME);
      return;
    }
    switch (first.oid()) {
      case 16 -> order.add(BOOLEAN);
      case 17 -> order.add(BYTEA);
      case 20, 21, 23 -> order.add(INTEGER);
      case 700, 701 -> {
        order.add(FLOAT);
        order.add(MATH);
      }
      case 1700 -> order.add(NUMERIC);
      case 25, 1042, 1043, 19, 2276 -> order.add(TEXT);
      case 1186 -> order.add(INTERVAL);
      default -> order.add(first.category() == 'D' ? DATE_TIME : first.isArray() ? ARRAY : SYSTEM);
    }
  }
}
