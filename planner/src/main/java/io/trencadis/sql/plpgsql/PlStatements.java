package io.trencadis.sql.plpgsql;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.parser.SqlWords.Kind;
import io.trencadis.sql.parser.SqlWords.Word;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Reads statements.
final class PlStatements {
  private final PlParser parser;
  private final WordReader words;
  private final PlLoops loops;
  private final PlMessages messages;

  PlStatements(PlParser parser, WordReader words) {
    this.parser = parser;
    this.words = words;
    this.loops = new PlLoops(parser, words, this);
    this.messages = new PlMessages(parser, words, this);
  }

  /// Statements up to one of these keywords, which is not taken.
  List<Pl> until(String... stops) {
    Set<String> wanted = Set.of(stops);
    List<Pl> all = new ArrayList<>();
    while (!(words.peek().kind() == Kind.WORD && wanted.contains(words.peek().value()))) {
      all.add(statement());
      words.expectSymbol(";");
    }
    return all;
  }

  private Pl statement() {
    Word first = words.peek();
    int line = words.line();
    if (first.kind() == Kind.END) {
      throw words.unexpected();
    }
    String label = parser.label();
    if (label != null) {
      return labelled(label);
    }
    Pl assignment = assignment(line);
    if (assignment != null) {
      return assignment;
    }
    if (first.kind() != Kind.WORD) {
      return sql(line);
    }
    return switch (first.value()) {
      case "declare", "begin" -> parser.block(null, false);
      case "if" -> choice(line);
      case "case" -> caseOf(line);
      case "loop", "while", "for", "foreach" -> loops.loop(null);
      case "exit", "continue" -> exit(line);
      case "return" -> returned(line);
      case "raise" -> messages.raise(line);
      case "assert" -> messages.asserted(line);
      case "perform" -> {
        words.next();
        yield new Pl.Perform(parser.statement("SELECT " + words.until(";"), line), line);
      }
      case "execute" -> dynamic(line);
      case "get" -> messages.diagnostics(line);
      case "open" -> open(line);
      case "fetch", "move" -> fetch(line);
      case "close" -> {
        words.next();
        yield new Pl.Close(cursor(), line);
      }
      case "null" -> {
        words.next();
        yield new Pl.Null(line);
      }
      case "call" -> new Pl.Call(parser.statement(words.until(";"), line), line);
      case "commit", "rollback" -> end(line);
      default -> sql(line);
    };
  }

  private Pl labelled(String label) {
    if (words.is("declare") || words.is("begin")) {
      return parser.block(label, false);
    }
    return loops.loop(label);
  }

  // ---- assignments

  private Pl assignment(int line) {
    if (!words.peek().isName() && words.peek().kind() != Kind.PARAMETER) {
      return null;
    }
    int place = words.place();
    Word first = words.peek();
    Word second = words.peek(1);
    boolean maybe =
        second.isSymbol(":=")
            || second.isSymbol("=")
            || second.isSymbol(".")
            || second.isSymbol("[");
    if (!maybe) {
      return null;
    }
    Pl.Target target = targetOrNull();
    if (target == null) {
      words.back(place);
      if (second.isSymbol(":=") || second.isSymbol("=")) {
        throw words.error(
            SqlState.SYNTAX_ERROR, "\"" + first.value() + "\" is not a known variable", first);
      }
      return null;
    }
    if (!words.takeSymbol(":=") && !words.takeSymbol("=")) {
      words.back(place);
      return null;
    }
    requireAssignable(target, first);
    return new Pl.Assign(target, parser.expression(words.until(";"), line), line);
  }

  /// A datum with its fields and subscripts; null where the name is none.
  Pl.Target targetOrNull() {
    List<String> parts = new ArrayList<>();
    Word first = words.next();
    parts.add(first.kind() == Kind.PARAMETER ? "$" + first.value() : first.value());
    while (words.peek().isSymbol(".") && words.peek(1).isName()) {
      words.next();
      parts.add(words.next().value());
    }
    Namespace.Found found = parser.names().find(parts);
    if (found == null) {
      return null;
    }
    List<Pl.Step> path = new ArrayList<>();
    found.rest().forEach(field -> path.add(new Pl.Step(field, null, null, false)));
    while (words.peek().isSymbol("[") || words.peek().isSymbol(".")) {
      if (words.takeSymbol(".")) {
        path.add(new Pl.Step(words.name(), null, null, false));
        continue;
      }
      words.next();
      int line = words.line();
      Sql lower =
          words.peek().isSymbol(":") ? null : parser.expression(words.until("]", ":"), line);
      Sql upper = null;
      boolean slice = words.takeSymbol(":");
      if (slice && !words.peek().isSymbol("]")) {
        upper = parser.expression(words.until("]"), line);
      }
      words.expectSymbol("]");
      path.add(new Pl.Step(null, lower, upper, slice));
    }
    return new Pl.Target(found.datum(), path);
  }

  void requireAssignable(Pl.Target target, Word at) {
    Pl.Datum datum = parser.declarations().datums().get(target.datum());
    if (datum.constant()) {
      throw words.error(
          SqlState.ERROR_IN_ASSIGNMENT,
          "variable \"" + datum.name() + "\" is declared CONSTANT",
          at);
    }
  }

  Pl.Target target() {
    Word word = words.peek();
    if (!word.isName()) {
      throw words.unexpected();
    }
    Pl.Target target = targetOrNull();
    if (target == null) {
      throw words.error(
          SqlState.SYNTAX_ERROR, "\"" + word.value() + "\" is not a known variable", word);
    }
    requireAssignable(target, word);
    return target;
  }

  List<Pl.Target> targets() {
    List<Pl.Target> all = new ArrayList<>();
    do {
      all.add(target());
    } while (words.takeSymbol(","));
    return all;
  }

  // ---- choices

  private Pl choice(int line) {
    words.next();
    List<Pl.Branch> tests = new ArrayList<>();
    List<Pl> otherwise = List.of();
    Sql condition = parser.expression(words.until("then"), line);
    words.expect("then");
    tests.add(new Pl.Branch(condition, until("elsif", "elseif", "else", "end")));
    while (words.is("elsif") || words.is("elseif")) {
      words.next();
      Sql next = parser.expression(words.until("then"), words.line());
      words.expect("then");
      tests.add(new Pl.Branch(next, until("elsif", "elseif", "else", "end")));
    }
    if (words.take("else")) {
      otherwise = until("end");
    }
    words.expect("end");
    words.expect("if");
    return new Pl.If(tests, otherwise, line);
  }

  private Pl caseOf(int line) {
    words.next();
    Sql operand = null;
    int datum = -1;
    if (!words.is("when")) {
      operand = parser.expression(words.until("when"), line);
      datum =
          parser
              .declarations()
              .add(
                  new Pl.Datum(
                      "__Case__Variable__", null, false, false, false, null, null, null, line));
      parser.enter(null);
      parser.names().declare("__Case__Variable__", datum);
    }
    List<Pl.Branch> branches = new ArrayList<>();
    while (words.take("when")) {
      int own = words.line();
      String test = words.until("then");
      words.expect("then");
      String condition = operand == null ? test : "\"__Case__Variable__\" IN (" + test + ")";
      Sql expression = parser.expression(condition, own);
      branches.add(new Pl.Branch(expression, until("when", "else", "end")));
    }
    List<Pl> otherwise = null;
    if (words.take("else")) {
      otherwise = until("end");
    }
    words.expect("end");
    words.expect("case");
    if (operand != null) {
      parser.leave();
    }
    return new Pl.Case(operand, datum, branches, otherwise, line);
  }

  private Pl exit(int line) {
    boolean leaves = words.next().value().equals("exit");
    String target = null;
    Word word = words.peek();
    if (word.isName() && !word.is("when")) {
      target = words.name();
      if (!parser.names().inside(target)) {
        throw words.error(
            SqlState.SYNTAX_ERROR,
            "there is no label \""
                + target
                + "\" attached to any block or loop enclosing this"
                + " statement",
            word);
      }
    }
    Sql condition = words.take("when") ? parser.expression(words.until(";"), line) : null;
    if (target == null && !loops.inside()) {
      throw words.error(
          SqlState.SYNTAX_ERROR,
          leaves
              ? "EXIT cannot be used outside a loop, unless it has a label"
              : "CONTINUE cannot be used outside a loop",
          word);
    }
    return new Pl.Exit(leaves, target, condition, line);
  }

  // ---- results

  private Pl returned(int line) {
    words.next();
    if (words.is("next") || words.is("query")) {
      if (!parser.spec().returnsSet()) {
        throw new SqlException(
            SqlState.DATATYPE_MISMATCH,
            "cannot use RETURN "
                + words.peek().value().toUpperCase(java.util.Locale.ROOT)
                + " in a non-SETOF function");
      }
    } else {
      requireReturn(!words.peek().isSymbol(";"));
    }
    if (words.take("next")) {
      Sql value = words.peek().isSymbol(";") ? null : parser.expression(words.until(";"), line);
      return new Pl.ReturnNext(value, line);
    }
    if (words.take("query")) {
      if (words.take("execute")) {
        Sql text = parser.expression(words.until("using", ";"), line);
        return new Pl.ReturnQuery(text, using(), line);
      }
      return new Pl.ReturnQuery(parser.statement(words.until(";"), line), null, line);
    }
    Sql value = words.peek().isSymbol(";") ? null : parser.expression(words.until(";"), line);
    return new Pl.Return(value, line);
  }

  /// Whether RETURN may, and has to, have a value.
  private void requireReturn(boolean value) {
    PlRoutine.Spec spec = parser.spec();
    boolean outputs = spec.arguments().stream().anyMatch(PlRoutine.Argument::output);
    if (value && spec.returnsSet()) {
      throw new SqlException(
              SqlState.DATATYPE_MISMATCH,
              "RETURN cannot have a parameter in function returning set")
          .hint("Use RETURN NEXT or RETURN QUERY.");
    }
    String fault =
        spec.procedure()
            ? "a procedure"
            : outputs
                ? "function with OUT parameters"
                : spec.result() == Types.VOID ? "function returning void" : null;
    if (value && fault != null) {
      throw new SqlException(
          SqlState.DATATYPE_MISMATCH, "RETURN cannot have a parameter in " + fault);
    }
    if (!value && fault == null && !spec.returnsSet()) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "missing expression at or near \";\"");
    }
  }

  List<Sql> using() {
    List<Sql> values = new ArrayList<>();
    if (words.take("using")) {
      do {
        values.add(parser.expression(words.until(",", ";", "into", "loop"), words.line()));
      } while (words.takeSymbol(","));
    }
    return values;
  }

  private Pl dynamic(int line) {
    words.next();
    Sql text = parser.expression(words.until("into", "using", ";"), line);
    List<Pl.Target> into = null;
    boolean strict = false;
    List<Sql> using = new ArrayList<>();
    while (words.is("into") || words.is("using")) {
      if (words.take("into")) {
        if (into != null) {
          throw words.unexpected();
        }
        strict = words.take("strict");
        into = targets();
      } else {
        if (!using.isEmpty()) {
          throw words.unexpected();
        }
        using = using();
      }
    }
    return new Pl.Dynamic(text, into, strict, using, line);
  }

  /// A statement of SQL: everything up to the semicolon, INTO and its targets taken out.
  private Pl sql(int line) {
    Word first = words.peek();
    if (!first.isName() && !first.isSymbol("(")) {
      throw words.unexpected();
    }
    List<Pl.Target> into = null;
    boolean strict = false;
    int depth = 0;
    int blocks = 0;
    int from = first.start();
    StringBuilder text = new StringBuilder();
    Word previous = first;
    while (true) {
      Word word = words.peek();
      if (word.kind() == Kind.END) {
        throw words.unexpected();
      }
      if (word.isSymbol(";") && depth == 0 && blocks == 0) {
        text.append(words.text(from, word.start()));
        break;
      }
      boolean takesRows =
          word.is("into")
              && depth == 0
              && !previous.is("insert")
              && !previous.is("merge")
              && !first.is("create")
              && !first.is("import");
      if (takesRows) {
        if (into != null) {
          throw words.error(SqlState.SYNTAX_ERROR, "INTO specified more than once", word);
        }
        text.append(words.text(from, word.start()));
        words.next();
        strict = words.take("strict");
        into = targets();
        from = words.peek().start();
        text.append(' ');
        previous = word;
        continue;
      }
      depth += word.isSymbol("(") || word.isSymbol("[") ? 1 : 0;
      depth -= word.isSymbol(")") || word.isSymbol("]") ? 1 : 0;
      blocks += previous.is("begin") && word.is("atomic") ? 1 : 0;
      blocks += blocks > 0 && word.is("case") ? 1 : 0;
      blocks -= blocks > 0 && word.is("end") ? 1 : 0;
      previous = word;
      words.next();
    }
    return new Pl.Execute(parser.statement(text.toString(), line), into, strict, line);
  }

  // ---- cursors

  private int cursor() {
    Word word = words.peek();
    if (!word.isName()) {
      throw words.unexpected();
    }
    Namespace.Found found = parser.names().find(List.of(words.name()));
    if (found == null || !found.rest().isEmpty()) {
      throw words.error(
          SqlState.SYNTAX_ERROR, "\"" + word.value() + "\" is not a known variable", word);
    }
    Pl.Datum datum = parser.declarations().datums().get(found.datum());
    if (datum.type() == null || !datum.type().name().equals("refcursor")) {
      throw words.error(
          SqlState.DATATYPE_MISMATCH,
          "variable \"" + datum.name() + "\" must be of type cursor or refcursor",
          word);
    }
    return found.datum();
  }

  private Pl open(int line) {
    words.next();
    int cursor = cursor();
    Pl.Datum datum = parser.declarations().datums().get(cursor);
    if (datum.cursor() != null) {
      return new Pl.Open(cursor, null, null, arguments(datum), line);
    }
    if (words.take("no")) {
      words.expect("scroll");
    } else {
      words.take("scroll");
    }
    words.expect("for");
    if (words.take("execute")) {
      Sql text = parser.expression(words.until("using", ";"), line);
      return new Pl.Open(cursor, text, using(), List.of(), line);
    }
    return new Pl.Open(cursor, parser.statement(words.until(";"), line), null, List.of(), line);
  }

  /// The arguments of a bound cursor.
  List<Pl.Argument> arguments(Pl.Datum cursor) {
    List<Pl.Argument> all = new ArrayList<>();
    Word at = words.peek();
    if (!words.takeSymbol("(")) {
      if (!cursor.parameters().isEmpty()) {
        throw words.error(
            SqlState.SYNTAX_ERROR, "cursor \"" + cursor.name() + "\" has arguments", at);
      }
      return all;
    }
    if (cursor.parameters().isEmpty()) {
      throw words.error(
          SqlState.SYNTAX_ERROR, "cursor \"" + cursor.name() + "\" has no arguments", at);
    }
    Set<String> given = new java.util.HashSet<>();
    do {
      String name = null;
      if (words.peek().isName() && (words.peek(1).isSymbol(":=") || words.peek(1).isSymbol("=>"))) {
        name = words.name();
        words.next();
      }
      String parameter =
          name == null && all.size() < cursor.parameters().size()
              ? parser.declarations().datums().get(cursor.parameters().get(all.size())).name()
              : name;
      if (parameter != null && !given.add(parameter)) {
        throw words.error(
            SqlState.SYNTAX_ERROR,
            "value for parameter \""
                + parameter
                + "\" of cursor \""
                + cursor.name()
                + "\" specified more than once",
            at);
      }
      all.add(new Pl.Argument(name, parser.expression(words.until(",", ")"), words.line())));
    } while (words.takeSymbol(","));
    words.expectSymbol(")");
    if (all.size() != cursor.parameters().size()) {
      throw words.error(
          SqlState.SYNTAX_ERROR,
          (all.size() < cursor.parameters().size() ? "not enough" : "too many")
              + " arguments for cursor \""
              + cursor.name()
              + "\"",
          at);
    }
    return all;
  }

  private Pl fetch(int line) {
    boolean moves = words.next().value().equals("move");
    String direction = "next";
    Sql count = null;
    Word word = words.peek();
    if (word.kind() == Kind.WORD
        && parser.names().find(List.of(word.value())) == null
        && !word.is("from")
        && !word.is("in")) {
      direction = words.next().value();
      boolean counts = Set.of("absolute", "relative").contains(direction);
      boolean mayCount = Set.of("forward", "backward").contains(direction);
      if (mayCount && words.take("all")) {
        direction += " all";
      } else if (counts
          || mayCount
              && !words.is("from")
              && !words.is("in")
              && !(words.peek().isName() && words.peek(1).isSymbol(";"))
              && !words.peek(1).is("into")) {
        count = parser.expression(words.until("from", "in"), line);
      }
    } else if (word.kind() == Kind.NUMBER || word.isSymbol("-")) {
      count = parser.expression(words.until("from", "in"), line);
      direction = "forward";
    }
    if (!words.take("from")) {
      words.take("in");
    }
    int cursor = cursor();
    List<Pl.Target> into = null;
    if (!moves) {
      if (!words.take("into")) {
        throw words.unexpected();
      }
      into = targets();
    }
    return new Pl.Fetch(cursor, direction, count, into, line);
  }

  private Pl end(int line) {
    boolean commits = words.next().value().equals("commit");
    boolean chain = false;
    if (words.take("and")) {
      chain = !words.take("no");
      words.expect("chain");
    }
    if (!words.peek().isSymbol(";")) {
      throw words.unexpected();
    }
    return new Pl.End(commits, chain, line);
  }

  static SqlException invalid(String message) {
    return new SqlException(SqlState.SYNTAX_ERROR, message);
  }
}
