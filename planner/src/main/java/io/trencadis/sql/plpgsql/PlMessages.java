package io.trencadis.sql.plpgsql;

import io.trencadis.base.SqlState;
import io.trencadis.sql.parser.SqlWords.Kind;
import io.trencadis.sql.parser.SqlWords.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Reads RAISE, ASSERT and GET DIAGNOSTICS.
final class PlMessages {
  private static final Set<String> LEVELS =
      Set.of("debug", "log", "info", "notice", "warning", "exception");
  private static final Set<String> OPTIONS =
      Set.of(
          "message",
          "detail",
          "hint",
          "errcode",
          "column",
          "constraint",
          "datatype",
          "table",
          "schema");
  private static final Set<String> CURRENT = Set.of("row_count", "pg_context", "result_oid");
  private static final Set<String> STACKED =
      Set.of(
          "returned_sqlstate",
          "message_text",
          "pg_exception_detail",
          "pg_exception_hint",
          "pg_exception_context",
          "column_name",
          "constraint_name",
          "pg_datatype_name",
          "table_name",
          "schema_name");

  private final PlParser parser;
  private final WordReader words;
  private final PlStatements statements;

  PlMessages(PlParser parser, WordReader words, PlStatements statements) {
    this.parser = parser;
    this.words = words;
    this.statements = statements;
  }

  Pl raise(int line) {
    words.next();
    String level = "EXCEPTION";
    boolean levelled = words.peek().kind() == Kind.WORD && LEVELS.contains(words.peek().value());
    if (levelled) {
      level = words.next().value().toUpperCase(Locale.ROOT);
    }
    String condition = null;
    String format = null;
    List<Sql> parameters = new ArrayList<>();
    List<Pl.Argument> options = new ArrayList<>();
    if (words.peek().isSymbol(";")) {
      if (levelled) {
        throw words.unexpected();
      }
      return new Pl.Raise(level, null, null, parameters, null, line);
    }
    Word word = words.peek();
    if (word.kind() == Kind.STRING) {
      format = words.next().value();
      while (words.takeSymbol(",")) {
        parameters.add(parser.expression(words.until(",", ";", "using"), words.line()));
      }
      int places =
          format.replace("%%", "").length() - format.replace("%%", "").replace("%", "").length();
      if (places != parameters.size()) {
        throw words.error(
            SqlState.SYNTAX_ERROR,
            "too "
                + (places < parameters.size() ? "many" : "few")
                + " parameters specified for RAISE",
            word);
      }
    } else if (!words.is("using")) {
      if (words.take("sqlstate")) {
        Word code = words.next();
        if (code.kind() != Kind.STRING) {
          throw words.unexpected(code);
        }
        if (!code.value().matches("[0-9A-Z]{5}")) {
          throw words.error(SqlState.SYNTAX_ERROR, "invalid SQLSTATE code", code);
        }
        condition = "=" + code.value();
      } else {
        condition = words.name();
        if (!Conditions.isKnown(condition)) {
          throw words.error(
              SqlState.UNDEFINED_OBJECT,
              "unrecognized exception condition \"" + condition + "\"",
              word);
        }
      }
    }
    if (words.take("using")) {
      do {
        Word name = words.peek();
        String option = words.name();
        if (!OPTIONS.contains(option)) {
          throw words.error(SqlState.SYNTAX_ERROR, "unrecognized RAISE statement option", name);
        }
        if (!words.takeSymbol("=")) {
          words.expectSymbol(":=");
        }
        options.add(
            new Pl.Argument(option, parser.expression(words.until(",", ";"), words.line())));
      } while (words.takeSymbol(","));
    }
    return new Pl.Raise(level, condition, format, parameters, options, line);
  }

  Pl asserted(int line) {
    words.next();
    Sql condition = parser.expression(words.until(",", ";"), line);
    Sql message = words.takeSymbol(",") ? parser.expression(words.until(";"), line) : null;
    return new Pl.Assert(condition, message, line);
  }

  Pl diagnostics(int line) {
    words.next();
    boolean stacked = words.take("stacked");
    if (!stacked) {
      words.take("current");
    }
    words.expect("diagnostics");
    List<Pl.Item> items = new ArrayList<>();
    do {
      Pl.Target target = statements.target();
      if (!words.takeSymbol(":=")) {
        words.expectSymbol("=");
      }
      Word word = words.peek();
      String kind = words.name();
      if (!CURRENT.contains(kind) && !STACKED.contains(kind)) {
        throw words.error(SqlState.SYNTAX_ERROR, "unrecognized GET DIAGNOSTICS item", word);
      }
      boolean allowed = stacked ? STACKED.contains(kind) : CURRENT.contains(kind);
      if (!allowed) {
        throw words.error(
            SqlState.SYNTAX_ERROR,
            "diagnostics item "
                + kind.toUpperCase(Locale.ROOT)
                + " is not allowed in GET "
                + (stacked ? "STACKED" : "CURRENT")
                + " DIAGNOSTICS",
            word);
      }
      items.add(new Pl.Item(target, kind));
    } while (words.takeSymbol(","));
    return new Pl.Diagnostics(stacked, items, line);
  }
}
