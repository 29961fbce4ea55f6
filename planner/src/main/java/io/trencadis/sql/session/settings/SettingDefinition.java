package io.trencadis.sql.session.settings;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// One setting: its type, unit, range and who may change it.
///
/// @param defaultValue in canonical form: an integer in the base unit, `on`/`off`, or the text
/// @param unit base unit (`kB`, `8kB`, `MB`, `B`, `ms`, `s`, `min`), or empty
/// @param type `bool`, `integer`, `real`, `enum` or `string`
/// @param context PostgreSQL's: `internal`, `postmaster`, `sighup`, `superuser`, `user`, …
/// @param choices an enum's values
public record SettingDefinition(
    String name,
    String defaultValue,
    String unit,
    String type,
    String context,
    String minimum,
    String maximum,
    List<String> choices,
    String category) {
  private static final Map<String, Long> BYTES =
      Map.of(
          "B", 1L, "kB", 1L << 10, "8kB", 8L << 10, "MB", 1L << 20, "GB", 1L << 30, "TB", 1L << 40);
  private static final Map<String, Long> MICROS =
      Map.of(
          "us",
          1L,
          "ms",
          1_000L,
          "s",
          1_000_000L,
          "min",
          60_000_000L,
          "h",
          3_600_000_000L,
          "d",
          86_400_000_000L);
  private static final List<String> SHOWN_BYTES = List.of("TB", "GB", "MB", "kB", "B");
  private static final List<String> SHOWN_TIMES = List.of("d", "h", "min", "s", "ms", "us");

  /// The canonical form of a value that a user wrote.
  ///
  /// @throws SqlException 22023 with PostgreSQL's texts
  public String canonical(String value) {
    return switch (type) {
      case "bool" -> bool(value);
      case "integer" -> integer(value);
      case "real" -> real(value);
      case "enum" -> choice(value);
      default -> value;
    };
  }

  private SqlException invalid(String value) {
    return new SqlException(
        SqlState.INVALID_PARAMETER_VALUE,
        "invalid value for parameter \"" + name + "\": \"" + value + "\"");
  }

  private String bool(String value) {
    Boolean parsed = parseBoolean(value);
    if (parsed == null) {
      throw new SqlException(
          SqlState.INVALID_PARAMETER_VALUE, "parameter \"" + name + "\" requires a Boolean value");
    }
    return parsed ? "on" : "off";
  }

  /// PostgreSQL's parse_bool: unique prefixes of true, false, yes, no; on, off, 1, 0. Null if none.
  static Boolean parseBoolean(String text) {
    String value = text.toLowerCase(Locale.ROOT);
    if (value.isEmpty()) {
      return null;
    }
    if ("true".startsWith(value)
        || "yes".startsWith(value)
        || value.equals("on")
        || value.equals("1")) {
      return true;
    }
    if ("false".startsWith(value)
        || "no".startsWith(value)
        || value.equals("0")
        || (value.length() >= 2 && "off".startsWith(value))) {
      return false;
    }
    return null;
  }

  private String choice(String value) {
    for (String choice : choices) {
      if (choice.equalsIgnoreCase(value)) {
        return choice;
      }
    }
    // Boolean spellings are accepted where the enum has on and off (backslash_quote,
    // synchronous_commit, …).
    Boolean truth = parseBoolean(value);
    if (truth != null && choices.contains(truth ? "on" : "off")) {
      return truth ? "on" : "off";
    }
    throw invalid(value).hint("Available values: " + String.join(", ", choices) + ".");
  }

  private String integer(String value) {
    double number = inBaseUnit(value);
    double rounded = Math.rint(number);
    if (rounded < Double.parseDouble(minimum) || rounded > Double.parseDouble(maximum)) {
      throw outOfRange(Long.toString((long) rounded));
    }
    return Long.toString((long) rounded);
  }

  private String real(String value) {
    double number = inBaseUnit(value);
    if (number < Double.parseDouble(minimum) || number > Double.parseDouble(maximum)) {
      throw outOfRange(plain(number));
    }
    return plain(number);
  }

  private static String plain(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? Long.toString((long) number)
        : Double.toString(number);
  }

  private SqlException outOfRange(String number) {
    return new SqlException(
        SqlState.INVALID_PARAMETER_VALUE,
        number
            + (unit.isEmpty() ? "" : " " + unit)
            + " is outside the valid range for parameter \""
            + name
            + "\" ("
            + minimum
            + " .. "
            + maximum
            + ")");
  }

  /// Reads a number with an optional unit and converts it to the setting's own.
  private double inBaseUnit(String value) {
    String text = value.strip();
    int end = 0;
    while (end < text.length() && "+-.0123456789eExXabcdefABCDEF".indexOf(text.charAt(end)) >= 0) {
      end++;
    }
    double number = Double.NaN;
    for (; end > 0; end--) {
      // "1e" of "1eB" or "5d" of "5d" may belong to the unit: the longest prefix that is a number
      // counts.
      number = number(text.substring(0, end));
      if (!Double.isNaN(number)) {
        break;
      }
    }
    if (Double.isNaN(number)) {
      throw invalid(value);
    }
    String suffix = text.substring(end).strip();
    if (suffix.isEmpty()) {
      return number;
    }
    Map<String, Long> units =
        BYTES.containsKey(unit) ? BYTES : MICROS.containsKey(unit) ? MICROS : Map.of();
    Long factor = suffix.equals("8kB") ? null : units.get(suffix);
    if (factor == null) {
      SqlException error = invalid(value);
      if (units == BYTES) {
        error.hint("Valid units for this parameter are \"B\", \"kB\", \"MB\", \"GB\", and \"TB\".");
      } else if (units == MICROS) {
        error.hint(
            "Valid units for this parameter are \"us\", \"ms\", \"s\", \"min\", \"h\", and \"d\".");
      }
      throw error;
    }
    return number * factor / units.get(unit);
  }

  private static double number(String text) {
    try {
      if (text.startsWith("0x") || text.startsWith("0X")) {
        return Long.parseLong(text.substring(2), 16);
      }
      char last = text.charAt(text.length() - 1);
      return Character.isDigit(last) || last == '.' ? Double.parseDouble(text) : Double.NaN;
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  /// What SHOW prints for a canonical value: numbers with the largest unit that divides them.
  public String shown(String canonical) {
    if (type.equals("real") && MICROS.containsKey(unit)) {
      return shownTime(Double.parseDouble(canonical), canonical);
    }
    if (!type.equals("integer") || unit.isEmpty()) {
      return canonical;
    }
    long number = Long.parseLong(canonical);
    if (number <= 0) {
      return canonical;
    }
    boolean bytes = BYTES.containsKey(unit);
    Map<String, Long> units = bytes ? BYTES : MICROS;
    long base = number * units.get(unit);
    for (String candidate : bytes ? SHOWN_BYTES : SHOWN_TIMES) {
      if (base % units.get(candidate) == 0) {
        return base / units.get(candidate) + candidate;
      }
    }
    return canonical + unit;
  }

  /// A time that need not be whole in its own unit, with the largest unit in which it is; with
  /// microseconds where there is none.
  private String shownTime(double number, String canonical) {
    if (number <= 0) {
      return canonical;
    }
    double micros = number * MICROS.get(unit);
    for (String candidate : SHOWN_TIMES) {
      double shown = micros / MICROS.get(candidate);
      if (Math.abs(Math.rint(shown) / shown - 1) <= 1e-8) {
        return Math.round(shown) + candidate;
      }
    }
    return plain(micros) + "us";
  }
}
