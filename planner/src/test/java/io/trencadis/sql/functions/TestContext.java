package io.trencadis.sql.functions;

import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;

/// A session whose settings a test chooses by PostgreSQL's names.
final class TestContext implements EvalContext {
  private final Map<String, String> settings = new HashMap<>();
  private final Random random = new Random(1);

  TestContext() {
    settings.put("timezone", "America/New_York");
  }

  /// Sets a parameter, or puts its default back if the value is `default`.
  void set(String name, String value) {
    if (value.equals("default")) {
      settings.remove(name);
    } else {
      settings.put(name, value);
    }
  }

  @Override
  public ZoneId timeZone() {
    return ZoneId.of(settings.get("timezone"));
  }

  @Override
  public DateStyle dateStyle() {
    String style = settings.getOrDefault("datestyle", "iso").toLowerCase(java.util.Locale.ROOT);
    return style.contains("german")
        ? DateStyle.GERMAN
        : style.contains("sql")
            ? DateStyle.SQL
            : style.contains("postgres") ? DateStyle.POSTGRES : DateStyle.ISO;
  }

  @Override
  public DateOrder dateOrder() {
    String style = settings.getOrDefault("datestyle", "mdy").toLowerCase(java.util.Locale.ROOT);
    return style.contains("ymd")
        ? DateOrder.YMD
        : style.contains("dmy") ? DateOrder.DMY : DateOrder.MDY;
  }

  @Override
  public IntervalStyle intervalStyle() {
    return IntervalStyle.valueOf(
        settings.getOrDefault("intervalstyle", "postgres").toUpperCase(java.util.Locale.ROOT));
  }

  @Override
  public int extraFloatDigits() {
    return Integer.parseInt(settings.getOrDefault("extra_float_digits", "1"));
  }

  @Override
  public ByteaOutput byteaOutput() {
    return settings.getOrDefault("bytea_output", "hex").equals("escape")
        ? ByteaOutput.ESCAPE
        : ByteaOutput.HEX;
  }

  @Override
  public RandomGenerator random() {
    return random;
  }

  @Override
  public String setting(String name) {
    return settings.get(name);
  }
}
