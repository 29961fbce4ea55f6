package io.trencadis.sql.functions;

import io.trencadis.sql.types.Json;
import io.trencadis.sql.types.JsonNode;
import io.trencadis.sql.types.SqlArray;
import java.util.List;

/// Takes single parts out of `json` and `jsonb` values. A part that is not there is null.
final class JsonAccess {
  private JsonAccess() {}

  static void register(Builtins.Registry to) {
    to.fn2("jsonb_object_field", (a, b, cx) -> field((Json) a, (String) b));
    to.fn2("jsonb_object_field_text", (a, b, cx) -> text(field((Json) a, (String) b)));
    to.fn2("jsonb_array_element", (a, b, cx) -> element((Json) a, (Integer) b));
    to.fn2("jsonb_array_element_text", (a, b, cx) -> text(element((Json) a, (Integer) b)));
    to.fn2("jsonb_extract_path", (a, b, cx) -> path((Json) a, (SqlArray) b));
    to.fn2("jsonb_extract_path_text", (a, b, cx) -> text(path((Json) a, (SqlArray) b)));
    to.fn2("json_object_field", (a, b, cx) -> part(a, field(node(a), (String) b)));
    to.fn2("json_object_field_text", (a, b, cx) -> text(a, field(node(a), (String) b)));
    to.fn2("json_array_element", (a, b, cx) -> part(a, element(node(a), (Integer) b)));
    to.fn2("json_array_element_text", (a, b, cx) -> text(a, element(node(a), (Integer) b)));
    to.fn2("json_extract_path", (a, b, cx) -> part(a, path(node(a), (SqlArray) b)));
    to.fn2("json_extract_path_text", (a, b, cx) -> text(a, path(node(a), (SqlArray) b)));
  }

  private static JsonNode node(Object json) {
    return JsonNode.parse((String) json, true);
  }

  static String part(Object json, JsonNode node) {
    return node == null ? null : node.source((String) json);
  }

  /// A string's characters, null for JSON's null, the text of anything else.
  static String text(Object json, JsonNode node) {
    return node == null || node.kind() == JsonNode.Kind.NULL
        ? null
        : node.kind() == JsonNode.Kind.STRING ? node.string() : node.source((String) json);
  }

  /// As for `json`.
  static String text(Json value) {
    return switch (value) {
      case null -> null;
      case Json.Null _ -> null;
      case Json.Str string -> string.value();
      default -> value.text();
    };
  }

  private static Json field(Json value, String key) {
    return value instanceof Json.Obj object ? object.members().get(key) : null;
  }

  /// The last of equal keys counts.
  private static JsonNode field(JsonNode node, String key) {
    int at = node.kind() == JsonNode.Kind.OBJECT ? node.keys().lastIndexOf(key) : -1;
    return at < 0 ? null : node.items().get(at);
  }

  private static Json element(Json value, int index) {
    if (value instanceof Json.Arr array) {
      return element(array.items(), index);
    }
    // In jsonb, a value on its own counts as an array of one.
    return value instanceof Json.Obj || index != 0 && index != -1 ? null : value;
  }

  private static JsonNode element(JsonNode node, int index) {
    return node.kind() == JsonNode.Kind.ARRAY ? element(node.items(), index) : null;
  }

  private static <T> T element(List<T> items, int index) {
    long at = index < 0 ? (long) items.size() + index : index;
    return at < 0 || at >= items.size() ? null : items.get((int) at);
  }

  /// The number that a step of a path through an array is, null if it is none.
  static Integer index(String step) {
    String text = step.strip();
    try {
      return Integer.valueOf(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static Json path(Json value, SqlArray path) {
    Json at = value;
    for (Object step : path.elements()) {
      if (step == null || at == null) {
        return null;
      }
      Integer index = at instanceof Json.Arr ? index((String) step) : null;
      at = index == null ? field(at, (String) step) : element(at, index);
    }
    return at;
  }

  private static JsonNode path(JsonNode value, SqlArray path) {
    JsonNode at = value;
    for (Object step : path.elements()) {
      if (step == null || at == null) {
        return null;
      }
      Integer index = at.kind() == JsonNode.Kind.ARRAY ? index((String) step) : null;
      at = index == null ? field(at, (String) step) : element(at, index);
    }
    return at;
  }
}
