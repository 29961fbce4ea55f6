package io.trencadis.sql.plpgsql;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.parser.SqlWords.Kind;
import io.trencadis.sql.parser.SqlWords.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the body of a function, procedure or DO block.
final class PlParser {
  private static final Pattern DIRECTIVE = Pattern.compile("#\\s*(\\w+)\\s+(\\w+)");

  private final WordReader words;
  private final PlDeclarations declarations;
  private final PlStatements statements;
  private final PlRoutine.Spec spec;
  private final List<Sql> texts = new ArrayList<>();
  private Namespace names;
  private boolean variablesFirst;
  private boolean columnsFirst;

  /// @param declared the datums of the arguments and of what else every body knows
  /// @param outermost their names
  /// @param spec of the routine whose body it is
  PlParser(String text, List<Pl.Datum> declared, Namespace outermost, PlRoutine.Spec spec) {
    this.spec = spec;
    this.words = new WordReader(directives(text));
    this.names = outermost;
    this.declarations = new PlDeclarations(this, words, declared);
    this.statements = new PlStatements(this, words);
  }

  /// A body.
  ///
  /// @param texts all pieces of SQL in it
  /// @param conflict what counts where a name is both a variable's and a column's
  record Body(
      Pl.Block block,
      List<Pl.Datum> datums,
      List<Sql> texts,
      io.trencadis.sql.analyze.Variables.Conflict conflict) {}

  /// What begins with `#` comes first; it becomes blanks, so that places stay what they are.
  private String directives(String text) {
    String rest = text;
    while (true) {
      int start = 0;
      while (start < rest.length() && Character.isWhitespace(rest.charAt(start))) {
        start++;
      }
      if (start >= rest.length() || rest.charAt(start) != '#') {
        return rest;
      }
      Matcher directive = DIRECTIVE.matcher(rest);
      if (!directive.find(start) || directive.start() != start) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "syntax error at or near \"#\"");
      }
      int end = directive.end();
      String[] parts = {directive.group(1), directive.group(2)};
      if (parts[0].equals("variable_conflict") && parts.length > 1) {
        columnsFirst = parts[1].equals("use_column");
        variablesFirst = parts[1].equals("use_variable");
      } else if (!parts[0].equals("option") && !parts[0].equals("print_strict_params")) {
        throw new SqlException(
            SqlState.SYNTAX_ERROR, "syntax error at or near \"" + parts[0] + "\"");
      }
      rest = rest.substring(0, start) + " ".repeat(end - start) + rest.substring(end);
    }
  }

  Body parse() {
    Pl.Block block = block(true);
    words.takeSymbol(";");
    if (words.peek().kind() != Kind.END) {
      throw words.unexpected();
    }
    return new Body(
        block,
        declarations.datums(),
        texts,
        columnsFirst
            ? io.trencadis.sql.analyze.Variables.Conflict.COLUMN
            : variablesFirst
                ? io.trencadis.sql.analyze.Variables.Conflict.VARIABLE
                : io.trencadis.sql.analyze.Variables.Conflict.ERROR);
  }

  PlRoutine.Spec spec() {
    return spec;
  }

  Namespace names() {
    return names;
  }

  PlDeclarations declarations() {
    return declarations;
  }

  void enter(String label) {
    names = new Namespace(names, label);
  }

  void leave() {
    names = names.outer();
  }

  Sql expression(String text, int line) {
    return noted(new Sql(text.strip(), true, names, line));
  }

  Sql statement(String text, int line) {
    return noted(new Sql(text.strip(), false, names, line));
  }

  private Sql noted(Sql sql) {
    texts.add(sql);
    return sql;
  }

  /// `<<label>>`, or null.
  String label() {
    if (!words.takeSymbol("<<")) {
      return null;
    }
    String label = words.name();
    words.expectSymbol(">>");
    return label;
  }

  /// The label behind END, which has to be the one before.
  void endLabel(String label) {
    if (words.peek().isName() && !words.peek().isSymbol(";")) {
      Word word = words.peek();
      String end = words.name();
      if (label == null) {
        throw words.error(
            SqlState.SYNTAX_ERROR, "end label \"" + end + "\" specified for unlabeled block", word);
      }
      if (!end.equals(label)) {
        throw words.error(
            SqlState.SYNTAX_ERROR,
            "end label \"" + end + "\" differs from block's label \"" + label + "\"",
            word);
      }
    }
  }

  private Pl.Block block(boolean outermost) {
    String label = label();
    return block(label, outermost);
  }

  /// `[DECLARE …] BEGIN … [EXCEPTION …] END`, the semicolon not included.
  Pl.Block block(String label, boolean outermost) {
    enter(label);
    try {
      List<Integer> variables = new ArrayList<>();
      while (words.take("declare")) {
        while (!words.is("begin") && !words.is("declare") && !words.peek().isSymbol("<<")) {
          declarations.declaration(variables);
        }
      }
      int line = words.line();
      words.expect("begin");
      List<Pl> body = statements.until("end", "exception");
      List<Pl.Handler> handlers = new ArrayList<>();
      if (words.take("exception")) {
        enter(null);
        int state = declarations.add("sqlstate", "text", words.line());
        int message = declarations.add("sqlerrm", "text", words.line());
        if (!words.is("when")) {
          throw words.unexpected();
        }
        while (words.take("when")) {
          handlers.add(handler(state, message));
        }
        leave();
      }
      words.expect("end");
      endLabel(label);
      return new Pl.Block(label, variables, body, handlers.isEmpty() ? null : handlers, line);
    } finally {
      leave();
    }
  }

  private Pl.Handler handler(int state, int message) {
    List<String> conditions = new ArrayList<>();
    do {
      Word word = words.peek();
      String name = words.name();
      if (name.equals("sqlstate")) {
        Word code = words.next();
        if (code.kind() != Kind.STRING) {
          throw words.unexpected(code);
        }
        if (!code.value().matches("[0-9A-Z]{5}")) {
          throw words.error(SqlState.SYNTAX_ERROR, "invalid SQLSTATE code", code);
        }
        conditions.add("=" + code.value());
      } else {
        if (!name.equals("others") && !Conditions.isKnown(name)) {
          throw words.error(
              SqlState.UNDEFINED_OBJECT, "unrecognized exception condition \"" + name + "\"", word);
        }
        conditions.add(name);
      }
    } while (words.take("or"));
    words.expect("then");
    return new Pl.Handler(conditions, statements.until("when", "end"), state, message);
  }
}
