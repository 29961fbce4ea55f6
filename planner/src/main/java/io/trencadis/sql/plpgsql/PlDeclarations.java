package io.trencadis.sql.plpgsql;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.TypeName;
import io.trencadis.sql.parser.SqlParser;
import io.trencadis.sql.parser.SqlWords.Kind;
import io.trencadis.sql.parser.SqlWords.Word;
import java.util.ArrayList;
import java.util.List;

/// Reads declarations.
final class PlDeclarations {
  private final PlParser parser;
  private final WordReader words;
  private final List<Pl.Datum> datums;

  PlDeclarations(PlParser parser, WordReader words, List<Pl.Datum> declared) {
    this.parser = parser;
    this.words = words;
    this.datums = new ArrayList<>(declared);
  }

  List<Pl.Datum> datums() {
    return datums;
  }

  int add(Pl.Datum datum) {
    datums.add(datum);
    return datums.size() - 1;
  }

  /// Declares a plain variable of a built-in type.
  int add(String name, String type, int line) {
    int datum =
        add(
            new Pl.Datum(
                name, TypeName.system(type, -1), false, false, false, null, null, null, line));
    parser.names().declare(name, datum);
    return datum;
  }

  void declaration(List<Integer> variables) {
    Word word = words.peek();
    int line = words.line();
    String name = words.name();
    if (parser.names().declares(name)) {
      throw words.error(SqlState.SYNTAX_ERROR, "duplicate declaration", word);
    }
    if (words.take("alias")) {
      words.expect("for");
      alias(name);
      return;
    }
    boolean scroll = words.is("scroll") || words.is("no") && words.peek(1).is("scroll");
    if (words.is("cursor") || scroll) {
      words.take("no");
      words.take("scroll");
      words.expect("cursor");
      variables.add(cursor(name, line));
      return;
    }
    boolean constant = words.take("constant");
    Type type = type();
    if (words.take("collate")) {
      words.name();
    }
    boolean notNull = false;
    if (words.take("not")) {
      words.expect("null");
      notNull = true;
    }
    Sql fallback = null;
    if (words.take("default") || words.takeSymbol(":=") || words.takeSymbol("=")) {
      fallback = parser.expression(words.until(";"), line);
    } else if (notNull) {
      throw new SqlException(
          SqlState.NULL_VALUE_NOT_ALLOWED,
          "variable \"" + name + "\" must have a default value, since it's declared NOT NULL");
    }
    words.expectSymbol(";");
    int datum =
        add(new Pl.Datum(name, type.name, type.row, constant, notNull, fallback, null, null, line));
    parser.names().declare(name, datum);
    variables.add(datum);
  }

  private void alias(String name) {
    Word word = words.next();
    List<String> parts = new ArrayList<>();
    parts.add(word.kind() == Kind.PARAMETER ? "$" + word.value() : word.value());
    while (words.takeSymbol(".")) {
      parts.add(words.name());
    }
    words.expectSymbol(";");
    Namespace.Found found = parser.names().find(parts);
    if (found == null || !found.rest().isEmpty()) {
      throw words.error(
          SqlState.UNDEFINED_OBJECT,
          "variable \"" + String.join(".", parts) + "\" does not exist",
          word);
    }
    parser.names().declare(name, found.datum());
  }

  private int cursor(String name, int line) {
    parser.enter(null);
    List<Integer> parameters = new ArrayList<>();
    Sql query;
    try {
      if (words.takeSymbol("(")) {
        do {
          int own = words.line();
          String parameter = words.name();
          Type type = type(",", ")");
          int datum =
              add(
                  new Pl.Datum(
                      parameter, type.name, type.row, false, false, null, null, null, own));
          parser.names().declare(parameter, datum);
          parameters.add(datum);
        } while (words.takeSymbol(","));
        words.expectSymbol(")");
      }
      if (!words.take("for")) {
        words.expect("is");
      }
      query = parser.statement(words.until(";"), line);
      words.expectSymbol(";");
    } finally {
      parser.leave();
    }
    int datum =
        add(
            new Pl.Datum(
                name,
                TypeName.system("refcursor", -1),
                false,
                false,
                false,
                null,
                query,
                parameters,
                line));
    parser.names().declare(name, datum);
    return datum;
  }

  /// A type's name; null for record.
  private record Type(TypeName name, boolean row) {}

  private Type type() {
    return type("not", "collate", "default", ":=", "=", ";");
  }

  private Type type(String... stops) {
    Word first = words.peek();
    List<String> all = new ArrayList<>(List.of(stops));
    String text;
    if (all.contains(";")) {
      text = words.until(stops);
    } else {
      text = words.until(stops);
    }
    return type(text.strip(), first);
  }

  private Type type(String text, Word at) {
    String lower = text.toLowerCase(java.util.Locale.ROOT);
    if (lower.equals("record")) {
      return new Type(null, true);
    }
    if (lower.matches("(?s).*%\\s*rowtype")) {
      String name = text.substring(0, text.lastIndexOf('%')).strip();
      return new Type(parsed(name, at), true);
    }
    if (lower.matches("(?s).*%\\s*type")) {
      List<String> parts = parts(text.substring(0, text.lastIndexOf('%')).strip(), at);
      Namespace.Found found = parser.names().find(parts);
      if (found != null && found.rest().isEmpty()) {
        Pl.Datum other = datums.get(found.datum());
        return new Type(other.type(), other.rowType());
      }
      return new Type(new TypeName(parts, List.of(), List.of(), false, true, at.start()), false);
    }
    return new Type(parsed(text, at), false);
  }

  private static List<String> parts(String text, Word at) {
    Expr expr = SqlParser.parseExpression(text);
    if (expr instanceof Expr.ColumnRef ref && !ref.star()) {
      return ref.parts();
    }
    throw new SqlException(SqlState.SYNTAX_ERROR, "syntax error at or near \"" + text + "\"")
        .at(at.start());
  }

  private TypeName parsed(String text, Word at) {
    try {
      if (SqlParser.parseExpression("NULL::" + text) instanceof Expr.Cast cast) {
        return cast.type();
      }
    } catch (SqlException e) {
      throw words.unexpected(at);
    }
    throw words.unexpected(at);
  }
}
