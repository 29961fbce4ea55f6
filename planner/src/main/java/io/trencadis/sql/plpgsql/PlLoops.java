package io.trencadis.sql.plpgsql;

import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.TypeName;
import io.trencadis.sql.parser.SqlWords.Word;
import java.util.ArrayList;
import java.util.List;

/// Reads loops.
final class PlLoops {
  private final PlParser parser;
  private final WordReader words;
  private final PlStatements statements;
  private int depth;

  PlLoops(PlParser parser, WordReader words, PlStatements statements) {
    this.parser = parser;
    this.words = words;
    this.statements = statements;
  }

  /// Whether the statement that is being read stands in a loop.
  boolean inside() {
    return depth > 0;
  }

  Pl loop(String label) {
    int line = words.line();
    parser.enter(label);
    try {
      if (words.is("loop")) {
        return new Pl.Loop(label, null, body(label), line);
      }
      if (words.take("while")) {
        Sql condition = parser.expression(words.until("loop"), line);
        return new Pl.Loop(label, condition, body(label), line);
      }
      if (words.take("for")) {
        return loopFor(label, line);
      }
      if (words.take("foreach")) {
        return foreach(label, line);
      }
      throw words.unexpected();
    } finally {
      parser.leave();
    }
  }

  private List<Pl> body(String label) {
    words.expect("loop");
    depth++;
    List<Pl> body = statements.until("end");
    depth--;
    words.expect("end");
    words.expect("loop");
    parser.endLabel(label);
    return body;
  }

  private Pl loopFor(String label, int line) {
    Word first = words.peek();
    int place = words.place();
    if (!first.isName()) {
      throw words.unexpected();
    }
    // What kind of loop it is shows behind IN.
    while (!words.is("in")) {
      if (words.peek().isSymbol(";")
          || words.peek().kind() == io.trencadis.sql.parser.SqlWords.Kind.END) {
        throw words.unexpected();
      }
      words.next();
    }
    words.next();
    if (words.is("reverse") || hasRange()) {
      return integers(label, first, line);
    }
    int query = words.place();
    words.back(place);
    Namespace.Found found =
        words.peek(2).isName() ? parser.names().find(List.of(words.peek(2).value())) : null;
    Pl.Datum cursor = found == null ? null : parser.declarations().datums().get(found.datum());
    if (words.peek(1).is("in")
        && cursor != null
        && cursor.type() != null
        && cursor.type().name().equals("refcursor")) {
      return cursorRows(label, found.datum(), cursor, line);
    }
    List<Pl.Target> targets = rowTargets();
    words.expect("in");
    if (words.place() != query) {
      throw words.unexpected();
    }
    if (words.take("execute")) {
      Sql text = parser.expression(words.until("using", "loop"), line);
      List<Sql> using = statements.using();
      return new Pl.ForQuery(label, targets, text, using, body(label), line);
    }
    Sql select = parser.statement(words.until("loop"), line);
    return new Pl.ForQuery(label, targets, select, null, body(label), line);
  }

  private List<Pl.Target> rowTargets() {
    Word word = words.peek();
    Namespace.Found found = parser.names().find(List.of(word.value()));
    if (found == null) {
      throw words.error(
          SqlState.SYNTAX_ERROR,
          "loop variable of loop over rows must be a record variable or list of scalar variables",
          word);
    }
    return statements.targets();
  }

  private boolean hasRange() {
    int place = words.place();
    int nested = 0;
    boolean found = false;
    while (!found) {
      Word word = words.next();
      if (word.kind() == io.trencadis.sql.parser.SqlWords.Kind.END
          || word.isSymbol(";")
          || nested == 0 && word.is("loop")) {
        break;
      }
      nested += word.isSymbol("(") || word.isSymbol("[") ? 1 : 0;
      nested -= word.isSymbol(")") || word.isSymbol("]") ? 1 : 0;
      found = nested == 0 && word.isSymbol("..");
    }
    words.back(place);
    return found;
  }

  private Pl integers(String label, Word variable, int line) {
    boolean reverse = words.take("reverse");
    Sql from = parser.expression(words.until(".."), line);
    words.expectSymbol("..");
    Sql to = parser.expression(words.until("by", "loop"), line);
    Sql step = words.take("by") ? parser.expression(words.until("loop"), line) : null;
    int datum =
        parser
            .declarations()
            .add(
                new Pl.Datum(
                    variable.value(),
                    TypeName.system("int4", -1),
                    false,
                    false,
                    false,
                    null,
                    null,
                    null,
                    line));
    parser.enter(label);
    parser.names().declare(variable.value(), datum);
    try {
      return new Pl.ForInteger(label, datum, from, to, step, reverse, body(label), line);
    } finally {
      parser.leave();
    }
  }

  private Pl cursorRows(String label, int cursor, Pl.Datum datum, int line) {
    String name = words.name();
    words.expect("in");
    Word at = words.peek();
    words.name();
    if (datum.cursor() == null) {
      throw words.error(
          SqlState.SYNTAX_ERROR, "cursor FOR loop must use a bound cursor variable", at);
    }
    List<Pl.Argument> arguments = statements.arguments(datum);
    int row =
        parser
            .declarations()
            .add(new Pl.Datum(name, null, true, false, false, null, null, null, line));
    parser.enter(label);
    parser.names().declare(name, row);
    try {
      return new Pl.ForCursor(label, row, cursor, arguments, body(label), line);
    } finally {
      parser.leave();
    }
  }

  private Pl foreach(String label, int line) {
    List<Pl.Target> targets = new ArrayList<>(statements.targets());
    int slice = 0;
    if (words.take("slice")) {
      slice = Integer.parseInt(words.next().value());
    }
    words.expect("in");
    words.expect("array");
    Sql array = parser.expression(words.until("loop"), line);
    return new Pl.Foreach(label, targets, slice, array, body(label), line);
  }
}
