package io.trencadis.sql.plpgsql;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlArray;
import io.trencadis.sql.types.SqlRow;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;

/// One run of a body.
final class Interpreter {
  /// How a statement ends.
  enum Flow {
    NEXT,
    EXIT,
    CONTINUE,
    RETURN
  }

  private final PlRoutine routine;
  private final PlRoutine.Spec spec;
  private final Engine engine;
  private final Values values;
  private final Messages messages;
  private final Results results;
  private final Cursors cursors;
  private final Rows rows;

  /// The label that an EXIT or CONTINUE under way is for; null for the innermost loop.
  private String label;

  private Pl current;
  private String phase = "during initialization of execution state";

  Interpreter(PlRoutine routine, Engine engine) {
    this.routine = routine;
    this.spec = routine.spec();
    this.engine = engine;
    this.values =
        new Values(engine, routine.body().datums(), routine.given(), routine.body().conflict());
    this.messages = new Messages(this, engine, values);
    this.results = new Results(this, spec, engine, values);
    this.cursors = new Cursors(this, engine, values);
    this.rows = new Rows(this, values);
    values.put(routine.found(), false);
  }

  Values values() {
    return values;
  }

  Engine engine() {
    return engine;
  }

  Rows rowsInto() {
    return rows;
  }

  // ---- entries

  Object call(Object[] args) {
    run(args);
    return results.value();
  }

  List<Object> rows(Object[] args) {
    run(args);
    return results.rows();
  }

  Object trigger(TriggerData data) {
    data.fill(values);
    phase = "during function entry";
    try {
      if (runBlock(routine.body().block()) != Flow.RETURN) {
        current = null;
        throw noReturn();
      }
      return results.triggerRow(data);
    } catch (SqlException e) {
      throw context(e);
    }
  }

  private void run(Object[] args) {
    try {
      int at = 0;
      List<PlRoutine.Argument> arguments = spec.arguments();
      for (int i = 0; i < arguments.size(); i++) {
        PlRoutine.Argument argument = arguments.get(i);
        if (argument.input()) {
          Object value = args[at++];
          if (values.isRecord(i)) {
            values.assign(i, value, Types.RECORD);
          } else {
            values.put(i, value);
          }
        }
      }
      phase = "during function entry";
      Flow flow = runBlock(routine.body().block());
      if (flow != Flow.RETURN) {
        current = null;
        phase = null;
        results.end(this::noReturn);
      }
    } catch (SqlException e) {
      throw context(e);
    }
  }

  private SqlException noReturn() {
    phase = null;
    return new SqlException(
        SqlState.S_R_E_FUNCTION_EXECUTED_NO_RETURN_STATEMENT,
        "control reached end of "
            + (spec.triggers() ? "trigger procedure" : "function")
            + " without RETURN");
  }

  private SqlException context(SqlException e) {
    String name =
        spec.context() == null
            ? "PL/pgSQL function inline_code_block"
            : "PL/pgSQL function " + spec.context();
    return e.inside(
        current != null
            ? name + " line " + current.line() + " at " + current.label()
            : phase == null ? name : name + " " + phase);
  }

  /// Where a body stands, as PG_CONTEXT tells it.
  String where() {
    return "PL/pgSQL function "
        + (spec.context() == null ? "inline_code_block" : spec.context())
        + " line "
        + current.line()
        + " at "
        + current.label();
  }

  // ---- statements

  Flow runAll(List<Pl> statements) {
    for (Pl statement : statements) {
      Flow flow = run(statement);
      if (flow != Flow.NEXT) {
        return flow;
      }
    }
    return Flow.NEXT;
  }

  private Flow run(Pl statement) {
    Pl before = current;
    current = statement;
    engine.check();
    Flow flow = step(statement);
    current = before;
    return flow;
  }

  private Flow step(Pl statement) {
    switch (statement) {
      case Pl.Block block -> {
        return block(block);
      }
      case Pl.Assign assign -> {
        Engine.Value value = evaluate(assign.value());
        values.assign(assign.target(), value.value(), value.type(), this::integer);
      }
      case Pl.If choice -> {
        for (Pl.Branch branch : choice.tests()) {
          if (holds(branch.condition())) {
            return runAll(branch.body());
          }
        }
        return runAll(choice.otherwise());
      }
      case Pl.Case choice -> {
        return caseOf(choice);
      }
      case Pl.Loop loop -> {
        return loop(loop);
      }
      case Pl.ForInteger loop -> {
        return integers(loop);
      }
      case Pl.ForQuery loop -> {
        Engine.Answer answer =
            loop.using() == null
                ? execute(loop.query(), -1)
                : dynamic(loop.query(), loop.using(), -1);
        requireRows(answer);
        return overRows(loop.name(), loop.targets(), answer, loop.body());
      }
      case Pl.ForCursor loop -> {
        return cursors.loop(loop);
      }
      case Pl.Foreach loop -> {
        return foreach(loop);
      }
      case Pl.Exit exit -> {
        if (exit.condition() != null && !holds(exit.condition())) {
          return Flow.NEXT;
        }
        label = exit.target();
        return exit.leaves() ? Flow.EXIT : Flow.CONTINUE;
      }
      case Pl.Return ret -> {
        results.take(ret);
        return Flow.RETURN;
      }
      case Pl.ReturnNext next -> results.add(next);
      case Pl.ReturnQuery query -> found(results.addAll(query));
      case Pl.Raise raise -> messages.raise(raise);
      case Pl.Assert asserted -> messages.asserted(asserted);
      case Pl.Execute sql -> sql(sql);
      case Pl.Perform perform -> {
        Engine.Answer answer = execute(perform.query(), -1);
        messages.counted(answer.count());
        found(answer.count() > 0);
      }
      case Pl.Call call -> call(call);
      case Pl.Dynamic dynamic -> {
        Engine.Answer answer =
            dynamic(dynamic.text(), dynamic.using(), dynamic.into() == null ? -1 : 2);
        messages.counted(answer.count());
        if (dynamic.into() != null) {
          rows.into(dynamic.into(), answer, dynamic.strict(), false, true);
        }
      }
      case Pl.Diagnostics diagnostics -> messages.diagnose(diagnostics);
      case Pl.Open open -> cursors.open(open);
      case Pl.Fetch fetch -> cursors.fetch(fetch);
      case Pl.Close close -> cursors.close(close);
      case Pl.Null _ -> {}
      case Pl.End end -> engine.end(end.commits(), end.chain());
    }
    return Flow.NEXT;
  }

  void found(boolean any) {
    values.put(routine.found(), any);
  }

  private Flow runBlock(Pl.Block block) {
    current = block;
    return block(block);
  }

  private Flow block(Pl.Block block) {
    Pl self = current;
    for (int datum : block.variables()) {
      declare(datum);
    }
    phase = null;
    current = self;
    Flow flow = block.handlers() == null ? runAll(block.body()) : guarded(block);
    if (flow == Flow.EXIT && label != null && label.equals(block.name())) {
      label = null;
      return Flow.NEXT;
    }
    return flow;
  }

  private void declare(int datum) {
    Pl.Datum declared = values.datum(datum);
    current = null;
    phase = "during statement block local variable initialization";
    if (declared.fallback() != null) {
      Engine.Value value = evaluate(declared.fallback());
      values.assign(datum, value.value(), value.type());
    } else if (values.isRecord(datum)) {
      values.put(datum, null, null);
    } else if (values.type(datum).hasRules()) {
      values.assign(datum, null, values.type(datum));
    } else {
      values.put(datum, null);
    }
    if (declared.cursor() != null) {
      // A bound cursor's portal is called like the variable.
      values.put(datum, declared.name());
    }
  }

  /// A block with an EXCEPTION clause: what it did is undone where one of its handlers takes over.
  private Flow guarded(Pl.Block block) {
    Pl self = current;
    Object point = engine.savepoint();
    try {
      Flow flow = runAll(block.body());
      engine.release(point);
      return flow;
    } catch (SqlException e) {
      Pl.Handler handler = null;
      for (Pl.Handler each : block.handlers()) {
        if (Conditions.match(each.conditions(), e)) {
          handler = each;
          break;
        }
      }
      if (handler == null) {
        engine.release(point);
        throw e;
      }
      String where = where();
      engine.rollbackTo(point);
      engine.release(point);
      current = self;
      values.put(handler.state(), e.code());
      values.put(handler.message(), e.getMessage());
      return messages.handling(e, where, handler);
    } catch (RuntimeException | Error e) {
      // The whole statement begins again, or ends.
      engine.release(point);
      throw e;
    }
  }

  private Flow caseOf(Pl.Case choice) {
    if (choice.operand() != null) {
      Engine.Value operand = evaluate(choice.operand());
      values.put(
          choice.datum(),
          operand.value(),
          operand.type() == Types.UNKNOWN ? Types.TEXT : operand.type());
    }
    for (Pl.Branch branch : choice.branches()) {
      if (holds(branch.condition())) {
        return runAll(branch.body());
      }
    }
    if (choice.otherwise() == null) {
      throw new SqlException(SqlState.CASE_NOT_FOUND, "case not found")
          .hint("CASE statement is missing ELSE part.");
    }
    return runAll(choice.otherwise());
  }

  // ---- loops

  /// What a loop does after its body.
  ///
  /// @return null to go on
  Flow after(Flow flow, String name) {
    return switch (flow) {
      case NEXT -> null;
      case RETURN -> Flow.RETURN;
      case EXIT -> {
        if (label == null || label.equals(name)) {
          label = null;
          yield Flow.NEXT;
        }
        yield Flow.EXIT;
      }
      case CONTINUE -> {
        if (label == null || label.equals(name)) {
          label = null;
          yield null;
        }
        yield Flow.CONTINUE;
      }
    };
  }

  private Flow loop(Pl.Loop loop) {
    while (loop.condition() == null || holds(loop.condition())) {
      engine.check();
      Flow ends = after(runAll(loop.body()), loop.name());
      if (ends != null) {
        return ends;
      }
    }
    return Flow.NEXT;
  }

  private int bound(Sql expression, String what) {
    Engine.Value value = evaluate(expression);
    Object integer = engine.cast(value.value(), value.type(), Types.INT4, -1);
    if (integer == null) {
      throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, what + " of FOR loop cannot be null");
    }
    return (Integer) integer;
  }

  private Flow integers(Pl.ForInteger loop) {
    int from = bound(loop.from(), "lower bound");
    int to = bound(loop.to(), "upper bound");
    int step = loop.step() == null ? 1 : bound(loop.step(), "BY value");
    if (step <= 0) {
      throw new SqlException(
          SqlState.INVALID_PARAMETER_VALUE, "BY value of FOR loop must be greater than zero");
    }
    boolean any = false;
    for (long i = from; loop.reverse() ? i >= to : i <= to; i += loop.reverse() ? -step : step) {
      any = true;
      values.put(loop.variable(), (int) i);
      engine.check();
      Flow ends = after(runAll(loop.body()), loop.name());
      if (ends != null) {
        found(true);
        return ends;
      }
      long following = loop.reverse() ? i - step : i + step;
      if (following > Integer.MAX_VALUE || following < Integer.MIN_VALUE) {
        break;
      }
    }
    found(any);
    return Flow.NEXT;
  }

  private static void requireRows(Engine.Answer answer) {
    if (answer.columns() == null) {
      throw new SqlException(SqlState.INVALID_CURSOR_DEFINITION, "cannot open a command as cursor");
    }
  }

  Flow overRows(String name, List<Pl.Target> targets, Engine.Answer answer, List<Pl> body) {
    if (answer.rows().isEmpty()) {
      rows.none(targets, answer.columns());
    }
    boolean any = false;
    for (Object[] row : answer.rows()) {
      any = true;
      rows.put(targets, answer.columns(), row);
      engine.check();
      Flow ends = after(runAll(body), name);
      if (ends != null) {
        found(true);
        return ends;
      }
    }
    found(any);
    return Flow.NEXT;
  }

  private Flow foreach(Pl.Foreach loop) {
    Engine.Value value = evaluate(loop.array());
    if (value.value() == null) {
      throw new SqlException(
          SqlState.NULL_VALUE_NOT_ALLOWED, "FOREACH expression must not be null");
    }
    if (!(value.value() instanceof SqlArray array)) {
      throw new SqlException(
          SqlState.DATATYPE_MISMATCH,
          "FOREACH expression must yield an array, not type " + value.type().displayName());
    }
    if (loop.slice() < 0 || loop.slice() > array.ndims()) {
      throw new SqlException(
          SqlState.ARRAY_ELEMENT_ERROR,
          "slice dimension (" + loop.slice() + ") is out of the valid range 0.." + array.ndims());
    }
    PgType element = array.elementType();
    PgType type = loop.slice() == 0 ? element : value.type().baseType();
    boolean toArray = loop.targets().size() == 1 && isArrayTarget(loop.targets().getFirst());
    if (loop.slice() > 0 && !toArray) {
      throw new SqlException(
          SqlState.DATATYPE_MISMATCH, "FOREACH ... SLICE loop variable must be of an array type");
    }
    if (loop.slice() == 0 && toArray) {
      throw new SqlException(
          SqlState.DATATYPE_MISMATCH, "FOREACH loop variable must not be of an array type");
    }
    int width = 1;
    for (int i = array.ndims() - loop.slice(); i < array.ndims(); i++) {
      width *= array.dims()[i];
    }
    boolean any = false;
    for (int i = 0; i < array.size(); i += width) {
      any = true;
      Object item = array.elements()[i];
      if (loop.slice() > 0) {
        int first = array.ndims() - loop.slice();
        item =
            new SqlArray(
                element,
                java.util.Arrays.copyOfRange(array.dims(), first, array.ndims()),
                java.util.Arrays.copyOfRange(array.lowerBounds(), first, array.ndims()),
                java.util.Arrays.copyOfRange(array.elements(), i, i + width));
      }
      if (loop.targets().size() == 1) {
        values.assign(loop.targets().getFirst(), item, type, this::integer);
      } else {
        SqlRow row = (SqlRow) item;
        List<Engine.Column> columns = new ArrayList<>();
        for (PgType each : row.types()) {
          columns.add(new Engine.Column("", each, -1));
        }
        rows.put(loop.targets(), columns, row.values());
      }
      Flow ends = after(runAll(loop.body()), loop.name());
      if (ends != null) {
        found(true);
        return ends;
      }
    }
    found(any);
    return Flow.NEXT;
  }

  private boolean isArrayTarget(Pl.Target target) {
    PgType type = values.type(target.datum());
    return target.path().isEmpty() && type != null && type.baseType().isArray();
  }

  // ---- SQL

  private void sql(Pl.Execute sql) {
    Engine.Answer answer = execute(sql.statement(), sql.into() == null ? -1 : 2);
    messages.counted(answer.count());
    if (sql.into() != null) {
      if (answer.columns() == null) {
        throw new SqlException(
            SqlState.SYNTAX_ERROR, "INTO used with a command that cannot return data");
      }
      boolean tooMany = answer.changes();
      messages.counted(Math.min(answer.rows().size(), answer.changes() ? answer.count() : 1));
      rows.into(sql.into(), answer, sql.strict() || tooMany, tooMany && !sql.strict(), false);
      found(!answer.rows().isEmpty());
      return;
    }
    if (answer.columns() != null && !answer.changes()) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "query has no destination for result data")
          .hint("If you want to discard the results of a SELECT, use PERFORM instead.");
    }
    if (answer.changes()) {
      if (answer.columns() != null) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "query has no destination for result data");
      }
      found(answer.count() > 0);
    }
  }

  private void call(Pl.Call call) {
    List<List<String>> outputs = new ArrayList<>();
    Object[] results =
        engine.call(call.call(), values.variables(call.call().names()), values.all(), outputs);
    if (results == null) {
      return;
    }
    for (int i = 0; i < outputs.size(); i++) {
      List<String> parts = outputs.get(i);
      Namespace.Found found = parts == null ? null : call.call().names().find(parts);
      if (found == null) {
        throw new SqlException(
            SqlState.SYNTAX_ERROR,
            "procedure parameter "
                + (i + 1)
                + " is an output parameter but corresponding argument is not writable");
      }
      List<Pl.Step> path = new ArrayList<>();
      found.rest().forEach(field -> path.add(new Pl.Step(field, null, null, false)));
      Engine.Value value = (Engine.Value) results[i];
      values.assign(new Pl.Target(found.datum(), path), value.value(), value.type(), this::integer);
    }
  }

  Engine.Answer execute(Sql sql, long most) {
    return engine.run(sql, values.variables(sql.names()), values.all(), most);
  }

  Engine.Answer dynamic(Sql text, List<Sql> using, long most) {
    Engine.Value value = evaluate(text);
    if (value.value() == null) {
      throw new SqlException(
          SqlState.NULL_VALUE_NOT_ALLOWED, "query string argument of EXECUTE is null");
    }
    List<PgType> types = new ArrayList<>();
    Object[] parameters = parameters(using, types);
    return engine.runDynamic(engine.text(value.value(), value.type()), types, parameters, most);
  }

  Object[] parameters(List<Sql> using, List<PgType> types) {
    Object[] parameters = new Object[using.size()];
    for (int i = 0; i < parameters.length; i++) {
      Engine.Value each = evaluate(using.get(i));
      parameters[i] = each.value();
      types.add(each.type() == Types.UNKNOWN ? Types.TEXT : each.type());
    }
    return parameters;
  }

  /// The value of an expression; null where it has no row.
  Engine.Value evaluate(Sql expression) {
    Engine.Answer answer = execute(expression, 2);
    if (answer.columns() == null) {
      throw new SqlException(
          SqlState.WRONG_OBJECT_TYPE, "query \"" + expression.source() + "\" is not a SELECT");
    }
    if (answer.columns().size() != 1) {
      throw new SqlException(
          SqlState.SYNTAX_ERROR,
          "query \"" + expression.text() + "\" returned " + answer.columns().size() + " columns");
    }
    if (answer.rows().size() > 1) {
      throw new SqlException(
          SqlState.CARDINALITY_VIOLATION,
          "query \"" + expression.text() + "\" returned more than one row");
    }
    PgType type = answer.columns().getFirst().type();
    return answer.rows().isEmpty()
        ? new Engine.Value(null, type)
        : new Engine.Value(answer.rows().getFirst()[0], type);
  }

  boolean holds(Sql condition) {
    Engine.Value value = evaluate(condition);
    return Boolean.TRUE.equals(engine.cast(value.value(), value.type(), Types.BOOL, -1));
  }

  Integer integer(Sql expression) {
    Engine.Value value = evaluate(expression);
    return (Integer) engine.cast(value.value(), value.type(), Types.INT4, -1);
  }
}
