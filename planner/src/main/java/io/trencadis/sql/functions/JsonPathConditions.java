package io.trencadis.sql.functions;

import io.trencadis.sql.functions.JsonPathItems.Moment;
import io.trencadis.sql.functions.JsonPathRun.Outcome;
import io.trencadis.sql.types.Json;
import io.trencadis.sql.types.JsonPath;
import io.trencadis.sql.types.JsonPath.Item;
import io.trencadis.sql.types.JsonPath.Kind;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;

/// The predicates of jsonpath. They are true, false or unknown, which is null here.
final class JsonPathConditions {
  private final JsonPathRun run;

  JsonPathConditions(JsonPathRun run) {
    this.run = run;
  }

  /// Compares one value of the left side with one of the right side.
  private interface Test {
    Boolean of(Object left, Object right);
  }

  Boolean test(Item item, Object value) {
    return switch (item.kind()) {
      case AND -> {
        Boolean left = test(item.left(), value);
        if (Boolean.FALSE.equals(left)) {
          yield false;
        }
        Boolean right = test(item.right(), value);
        yield Boolean.TRUE.equals(right) ? left : right;
      }
      case OR -> {
        Boolean left = test(item.left(), value);
        if (Boolean.TRUE.equals(left)) {
          yield true;
        }
        Boolean right = test(item.right(), value);
        yield Boolean.FALSE.equals(right) ? left : right;
      }
      case NOT -> {
        Boolean answer = test(item.left(), value);
        yield answer == null ? null : Boolean.valueOf(!answer);
      }
      case IS_UNKNOWN -> test(item.left(), value) == null;
      case EXISTS -> exists(item.left(), value);
      case STARTS_WITH ->
          any(item.left(), item.right(), value, false, JsonPathConditions::startsWith);
      case LIKE_REGEX -> {
        JsonPath.Like like = (JsonPath.Like) item.value();
        yield any(
            item.left(),
            null,
            value,
            false,
            (a, _) ->
                a instanceof Json.Str string
                    ? like.pattern().matcher(string.value()).find()
                    : null);
      }
      default -> any(item.left(), item.right(), value, true, (a, b) -> compare(item.kind(), a, b));
    };
  }

  private Boolean exists(Item item, Object value) {
    List<Object> found = run.strict() ? new ArrayList<>() : null;
    Outcome outcome = run.quietOperand(item, value, false, found);
    if (outcome == Outcome.ERROR) {
      return null;
    }
    return found == null ? outcome == Outcome.FOUND : !found.isEmpty();
  }

  /// Whether a test holds for any pair of values. Strictly, one that is unknown makes all of it so.
  private Boolean any(Item left, Item right, Object value, boolean unwrapRight, Test test) {
    List<Object> lefts = new ArrayList<>();
    if (run.quietOperand(left, value, true, lefts) == Outcome.ERROR) {
      return null;
    }
    List<Object> rights = new ArrayList<>();
    if (right == null) {
      rights.add(Json.NULL);
    } else if (run.quietOperand(right, value, unwrapRight, rights) == Outcome.ERROR) {
      return null;
    }
    boolean unknown = false;
    boolean found = false;
    for (Object a : lefts) {
      for (Object b : rights) {
        Boolean answer = test.of(a, b);
        if (answer == null) {
          if (run.strict()) {
            return null;
          }
          unknown = true;
        } else if (answer) {
          if (!run.strict()) {
            return true;
          }
          found = true;
        }
      }
    }
    return found ? Boolean.TRUE : unknown ? null : Boolean.FALSE;
  }

  private static Boolean startsWith(Object whole, Object start) {
    return whole instanceof Json.Str text && start instanceof Json.Str initial
        ? Boolean.valueOf(text.value().startsWith(initial.value()))
        : null;
  }

  private Boolean compare(Kind kind, Object a, Object b) {
    if (a instanceof Json.Null != b instanceof Json.Null) {
      return kind == Kind.NOT_EQUAL;
    }
    Integer order;
    if (a instanceof Moment left && b instanceof Moment right) {
      order = JsonPathDateTime.compare(left, right, run.zoned(), run.context());
    } else if (a instanceof Json left
        && b instanceof Json right
        && left.getClass() == right.getClass()) {
      order = order(left, right);
    } else {
      order = null;
    }
    if (order == null) {
      return null;
    }
    return switch (kind) {
      case EQUAL -> order == 0;
      case NOT_EQUAL -> order != 0;
      case LESS -> order < 0;
      case LESS_OR_EQUAL -> order <= 0;
      case GREATER -> order > 0;
      default -> order >= 0;
    };
  }

  private static Integer order(Json a, Json b) {
    return switch (a) {
      case Json.Null _ -> 0;
      case Json.Bool bool -> Boolean.compare(bool.value(), ((Json.Bool) b).value());
      case Json.Num number -> number.value().compareTo(((Json.Num) b).value());
      case Json.Str string -> Types.TEXT.codec().compare(string.value(), ((Json.Str) b).value());
      default -> null;
    };
  }
}
