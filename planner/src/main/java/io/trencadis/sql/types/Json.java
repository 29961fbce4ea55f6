package io.trencadis.sql.types;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A value of type `jsonb`. Numbers are exact, as `numeric` is. Immutable and thread-safe.
public sealed interface Json {
  /// The order in which objects keep their keys: short ones first, equally long ones by bytes.
  Comparator<String> KEY_ORDER =
      Comparator.comparing(
          key -> key.getBytes(StandardCharsets.UTF_8),
          Comparator.<byte[]>comparingInt(bytes -> bytes.length)
              .thenComparing(Arrays::compareUnsigned));

  /// The JSON null, which is a value and not SQL's NULL.
  record Null() implements Json {}

  record Bool(boolean value) implements Json {}

  /// A finite number.
  record Num(Numeric value) implements Json {}

  record Str(String value) implements Json {}

  record Arr(List<Json> items) implements Json {}

  /// Keys are distinct and in [Json#KEY_ORDER].
  record Obj(Map<String, Json> members) implements Json {}

  Json NULL = new Null();

  /// An empty map to gather an object's members in.
  static Map<String, Json> newMembers() {
    return new TreeMap<>(KEY_ORDER);
  }

  /// The value that a text means.
  ///
  /// @throws io.trencadis.base.SqlException 22P02 or 22P05 where it is no JSON, or holds what text
  ///   cannot
  static Json parse(String text) {
    return of(JsonNode.parse(text, true), text);
  }

  /// The value of a part of a text, whose strings were read.
  static Json of(JsonNode node, String text) {
    return switch (node.kind()) {
      case OBJECT -> {
        Map<String, Json> members = newMembers();
        for (int i = 0; i < node.items().size(); i++) {
          members.put(node.keys().get(i), of(node.items().get(i), text));
        }
        yield new Obj(members);
      }
      case ARRAY -> {
        List<Json> items = new ArrayList<>(node.items().size());
        for (JsonNode item : node.items()) {
          items.add(of(item, text));
        }
        yield new Arr(items);
      }
      case STRING -> new Str(node.string());
      case NUMBER -> new Num(NumericText.parse(node.source(text)));
      case BOOLEAN -> new Bool(text.charAt(node.start()) == 't');
      case NULL -> NULL;
    };
  }

  default boolean isContainer() {
    return this instanceof Arr || this instanceof Obj;
  }

  /// What `jsonb_typeof` says.
  default String typeName() {
    return switch (this) {
      case Null _ -> "null";
      case Bool _ -> "boolean";
      case Num _ -> "number";
      case Str _ -> "string";
      case Arr _ -> "array";
      case Obj _ -> "object";
    };
  }

  /// The text form, on one line.
  default String text() {
    StringBuilder out = new StringBuilder();
    write(out);
    return out.toString();
  }

  /// Appends the text form.
  default void write(StringBuilder out) {
    switch (this) {
      case Null _ -> out.append("null");
      case Bool bool -> out.append(bool.value);
      case Num number -> out.append(number.value);
      case Str string -> quote(string.value, out);
      case Arr array -> {
        String separator = "[";
        for (Json item : array.items) {
          out.append(separator);
          item.write(out);
          separator = ", ";
        }
        out.append(array.items.isEmpty() ? "[]" : "]");
      }
      case Obj object -> {
        String separator = "{";
        for (Map.Entry<String, Json> member : object.members.entrySet()) {
          quote(member.getKey(), out.append(separator));
          member.getValue().write(out.append(": "));
          separator = ", ";
        }
        out.append(object.members.isEmpty() ? "{}" : "}");
      }
    }
  }

  /// Appends a string as JSON writes it, in quotes.
  static void quote(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < ' ') {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
