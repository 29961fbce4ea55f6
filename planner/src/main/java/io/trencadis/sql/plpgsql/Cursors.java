package io.trencadis.sql.plpgsql;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.PgType;
import java.util.ArrayList;
import java.util.List;

/// Cursors of a body.
final class Cursors {
  private final Interpreter run;
  private final Engine engine;
  private final Values values;

  Cursors(Interpreter run, Engine engine, Values values) {
    this.run = run;
    this.engine = engine;
    this.values = values;
  }

  private void give(int cursor, List<Pl.Argument> arguments) {
    List<Integer> parameters = values.datum(cursor).parameters();
    List<Engine.Value> given = new ArrayList<>();
    List<Integer> datums = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      Pl.Argument argument = arguments.get(i);
      int datum = parameters.get(i);
      if (argument.name() != null) {
        datum = -1;
        for (int each : parameters) {
          datum = values.name(each).equals(argument.name()) ? each : datum;
        }
        if (datum < 0) {
          throw new SqlException(
              SqlState.SYNTAX_ERROR,
              "cursor \""
                  + values.name(cursor)
                  + "\" has no argument named \""
                  + argument.name()
                  + "\"");
        }
      }
      given.add(run.evaluate(argument.value()));
      datums.add(datum);
    }
    for (int i = 0; i < given.size(); i++) {
      values.assign(datums.get(i), given.get(i).value(), given.get(i).type());
    }
  }

  void open(Pl.Open open) {
    String name = (String) values.get(open.cursor());
    Pl.Datum datum = values.datum(open.cursor());
    String opened;
    if (open.query() == null) {
      give(open.cursor(), open.arguments());
      Sql query = datum.cursor();
      opened = engine.open(name, query, values.variables(query.names()), values.all());
    } else if (open.using() == null) {
      Sql query = open.query();
      opened = engine.open(name, query, values.variables(query.names()), values.all());
    } else {
      Engine.Value text = run.evaluate(open.query());
      if (text.value() == null) {
        throw new SqlException(
            SqlState.NULL_VALUE_NOT_ALLOWED, "query string argument of EXECUTE is null");
      }
      List<PgType> types = new ArrayList<>();
      Object[] parameters = run.parameters(open.using(), types);
      opened = engine.openDynamic(name, engine.text(text.value(), text.type()), types, parameters);
    }
    if (name == null && datum.constant()) {
      throw new SqlException(
          SqlState.ERROR_IN_ASSIGNMENT, "variable \"" + datum.name() + "\" is declared CONSTANT");
    }
    values.put(open.cursor(), opened);
  }

  private String name(int cursor) {
    String name = (String) values.get(cursor);
    if (name == null) {
      throw new SqlException(
          SqlState.NULL_VALUE_NOT_ALLOWED,
          "cursor variable \"" + values.name(cursor) + "\" is null");
    }
    return name;
  }

  void fetch(Pl.Fetch fetch) {
    Long count = null;
    if (fetch.count() != null) {
      Integer wanted = run.integer(fetch.count());
      if (wanted == null) {
        throw new SqlException(
            SqlState.NULL_VALUE_NOT_ALLOWED, "relative or absolute cursor position is null");
      }
      count = (long) wanted;
    }
    Engine.Answer answer =
        engine.fetch(name(fetch.cursor()), fetch.direction(), count, fetch.into() == null);
    if (fetch.into() != null) {
      if (answer.rows().isEmpty()) {
        run.rowsInto().none(fetch.into(), answer.columns());
      } else {
        run.rowsInto().put(fetch.into(), answer.columns(), answer.rows().getFirst());
      }
    }
    run.found(answer.count() > 0);
  }

  void close(Pl.Close close) {
    engine.close(name(close.cursor()));
  }

  /// FOR over a bound cursor, which is closed at its end.
  Interpreter.Flow loop(Pl.ForCursor loop) {
    give(loop.cursor(), loop.arguments());
    String before = (String) values.get(loop.cursor());
    Sql query = values.datum(loop.cursor()).cursor();
    String opened = engine.open(before, query, values.variables(query.names()), values.all());
    values.put(loop.cursor(), opened);
    boolean any = false;
    try {
      while (true) {
        Engine.Answer answer = engine.fetch(opened, "next", null, false);
        List<Pl.Target> target = List.of(new Pl.Target(loop.variable()));
        if (answer.rows().isEmpty()) {
          run.rowsInto().none(target, answer.columns());
          break;
        }
        any = true;
        run.rowsInto().put(target, answer.columns(), answer.rows().getFirst());
        Interpreter.Flow ends = run.after(run.runAll(loop.body()), loop.name());
        if (ends != null) {
          run.found(true);
          return ends;
        }
      }
    } finally {
      closeQuietly(opened);
      values.put(loop.cursor(), before);
    }
    run.found(any);
    return Interpreter.Flow.NEXT;
  }

  private void closeQuietly(String cursor) {
    try {
      engine.close(cursor);
    } catch (SqlException e) {
      if (e.state() != SqlState.INVALID_CURSOR_NAME) {
        throw e;
      }
    }
  }
}
