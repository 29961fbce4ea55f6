package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.Json;
import io.trencadis.sql.types.JsonPath;
import io.trencadis.sql.types.JsonPath.Item;
import io.trencadis.sql.types.JsonPath.Kind;
import io.trencadis.sql.types.Numeric;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/// One run of a jsonpath on a value (PostgreSQL 15 manual, 9.16.2). Results are put into a list;
/// where the caller passes none it only asks whether there is one, and the run ends early.
final class JsonPathRun {
  /// How a step ended.
  enum Outcome {
    FOUND,
    NOTHING,
    /// What was wrong may not be said, because somebody asked for silence.
    ERROR
  }

  /// The container that `keyvalue()` counts places in, and its number.
  private record Base(Json json, long id) {}

  private final JsonPath path;
  private final Json root;
  private final Json variables;
  private final boolean zoned;
  private final EvalContext cx;
  private final JsonPathConditions conditions;
  private boolean silent;
  private boolean overlook;
  private Object current;
  private Base base;
  private long lastId;
  private int arraySize = -1;

  /// @param variables an object, or null for none
  /// @param silent whether errors of the data are answered with [Outcome#ERROR]
  /// @param zoned whether the session's time zone may be used
  JsonPathRun(
      JsonPath path, Json root, Json variables, boolean silent, boolean zoned, EvalContext cx) {
    this.path = path;
    this.root = root;
    this.variables = variables;
    this.silent = silent;
    this.zoned = zoned;
    this.cx = cx;
    this.overlook = path.lax();
    this.current = root;
    this.base = new Base(root, 0);
    this.lastId = variables == null ? 1 : 2;
    this.conditions = new JsonPathConditions(this);
    if (variables != null && !(variables instanceof Json.Obj)) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "\"vars\" argument is not an object")
          .detail("Jsonpath parameters should be encoded as key-value pairs of \"vars\" object.");
    }
  }

  Outcome execute(List<Object> found) {
    if (strict() && found == null) {
      // Strictly, an error anywhere counts, so all of it has to be looked at.
      List<Object> all = new ArrayList<>();
      Outcome outcome = run(path.root(), root, all);
      return outcome == Outcome.ERROR ? outcome : all.isEmpty() ? Outcome.NOTHING : Outcome.FOUND;
    }
    return run(path.root(), root, found);
  }

  boolean strict() {
    return !path.lax();
  }

  boolean zoned() {
    return zoned;
  }

  EvalContext context() {
    return cx;
  }

  private Outcome fail(SqlState state, String message) {
    return fail(new SqlException(state, message));
  }

  private Outcome fail(SqlException error) {
    if (!silent) {
      throw error;
    }
    return Outcome.ERROR;
  }

  /// What a path that does not fit its value comes to: nothing, where that is overlooked.
  private Outcome overlooked(SqlState state, String message) {
    return overlook ? Outcome.NOTHING : fail(state, message);
  }

  private Outcome run(Item item, Object value, List<Object> found) {
    return step(item, value, found, path.lax());
  }

  /// What follows a step, applied to a result of it.
  private Outcome follow(Item item, Object value, List<Object> found) {
    if (item != null && item.next() != null) {
      return run(item.next(), value, found);
    }
    return add(value, found);
  }

  private static Outcome add(Object value, List<Object> found) {
    if (found != null) {
      found.add(value);
    }
    return Outcome.FOUND;
  }

  /// The values of an operand. In lax mode arrays among them are taken apart.
  Outcome operand(Item item, Object value, boolean unwrap, List<Object> found) {
    if (!unwrap || strict()) {
      return run(item, value, found);
    }
    List<Object> all = new ArrayList<>();
    Outcome outcome = run(item, value, all);
    if (outcome == Outcome.ERROR) {
      return outcome;
    }
    for (Object each : all) {
      if (each instanceof Json.Arr array) {
        found.addAll(array.items());
      } else {
        found.add(each);
      }
    }
    return Outcome.FOUND;
  }

  /// As [#operand], but what goes wrong is an outcome and no error.
  Outcome quietOperand(Item item, Object value, boolean unwrap, List<Object> found) {
    boolean saved = silent;
    silent = true;
    try {
      return operand(item, value, unwrap, found);
    } finally {
      silent = saved;
    }
  }

  /// Whether a condition holds for a value, which is its `@`; null for unknown.
  Boolean holds(Item condition, Object value) {
    Object saved = current;
    current = value;
    try {
      return conditions.test(condition, value);
    } finally {
      current = saved;
    }
  }

  private Outcome step(Item item, Object value, List<Object> found, boolean unwrap) {
    if (item.kind().isPredicate()) {
      Boolean answer = conditions.test(item, value);
      return follow(item, answer == null ? Json.NULL : new Json.Bool(answer), found);
    }
    return switch (item.kind()) {
      case NULL, BOOL, NUMBER, STRING, VARIABLE -> constant(item, found);
      case ROOT -> rooted(item, found);
      case CURRENT -> follow(item, current, found);
      case LAST -> follow(item, new Json.Num(Numeric.of((long) arraySize - 1)), found);
      case KEY -> key(item, value, found, unwrap);
      case ANY_KEY -> anyKey(item, value, found, unwrap);
      case ANY_ITEM -> anyItem(item, value, found);
      case SUBSCRIPTS -> subscripts(item, value, found);
      case ANY_LEVEL -> anyLevel(item, value, found);
      case FILTER -> {
        if (unwrap && value instanceof Json.Arr) {
          yield elements(item, value, found);
        }
        yield Boolean.TRUE.equals(holds(item.left(), value))
            ? follow(item, value, found)
            : Outcome.NOTHING;
      }
      case ADD, SUBTRACT, MULTIPLY, DIVIDE, MODULO -> arithmetic(item, value, found);
      case PLUS, MINUS -> sign(item, value, found);
      case METHOD -> method(item, value, found, unwrap);
      case DATETIME ->
          unwrap && value instanceof Json.Arr
              ? elements(item, value, found)
              : moment(item, value, found);
      default -> throw SqlException.internal("jsonpath item " + item.kind());
    };
  }

  /// Applies a step to each element of an array.
  private Outcome elements(Item item, Object array, List<Object> found) {
    return descend(item, array, found, 1, 1, 1, false, false);
  }

  private Outcome rooted(Item item, List<Object> found) {
    Base saved = base;
    base = new Base(root, 0);
    Outcome outcome = follow(item, root, found);
    base = saved;
    return outcome;
  }

  private Outcome constant(Item item, List<Object> found) {
    if (item.next() == null && found == null) {
      return Outcome.FOUND;
    }
    Base saved = base;
    Json value =
        switch (item.kind()) {
          case NULL -> Json.NULL;
          case BOOL -> new Json.Bool((Boolean) item.value());
          case NUMBER -> new Json.Num((Numeric) item.value());
          case STRING -> new Json.Str(item.text());
          default -> variable(item.text());
        };
    Outcome outcome = follow(item, value, found);
    base = saved;
    return outcome;
  }

  /// The operators have no variables; to them each is null.
  private Json variable(String name) {
    if (variables == null) {
      return Json.NULL;
    }
    Json value = ((Json.Obj) variables).members().get(name);
    if (value == null) {
      throw new SqlException(
          SqlState.UNDEFINED_OBJECT, "could not find jsonpath variable \"" + name + "\"");
    }
    base = new Base(variables, 1);
    return value;
  }

  private Outcome key(Item item, Object value, List<Object> found, boolean unwrap) {
    if (value instanceof Json.Obj object) {
      Json member = object.members().get(item.text());
      if (member != null) {
        return follow(item, member, found);
      }
      return overlooked(
          SqlState.SQL_JSON_MEMBER_NOT_FOUND,
          "JSON object does not contain key \"" + item.text() + "\"");
    }
    if (unwrap && value instanceof Json.Arr) {
      return elements(item, value, found);
    }
    return overlooked(
        SqlState.SQL_JSON_MEMBER_NOT_FOUND,
        "jsonpath member accessor can only be applied to an object");
  }

  private Outcome anyKey(Item item, Object value, List<Object> found, boolean unwrap) {
    if (value instanceof Json.Obj) {
      return descend(item.next(), value, found, 1, 1, 1, false, path.lax());
    }
    if (unwrap && value instanceof Json.Arr) {
      return elements(item, value, found);
    }
    return overlooked(
        SqlState.SQL_JSON_OBJECT_NOT_FOUND,
        "jsonpath wildcard member accessor can only be applied to an object");
  }

  private Outcome anyItem(Item item, Object value, List<Object> found) {
    if (value instanceof Json.Arr) {
      return descend(item.next(), value, found, 1, 1, 1, false, path.lax());
    }
    if (path.lax()) {
      return follow(item, value, found);
    }
    return overlooked(
        SqlState.SQL_JSON_ARRAY_NOT_FOUND,
        "jsonpath wildcard array accessor can only be applied to an array");
  }

  private Outcome subscripts(Item item, Object value, List<Object> found) {
    if (!(value instanceof Json.Arr) && strict()) {
      return overlooked(
          SqlState.SQL_JSON_ARRAY_NOT_FOUND,
          "jsonpath array accessor can only be applied to an array");
    }
    List<?> items = value instanceof Json.Arr array ? array.items() : List.of(value);
    int saved = arraySize;
    arraySize = items.size();
    try {
      Outcome outcome = Outcome.NOTHING;
      for (JsonPath.Subscript subscript : item.subscripts()) {
        outcome = range(item, subscript, value, items, found);
        if (outcome == Outcome.ERROR || outcome == Outcome.FOUND && found == null) {
          return outcome;
        }
      }
      return outcome;
    } finally {
      arraySize = saved;
    }
  }

  private Outcome range(
      Item item, JsonPath.Subscript subscript, Object value, List<?> items, List<Object> found) {
    Integer from = index(subscript.from(), value);
    Integer to = from == null || subscript.to() == null ? from : index(subscript.to(), value);
    if (to == null) {
      return Outcome.ERROR;
    }
    if (!overlook && (from < 0 || from > to || to >= items.size())) {
      return fail(SqlState.INVALID_SQL_JSON_SUBSCRIPT, "jsonpath array subscript is out of bounds");
    }
    int last = Math.min(to, items.size() - 1);
    Outcome outcome = Outcome.NOTHING;
    for (int i = Math.max(from, 0); i <= last; i++) {
      // Following subscripts may have changed it.
      int size = arraySize;
      outcome = follow(item, items.get(i), found);
      arraySize = size;
      if (outcome == Outcome.ERROR || outcome == Outcome.FOUND && found == null) {
        return outcome;
      }
    }
    return outcome;
  }

  /// A subscript's value; null where it has none and nothing may be said.
  private Integer index(Item item, Object value) {
    List<Object> all = new ArrayList<>();
    if (run(item, value, all) == Outcome.ERROR) {
      return null;
    }
    if (all.size() != 1 || !(all.getFirst() instanceof Json.Num number)) {
      fail(
          SqlState.INVALID_SQL_JSON_SUBSCRIPT,
          "jsonpath array subscript is not a single numeric value");
      return null;
    }
    try {
      return number.value().decimal().toBigInteger().intValueExact();
    } catch (ArithmeticException e) {
      fail(
          new SqlException(
              SqlState.INVALID_SQL_JSON_SUBSCRIPT,
              "jsonpath array subscript is out of integer range",
              e));
      return null;
    }
  }

  private Outcome anyLevel(Item item, Object value, List<Object> found) {
    JsonPath.Levels levels = (JsonPath.Levels) item.value();
    Outcome outcome = Outcome.NOTHING;
    if (levels.first() == 0) {
      boolean saved = overlook;
      overlook = true;
      outcome = follow(item, value, found);
      overlook = saved;
      if (outcome == Outcome.FOUND && found == null) {
        return outcome;
      }
    }
    return value instanceof Json json && json.isContainer()
        ? descend(item.next(), value, found, 1, levels.first(), levels.last(), true, path.lax())
        : outcome;
  }

  /// Applies a step to what is inside a value, from one level to another.
  ///
  /// @param step null to take the values themselves
  private Outcome descend(
      Item step,
      Object value,
      List<Object> found,
      long level,
      long first,
      long last,
      boolean overlooking,
      boolean unwrap) {
    Outcome outcome = Outcome.NOTHING;
    if (level > last) {
      return outcome;
    }
    long leaves = JsonPath.Levels.LEAVES;
    for (Json each : JsonPathItems.children(value)) {
      if (level >= first || first == leaves && last == leaves && !each.isContainer()) {
        boolean saved = overlook;
        overlook |= overlooking;
        outcome = step == null ? add(each, found) : step(step, each, found, unwrap);
        overlook = saved;
        if (outcome == Outcome.ERROR || outcome == Outcome.FOUND && found == null) {
          return outcome;
        }
      }
      if (level < last && each.isContainer()) {
        outcome = descend(step, each, found, level + 1, first, last, overlooking, unwrap);
        if (outcome == Outcome.ERROR || outcome == Outcome.FOUND && found == null) {
          return outcome;
        }
      }
    }
    return outcome;
  }

  private Outcome arithmetic(Item item, Object value, List<Object> found) {
    List<Object> lefts = new ArrayList<>();
    List<Object> rights = new ArrayList<>();
    if (operand(item.left(), value, true, lefts) == Outcome.ERROR
        || operand(item.right(), value, true, rights) == Outcome.ERROR) {
      return Outcome.ERROR;
    }
    Numeric left = single(lefts);
    Numeric right = single(rights);
    if (left == null || right == null) {
      return fail(
          SqlState.SINGLETON_SQL_JSON_ITEM_REQUIRED,
          (left == null ? "left" : "right")
              + " operand of jsonpath operator "
              + item.kind().symbol()
              + " is not a single numeric value");
    }
    Numeric result;
    try {
      result = calculate(item.kind(), left, right);
    } catch (SqlException e) {
      return fail(e);
    }
    return follow(item, new Json.Num(result), found);
  }

  private static Numeric single(List<Object> items) {
    return items.size() == 1 && items.getFirst() instanceof Json.Num number ? number.value() : null;
  }

  private static Numeric calculate(Kind kind, Numeric a, Numeric b) {
    return switch (kind) {
      case ADD -> NumericMath.add(a, b);
      case SUBTRACT -> NumericMath.subtract(a, b);
      case MULTIPLY -> NumericMath.multiply(a, b);
      case DIVIDE -> NumericMath.divide(a, b);
      default -> NumericMath.modulo(a, b);
    };
  }

  private Outcome sign(Item item, Object value, List<Object> found) {
    List<Object> all = new ArrayList<>();
    if (operand(item.left(), value, true, all) == Outcome.ERROR) {
      return Outcome.ERROR;
    }
    Outcome outcome = Outcome.NOTHING;
    for (Object each : all) {
      if (!(each instanceof Json.Num number)) {
        if (found == null && item.next() == null) {
          continue;
        }
        return fail(
            SqlState.SQL_JSON_NUMBER_NOT_FOUND,
            "operand of unary jsonpath operator "
                + item.kind().symbol()
                + " is not a numeric value");
      }
      Json result = item.kind() == Kind.MINUS ? new Json.Num(number.value().negate()) : number;
      Outcome next = follow(item, result, found);
      if (next == Outcome.ERROR || next == Outcome.FOUND && found == null) {
        return next;
      }
      outcome = next == Outcome.FOUND ? next : outcome;
    }
    return outcome;
  }

  private Outcome method(Item item, Object value, List<Object> found, boolean unwrap) {
    String name = item.text();
    if (name.equals("type")) {
      return follow(item, new Json.Str(JsonPathItems.typeName(value)), found);
    }
    if (name.equals("size")) {
      return size(item, value, found);
    }
    if (unwrap && value instanceof Json.Arr) {
      return elements(item, value, found);
    }
    if (name.equals("keyvalue")) {
      return keyValue(item, value, found);
    }
    Json result;
    try {
      result = JsonPathNumbers.apply(name, value);
    } catch (SqlException e) {
      return fail(e);
    }
    return follow(item, result, found);
  }

  private Outcome size(Item item, Object value, List<Object> found) {
    if (!(value instanceof Json.Arr) && strict()) {
      return overlooked(
          SqlState.SQL_JSON_ARRAY_NOT_FOUND,
          "jsonpath item method .size() can only be applied to an array");
    }
    long size = value instanceof Json.Arr array ? array.items().size() : 1;
    return follow(item, new Json.Num(Numeric.of(size)), found);
  }

  private Outcome keyValue(Item item, Object value, List<Object> found) {
    if (!(value instanceof Json.Obj object)) {
      return fail(
          SqlState.SQL_JSON_OBJECT_NOT_FOUND,
          "jsonpath item method .keyvalue() can only be applied to an object");
    }
    BigDecimal id =
        BigDecimal.valueOf(base.id)
            .movePointRight(10)
            .add(BigDecimal.valueOf(JsonPathItems.offset(base.json, object)));
    Outcome outcome = Outcome.NOTHING;
    for (var member : object.members().entrySet()) {
      var pair = Json.newMembers();
      pair.put("id", new Json.Num(Numeric.of(id.toBigInteger())));
      pair.put("key", new Json.Str(member.getKey()));
      pair.put("value", member.getValue());
      Json made = new Json.Obj(pair);
      Base saved = base;
      base = new Base(made, lastId++);
      outcome = follow(item, made, found);
      base = saved;
      if (outcome == Outcome.ERROR || outcome == Outcome.FOUND && found == null) {
        return outcome;
      }
    }
    return outcome;
  }

  private Outcome moment(Item item, Object value, List<Object> found) {
    SqlState state = SqlState.INVALID_ARGUMENT_FOR_SQL_JSON_DATETIME_FUNCTION;
    if (!(value instanceof Json.Str string)) {
      return fail(state, "jsonpath item method .datetime() can only be applied to a string");
    }
    JsonPathItems.Moment moment;
    if (item.left() != null) {
      try {
        moment = DateTimeScanner.moment(string.value(), item.left().text());
      } catch (SqlException e) {
        return fail(e);
      }
    } else {
      moment = JsonPathDateTime.read(string.value());
      if (moment == null) {
        return fail(
            new SqlException(state, "datetime format is not recognized: \"" + string.value() + "\"")
                .hint("Use a datetime template argument to specify the input data format."));
      }
    }
    return follow(item, moment, found);
  }
}
