package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.Json;
import io.trencadis.sql.types.SqlArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Makes changed copies of `jsonb` values: `-`, `#-`, `jsonb_set`, `jsonb_set_lax`, `jsonb_insert`.
final class JsonChange {
  /// What is done at the end of a path.
  private enum Action {
    DELETE,
    SET,
    CREATE,
    INSERT_BEFORE,
    INSERT_AFTER
  }

  private JsonChange() {}

  static void register(Builtins.Registry to) {
    to.fn2("jsonb_delete", (a, b, cx) -> without((Json) a, List.of(b)));
    to.fn2("jsonb_delete_array", (a, b, cx) -> without((Json) a, keys((SqlArray) b)));
    to.fn2("jsonb_delete_idx", (a, b, cx) -> withoutIndex((Json) a, (Integer) b));
    to.fn2(
        "jsonb_delete_path",
        (a, b, cx) -> change((Json) a, (SqlArray) b, null, Action.DELETE, "delete path in"));
    to.fnN("jsonb_set", (args, cx) -> set(args));
    to.fnN(
        "jsonb_insert",
        (args, cx) ->
            change(
                (Json) args[0],
                (SqlArray) args[1],
                (Json) args[2],
                (Boolean) args[3] ? Action.INSERT_AFTER : Action.INSERT_BEFORE,
                "set path in"));
    to.fnN("jsonb_set_lax", (args, cx) -> setLax(args));
  }

  private static SqlException invalid(String message) {
    return new SqlException(SqlState.INVALID_PARAMETER_VALUE, message);
  }

  private static List<Object> keys(SqlArray array) {
    List<Object> keys = new ArrayList<>();
    for (Object key : array.elements()) {
      if (key != null) {
        keys.add(key);
      }
    }
    return keys;
  }

  private static Json without(Json value, List<?> keys) {
    switch (value) {
      case Json.Obj object -> {
        Map<String, Json> members = Json.newMembers();
        members.putAll(object.members());
        keys.forEach(members::remove);
        return new Json.Obj(members);
      }
      case Json.Arr array -> {
        List<Json> items = new ArrayList<>(array.items());
        items.removeIf(item -> item instanceof Json.Str(String text) && keys.contains(text));
        return new Json.Arr(items);
      }
      default -> throw invalid("cannot delete from scalar");
    }
  }

  private static Json withoutIndex(Json value, int index) {
    switch (value) {
      case Json.Obj _ -> throw invalid("cannot delete from object using integer index");
      case Json.Arr array -> {
        long at = index < 0 ? (long) array.items().size() + index : index;
        if (at < 0 || at >= array.items().size()) {
          return value;
        }
        List<Json> items = new ArrayList<>(array.items());
        items.remove((int) at);
        return new Json.Arr(items);
      }
      default -> throw invalid("cannot delete from scalar");
    }
  }

  private static Json set(Object[] args) {
    Action action = (Boolean) args[3] ? Action.CREATE : Action.SET;
    return change((Json) args[0], (SqlArray) args[1], (Json) args[2], action, "set path in");
  }

  private static Json setLax(Object[] args) {
    if (args[0] == null || args[1] == null || args[3] == null) {
      return null;
    }
    if (args[4] == null) {
      throw invalid(
          "null_value_treatment must be \"delete_key\", \"return_target\", \"use_json_null\", or \"raise_exception\"");
    }
    if (args[2] != null) {
      return set(args);
    }
    return switch ((String) args[4]) {
      case "raise_exception" ->
          throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "JSON value must not be null")
              .detail("Exception was raised because null_value_treatment is \"raise_exception\".")
              .hint(
                  "To avoid, either change the null_value_treatment argument or ensure that"
                      + " an SQL NULL is not passed.");
      case "use_json_null" -> set(new Object[] {args[0], args[1], Json.NULL, args[3]});
      case "delete_key" ->
          change((Json) args[0], (SqlArray) args[1], null, Action.DELETE, "delete path in");
      case "return_target" -> (Json) args[0];
      default ->
          throw invalid(
              "null_value_treatment must be \"delete_key\", \"return_target\","
                  + " \"use_json_null\", or \"raise_exception\"");
    };
  }

  private static Json change(
      Json value, SqlArray path, Json replacement, Action action, String what) {
    if (path.ndims() > 1) {
      throw new SqlException(SqlState.ARRAY_ELEMENT_ERROR, "wrong number of array subscripts");
    }
    if (!value.isContainer()) {
      throw invalid("cannot " + what + " scalar");
    }
    return path.size() == 0 ? value : step(value, path, 0, replacement, action);
  }

  private static Json step(Json value, SqlArray path, int level, Json replacement, Action action) {
    String key = (String) path.elements()[level];
    if (key == null) {
      throw new SqlException(
          SqlState.NULL_VALUE_NOT_ALLOWED, "path element at position " + (level + 1) + " is null");
    }
    if (!value.isContainer()) {
      return value;
    }
    return value instanceof Json.Obj object
        ? member(object, key, path, level, replacement, action)
        : item((Json.Arr) value, key, path, level, replacement, action);
  }

  private static Json member(
      Json.Obj object, String key, SqlArray path, int level, Json replacement, Action action) {
    Map<String, Json> members = Json.newMembers();
    members.putAll(object.members());
    Json old = members.get(key);
    if (level < path.size() - 1) {
      if (old != null) {
        members.put(key, step(old, path, level + 1, replacement, action));
      }
      return new Json.Obj(members);
    }
    if (action == Action.DELETE) {
      members.remove(key);
    } else if (old == null) {
      if (action != Action.SET) {
        members.put(key, replacement);
      }
    } else if (action == Action.INSERT_BEFORE || action == Action.INSERT_AFTER) {
      throw invalid("cannot replace existing key")
          .hint("Try using the function jsonb_set to replace key value.");
    } else {
      members.put(key, replacement);
    }
    return new Json.Obj(members);
  }

  private static Json item(
      Json.Arr array, String key, SqlArray path, int level, Json replacement, Action action) {
    Integer index = JsonAccess.index(key);
    if (index == null) {
      throw new SqlException(
          SqlState.INVALID_TEXT_REPRESENTATION,
          "path element at position " + (level + 1) + " is not an integer: \"" + key + "\"");
    }
    List<Json> items = new ArrayList<>(array.items());
    long at = index < 0 ? (long) items.size() + index : index;
    boolean there = at >= 0 && at < items.size();
    if (level < path.size() - 1) {
      if (there) {
        items.set((int) at, step(items.get((int) at), path, level + 1, replacement, action));
      }
    } else if (!there) {
      if (action != Action.DELETE && action != Action.SET) {
        items.add(at < 0 ? 0 : items.size(), replacement);
      }
    } else {
      switch (action) {
        case DELETE -> items.remove((int) at);
        case SET, CREATE -> items.set((int) at, replacement);
        case INSERT_BEFORE -> items.add((int) at, replacement);
        case INSERT_AFTER -> items.add((int) at + 1, replacement);
      }
    }
    return new Json.Arr(items);
  }
}
