package io.trencadis.sql.catalog;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Records as JSON, by their components: numbers, booleans, characters, strings, lists, records,
/// and sealed interfaces of records, which are told apart by a first field `kind`. A field that is
/// missing is null, 0, false or an empty list, and one that no component has is passed over, so
/// that components can come and go.
///
/// Not a general mapper, on purpose: one that is takes longer to load than the server to start.
/// Thread-safe.
public final class RecordJson {
  private static final String KIND = "kind";

  private final JsonFactory factory = new JsonFactory();
  private final Map<Class<?>, Shape> shapes = new ConcurrentHashMap<>();

  private record Shape(RecordComponent[] components, Constructor<?> constructor) {
    static Shape of(Class<?> type) {
      RecordComponent[] components = type.getRecordComponents();
      Class<?>[] types = new Class<?>[components.length];
      for (int i = 0; i < types.length; i++) {
        types[i] = components[i].getType();
        components[i].getAccessor().setAccessible(true);
      }
      try {
        Constructor<?> constructor = type.getDeclaredConstructor(types);
        constructor.setAccessible(true);
        return new Shape(components, constructor);
      } catch (NoSuchMethodException e) {
        throw new IllegalStateException("a record without its constructor: " + type, e);
      }
    }
  }

  private Shape shape(Class<?> type) {
    return shapes.computeIfAbsent(type, Shape::of);
  }

  /// @param as the declared type: where it is a sealed interface the kind is written
  public byte[] write(Object value, Class<?> as) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    try (JsonGenerator generator = factory.createGenerator(out)) {
      write(generator, value, as);
    }
    return out.toByteArray();
  }

  private void write(JsonGenerator out, Object value, Class<?> as) throws IOException {
    switch (value) {
      case null -> out.writeNull();
      case Integer number -> out.writeNumber(number);
      case Long number -> out.writeNumber(number);
      case Double number -> out.writeNumber(number);
      case Boolean flag -> out.writeBoolean(flag);
      case String text -> out.writeString(text);
      case Character character -> out.writeString(character.toString());
      case List<?> list -> {
        out.writeStartArray();
        for (Object element : list) {
          write(out, element, element == null ? Object.class : declared(element));
        }
        out.writeEndArray();
      }
      case Record record -> {
        out.writeStartObject();
        if (as.isSealed()) {
          out.writeStringField(KIND, kind(record.getClass()));
        }
        for (RecordComponent component : shape(record.getClass()).components) {
          out.writeFieldName(component.getName());
          write(out, get(component, record), component.getType());
        }
        out.writeEndObject();
      }
      default -> throw new IllegalStateException("no JSON for " + value.getClass());
    }
  }

  /// Lists hold records of one class; sealed ones stand in fields only.
  private static Class<?> declared(Object element) {
    return element.getClass();
  }

  private static Object get(RecordComponent component, Record record) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("component " + component + " cannot be read", e);
    }
  }

  private static String kind(Class<?> type) {
    return type.getSimpleName().replace("Descriptor", "").toLowerCase(Locale.ROOT);
  }

  /// @throws IOException for bytes that are no JSON of the type
  public <T> T read(byte[] bytes, Class<T> type) throws IOException {
    try (JsonParser parser = factory.createParser(bytes)) {
      parser.nextToken();
      return type.cast(read(parser, type));
    } catch (ClassCastException | IllegalArgumentException e) {
      throw new IOException("not the JSON of a " + type.getSimpleName(), e);
    }
  }

  private Object read(JsonParser in, Type type) throws IOException {
    if (in.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    if (type instanceof ParameterizedType list) {
      List<Object> elements = new ArrayList<>();
      while (in.nextToken() != JsonToken.END_ARRAY) {
        elements.add(read(in, list.getActualTypeArguments()[0]));
      }
      return java.util.Collections.unmodifiableList(elements);
    }
    Class<?> plain = (Class<?>) type;
    if (plain == int.class || plain == Integer.class) {
      return in.getIntValue();
    }
    if (plain == long.class || plain == Long.class) {
      return in.getLongValue();
    }
    if (plain == double.class || plain == Double.class) {
      return in.getDoubleValue();
    }
    if (plain == boolean.class || plain == Boolean.class) {
      return in.getBooleanValue();
    }
    if (plain == char.class || plain == Character.class) {
      return in.getText().charAt(0);
    }
    if (plain == String.class) {
      return in.getText();
    }
    return readRecord(in, plain);
  }

  private Object readRecord(JsonParser in, Class<?> declared) throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      throw new IOException("an object was expected, not " + in.currentToken());
    }
    Class<?> type = declared;
    if (declared.isSealed()) {
      in.nextToken();
      in.nextToken();
      type = ofKind(declared, in.getText());
    }
    Shape shape = shape(type);
    Map<String, Object> values = new HashMap<>();
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      in.nextToken();
      RecordComponent component = component(shape, name);
      if (component == null) {
        in.skipChildren();
      } else {
        values.put(name, read(in, component.getGenericType()));
      }
    }
    Object[] arguments = new Object[shape.components.length];
    for (int i = 0; i < arguments.length; i++) {
      RecordComponent component = shape.components[i];
      Object value = values.get(component.getName());
      boolean missing = value == null && !values.containsKey(component.getName());
      arguments[i] = missing ? absent(component.getType()) : value;
    }
    try {
      return shape.constructor.newInstance(arguments);
    } catch (ReflectiveOperationException e) {
      throw new IOException("a " + type.getSimpleName() + " cannot be made of this", e);
    }
  }

  private static RecordComponent component(Shape shape, String name) {
    for (RecordComponent component : shape.components) {
      if (component.getName().equals(name)) {
        return component;
      }
    }
    return null;
  }

  private static Class<?> ofKind(Class<?> sealed, String kind) throws IOException {
    Class<?> found = find(sealed, kind);
    if (found == null) {
      throw new IOException("no " + sealed.getSimpleName() + " is of kind " + kind);
    }
    return found;
  }

  /// The record of that kind, also where a sealed interface is between the two.
  private static Class<?> find(Class<?> sealed, String kind) {
    for (Class<?> permitted : sealed.getPermittedSubclasses()) {
      Class<?> found =
          permitted.isSealed()
              ? find(permitted, kind)
              : kind(permitted).equals(kind) ? permitted : null;
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static Object absent(Class<?> type) {
    if (type == List.class) {
      return List.of();
    }
    if (type == int.class) {
      return 0;
    }
    if (type == long.class) {
      return 0L;
    }
    if (type == double.class) {
      return 0d;
    }
    if (type == boolean.class) {
      return false;
    }
    return type == char.class ? (Object) '\0' : null;
  }
}
