package io.trencadis.sql.types;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.util.List;

/// Type modifiers: what the numbers in parentheses after a type's name mean.
///
/// Lengths and numeric precisions carry an offset of 4, as in PostgreSQL, because clients decode
/// them.
public final class Typmods {
  static final int OFFSET = 4;
  private static final int MAX_LENGTH = 10_485_760;
  private static final int MAX_BITS = 83_886_080;
  static final int MAX_TIME_PRECISION = 6;
  static final int MAX_NUMERIC_PRECISION = 1000;

  /// An interval typmod's field part that restricts nothing.
  public static final int INTERVAL_FULL_RANGE = 0x7fff;

  /// An interval typmod's precision part that restricts nothing.
  public static final int INTERVAL_FULL_PRECISION = 0xffff;

  static final int MONTH = 1 << 1;
  static final int YEAR = 1 << 2;
  static final int DAY = 1 << 3;
  static final int HOUR = 1 << 10;
  static final int MINUTE = 1 << 11;
  static final int SECOND = 1 << 12;

  private Typmods() {}

  static int in(PgType type, List<String> arguments) {
    int[] numbers = new int[arguments.size()];
    if (type.typmodInFunction().isEmpty()) {
      throw new SqlException(
          SqlState.SYNTAX_ERROR, "type modifier is not allowed for type \"" + type.name() + "\"");
    }
    for (int i = 0; i < numbers.length; i++) {
      try {
        numbers[i] = Integer.parseInt(arguments.get(i).trim());
      } catch (NumberFormatException e) {
        throw new SqlException(
            SqlState.INVALID_TEXT_REPRESENTATION,
            "invalid input syntax for type integer: \"" + arguments.get(i) + "\"",
            e);
      }
    }
    PgType of = type.isArray() ? type.elementType() : type;
    return switch (of.oid()) {
      case 1042 -> length("char", numbers);
      case 1043 -> length("varchar", numbers);
      case 1560 -> bits("bit", numbers);
      case 1562 -> bits("varbit", numbers);
      case 1700 -> numeric(numbers);
      case 1083 -> precision("TIME", "", one(numbers));
      case 1266 -> precision("TIME", " WITH TIME ZONE", one(numbers));
      case 1114 -> precision("TIMESTAMP", "", one(numbers));
      case 1184 -> precision("TIMESTAMP", " WITH TIME ZONE", one(numbers));
      case 1186 -> interval(numbers);
      default -> throw SqlException.notSupported("type modifier of type " + type.displayName());
    };
  }

  private static int one(int[] numbers) {
    if (numbers.length != 1) {
      throw invalid("invalid type modifier");
    }
    return numbers[0];
  }

  private static SqlException invalid(String message) {
    return new SqlException(SqlState.INVALID_PARAMETER_VALUE, message);
  }

  private static int length(String name, int[] numbers) {
    int length = one(numbers);
    if (length < 1) {
      throw invalid("length for type " + name + " must be at least 1");
    }
    if (length > MAX_LENGTH) {
      throw invalid("length for type " + name + " cannot exceed " + MAX_LENGTH);
    }
    return length + OFFSET;
  }

  private static int bits(String name, int[] numbers) {
    int length = one(numbers);
    if (length < 1) {
      throw invalid("length for type " + name + " must be at least 1");
    }
    if (length > MAX_BITS) {
      throw invalid("length for type " + name + " cannot exceed " + MAX_BITS);
    }
    return length;
  }

  private static int numeric(int[] numbers) {
    if (numbers.length < 1 || numbers.length > 2) {
      throw invalid("invalid NUMERIC type modifier");
    }
    int precision = numbers[0];
    int scale = numbers.length == 2 ? numbers[1] : 0;
    if (precision < 1 || precision > MAX_NUMERIC_PRECISION) {
      throw invalid("NUMERIC precision " + precision + " must be between 1 and 1000");
    }
    if (scale < -1000 || scale > 1000) {
      throw invalid("NUMERIC scale " + scale + " must be between -1000 and 1000");
    }
    return numericTypmod(precision, scale);
  }

  /// The typmod of `numeric(precision, scale)`.
  public static int numericTypmod(int precision, int scale) {
    return ((precision << 16) | (scale & 0x7ff)) + OFFSET;
  }

  /// The precision in a numeric's typmod, which must not be -1.
  public static int numericPrecision(int typmod) {
    return ((typmod - OFFSET) >> 16) & 0xffff;
  }

  /// The scale in a numeric's typmod, which must not be -1; it may be negative.
  public static int numericScale(int typmod) {
    return (((typmod - OFFSET) & 0x7ff) ^ 1024) - 1024;
  }

  private static int precision(String name, String zone, int precision) {
    if (precision < 0) {
      throw invalid(name + "(" + precision + ")" + zone + " precision must not be negative");
    }
    return Math.min(precision, MAX_TIME_PRECISION);
  }

  /// One number is a field mask, as the grammar makes of `DAY TO SECOND`; two are a mask and a
  /// precision.
  private static int interval(int[] numbers) {
    if (numbers.length == 1 && isFieldMask(numbers[0])) {
      return intervalTypmod(numbers[0], INTERVAL_FULL_PRECISION);
    }
    if (numbers.length == 2 && isFieldMask(numbers[0])) {
      return intervalTypmod(numbers[0], precision("INTERVAL", "", numbers[1]));
    }
    throw invalid("invalid INTERVAL type modifier");
  }

  private static boolean isFieldMask(int mask) {
    return mask == INTERVAL_FULL_RANGE || !fieldNames(mask).equals("?");
  }

  /// The typmod of an interval that is restricted to fields and to a precision of its seconds.
  public static int intervalTypmod(int fieldMask, int precision) {
    return (precision & 0xffff) | ((fieldMask & 0x7fff) << 16);
  }

  /// The mask of the fields that the words after INTERVAL name, such as `day to second`; full range
  /// for the empty string, -1 if they are no such words.
  public static int intervalFields(String words) {
    return switch (words.toLowerCase(java.util.Locale.ROOT).trim()) {
      case "" -> INTERVAL_FULL_RANGE;
      case "year" -> YEAR;
      case "month" -> MONTH;
      case "day" -> DAY;
      case "hour" -> HOUR;
      case "minute" -> MINUTE;
      case "second" -> SECOND;
      case "year to month" -> YEAR | MONTH;
      case "day to hour" -> DAY | HOUR;
      case "day to minute" -> DAY | HOUR | MINUTE;
      case "day to second" -> DAY | HOUR | MINUTE | SECOND;
      case "hour to minute" -> HOUR | MINUTE;
      case "hour to second" -> HOUR | MINUTE | SECOND;
      case "minute to second" -> MINUTE | SECOND;
      default -> -1;
    };
  }

  static String fieldNames(int mask) {
    return switch (mask) {
      case YEAR -> " year";
      case MONTH -> " month";
      case DAY -> " day";
      case HOUR -> " hour";
      case MINUTE -> " minute";
      case SECOND -> " second";
      case YEAR | MONTH -> " year to month";
      case DAY | HOUR -> " day to hour";
      case DAY | HOUR | MINUTE -> " day to minute";
      case DAY | HOUR | MINUTE | SECOND -> " day to second";
      case HOUR | MINUTE -> " hour to minute";
      case HOUR | MINUTE | SECOND -> " hour to second";
      case MINUTE | SECOND -> " minute to second";
      default -> "?";
    };
  }

  static String out(PgType type, int typmod) {
    if (typmod < 0) {
      return "";
    }
    return switch (type.oid()) {
      case 1042, 1043 -> typmod > OFFSET ? "(" + (typmod - OFFSET) + ")" : "";
      case 1560, 1562, 1083, 1266, 1114, 1184 -> "(" + typmod + ")";
      case 1700 ->
          typmod >= OFFSET ? "(" + numericPrecision(typmod) + "," + numericScale(typmod) + ")" : "";
      case 1186 -> {
        int fields = (typmod >> 16) & 0x7fff;
        int precision = typmod & 0xffff;
        yield (fields == INTERVAL_FULL_RANGE ? "" : fieldNames(fields))
            + (precision == INTERVAL_FULL_PRECISION ? "" : "(" + precision + ")");
      }
      default -> "";
    };
  }
}
