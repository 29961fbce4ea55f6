package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.Json;
import io.trencadis.sql.types.JsonPath;
import java.util.ArrayList;
import java.util.List;

/// The functions and operators that run a jsonpath on a JSON value.
final class JsonPathFunctions {
  private JsonPathFunctions() {}

  static void register(Builtins.Registry to) {
    to.fn2(
        "jsonb_path_exists_opr", (a, b, cx) -> exists(new Object[] {a, b, null, true}, false, cx));
    to.fn2("jsonb_path_match_opr", (a, b, cx) -> match(new Object[] {a, b, null, true}, false, cx));
    for (boolean zoned : new boolean[] {false, true}) {
      String end = zoned ? "_tz" : "";
      to.fnN("jsonb_path_exists" + end, (args, cx) -> exists(args, zoned, cx));
      to.fnN("jsonb_path_match" + end, (args, cx) -> match(args, zoned, cx));
      to.fnN("jsonb_path_query_array" + end, (args, cx) -> new Json.Arr(query(args, zoned, cx)));
      to.fnN(
          "jsonb_path_query_first" + end,
          (args, cx) -> {
            List<Json> all = query(args, zoned, cx);
            return all.isEmpty() ? null : all.getFirst();
          });
    }
  }

  /// The code of the set-returning ones, or null.
  static SetFn find(String source) {
    return switch (source) {
      case "jsonb_path_query" -> (args, cx) -> rows(args, false, cx);
      case "jsonb_path_query_tz" -> (args, cx) -> rows(args, true, cx);
      default -> null;
    };
  }

  private static java.util.Iterator<Object> rows(Object[] args, boolean zoned, EvalContext cx) {
    List<Object> rows = new ArrayList<>(query(args, zoned, cx));
    return rows.iterator();
  }

  private static JsonPathRun run(Object[] args, boolean zoned, EvalContext cx) {
    return new JsonPathRun(
        (JsonPath) args[1], (Json) args[0], (Json) args[2], (Boolean) args[3], zoned, cx);
  }

  private static Boolean exists(Object[] args, boolean zoned, EvalContext cx) {
    return switch (run(args, zoned, cx).execute(null)) {
      case FOUND -> true;
      case NOTHING -> false;
      case ERROR -> null;
    };
  }

  private static Boolean match(Object[] args, boolean zoned, EvalContext cx) {
    List<Object> found = new ArrayList<>();
    run(args, zoned, cx).execute(found);
    if (found.size() == 1) {
      if (found.getFirst() instanceof Json.Bool bool) {
        return bool.value();
      }
      if (found.getFirst() instanceof Json.Null) {
        return null;
      }
    }
    if ((Boolean) args[3]) {
      return null;
    }
    throw new SqlException(
        SqlState.SINGLETON_SQL_JSON_ITEM_REQUIRED, "single boolean result is expected");
  }

  private static List<Json> query(Object[] args, boolean zoned, EvalContext cx) {
    List<Object> found = new ArrayList<>();
    run(args, zoned, cx).execute(found);
    List<Json> values = new ArrayList<>(found.size());
    for (Object item : found) {
      values.add(JsonPathItems.json(item));
    }
    return values;
  }
}
