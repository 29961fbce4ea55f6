package io.trencadis.cli.apps;

import java.util.Map;
import java.util.TreeMap;
import org.hibernate.type.descriptor.WrapperOptions;
import org.hibernate.type.descriptor.java.JavaType;
import org.hibernate.type.format.FormatMapper;

/// Maps of texts as JSON objects, because no JSON library that Hibernate knows is among the tests'
/// dependencies.
public final class JsonText implements FormatMapper {
  @Override
  public <T> T fromString(CharSequence json, JavaType<T> type, WrapperOptions options) {
    Map<String, String> map = new TreeMap<>();
    String body = json.toString().strip();
    body = body.substring(1, body.length() - 1).strip();
    for (String pair : body.isEmpty() ? new String[0] : body.split(",")) {
      String[] both = pair.split(":");
      map.put(unquoted(both[0]), unquoted(both[1]));
    }
    return type.wrap(map, options);
  }

  private static String unquoted(String text) {
    return text.strip().replace("\"", "");
  }

  @Override
  public <T> String toString(T value, JavaType<T> type, WrapperOptions options) {
    StringBuilder json = new StringBuilder("{");
    ((Map<?, ?>) value)
        .forEach(
            (key, text) ->
                json.append(json.length() == 1 ? "" : ",")
                    .append("\"" + key + "\": \"" + text + "\""));
    return json.append("}").toString();
  }
}
