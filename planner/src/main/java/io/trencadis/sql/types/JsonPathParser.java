package io.trencadis.sql.types;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.regex.Regex;
import io.trencadis.sql.regex.RegexFlags;
import io.trencadis.sql.types.JsonPath.Item;
import io.trencadis.sql.types.JsonPath.Kind;
import io.trencadis.sql.types.JsonPathLexer.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Reads jsonpath's grammar by recursive descent. Predicates and expressions are different things
/// in it; an error is shown where PostgreSQL's parser, which looks one token ahead, meets it.
final class JsonPathParser {
  private static final int MAX_DEPTH = 1_000;
  private static final Map<String, Kind> COMPARISONS =
      Map.of(
          "==", Kind.EQUAL,
          "!=", Kind.NOT_EQUAL,
          "<>", Kind.NOT_EQUAL,
          "<", Kind.LESS,
          "<=", Kind.LESS_OR_EQUAL,
          ">", Kind.GREATER,
          ">=", Kind.GREATER_OR_EQUAL);
  private static final List<String> METHODS =
      List.of("abs", "size", "type", "floor", "double", "ceiling", "keyvalue");
  private static final String FLAGS = "ismxq";

  private final String text;
  private final List<Token> tokens;
  private int at;
  private int depth;
  private int filters;
  private int arrays;

  JsonPathParser(String text) {
    this.text = text;
    this.tokens = new JsonPathLexer(text).tokens();
  }

  /// An operand and whether it is a predicate. A predicate in parentheses and a path that begins
  /// with one in parentheses, such as `(1 == 1).type()`, differ.
  private record Part(Item item, boolean predicate) {}

  JsonPath parse() {
    if (tokens.size() == 1) {
      throw new SqlException(
          SqlState.INVALID_TEXT_REPRESENTATION,
          "invalid input syntax for type jsonpath: \"" + text + "\"");
    }
    boolean strict = peek().isKeyword("strict");
    if (strict || peek().isKeyword("lax")) {
      at++;
    }
    Part whole = disjunction();
    if (peek().kind() != JsonPathLexer.Kind.END) {
      throw unexpected();
    }
    return new JsonPath(!strict, whole.item);
  }

  private Token peek() {
    return tokens.get(at);
  }

  private SqlException unexpected() {
    return JsonPathLexer.error("syntax error", peek().near());
  }

  private boolean accept(String symbol) {
    if (peek().isSymbol(symbol)) {
      at++;
      return true;
    }
    return false;
  }

  private boolean acceptWord(String keyword) {
    if (peek().isKeyword(keyword)) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(String symbol) {
    if (!accept(symbol)) {
      throw unexpected();
    }
  }

  private void expectWord(String keyword) {
    if (!acceptWord(keyword)) {
      throw unexpected();
    }
  }

  private Item required(Part part, boolean predicate) {
    if (part.predicate != predicate) {
      throw unexpected();
    }
    return part.item;
  }

  private Part disjunction() {
    if (++depth > MAX_DEPTH) {
      throw new SqlException(SqlState.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded");
    }
    Part left = conjunction();
    while (peek().isSymbol("||")) {
      Item first = required(left, true);
      at++;
      left = new Part(Item.of(Kind.OR, first, required(conjunction(), true)), true);
    }
    depth--;
    return left;
  }

  private Part conjunction() {
    Part left = comparison();
    while (peek().isSymbol("&&")) {
      Item first = required(left, true);
      at++;
      left = new Part(Item.of(Kind.AND, first, required(comparison(), true)), true);
    }
    return left;
  }

  private Part comparison() {
    if (accept("!")) {
      if (!peek().isSymbol("(") && !peek().isKeyword("exists")) {
        throw unexpected();
      }
      Item argument = peek().isSymbol("(") ? group() : exists();
      return new Part(Item.of(Kind.NOT, argument, null), true);
    }
    if (peek().isKeyword("exists")) {
      return new Part(exists(), true);
    }
    Part left = sum();
    Token token = peek();
    Kind kind = token.kind() == JsonPathLexer.Kind.SYMBOL ? COMPARISONS.get(token.text()) : null;
    if (kind != null) {
      Item first = required(left, false);
      at++;
      return new Part(Item.of(kind, first, required(sum(), false)), true);
    }
    if (token.isKeyword("starts")) {
      Item first = required(left, false);
      at++;
      expectWord("with");
      Token initial = peek();
      if (initial.kind() != JsonPathLexer.Kind.STRING
          && initial.kind() != JsonPathLexer.Kind.VARIABLE) {
        throw unexpected();
      }
      return new Part(Item.of(Kind.STARTS_WITH, first, scalar(initial)), true);
    }
    if (token.isKeyword("like_regex")) {
      Item first = required(left, false);
      at++;
      return new Part(like(first), true);
    }
    return left;
  }

  /// A predicate in parentheses.
  private Item group() {
    expect("(");
    Item inside = required(disjunction(), true);
    expect(")");
    return inside;
  }

  private Item exists() {
    at++;
    expect("(");
    Item argument = required(disjunction(), false);
    expect(")");
    return Item.of(Kind.EXISTS, argument, null);
  }

  private String string() {
    if (peek().kind() != JsonPathLexer.Kind.STRING) {
      throw unexpected();
    }
    return tokens.get(at++).text();
  }

  private Item like(Item operand) {
    String source = string();
    String given = acceptWord("flag") ? string() : "";
    for (int i = 0; i < given.length(); i++) {
      if (FLAGS.indexOf(given.charAt(i)) < 0) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "invalid input syntax for type jsonpath")
            .detail(
                "Unrecognized flag character \""
                    + given.substring(i, given.offsetByCodePoints(i, 1))
                    + "\" in LIKE_REGEX predicate.");
      }
    }
    StringBuilder shown = new StringBuilder();
    for (char flag : FLAGS.toCharArray()) {
      shown.append(given.indexOf(flag) >= 0 ? String.valueOf(flag) : "");
    }
    String flags = given.indexOf('i') >= 0 ? "i" : "";
    if (given.indexOf('q') >= 0) {
      flags += "q";
    } else {
      if (given.indexOf('x') >= 0) {
        throw new SqlException(
            SqlState.FEATURE_NOT_SUPPORTED,
            "XQuery \"x\" flag (expanded regular expressions) is not implemented");
      }
      boolean dotAll = given.indexOf('s') >= 0;
      boolean lines = given.indexOf('m') >= 0;
      flags += dotAll ? (lines ? "w" : "s") : lines ? "n" : "p";
    }
    JsonPath.Like like =
        new JsonPath.Like(
            source, shown.toString(), Regex.compile(source, RegexFlags.parse(flags, false)));
    return new Item(Kind.LIKE_REGEX, like, operand, null, null);
  }

  private Part sum() {
    Part left = product();
    while (peek().isSymbol("+") || peek().isSymbol("-")) {
      Item first = required(left, false);
      Kind kind = tokens.get(at++).text().equals("+") ? Kind.ADD : Kind.SUBTRACT;
      left = new Part(Item.of(kind, first, required(product(), false)), false);
    }
    return left;
  }

  private Part product() {
    Part left = unary();
    while (peek().isSymbol("*") || peek().isSymbol("/") || peek().isSymbol("%")) {
      Item first = required(left, false);
      Kind kind =
          switch (tokens.get(at++).text()) {
            case "*" -> Kind.MULTIPLY;
            case "/" -> Kind.DIVIDE;
            default -> Kind.MODULO;
          };
      left = new Part(Item.of(kind, first, required(unary(), false)), false);
    }
    return left;
  }

  private Part unary() {
    boolean minus = peek().isSymbol("-");
    if (!minus && !peek().isSymbol("+")) {
      return primary();
    }
    at++;
    if (++depth > MAX_DEPTH) {
      throw new SqlException(SqlState.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded");
    }
    Item operand = required(unary(), false);
    depth--;
    if (operand.kind() == Kind.NUMBER && operand.next() == null) {
      Numeric number = (Numeric) operand.value();
      return new Part(Item.of(Kind.NUMBER, minus ? number.negate() : number), false);
    }
    return new Part(Item.of(minus ? Kind.MINUS : Kind.PLUS, operand, null), false);
  }

  private Part primary() {
    Part head;
    if (accept("(")) {
      Part inside = disjunction();
      expect(")");
      if (inside.predicate && acceptWord("is")) {
        expectWord("unknown");
        return new Part(Item.of(Kind.IS_UNKNOWN, inside.item, null), true);
      }
      head = inside;
    } else {
      head = new Part(scalar(peek()), false);
    }
    Item path = head.item;
    boolean steps = false;
    while (true) {
      Item step = accessor();
      if (step == null) {
        return new Part(path, head.predicate && !steps);
      }
      path = path.then(step);
      steps = true;
    }
  }

  private Item scalar(Token token) {
    Item item =
        switch (token.kind()) {
          case STRING -> Item.of(Kind.STRING, token.text());
          case VARIABLE -> Item.of(Kind.VARIABLE, token.text());
          case INTEGER, NUMBER -> Item.of(Kind.NUMBER, NumericText.parse(token.text()));
          case SYMBOL ->
              switch (token.text()) {
                case "$" -> Item.of(Kind.ROOT, null);
                case "@" -> current();
                default -> throw unexpected();
              };
          case WORD ->
              switch (token.keyword() == null ? "" : token.keyword()) {
                case "null" -> Item.of(Kind.NULL, null);
                case "true" -> Item.of(Kind.BOOL, true);
                case "false" -> Item.of(Kind.BOOL, false);
                case "last" -> last();
                default -> throw unexpected();
              };
          case END -> throw unexpected();
        };
    at++;
    return item;
  }

  private Item current() {
    if (filters == 0) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "@ is not allowed in root expressions");
    }
    return Item.of(Kind.CURRENT, null);
  }

  private Item last() {
    if (arrays == 0) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "LAST is allowed only in array subscripts");
    }
    return Item.of(Kind.LAST, null);
  }

  /// A step of a path, or null where none follows.
  private Item accessor() {
    if (accept("[")) {
      return subscripts();
    }
    if (accept("?")) {
      expect("(");
      filters++;
      Item condition = required(disjunction(), true);
      filters--;
      expect(")");
      return Item.of(Kind.FILTER, condition, null);
    }
    if (!accept(".")) {
      return null;
    }
    if (accept("*")) {
      return Item.of(Kind.ANY_KEY, null);
    }
    if (accept("**")) {
      return anyLevel();
    }
    Token name = peek();
    if (name.kind() != JsonPathLexer.Kind.WORD && name.kind() != JsonPathLexer.Kind.STRING) {
      throw unexpected();
    }
    at++;
    if (name.keyword() != null && peek().isSymbol("(")) {
      if (name.keyword().equals("datetime")) {
        at++;
        Item template = peek().isSymbol(")") ? null : Item.of(Kind.STRING, string());
        expect(")");
        return Item.of(Kind.DATETIME, template, null);
      }
      if (METHODS.contains(name.keyword())) {
        at++;
        expect(")");
        return Item.of(Kind.METHOD, name.keyword());
      }
    }
    return Item.of(Kind.KEY, name.text());
  }

  private Item subscripts() {
    if (accept("*")) {
      expect("]");
      return Item.of(Kind.ANY_ITEM, null);
    }
    List<JsonPath.Subscript> all = new ArrayList<>();
    arrays++;
    do {
      Item from = required(disjunction(), false);
      Item to = acceptWord("to") ? required(disjunction(), false) : null;
      all.add(new JsonPath.Subscript(from, to));
    } while (accept(","));
    arrays--;
    expect("]");
    return Item.of(Kind.SUBSCRIPTS, List.copyOf(all));
  }

  private Item anyLevel() {
    if (!accept("{")) {
      return Item.of(Kind.ANY_LEVEL, new JsonPath.Levels(0, JsonPath.Levels.LEAVES));
    }
    long first = level();
    long last = acceptWord("to") ? level() : first;
    expect("}");
    return Item.of(Kind.ANY_LEVEL, new JsonPath.Levels(first, last));
  }

  private long level() {
    if (acceptWord("last")) {
      return JsonPath.Levels.LEAVES;
    }
    if (peek().kind() != JsonPathLexer.Kind.INTEGER) {
      throw unexpected();
    }
    return (Integer) Types.INT4.codec().parse(tokens.get(at++).text(), -1, TypeContext.DEFAULTS);
  }
}
