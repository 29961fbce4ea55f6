package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.Json;
import io.trencadis.sql.types.JsonNode;
import io.trencadis.sql.types.SqlArray;

/// `json_object` and `jsonb_object`, which make objects of arrays of text, and `json_strip_nulls`.
final class JsonTexts {
  private JsonTexts() {}

  static void register(Builtins.Registry to) {
    to.fn1("json_object", (a, cx) -> object((SqlArray) a));
    to.fn2("json_object_two_arg", (a, b, cx) -> object((SqlArray) a, (SqlArray) b));
    to.fn1("jsonb_object", (a, cx) -> Json.parse(object((SqlArray) a)));
    to.fn2("jsonb_object_two_arg", (a, b, cx) -> Json.parse(object((SqlArray) a, (SqlArray) b)));
    to.fn1(
        "json_strip_nulls",
        (a, cx) -> {
          StringBuilder out = new StringBuilder();
          strip(JsonNode.parse((String) a, true), (String) a, out);
          return out.toString();
        });
  }

  private static SqlException shape(String message) {
    return new SqlException(SqlState.ARRAY_ELEMENT_ERROR, message);
  }

  private static String object(SqlArray pairs) {
    if (pairs.ndims() == 1 && pairs.size() % 2 != 0) {
      throw shape("array must have even number of elements");
    }
    if (pairs.ndims() == 2 && pairs.dims()[1] != 2) {
      throw shape("array must have two columns");
    }
    if (pairs.ndims() > 2) {
      throw shape("wrong number of array subscripts");
    }
    StringBuilder out = new StringBuilder("{");
    for (int i = 0; i < pairs.size(); i += 2) {
      member(i, pairs.elements()[i], pairs.elements()[i + 1], out);
    }
    return out.append('}').toString();
  }

  private static String object(SqlArray keys, SqlArray values) {
    if (keys.ndims() > 1 || keys.ndims() != values.ndims()) {
      throw shape("wrong number of array subscripts");
    }
    if (keys.size() != values.size()) {
      throw shape("mismatched array dimensions");
    }
    StringBuilder out = new StringBuilder("{");
    for (int i = 0; i < keys.size(); i++) {
      member(i, keys.elements()[i], values.elements()[i], out);
    }
    return out.append('}').toString();
  }

  private static void member(int index, Object key, Object value, StringBuilder out) {
    if (key == null) {
      throw new SqlException(
          SqlState.NULL_VALUE_NOT_ALLOWED, "null value not allowed for object key");
    }
    Json.quote((String) key, out.append(index > 0 ? ", " : ""));
    out.append(" : ");
    if (value == null) {
      out.append("null");
    } else {
      Json.quote((String) value, out);
    }
  }

  private static void strip(JsonNode node, String text, StringBuilder out) {
    switch (node.kind()) {
      case OBJECT -> {
        String separator = "{";
        for (int i = 0; i < node.items().size(); i++) {
          JsonNode item = node.items().get(i);
          if (item.kind() != JsonNode.Kind.NULL) {
            Json.quote(node.keys().get(i), out.append(separator));
            strip(item, text, out.append(':'));
            separator = ",";
          }
        }
        out.append(separator.equals("{") ? "{}" : "}");
      }
      case ARRAY -> {
        String separator = "[";
        for (JsonNode item : node.items()) {
          strip(item, text, out.append(separator));
          separator = ",";
        }
        out.append(separator.equals("[") ? "[]" : "]");
      }
      case STRING -> Json.quote(node.string(), out);
      default -> out.append(node.source(text));
    }
  }
}
