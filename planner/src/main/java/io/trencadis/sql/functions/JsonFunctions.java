package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.Json;
import io.trencadis.sql.types.JsonNode;
import io.trencadis.sql.types.Numeric;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlArray;
import io.trencadis.sql.types.SqlRow;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What tells of JSON values, tests them, puts them together and turns them into SQL's.
final class JsonFunctions {
  private JsonFunctions() {}

  static void register(Builtins.Registry to) {
    to.fn1("jsonb_typeof", (a, cx) -> ((Json) a).typeName());
    to.fn1(
        "json_typeof",
        (a, cx) ->
            JsonNode.parse((String) a, false).kind().name().toLowerCase(java.util.Locale.ROOT));
    to.fn1("jsonb_array_length", (a, cx) -> arrayLength((Json) a));
    to.fn1("json_array_length", (a, cx) -> arrayLength(JsonNode.parse((String) a, false)));
    to.fn2("jsonb_contains", (a, b, cx) -> contains((Json) a, (Json) b));
    to.fn2("jsonb_contained", (a, b, cx) -> contains((Json) b, (Json) a));
    to.fn2("jsonb_exists", (a, b, cx) -> hasKey((Json) a, (String) b));
    to.fn2("jsonb_exists_any", (a, b, cx) -> hasKeys((Json) a, (SqlArray) b, true));
    to.fn2("jsonb_exists_all", (a, b, cx) -> hasKeys((Json) a, (SqlArray) b, false));
    to.fn2("jsonb_concat", (a, b, cx) -> concat((Json) a, (Json) b));
    to.fn1("jsonb_strip_nulls", (a, cx) -> stripNulls((Json) a));
    to.fn1("jsonb_pretty", (a, cx) -> pretty((Json) a));
    conversions(to);
    builders(to);
    casts(to);
  }

  private static void conversions(Builtins.Registry to) {
    to.bound("to_json", call -> (Fn1) (a, cx) -> JsonOutput.toJson(a, first(call), cx));
    to.bound("to_jsonb", call -> (Fn1) (a, cx) -> JsonOutput.toJsonb(a, first(call), cx));
    to.fn1("record_out", (a, cx) -> ((SqlRow) a).text(cx));
    for (String name : List.of("array_to_json", "row_to_json")) {
      to.bound(name, call -> (Fn1) (a, cx) -> JsonOutput.toJson(a, first(call), cx));
      to.bound(
          name + "_pretty",
          call ->
              (Fn2)
                  (a, b, cx) -> {
                    StringBuilder out = new StringBuilder();
                    JsonOutput.write(a, first(call), (Boolean) b, out, cx);
                    return out.toString();
                  });
    }
  }

  private static PgType first(ResolvedCall call) {
    return call.argTypes().getFirst();
  }

  private static SqlException invalid(String message) {
    return new SqlException(SqlState.INVALID_PARAMETER_VALUE, message);
  }

  private static Integer arrayLength(Json value) {
    return switch (value) {
      case Json.Arr array -> array.items().size();
      case Json.Obj _ -> throw invalid("cannot get array length of a non-array");
      default -> throw invalid("cannot get array length of a scalar");
    };
  }

  private static Integer arrayLength(JsonNode node) {
    return switch (node.kind()) {
      case ARRAY -> node.items().size();
      case OBJECT -> throw invalid("cannot get array length of a non-array");
      default -> throw invalid("cannot get array length of a scalar");
    };
  }

  /// A lone scalar counts as an array of one, but contains no array.
  static boolean contains(Json whole, Json part) {
    if (whole instanceof Json.Arr array && !part.isContainer()) {
      return array.items().contains(part);
    }
    return switch (part) {
      case Json.Obj wanted -> whole instanceof Json.Obj object && containsMembers(object, wanted);
      case Json.Arr wanted -> whole instanceof Json.Arr array && containsItems(array, wanted);
      default -> whole.equals(part);
    };
  }

  private static boolean containsMembers(Json.Obj object, Json.Obj wanted) {
    for (Map.Entry<String, Json> each : wanted.members().entrySet()) {
      Json found = object.members().get(each.getKey());
      if (found == null || !containsNested(found, each.getValue())) {
        return false;
      }
    }
    return true;
  }

  private static boolean containsItems(Json.Arr array, Json.Arr wanted) {
    for (Json each : wanted.items()) {
      if (array.items().stream().noneMatch(item -> containsNested(item, each))) {
        return false;
      }
    }
    return true;
  }

  private static boolean containsNested(Json whole, Json part) {
    return part.isContainer() ? contains(whole, part) : whole.equals(part);
  }

  private static boolean hasKey(Json value, String key) {
    return switch (value) {
      case Json.Obj object -> object.members().containsKey(key);
      case Json.Arr array -> array.items().contains(new Json.Str(key));
      default -> value.equals(new Json.Str(key));
    };
  }

  private static boolean hasKeys(Json value, SqlArray keys, boolean any) {
    for (Object key : keys.elements()) {
      if (key != null && hasKey(value, (String) key) == any) {
        return any;
      }
    }
    return !any;
  }

  private static Json concat(Json a, Json b) {
    if (a instanceof Json.Obj left && b instanceof Json.Obj right) {
      Map<String, Json> members = Json.newMembers();
      members.putAll(left.members());
      members.putAll(right.members());
      return new Json.Obj(members);
    }
    List<Json> items = new ArrayList<>(a instanceof Json.Arr left ? left.items() : List.of(a));
    items.addAll(b instanceof Json.Arr right ? right.items() : List.of(b));
    return new Json.Arr(items);
  }

  private static Json stripNulls(Json value) {
    return switch (value) {
      case Json.Obj object -> {
        Map<String, Json> members = Json.newMembers();
        object
            .members()
            .forEach(
                (key, member) -> {
                  if (!(member instanceof Json.Null)) {
                    members.put(key, stripNulls(member));
                  }
                });
        yield new Json.Obj(members);
      }
      case Json.Arr array ->
          new Json.Arr(array.items().stream().map(JsonFunctions::stripNulls).toList());
      default -> value;
    };
  }

  private static String pretty(Json value) {
    StringBuilder out = new StringBuilder();
    pretty(value, 0, out);
    return out.toString();
  }

  private static void pretty(Json value, int level, StringBuilder out) {
    String line = "\n" + "    ".repeat(level + 1);
    String end = "\n" + "    ".repeat(level);
    switch (value) {
      case Json.Obj object -> {
        String separator = "{";
        for (Map.Entry<String, Json> member : object.members().entrySet()) {
          Json.quote(member.getKey(), out.append(separator).append(line));
          pretty(member.getValue(), level + 1, out.append(": "));
          separator = ",";
        }
        out.append(object.members().isEmpty() ? "{" : "").append(end).append('}');
      }
      case Json.Arr array -> {
        String separator = "[";
        for (Json item : array.items()) {
          pretty(item, level + 1, out.append(separator).append(line));
          separator = ",";
        }
        out.append(array.items().isEmpty() ? "[" : "").append(end).append(']');
      }
      default -> value.write(out);
    }
  }

  private static void builders(Builtins.Registry to) {
    to.fn0("json_build_array_noargs", cx -> "[]");
    to.fn0("json_build_object_noargs", cx -> "{}");
    to.fn0("jsonb_build_array_noargs", cx -> new Json.Arr(List.of()));
    to.fn0("jsonb_build_object_noargs", cx -> new Json.Obj(Json.newMembers()));
    to.bound("json_build_array", call -> (FnN) (args, cx) -> buildArray(args, call, cx));
    to.bound("jsonb_build_array", call -> (FnN) (args, cx) -> parsed(buildArray(args, call, cx)));
    to.bound("json_build_object", call -> (FnN) (args, cx) -> buildObject(args, call, cx, false));
    to.bound(
        "jsonb_build_object",
        call -> (FnN) (args, cx) -> parsed(buildObject(args, call, cx, true)));
  }

  private static Object parsed(String json) {
    return json == null ? null : Json.parse(json);
  }

  /// The arguments of a call, taken out of the array where VARIADIC was written; null for a null
  /// array.
  private static Object[] spread(Object[] args, ResolvedCall call) {
    if (!call.variadicArray()) {
      return args;
    }
    return args[0] == null ? null : ((SqlArray) args[0]).elements();
  }

  private static PgType type(ResolvedCall call, int i) {
    return call.variadicArray() ? first(call).elementType() : call.argTypes().get(i);
  }

  private static String buildArray(Object[] given, ResolvedCall call, EvalContext cx) {
    Object[] args = spread(given, call);
    if (args == null) {
      return null;
    }
    StringBuilder out = new StringBuilder("[");
    for (int i = 0; i < args.length; i++) {
      JsonOutput.write(args[i], type(call, i), false, out.append(i > 0 ? ", " : ""), cx);
    }
    return out.append(']').toString();
  }

  private static String buildObject(
      Object[] given, ResolvedCall call, EvalContext cx, boolean binary) {
    Object[] args = spread(given, call);
    if (args == null) {
      return null;
    }
    if (args.length % 2 != 0) {
      throw invalid("argument list must have even number of elements")
          .hint(
              "The arguments of "
                  + call.proc().name()
                  + "() must consist of alternating keys and values.");
    }
    StringBuilder out = new StringBuilder("{");
    for (int i = 0; i < args.length; i += 2) {
      if (args[i] == null) {
        throw binary
            ? invalid("argument " + (i + 1) + ": key must not be null")
            : invalid("argument " + (i + 1) + " cannot be null")
                .hint("Object keys should be text.");
      }
      out.append(i > 0 ? ", " : "");
      Json.quote(JsonOutput.key(args[i], type(call, i), cx), out);
      JsonOutput.write(args[i + 1], type(call, i + 1), false, out.append(" : "), cx);
    }
    return out.append('}').toString();
  }

  /// The casts of jsonb to boolean and numbers.
  private static void casts(Builtins.Registry to) {
    to.fn1(
        "jsonb_bool",
        (a, cx) -> {
          if (a instanceof Json.Bool bool) {
            return bool.value();
          }
          throw cannotCast((Json) a, "boolean");
        });
    number(to, "jsonb_numeric", Types.NUMERIC);
    number(to, "jsonb_int2", Types.INT2);
    number(to, "jsonb_int4", Types.INT4);
    number(to, "jsonb_int8", Types.INT8);
    number(to, "jsonb_float4", Types.FLOAT4);
    number(to, "jsonb_float8", Types.FLOAT8);
  }

  private static void number(Builtins.Registry to, String source, PgType type) {
    to.bound(
        source,
        call -> {
          Cast cast = Casts.require(Types.NUMERIC, type, -1, CastContext.EXPLICIT);
          return (Fn1)
              (a, cx) -> {
                if (a instanceof Json.Num(Numeric value)) {
                  return cast.apply(value, cx);
                }
                throw cannotCast((Json) a, type.displayName());
              };
        });
  }

  private static SqlException cannotCast(Json value, String type) {
    String what = value.isContainer() ? "array or object" : value.typeName();
    String shown = what.equals("number") ? "numeric" : what;
    return invalid(
        "cannot cast jsonb "
            + (value.isContainer() ? value.typeName() : shown)
            + " to type "
            + type);
  }
}
