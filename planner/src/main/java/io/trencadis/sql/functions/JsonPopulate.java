package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.Json;
import io.trencadis.sql.types.JsonNode;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.RowField;
import io.trencadis.sql.types.SqlArray;
import io.trencadis.sql.types.SqlRow;
import io.trencadis.sql.types.TypeCodec;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/// Makes rows of JSON objects: `json_populate_record`, `json_to_record`, their relatives for sets
/// and those for jsonb (PostgreSQL 15 manual, 9.16).
final class JsonPopulate {
  private final String name;
  private final PgType result;

  private JsonPopulate(ResolvedCall call) {
    this.name = call.proc().name();
    this.result = call.resultType();
  }

  static void register(Builtins.Registry to) {
    for (String prefix : List.of("json_", "jsonb_")) {
      to.bound(
          prefix + "populate_record",
          call -> {
            JsonPopulate code = new JsonPopulate(call);
            code.requireRow();
            return (FnN) (args, cx) -> code.record(args[0], args[1], cx);
          });
      to.bound(
          prefix + "to_record",
          call -> {
            JsonPopulate code = new JsonPopulate(call);
            return (FnN) (args, cx) -> code.record(null, args[0], cx);
          });
    }
  }

  /// The code of a set-returning function, or null if it is none of these.
  static SetFn find(ResolvedCall call) {
    JsonPopulate code = new JsonPopulate(call);
    return switch (call.proc().source()) {
      case "json_populate_recordset", "jsonb_populate_recordset" -> {
        code.requireRow();
        yield (args, cx) -> code.set(args[0], args[1], cx);
      }
      case "json_to_recordset", "jsonb_to_recordset" -> (args, cx) -> code.set(null, args[0], cx);
      default -> null;
    };
  }

  private void requireRow() {
    if (!result.baseType().isRow()) {
      throw new SqlException(
          SqlState.DATATYPE_MISMATCH, "first argument of " + name + " must be a row type");
    }
  }

  private static SqlException invalid(String message) {
    return new SqlException(SqlState.INVALID_PARAMETER_VALUE, message);
  }

  /// The type of the rows: the one that the query declares, or that of the row to begin with.
  private PgType rowType(SqlRow base) {
    PgType declared = result.baseType();
    boolean anonymous = declared.oid() == Types.RECORD.oid();
    if (!anonymous || base == null && !declared.fields().isEmpty()) {
      return declared;
    }
    if (base == null) {
      throw new SqlException(
              SqlState.FEATURE_NOT_SUPPORTED, "could not determine row type for result of " + name)
          .hint(
              "Provide a non-null record argument, or call the function in the FROM clause using a"
                  + " column definition list.");
    }
    List<RowField> fields = new ArrayList<>();
    for (int i = 0; i < base.width(); i++) {
      String field = base.names() == null ? "f" + (i + 1) : base.names().get(i);
      fields.add(new RowField(field, base.types()[i].oid(), -1, i + 1));
    }
    PgType own = PgType.anonymousRow(fields);
    if (!declared.fields().isEmpty()) {
      requireSame(declared, own);
    }
    return own;
  }

  /// Fails unless a row is as the query declares it.
  private static void requireSame(PgType declared, PgType own) {
    SqlException error =
        new SqlException(
            SqlState.DATATYPE_MISMATCH,
            "function return row and query-specified return row do not match");
    int width = own.fields().size();
    if (width != declared.fields().size()) {
      throw error.detail(
          "Returned row contains "
              + width
              + (width == 1 ? " attribute" : " attributes")
              + ", but query expects "
              + declared.fields().size()
              + ".");
    }
    for (int i = 0; i < width; i++) {
      if (!Casts.binaryCoercible(own.fieldType(i), declared.fieldType(i))) {
        throw error.detail(
            "Returned type "
                + own.fieldType(i).displayName()
                + " at ordinal position "
                + (i + 1)
                + ", but query expects "
                + declared.fieldType(i).displayName()
                + ".");
      }
    }
  }

  /// A JSON value of either type as a text and what it is made of.
  private record Source(String text, JsonNode node) {
    static Source of(Object json) {
      String text = json instanceof Json value ? value.text() : (String) json;
      return new Source(text, JsonNode.parse(text, true));
    }

    Source at(JsonNode part) {
      return new Source(text, part);
    }

    boolean is(JsonNode.Kind kind) {
      return node.kind() == kind;
    }
  }

  private Object record(Object base, Object json, EvalContext cx) {
    PgType type = rowType((SqlRow) base);
    if (json == null) {
      return base;
    }
    Source source = Source.of(json);
    requireObject(source, "populate_composite");
    return checked(result, row(type, (SqlRow) base, source, cx), cx);
  }

  private static Object checked(PgType type, Object value, EvalContext cx) {
    return type.hasRules() ? cx.checked(type, value) : value;
  }

  private static void requireObject(Source source, String name) {
    if (!source.is(JsonNode.Kind.OBJECT)) {
      throw invalid(
          "cannot call "
              + name
              + (source.is(JsonNode.Kind.ARRAY) ? " on an array" : " on a scalar"));
    }
  }

  private Iterator<Object> set(Object base, Object json, EvalContext cx) {
    PgType type = rowType((SqlRow) base);
    if (json == null) {
      return List.of().iterator();
    }
    Source source = Source.of(json);
    if (!source.is(JsonNode.Kind.ARRAY)) {
      throw invalid(
          "cannot call "
              + name
              + (json instanceof Json
                  ? " on a non-array"
                  : source.is(JsonNode.Kind.OBJECT) ? " on an object" : " on a scalar"));
    }
    List<Object> rows = new ArrayList<>();
    for (JsonNode item : source.node.items()) {
      if (item.kind() != JsonNode.Kind.OBJECT) {
        throw invalid("argument of " + name + " must be an array of objects");
      }
      rows.add(checked(result, row(type, (SqlRow) base, source.at(item), cx), cx));
    }
    return rows.iterator();
  }

  private SqlRow row(PgType type, SqlRow base, Source source, EvalContext cx) {
    PgType[] types = type.fieldTypes().toArray(new PgType[0]);
    Object[] values = base == null ? new Object[types.length] : base.values().clone();
    for (int i = 0; i < types.length; i++) {
      String key = type.fields().get(i).name();
      int at = source.node.keys().lastIndexOf(key);
      if (at >= 0) {
        values[i] =
            value(
                types[i],
                type.fields().get(i).typmod(),
                source.at(source.node.items().get(at)),
                key,
                values[i],
                cx);
      } else if (base == null) {
        values[i] = checked(types[i], null, cx);
      }
    }
    return new SqlRow(types, values, type.fieldNames());
  }

  /// @param before the value that the row to begin with has here, or null
  private Object value(
      PgType type, int typmod, Source source, String key, Object before, EvalContext cx) {
    PgType base = type.baseType();
    boolean string = source.is(JsonNode.Kind.STRING);
    Object value;
    if (source.is(JsonNode.Kind.NULL)) {
      value = null;
    } else if (base == Types.JSON || base == Types.JSONB) {
      value = base.codec().parse(source.node.source(source.text), -1, cx);
    } else if (base.isRow() && base != Types.RECORD && !string) {
      requireObject(source, "populate_composite");
      value = row(base, (SqlRow) before, source, cx);
    } else if (base.isArray() && !base.isVector() && !string) {
      value = array(base.elementType(), typmod, source, key, cx);
    } else {
      String text = string ? source.node.string() : source.node.source(source.text);
      int modifier = typmod < 0 ? type.domainTypmod() : typmod;
      TypeCodec codec = base.codec();
      value = codec.parse(text, modifier, cx);
      if (modifier >= 0) {
        value = codec.coerceTypmod(value, modifier, false);
      }
    }
    return checked(type, value, cx);
  }

  // ---- arrays

  private Object array(PgType element, int typmod, Source source, String key, EvalContext cx) {
    if (!source.is(JsonNode.Kind.ARRAY)) {
      throw expectedArray(key, List.of());
    }
    List<Object> elements = new ArrayList<>();
    List<Integer> dims = new ArrayList<>();
    Array array = new Array(element, typmod, key, elements, dims, cx);
    collect(array, source, 1, new ArrayList<>());
    int[] sizes = dims.stream().mapToInt(Integer::intValue).toArray();
    if (elements.isEmpty()) {
      return SqlArray.empty(element);
    }
    int[] lower = new int[sizes.length];
    Arrays.fill(lower, 1);
    return new SqlArray(element, sizes, lower, elements.toArray());
  }

  private record Array(
      PgType element,
      int typmod,
      String key,
      List<Object> elements,
      List<Integer> dims,
      EvalContext cx) {}

  /// @param dims the sizes of the dimensions that are known; the first inner one that is no array
  ///   tells how many there are
  private void collect(Array array, Source source, int level, List<Integer> path) {
    int size = source.node.items().size();
    if (array.dims.size() < level) {
      array.dims.add(size);
    } else if (array.dims.get(level - 1) != size) {
      throw malformed();
    }
    for (int i = 0; i < size; i++) {
      Source item = source.at(source.node.items().get(i));
      boolean nested =
          item.is(JsonNode.Kind.ARRAY)
              && array.element.baseType() != Types.JSON
              && array.element.baseType() != Types.JSONB
              && (array.dims.size() > level || array.elements.isEmpty());
      path.add(i);
      if (nested) {
        collect(array, item, level + 1, path);
      } else if (array.dims.size() > level) {
        throw expectedArray(array.key, path);
      } else {
        array.elements.add(value(array.element, array.typmod, item, array.key, null, array.cx));
      }
      path.removeLast();
    }
  }

  private static SqlException malformed() {
    return new SqlException(SqlState.INVALID_TEXT_REPRESENTATION, "malformed JSON array")
        .detail("Multidimensional arrays must have sub-arrays with matching dimensions.");
  }

  private static SqlException expectedArray(String key, List<Integer> path) {
    StringBuilder place = new StringBuilder();
    path.forEach(index -> place.append('[').append(index).append(']'));
    return new SqlException(SqlState.INVALID_TEXT_REPRESENTATION, "expected JSON array")
        .hint(
            place.isEmpty()
                ? "See the value of key \"" + key + "\"."
                : "See the array element " + place + " of key \"" + key + "\".");
  }
}
