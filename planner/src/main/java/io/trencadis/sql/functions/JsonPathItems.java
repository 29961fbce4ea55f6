package io.trencadis.sql.functions;

import io.trencadis.sql.types.DateTimeOutput;
import io.trencadis.sql.types.Json;
import io.trencadis.sql.types.Numeric;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.TimeTz;
import io.trencadis.sql.types.TypeContext;
import io.trencadis.sql.types.Types;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What a jsonpath finds: JSON values, and dates and times that `datetime()` made of strings.
final class JsonPathItems {
  private static final int HEADER_BYTES = 4;
  private static final int ENTRY_BYTES = 4;

  private JsonPathItems() {}

  /// A date or time.
  ///
  /// @param value of the type
  /// @param zoneSecondsEast the zone that a timestamp with time zone was written with
  record Moment(PgType type, Object value, int zoneSecondsEast) {
    String text() {
      TypeContext iso = TypeContext.DEFAULTS;
      String text =
          switch (type.oid()) {
            case 1082 -> DateTimeOutput.date((Integer) value, iso);
            case 1083 -> DateTimeOutput.time((Long) value);
            case 1266 -> zone(DateTimeOutput.timetz((TimeTz) value));
            case 1114 -> DateTimeOutput.timestamp((Long) value, iso);
            default ->
                DateTimeOutput.timestamp((Long) value + zoneSecondsEast * 1_000_000L, iso)
                    + offset(zoneSecondsEast);
          };
      return type == Types.TIMESTAMP || type == Types.TIMESTAMPTZ ? text.replace(' ', 'T') : text;
    }

    /// JSON's dates have minutes in their offsets, always.
    private static String zone(String time) {
      return time.charAt(time.length() - 3) == ':' ? time : time + ":00";
    }

    private static String offset(int east) {
      int size = Math.abs(east);
      String text = String.format("%s%02d:%02d", east < 0 ? "-" : "+", size / 3600, size / 60 % 60);
      return size % 60 == 0 ? text : text + String.format(":%02d", size % 60);
    }
  }

  /// What a caller of SQL is given.
  static Json json(Object item) {
    return item instanceof Moment moment ? new Json.Str(moment.text()) : (Json) item;
  }

  static String typeName(Object item) {
    return item instanceof Moment moment ? moment.type().displayName() : ((Json) item).typeName();
  }

  /// The values directly inside a value.
  static List<Json> children(Object item) {
    return switch (item) {
      case Json.Arr array -> array.items();
      case Json.Obj object -> new ArrayList<>(object.members().values());
      default -> List.of();
    };
  }

  /// How many bytes into its base a container is in PostgreSQL's binary form of `jsonb`: what
  /// `keyvalue()` numbers objects by. 0 for the base itself.
  static long offset(Json base, Json wanted) {
    long found = find(base, wanted, HEADER_BYTES);
    return found < 0 ? 0 : found - HEADER_BYTES;
  }

  private static long aligned(long at) {
    return (at + 3) & ~3L;
  }

  /// @return where `wanted` is, or where `value` ends as -1 - end
  private static long find(Json value, Json wanted, long at) {
    switch (value) {
      case Json.Str string:
        return -1 - (at + string.value().getBytes(StandardCharsets.UTF_8).length);
      case Json.Num number:
        return -1 - (aligned(at) + bytes(number.value()));
      case Json.Arr array:
        long from = aligned(at);
        return value == wanted
            ? from
            : inside(
                array.items(),
                wanted,
                from + HEADER_BYTES + (long) ENTRY_BYTES * array.items().size());
      case Json.Obj object:
        long start = aligned(at);
        if (value == wanted) {
          return start;
        }
        Map<String, Json> members = object.members();
        long end = start + HEADER_BYTES + 2L * ENTRY_BYTES * members.size();
        for (String key : members.keySet()) {
          end += key.getBytes(StandardCharsets.UTF_8).length;
        }
        return inside(members.values(), wanted, end);
      default:
        return -1 - at;
    }
  }

  private static long inside(Iterable<Json> values, Json wanted, long from) {
    long at = from;
    for (Json each : values) {
      long found = find(each, wanted, at);
      if (found >= 0) {
        return found;
      }
      at = -1 - found;
    }
    return -1 - at;
  }

  /// The size of a numeric with its header: groups of four digits without zeros at either end.
  private static int bytes(Numeric number) {
    BigDecimal value = number.decimal().stripTrailingZeros();
    if (value.signum() == 0) {
      return 6;
    }
    int point = value.precision() - value.scale();
    int first = Math.floorDiv(point - 1, 4);
    int last = Math.floorDiv(-value.scale(), 4);
    boolean small = number.scale() <= 63 && first >= -64 && first <= 63;
    return (small ? 6 : 8) + 2 * (first - last + 1);
  }
}
