package io.trencadis.sql.plpgsql;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.Types;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/// RAISE, ASSERT and GET DIAGNOSTICS, and the errors that are being handled.
final class Messages {
  private static final Map<String, SqlState> STATES = new HashMap<>();

  static {
    for (SqlState state : SqlState.values()) {
      STATES.putIfAbsent(state.code(), state);
    }
  }

  private final Interpreter run;
  private final Engine engine;
  private final Values values;
  private final Deque<Handled> handled = new ArrayDeque<>();
  private long count;

  private record Handled(SqlException error, String where) {}

  Messages(Interpreter run, Engine engine, Values values) {
    this.run = run;
    this.engine = engine;
    this.values = values;
  }

  /// Notes how many rows a statement has returned or changed.
  void counted(long rows) {
    count = rows;
  }

  /// Runs a handler.
  Interpreter.Flow handling(SqlException error, String where, Pl.Handler handler) {
    handled.push(new Handled(error, where));
    try {
      return run.runAll(handler.body());
    } finally {
      handled.pop();
    }
  }

  private String text(Sql expression) {
    Engine.Value value = run.evaluate(expression);
    return value.value() == null ? null : engine.text(value.value(), value.type());
  }

  void raise(Pl.Raise raise) {
    if (raise.options() == null) {
      if (handled.isEmpty()) {
        throw new SqlException(
            SqlState.STACKED_DIAGNOSTICS_ACCESSED_WITHOUT_ACTIVE_HANDLER,
            "RAISE without parameters cannot be used outside an exception handler");
      }
      throw handled.peek().error;
    }
    String code = null;
    String message = null;
    String named = null;
    if (raise.condition() != null) {
      named = raise.condition();
      code = named.startsWith("=") ? named.substring(1) : Conditions.code(named);
      named = named.startsWith("=") ? code : named;
    }
    if (raise.format() != null) {
      message = formatted(raise);
    }
    Map<String, String> options = new HashMap<>();
    for (Pl.Argument option : raise.options()) {
      String value = text(option.value());
      if (value == null) {
        throw new SqlException(
            SqlState.NULL_VALUE_NOT_ALLOWED, "RAISE statement option cannot be null");
      }
      boolean again =
          option.name().equals("message") && raise.format() != null
              || option.name().equals("errcode") && raise.condition() != null
              || options.put(option.name(), value) != null;
      if (again) {
        throw new SqlException(
            SqlState.SYNTAX_ERROR,
            "RAISE option already specified: " + option.name().toUpperCase(java.util.Locale.ROOT));
      }
    }
    if (options.containsKey("errcode")) {
      String wanted = options.get("errcode");
      named = wanted;
      code = Conditions.isKnown(wanted) ? Conditions.code(wanted) : wanted;
      if (!code.matches("[0-9A-Z]{5}")) {
        throw new SqlException(
            SqlState.UNDEFINED_OBJECT, "unrecognized exception condition \"" + wanted + "\"");
      }
    }
    if (options.containsKey("message")) {
      message = options.get("message");
    }
    boolean error = raise.level().equals("EXCEPTION");
    if (code == null && error) {
      code = SqlState.RAISE_EXCEPTION.code();
    }
    if (message == null) {
      message = named == null ? code : named;
    }
    if (!error) {
      String level = raise.level();
      engine.notice(
          level,
          code == null ? (level.equals("WARNING") ? "01000" : "00000") : code,
          message,
          options.get("detail"),
          options.get("hint"));
      return;
    }
    SqlState known = STATES.get(code);
    throw new SqlException(known == null ? SqlState.RAISE_EXCEPTION : known, message)
        .coded(known == null ? code : null)
        .detail(options.get("detail"))
        .hint(options.get("hint"))
        .with(SqlException.Field.COLUMN_NAME, options.get("column"))
        .with(SqlException.Field.CONSTRAINT_NAME, options.get("constraint"))
        .with(SqlException.Field.DATA_TYPE_NAME, options.get("datatype"))
        .with(SqlException.Field.TABLE_NAME, options.get("table"))
        .with(SqlException.Field.SCHEMA_NAME, options.get("schema"));
  }

  private String formatted(Pl.Raise raise) {
    StringBuilder out = new StringBuilder();
    String format = raise.format();
    int parameter = 0;
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      if (c != '%') {
        out.append(c);
      } else if (i + 1 < format.length() && format.charAt(i + 1) == '%') {
        out.append('%');
        i++;
      } else {
        String text = text(raise.parameters().get(parameter++));
        out.append(text == null ? "<NULL>" : text);
      }
    }
    return out.toString();
  }

  void asserted(Pl.Assert asserted) {
    if (!engine.asserts() || run.holds(asserted.condition())) {
      return;
    }
    String message = asserted.message() == null ? null : text(asserted.message());
    throw new SqlException(SqlState.ASSERT_FAILURE, message == null ? "assertion failed" : message);
  }

  void diagnose(Pl.Diagnostics diagnostics) {
    if (diagnostics.stacked() && handled.isEmpty()) {
      throw new SqlException(
          SqlState.STACKED_DIAGNOSTICS_ACCESSED_WITHOUT_ACTIVE_HANDLER,
          "GET STACKED DIAGNOSTICS cannot be used outside an exception handler");
    }
    for (Pl.Item item : diagnostics.items()) {
      if (item.kind().equals("row_count")) {
        values.assign(item.target(), count, Types.INT8, run::integer);
      } else if (item.kind().equals("result_oid")) {
        values.assign(item.target(), 0L, Types.OID, run::integer);
      } else {
        values.assign(item.target(), told(item.kind()), Types.TEXT, run::integer);
      }
    }
  }

  private String told(String kind) {
    if (kind.equals("pg_context")) {
      return run.where();
    }
    SqlException error = handled.peek().error;
    String text =
        switch (kind) {
          case "returned_sqlstate" -> error.code();
          case "message_text" -> error.getMessage();
          case "pg_exception_detail" -> error.fields().get(SqlException.Field.DETAIL);
          case "pg_exception_hint" -> error.fields().get(SqlException.Field.HINT);
          case "pg_exception_context" -> {
            String inner = error.fields().get(SqlException.Field.WHERE);
            yield inner == null ? handled.peek().where : inner + "\n" + handled.peek().where;
          }
          case "column_name" -> error.fields().get(SqlException.Field.COLUMN_NAME);
          case "constraint_name" -> error.fields().get(SqlException.Field.CONSTRAINT_NAME);
          case "pg_datatype_name" -> error.fields().get(SqlException.Field.DATA_TYPE_NAME);
          case "table_name" -> error.fields().get(SqlException.Field.TABLE_NAME);
          default -> error.fields().get(SqlException.Field.SCHEMA_NAME);
        };
    return text == null ? "" : text;
  }
}
