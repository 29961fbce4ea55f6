package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlArray;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;

/// Evaluates expressions of literals, casts, operators, calls and arrays, just enough to compare
/// functions with PostgreSQL by the text of an expression. Everything goes through
/// [FunctionResolver] and [Casts].
final class MiniSql {
  /// A value, with its type and typmod.
  record Typed(PgType type, Object value) {}

  private final String text;
  private final EvalContext cx;
  private int at;

  private MiniSql(String text, EvalContext cx) {
    this.text = text;
    this.cx = cx;
  }

  /// The text that PostgreSQL prints for the expression; null for NULL.
  static String evaluate(String expression, EvalContext cx) {
    MiniSql sql = new MiniSql(expression, cx);
    Typed result = sql.expression(0);
    sql.skip();
    if (sql.at < sql.text.length()) {
      throw new IllegalArgumentException("cannot read: " + expression + " at " + sql.at);
    }
    if (result.value == null) {
      return null;
    }
    return (result.type == Types.UNKNOWN ? Types.TEXT : result.type)
        .codec()
        .format(result.value, cx);
  }

  private void skip() {
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
  }

  private char peek() {
    skip();
    return at < text.length() ? text.charAt(at) : 0;
  }

  private boolean accept(String token) {
    skip();
    if (text.regionMatches(true, at, token, 0, token.length())) {
      boolean word = Character.isLetter(token.charAt(token.length() - 1));
      int end = at + token.length();
      if (!word
          || end == text.length()
          || !Character.isLetterOrDigit(text.charAt(end)) && text.charAt(end) != '_') {
        at = end;
        return true;
      }
    }
    return false;
  }

  private void expect(String token) {
    if (!accept(token)) {
      throw new IllegalArgumentException("expected " + token + " at " + at + " in " + text);
    }
  }

  private static int precedence(String operator) {
    return switch (operator) {
      case "=", "<", ">", "<=", ">=", "<>", "!=" -> 2;
      case "like", "ilike" -> 3;
      case "+", "-" -> 5;
      case "*", "/", "%" -> 6;
      case "^" -> 7;
      default -> 4;
    };
  }

  private Typed expression(int minimum) {
    Typed left = unary();
    while (true) {
      int before = at;
      String operator = operator();
      if (operator == null) {
        if (accept("at time zone")) {
          Typed zone = expression(8);
          left = call("timezone", List.of(zone, left));
          continue;
        }
        return left;
      }
      int precedence = precedence(operator);
      if (precedence <= minimum) {
        at = before;
        return left;
      }
      if (accept("any(") || accept("all(")) {
        boolean any = Character.toLowerCase(text.charAt(at - 3)) == 'n';
        Typed array = expression(0);
        expect(")");
        left = quantified(operator, left, array, any);
        continue;
      }
      Typed right = expression(precedence);
      left = operate(operator, left, right);
    }
  }

  private Typed quantified(String operator, Typed left, Typed array, boolean any) {
    PgType element = array.type.elementType();
    ResolvedOperator op = FunctionResolver.operator(operator, left.type, element);
    Object l = cast(left, op.call().argTypes().get(0), -1, CastContext.IMPLICIT).value;
    SqlArray r =
        (SqlArray)
            cast(array, op.call().argTypes().get(1).arrayType(), -1, CastContext.IMPLICIT).value;
    Fn fn = Builtins.bind(op.call());
    return new Typed(
        Types.BOOL, any ? ArrayFunctions.any(l, r, fn, cx) : ArrayFunctions.all(l, r, fn, cx));
  }

  private String operator() {
    skip();
    if (accept("not like")) {
      return "!~~";
    }
    if (accept("not ilike")) {
      return "!~~*";
    }
    if (accept("like")) {
      return "~~";
    }
    if (accept("ilike")) {
      return "~~*";
    }
    int from = at;
    while (at < text.length() && "+-*/<>=~!@#%^&|?".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    if (at == from) {
      return null;
    }
    // As in SQL, a sign ends an operator that has none of the less usual characters.
    while (at - from > 1
        && "+-".indexOf(text.charAt(at - 1)) >= 0
        && text.substring(from, at).chars().noneMatch(c -> "~!@#%^&|?".indexOf(c) >= 0)) {
      at--;
    }
    String name = text.substring(from, at);
    return name.equals("!=") ? "<>" : name;
  }

  private Typed operate(String name, Typed left, Typed right) {
    ResolvedOperator op = FunctionResolver.operator(name, left.type, right.type);
    return run(op.call(), List.of(left, right));
  }

  private Typed unary() {
    char c = peek();
    if (c == '-' && at + 1 < text.length() && Character.isDigit(text.charAt(at + 1))) {
      // The sign belongs to the number, so that the least bigint is one; a cast binds tighter than
      // the sign.
      int mark = at;
      at++;
      int digits = at;
      number();
      if (peek() != ':' && peek() != '^' && peek() != '.') {
        Object value = Types.NUMERIC.codec().parse("-" + text.substring(digits, at).trim(), -1, cx);
        java.math.BigDecimal decimal = ((io.trencadis.sql.types.Numeric) value).decimal();
        boolean whole = text.substring(digits, at).trim().chars().allMatch(Character::isDigit);
        int bits = decimal.unscaledValue().bitLength();
        return !whole || bits > 63
            ? new Typed(Types.NUMERIC, value)
            : bits > 31
                ? new Typed(Types.INT8, decimal.longValue())
                : new Typed(Types.INT4, decimal.intValue());
      }
      at = mark;
    }
    if (c == '-' || c == '+' || c == '@' || c == '~' || c == '|') {
      String name = operator();
      Typed operand =
          name.equals("-") || name.equals("+") ? suffixed(primaryOrUnary()) : expression(4);
      ResolvedOperator op = FunctionResolver.prefixOperator(name, operand.type);
      return run(op.call(), List.of(operand));
    }
    if (accept("not")) {
      Typed operand = expression(1);
      Object value = cast(operand, Types.BOOL, -1, CastContext.IMPLICIT).value;
      return new Typed(Types.BOOL, value == null ? null : !(Boolean) value);
    }
    return suffixed(primary());
  }

  private Typed primaryOrUnary() {
    return "-+@~".indexOf(peek()) >= 0 ? unary() : primary();
  }

  private Typed suffixed(Typed start) {
    Typed value = start;
    while (true) {
      if (accept("::")) {
        int[] typmod = {-1};
        PgType type = type(typmod);
        value = cast(value, type, typmod[0], CastContext.EXPLICIT);
      } else if (peek() == '[' && value.type.isArray()) {
        value = subscript(value);
      } else {
        return value;
      }
    }
  }

  private Typed subscript(Typed array) {
    List<Integer> lower = new ArrayList<>();
    List<Integer> upper = new ArrayList<>();
    boolean slice = false;
    while (accept("[")) {
      lower.add((Integer) expression(0).value);
      if (accept(":")) {
        slice = true;
        upper.add((Integer) expression(0).value);
      } else {
        upper.add(lower.getLast());
      }
      expect("]");
    }
    SqlArray value = (SqlArray) array.value;
    int[] low = lower.stream().mapToInt(i -> i).toArray();
    if (slice) {
      return new Typed(array.type, value.slice(low, upper.stream().mapToInt(i -> i).toArray()));
    }
    return new Typed(array.type.elementType(), value.get(low));
  }

  private PgType type(int[] typmod) {
    skip();
    int from = at;
    if (peek() == '"') {
      at = text.indexOf('"', at + 1) + 1;
    } else {
      while (at < text.length()
          && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
        at++;
      }
    }
    String name = text.substring(from, at).toLowerCase(java.util.Locale.ROOT);
    for (String more : new String[] {"precision", "varying"}) {
      if ((name.equals("double") || name.equals("character") || name.equals("bit"))
          && accept(more)) {
        name += " " + more;
      }
    }
    List<String> arguments = new ArrayList<>();
    if (at < text.length() && text.charAt(at) == '(') {
      at++;
      int close = text.indexOf(')', at);
      arguments.addAll(List.of(text.substring(at, close).split(",")));
      at = close + 1;
    }
    if (name.equals("time") || name.equals("timestamp")) {
      if (accept("with time zone")) {
        name += "tz";
      } else {
        accept("without time zone");
      }
    }
    PgType type = Types.bySqlName(name);
    if (type == null) {
      throw new IllegalArgumentException("no type " + name + " in " + text);
    }
    if (name.equals("interval")) {
      int mark = at;
      StringBuilder words = new StringBuilder();
      while (Character.isLetter(peek())) {
        int wordStart = at;
        while (at < text.length() && Character.isLetter(text.charAt(at))) {
          at++;
        }
        words.append(words.isEmpty() ? "" : " ").append(text, wordStart, at);
      }
      int fields = io.trencadis.sql.types.Typmods.intervalFields(words.toString());
      if (fields < 0) {
        at = mark;
      } else if (!words.isEmpty()) {
        typmod[0] =
            io.trencadis.sql.types.Typmods.intervalTypmod(
                fields, io.trencadis.sql.types.Typmods.INTERVAL_FULL_PRECISION);
      }
    }
    if (!arguments.isEmpty()) {
      if (type == Types.INTERVAL && arguments.size() == 1) {
        // The grammar says the fields as well.
        int all = io.trencadis.sql.types.Typmods.INTERVAL_FULL_RANGE;
        arguments = List.of(String.valueOf(all), arguments.getFirst());
      }
      typmod[0] = Types.typmodIn(type, arguments);
    } else if (name.equals("char") || name.equals("character")) {
      typmod[0] = Types.typmodIn(type, List.of("1"));
    }
    while (accept("[")) {
      if (peek() != ']') {
        at = text.indexOf(']', at);
      }
      expect("]");
      type = type.isArray() ? type : type.arrayType();
    }
    return type;
  }

  private Typed primary() {
    char c = peek();
    if (c == '(') {
      at++;
      Typed inner = expression(0);
      expect(")");
      return inner;
    }
    if (c == '\'') {
      return new Typed(Types.UNKNOWN, string(false));
    }
    if ((c == 'E' || c == 'e') && at + 1 < text.length() && text.charAt(at + 1) == '\'') {
      at++;
      return new Typed(Types.UNKNOWN, string(true));
    }
    if (Character.isDigit(c) || c == '.') {
      return number();
    }
    if (accept("null")) {
      return new Typed(Types.UNKNOWN, null);
    }
    if (accept("true")) {
      return new Typed(Types.BOOL, true);
    }
    if (accept("false")) {
      return new Typed(Types.BOOL, false);
    }
    if (accept("array[")) {
      return array();
    }
    return named();
  }

  private String string(boolean escapes) {
    StringBuilder out = new StringBuilder();
    at++;
    while (true) {
      char c = text.charAt(at++);
      if (c == '\'') {
        if (at < text.length() && text.charAt(at) == '\'') {
          out.append('\'');
          at++;
          continue;
        }
        return out.toString();
      }
      if (c == '\\' && escapes) {
        c = text.charAt(at++);
        c = c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
      }
      out.append(c);
    }
  }

  private Typed number() {
    int from = at;
    while (at < text.length()) {
      char c = text.charAt(at);
      boolean sign = (c == '-' || c == '+') && at > from && "eE".indexOf(text.charAt(at - 1)) >= 0;
      if (!Character.isDigit(c) && c != '.' && c != 'e' && c != 'E' && !sign) {
        break;
      }
      at++;
    }
    String digits = text.substring(from, at);
    if (digits.chars().allMatch(Character::isDigit)) {
      java.math.BigInteger value = new java.math.BigInteger(digits);
      if (value.bitLength() < 32) {
        return new Typed(Types.INT4, value.intValue());
      }
      if (value.bitLength() < 64) {
        return new Typed(Types.INT8, value.longValue());
      }
    }
    return new Typed(Types.NUMERIC, Types.NUMERIC.codec().parse(digits, -1, cx));
  }

  private Typed array() {
    List<Typed> items = new ArrayList<>();
    if (!accept("]")) {
      do {
        items.add(accept("[") ? array() : expression(0));
      } while (accept(","));
      expect("]");
    }
    if (items.isEmpty()) {
      return new Typed(Types.UNKNOWN, "{}");
    }
    boolean nested = !items.isEmpty() && items.getFirst().type.isArray();
    PgType common = Casts.selectCommonType(items.stream().map(Typed::type).toList(), "ARRAY");
    Object[] values = new Object[items.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = cast(items.get(i), common, -1, CastContext.IMPLICIT).value;
    }
    PgType element = nested ? common.elementType() : common;
    return new Typed(element.arrayType(), ArrayFunctions.construct(element, values, nested));
  }

  private Typed named() {
    int from = at;
    if (accept("extract(") || accept("extract (")) {
      skip();
      int start = at;
      while (Character.isLetter(text.charAt(at)) || text.charAt(at) == '_') {
        at++;
      }
      String field = text.substring(start, at);
      expect("from");
      Typed value = expression(0);
      expect(")");
      return call("extract", List.of(new Typed(Types.TEXT, field), value));
    }
    if (accept("cast(")) {
      Typed value = expression(0);
      expect("as");
      int[] typmod = {-1};
      PgType type = type(typmod);
      expect(")");
      return cast(value, type, typmod[0], CastContext.EXPLICIT);
    }
    // A type's name before a literal.
    for (String word :
        new String[] {
          "date",
          "time",
          "timestamp",
          "timestamptz",
          "timetz",
          "interval",
          "numeric",
          "bytea",
          "uuid",
          "text",
          "bool",
          "int2",
          "int4",
          "int8",
          "float4",
          "float8"
        }) {
      int mark = at;
      if (accept(word)) {
        at = mark;
        int[] typmod = {-1};
        PgType type;
        try {
          type = type(typmod);
        } catch (RuntimeException e) {
          at = mark;
          break;
        }
        if (peek() == '\'') {
          Typed literal = new Typed(Types.UNKNOWN, string(false));
          if (type == Types.INTERVAL && Character.isLetter(peek())) {
            int before = at;
            int end = text.length();
            for (int i = at; i < text.length(); i++) {
              if (!Character.isLetter(text.charAt(i)) && text.charAt(i) != ' ') {
                end = i;
                break;
              }
            }
            int fields = io.trencadis.sql.types.Typmods.intervalFields(text.substring(before, end));
            if (fields >= 0) {
              at = end;
              typmod[0] =
                  io.trencadis.sql.types.Typmods.intervalTypmod(
                      fields, io.trencadis.sql.types.Typmods.INTERVAL_FULL_PRECISION);
            }
          }
          return cast(literal, type, typmod[0], CastContext.EXPLICIT);
        }
        at = mark;
      }
    }
    while (at < text.length()
        && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
      at++;
    }
    String name = text.substring(from, at);
    List<Typed> args = new ArrayList<>();
    List<String> names = new ArrayList<>();
    boolean variadic = false;
    expect("(");
    if (!accept(")")) {
      do {
        variadic |= accept("variadic");
        int mark = at;
        skip();
        int start = at;
        while (at < text.length()
            && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
          at++;
        }
        String argument = text.substring(start, at);
        if (!argument.isEmpty() && accept("=>")) {
          names.add(argument);
        } else {
          at = mark;
        }
        args.add(expression(0));
      } while (accept(","));
      expect(")");
    }
    return call(name, args, names, variadic);
  }

  private Typed call(String name, List<Typed> args) {
    return call(name, args, List.of(), false);
  }

  private Typed call(String name, List<Typed> args, List<String> names, boolean variadic) {
    ResolvedCall call =
        FunctionResolver.function(name, args.stream().map(Typed::type).toList(), names, variadic);
    if (call.castTarget() != null) {
      return cast(args.getFirst(), call.castTarget(), -1, CastContext.EXPLICIT);
    }
    return run(call, args);
  }

  private Typed run(ResolvedCall call, List<Typed> given) {
    Object[] args = new Object[call.argTypes().size()];
    boolean anyNull = false;
    for (int i = 0; i < args.length; i++) {
      int source = call.argSources()[i];
      Typed arg =
          source >= 0 ? given.get(source) : new MiniSql(call.defaults().get(i), cx).expression(0);
      PgType target = call.argTypes().get(i);
      args[i] =
          target == Types.UNKNOWN ? arg.value : cast(arg, target, -1, CastContext.IMPLICIT).value;
      anyNull |= args[i] == null;
    }
    if (call.proc().returnsSet()) {
      List<String> rows = new ArrayList<>();
      SetFunctions.bind(call)
          .open(args, cx)
          .forEachRemaining(
              row -> rows.add(row == null ? "NULL" : call.resultType().codec().format(row, cx)));
      return new Typed(Types.TEXT, String.join(";", rows));
    }
    Fn fn = Builtins.bind(call);
    return new Typed(call.resultType(), anyNull && call.strict() ? null : fn.invoke(args, cx));
  }

  private Typed cast(Typed value, PgType target, int typmod, CastContext context) {
    if (target == Types.UNKNOWN || value.type == target && typmod < 0) {
      return value;
    }
    Cast cast = Casts.find(value.type, target, typmod, context);
    if (cast == null) {
      throw new SqlException(
          SqlState.CANNOT_COERCE,
          "cannot cast type " + value.type.displayName() + " to " + target.displayName());
    }
    return new Typed(target, cast.apply(value.value, cx));
  }
}
