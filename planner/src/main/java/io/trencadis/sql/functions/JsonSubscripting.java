package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Subscripts of jsonb: what they take out, and what is made by an assignment to them (PostgreSQL
/// 15 manual, 8.14.5).
public final class JsonSubscripting {
  private JsonSubscripting() {}

  /// @param args the jsonb value and the keys, integers or texts
  /// @return the part, or null if it is not there
  public static Json part(Object[] args) {
    Json at = (Json) args[0];
    for (int i = 1; i < args.length && at != null; i++) {
      if (args[i] == null) {
        return null;
      }
      String key = args[i].toString();
      at =
          switch (at) {
            case Json.Obj object -> object.members().get(key);
            case Json.Arr array -> {
              Integer index = integer(key);
              long place = index == null ? -1 : index < 0 ? array.items().size() + index : index;
              yield place >= 0 && place < array.items().size()
                  ? array.items().get((int) place)
                  : null;
            }
            default -> null;
          };
    }
    return at;
  }

  /// @param args the jsonb value, the new part, and the keys
  /// @throws SqlException 22004 for a key that is null, 22023 for a path through a scalar
  public static Json assigned(Object[] args) {
    List<String> path = new ArrayList<>();
    for (int i = 2; i < args.length; i++) {
      if (args[i] == null) {
        throw new SqlException(
            SqlState.NULL_VALUE_NOT_ALLOWED, "jsonb subscript in assignment must not be null");
      }
      path.add(args[i].toString());
    }
    Json value = args[1] == null ? Json.NULL : (Json) args[1];
    Json base = (Json) args[0];
    if (base == null) {
      base = args[2] instanceof Integer ? new Json.Arr(List.of()) : new Json.Obj(Json.newMembers());
    }
    return changed(base, path, 0, value);
  }

  private static Integer integer(String key) {
    try {
      return Integer.valueOf(key.strip());
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static Json changed(Json at, List<String> path, int level, Json value) {
    if (level == path.size()) {
      return value;
    }
    String key = path.get(level);
    switch (at) {
      case Json.Obj object -> {
        Map<String, Json> members = Json.newMembers();
        members.putAll(object.members());
        Json part = members.get(key);
        members.put(
            key,
            part == null ? made(path, level + 1, value) : changed(part, path, level + 1, value));
        return new Json.Obj(members);
      }
      case Json.Arr array -> {
        Integer index = integer(key);
        if (index == null) {
          throw new SqlException(
              SqlState.INVALID_TEXT_REPRESENTATION,
              "path element at position " + (level + 1) + " is not an integer: \"" + key + "\"");
        }
        int size = array.items().size();
        if (index < 0 && (long) -1 * index > size) {
          throw new SqlException(
              SqlState.INVALID_PARAMETER_VALUE,
              "path element at position " + (level + 1) + " is out of range: " + index);
        }
        int place = index < 0 ? size + index : index;
        List<Json> items = new ArrayList<>(array.items());
        if (place < size) {
          items.set(place, changed(items.get(place), path, level + 1, value));
        } else {
          put(items, place, made(path, level + 1, value));
        }
        return new Json.Arr(items);
      }
      default ->
          throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "cannot replace existing key")
              .detail("The path assumes key is a composite object, but it is a scalar value.");
    }
  }

  private static void put(List<Json> items, int place, Json value) {
    if (place >= 268_435_455) {
      throw new SqlException(
          SqlState.PROGRAM_LIMIT_EXCEEDED,
          "number of jsonb array elements exceeds the maximum allowed (268435455)");
    }
    while (items.size() < place) {
      items.add(Json.NULL);
    }
    items.add(value);
  }

  /// What the rest of a path leads through where nothing was: arrays for integers, else objects.
  private static Json made(List<String> path, int level, Json value) {
    if (level == path.size()) {
      return value;
    }
    Json inner = made(path, level + 1, value);
    Integer index = integer(path.get(level));
    if (index == null) {
      Map<String, Json> members = Json.newMembers();
      members.put(path.get(level), inner);
      return new Json.Obj(members);
    }
    List<Json> items = new ArrayList<>();
    put(items, Math.max(index, 0), inner);
    return new Json.Arr(items);
  }
}
