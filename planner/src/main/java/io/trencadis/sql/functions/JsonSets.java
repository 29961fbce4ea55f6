package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.Json;
import io.trencadis.sql.types.JsonNode;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlRow;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/// The set-returning functions that take `json` and `jsonb` apart.
final class JsonSets {
  private JsonSets() {}

  /// The code of a function, or null if it is none of these.
  static SetFn find(String source) {
    return switch (source) {
      case "jsonb_each" -> (args, cx) -> each((Json) args[0], "jsonb_each", false);
      case "jsonb_each_text" -> (args, cx) -> each((Json) args[0], "jsonb_each_text", true);
      case "json_each" -> (args, cx) -> each((String) args[0], false);
      case "json_each_text" -> (args, cx) -> each((String) args[0], true);
      case "jsonb_array_elements", "jsonb_array_elements_text" ->
          (args, cx) -> elements((Json) args[0], source.endsWith("text"));
      case "json_array_elements", "json_array_elements_text" ->
          (args, cx) -> elements((String) args[0], source);
      case "jsonb_object_keys" -> (args, cx) -> keys((Json) args[0]);
      case "json_object_keys" -> (args, cx) -> keys((String) args[0]);
      default -> null;
    };
  }

  private static SqlException invalid(String message) {
    return new SqlException(SqlState.INVALID_PARAMETER_VALUE, message);
  }

  private static SqlRow pair(String key, Object value, PgType type) {
    return new SqlRow(
        new PgType[] {Types.TEXT, type}, new Object[] {key, value}, List.of("key", "value"));
  }

  private static Iterator<Object> each(Json value, String name, boolean text) {
    if (!(value instanceof Json.Obj object)) {
      throw invalid("cannot call " + name + " on a non-object");
    }
    List<Object> rows = new ArrayList<>();
    for (Map.Entry<String, Json> member : object.members().entrySet()) {
      Json item = member.getValue();
      rows.add(
          text
              ? pair(member.getKey(), JsonAccess.text(item), Types.TEXT)
              : pair(member.getKey(), item, Types.JSONB));
    }
    return rows.iterator();
  }

  private static Iterator<Object> each(String json, boolean text) {
    JsonNode node = JsonNode.parse(json, true);
    if (node.kind() != JsonNode.Kind.OBJECT) {
      throw invalid(
          node.kind() == JsonNode.Kind.ARRAY
              ? "cannot deconstruct an array as an object"
              : "cannot deconstruct a scalar");
    }
    List<Object> rows = new ArrayList<>();
    for (int i = 0; i < node.items().size(); i++) {
      JsonNode item = node.items().get(i);
      rows.add(
          text
              ? pair(node.keys().get(i), JsonAccess.text(json, item), Types.TEXT)
              : pair(node.keys().get(i), item.source(json), Types.JSON));
    }
    return rows.iterator();
  }

  private static Iterator<Object> elements(Json value, boolean text) {
    if (!(value instanceof Json.Arr array)) {
      throw invalid(
          value instanceof Json.Obj
              ? "cannot extract elements from an object"
              : "cannot extract elements from a scalar");
    }
    List<Object> rows = new ArrayList<>();
    for (Json item : array.items()) {
      rows.add(text ? JsonAccess.text(item) : item);
    }
    return rows.iterator();
  }

  private static Iterator<Object> elements(String json, String name) {
    JsonNode node = JsonNode.parse(json, true);
    if (node.kind() != JsonNode.Kind.ARRAY) {
      throw invalid(
          "cannot call "
              + name
              + (node.kind() == JsonNode.Kind.OBJECT ? " on a non-array" : " on a scalar"));
    }
    List<Object> rows = new ArrayList<>();
    for (JsonNode item : node.items()) {
      rows.add(name.endsWith("text") ? JsonAccess.text(json, item) : item.source(json));
    }
    return rows.iterator();
  }

  private static Iterator<Object> keys(Json value) {
    if (!(value instanceof Json.Obj object)) {
      throw invalid(
          "cannot call jsonb_object_keys on "
              + (value instanceof Json.Arr ? "an array" : "a scalar"));
    }
    List<Object> rows = new ArrayList<>(object.members().keySet());
    return rows.iterator();
  }

  private static Iterator<Object> keys(String json) {
    JsonNode node = JsonNode.parse(json, true);
    if (node.kind() != JsonNode.Kind.OBJECT) {
      throw invalid(
          "cannot call json_object_keys on "
              + (node.kind() == JsonNode.Kind.ARRAY ? "an array" : "a scalar"));
    }
    List<Object> rows = new ArrayList<>(node.keys());
    return rows.iterator();
  }
}
