package io.trencadis.sql.session;

import io.trencadis.sql.types.Json;
import java.util.List;
import java.util.Map;

/// Writes what [ExplainTree] made, laid out as PostgreSQL does.
enum ExplainFormat {
  TEXT,
  JSON,
  XML,
  YAML;

  /// @param query the properties of the one statement that is explained
  String write(Map<String, Object> query) {
    StringBuilder out = new StringBuilder();
    switch (this) {
      case JSON -> {
        out.append("[\n  ");
        jsonMap(query, 1, out);
        out.append("\n]");
      }
      case XML -> {
        out.append("<explain xmlns=\"http://www.postgresql.org/2009/explain\">\n  <Query>\n");
        xmlMap(query, 2, out);
        out.append("  </Query>\n</explain>");
      }
      case YAML -> {
        out.append("- ");
        yamlMap(query, 1, out);
      }
      case TEXT -> throw new IllegalStateException("text is written line by line");
    }
    return out.toString();
  }

  private static String indent(int level) {
    return "  ".repeat(level);
  }

  private static String quoted(String text) {
    StringBuilder out = new StringBuilder();
    Json.quote(text, out);
    return out.toString();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }

  private static String scalar(Object value) {
    return value instanceof String text ? quoted(text) : value.toString();
  }

  private static void jsonMap(Map<String, Object> map, int level, StringBuilder out) {
    out.append('{');
    String separator = "\n";
    for (Map.Entry<String, Object> entry : map.entrySet()) {
      out.append(separator).append(indent(level + 1)).append(quoted(entry.getKey())).append(": ");
      switch (entry.getValue()) {
        case Map<?, ?> inner -> jsonMap(map(inner), level + 1, out);
        case List<?> list -> jsonList(list, level + 1, out);
        case Object value -> out.append(scalar(value));
      }
      separator = ",\n";
    }
    out.append('\n').append(indent(level)).append('}');
  }

  /// Strings stand on one line, maps below one another.
  private static void jsonList(List<?> list, int level, StringBuilder out) {
    out.append('[');
    if (!list.isEmpty() && list.getFirst() instanceof String) {
      out.append(String.join(", ", list.stream().map(ExplainFormat::scalar).toList()));
      out.append(']');
      return;
    }
    String separator = "\n";
    for (Object item : list) {
      out.append(separator).append(indent(level + 1));
      jsonMap(map(item), level + 1, out);
      separator = ",\n";
    }
    out.append('\n').append(indent(level)).append(']');
  }

  private static String tag(String name) {
    return name.replaceAll("[^A-Za-z0-9_.-]", "-");
  }

  private static String escaped(Object value) {
    return value
        .toString()
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\r", "&#x0d;");
  }

  private static void xmlMap(Map<String, Object> map, int level, StringBuilder out) {
    map.forEach((key, value) -> xml(tag(key), value, level, out));
  }

  private static void xml(String tag, Object value, int level, StringBuilder out) {
    out.append(indent(level)).append('<').append(tag).append('>');
    switch (value) {
      case Map<?, ?> inner -> {
        out.append('\n');
        xmlMap(map(inner), level + 1, out);
        out.append(indent(level));
      }
      case List<?> list -> {
        out.append('\n');
        for (Object item : list) {
          xml(item instanceof String ? "Item" : "Plan", item, level + 1, out);
        }
        out.append(indent(level));
      }
      case Object scalar -> out.append(escaped(scalar));
    }
    out.append("</").append(tag).append(">\n");
  }

  /// The first entry stands on the line that was begun.
  private static void yamlMap(Map<String, Object> map, int level, StringBuilder out) {
    String start = "";
    for (Map.Entry<String, Object> entry : map.entrySet()) {
      out.append(start).append(entry.getKey()).append(": ");
      switch (entry.getValue()) {
        case Map<?, ?> inner -> {
          if (!inner.isEmpty()) {
            out.append('\n').append(indent(level + 1));
            yamlMap(map(inner), level + 1, out);
          }
        }
        case List<?> list -> {
          for (Object item : list) {
            out.append('\n').append(indent(level + 1)).append("- ");
            if (item instanceof String text) {
              out.append(quoted(text));
            } else {
              yamlMap(map(item), level + 2, out);
            }
          }
        }
        case Object value -> out.append(scalar(value));
      }
      start = "\n" + indent(level);
    }
  }
}
