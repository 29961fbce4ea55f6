package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.RoutineDescriptor;
import io.trencadis.sql.functions.ResolvedCall;
import io.trencadis.sql.parser.SqlParser;
import io.trencadis.sql.plpgsql.PlRoutine;
import io.trencadis.sql.plpgsql.TriggerData;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;

/// A routine of PL/pgSQL in a session. Read anew when the catalog has changed.
final class PlBody implements RoutineBody {
  private final PlRoutine routine;
  private final boolean fresh;
  private final boolean triggers;
  private final long catalogVersion;

  private PlBody(PlRoutine routine, boolean fresh, boolean triggers, long catalogVersion) {
    this.routine = routine;
    this.fresh = fresh;
    this.triggers = triggers;
    this.catalogVersion = catalogVersion;
  }

  static PlBody of(LocalSession session, RoutineDescriptor routine, ResolvedCall call) {
    List<PlRoutine.Argument> arguments = new ArrayList<>();
    int input = 0;
    int output = 0;
    for (RoutineDescriptor.Argument each : routine.arguments()) {
      PgType type =
          each.output() && output < call.outputs().size()
              ? call.outputs().get(output)
              : Types.byOid(each.typeOid());
      if (each.output()) {
        output++;
      }
      if (each.input()) {
        type = SqlRoutine.argumentType(call, input++);
      }
      arguments.add(new PlRoutine.Argument(each.mode(), each.name(), type));
    }
    List<String> types =
        routine.inputTypes().stream().map(oid -> Types.byOid(oid).displayName()).toList();
    boolean triggers = call.resultType() == Types.TRIGGER;
    PlRoutine.Spec spec =
        new PlRoutine.Spec(
            routine.name() + "(" + String.join(",", types) + ")",
            routine.name(),
            arguments,
            call.resultType(),
            call.outputs(),
            routine.returnsSet(),
            routine.isProcedure(),
            triggers);
    return new PlBody(
        PlRoutine.of(routine.source(), spec),
        routine.volatility() == 'v',
        triggers,
        session.catalog().version());
  }

  /// Reads all pieces of SQL in the body, and looks up the types of its variables.
  void check(LocalSession session) {
    for (String text : routine.texts()) {
      SqlParser.parse(text);
    }
    routine.types().forEach(name -> session.names().type(name));
  }

  @Override
  public boolean isStale(Catalog catalog) {
    return catalog.version() != catalogVersion;
  }

  private PlEngine engine(RoutineFrame frame) {
    return new PlEngine(frame, fresh);
  }

  private void requireNoTrigger() {
    if (triggers) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED, "trigger functions can only be called as triggers");
    }
  }

  @Override
  public Object call(Object[] args, RoutineFrame frame) {
    requireNoTrigger();
    return routine.call(engine(frame), args);
  }

  @Override
  public List<Object> rows(Object[] args, RoutineFrame frame) {
    requireNoTrigger();
    return routine.rows(engine(frame), args);
  }

  /// What a trigger makes of a row.
  Object trigger(TriggerData data, RoutineFrame frame) {
    return routine.trigger(engine(frame), data);
  }
}
