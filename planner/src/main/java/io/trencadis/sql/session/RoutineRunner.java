package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.catalog.RoleDescriptor;
import io.trencadis.sql.catalog.RoutineDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.catalog.TriggerDescriptor;
import io.trencadis.sql.execute.Execution;
import io.trencadis.sql.execute.Routines;
import io.trencadis.sql.execute.TransitionRows;
import io.trencadis.sql.functions.ProcInfo;
import io.trencadis.sql.functions.ResolvedCall;
import io.trencadis.sql.rel.TransitionTable;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlRow;
import io.trencadis.txn.WouldBlockException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Runs the functions and procedures of users: with the rights and settings that they are to have,
/// as a part of the statement that calls them. Confined to the session's thread.
final class RoutineRunner implements Routines {
  private static final int DEEPEST = 400;
  private static final int MOST_KNOWN = 500;

  private final LocalSession session;
  private final StatementExecutor executor;
  private final UtilityCommands utilities;
  private final Map<Key, RoutineBody> known = new HashMap<>();
  private final TriggerRunner triggers;
  private int depth;

  /// A routine as it is called: one with polymorphic arguments is another for each of their types.
  private record Key(
      RoutineDescriptor routine, List<Integer> argTypes, int result, List<Object> columns) {}

  RoutineRunner(LocalSession session, StatementExecutor executor, UtilityCommands utilities) {
    this.session = session;
    this.executor = executor;
    this.utilities = utilities;
    this.triggers = new TriggerRunner(session);
  }

  @Override
  public Object call(ResolvedCall call, Object[] args, Execution caller) {
    RoutineDescriptor routine = routine(call);
    RoutineBody body = body(routine, call);
    return inside(
        routine, () -> body.call(args, new RoutineFrame(session, executor, utilities, caller)));
  }

  @Override
  public Iterator<Object> open(ResolvedCall call, Object[] args, Execution caller) {
    RoutineDescriptor routine = routine(call);
    RoutineBody body = body(routine, call);
    List<Object> rows =
        inside(
            routine, () -> body.rows(args, new RoutineFrame(session, executor, utilities, caller)));
    return rows.iterator();
  }

  @Override
  public Object[] fire(
      TriggerDescriptor trigger,
      TableDescriptor table,
      char operation,
      Object[] old,
      Object[] row,
      TransitionRows transitions,
      Execution caller) {
    RoutineFrame frame = new RoutineFrame(session, executor, utilities, caller);
    if (!triggers.fires(trigger, table, old, row, frame)) {
      return row == null ? old : row;
    }
    RoutineDescriptor routine = (RoutineDescriptor) session.catalog().byOid(trigger.routineOid());
    RoutineBody body = body(routine, RoutineChecks.asDeclared(session, routine));
    Map<String, TransitionTable> named = triggers.transitions(trigger, transitions, frame);
    Object result =
        inside(
            routine,
            () -> {
              session.transitions(named);
              return ((PlBody) body)
                  .trigger(triggers.data(trigger, table, operation, old, row), frame);
            });
    if (!trigger.row() || result == null) {
      return null;
    }
    Object[] made = ((SqlRow) result).values();
    // The same row comes back as the same object, so that nobody looks at it again.
    return row != null && made == row ? row : made;
  }

  private RoutineDescriptor routine(ResolvedCall call) {
    if (session.catalog().byOid(call.proc().oid()) instanceof RoutineDescriptor routine) {
      return routine;
    }
    throw SqlException.internal("cache lookup failed for function " + call.proc().oid());
  }

  RoutineBody body(RoutineDescriptor routine, ResolvedCall call) {
    Key key =
        new Key(
            routine,
            call.argTypes().stream().map(PgType::oid).toList(),
            call.resultType().oid(),
            List.of(call.resultType().fields(), call.outputs().stream().map(PgType::oid).toList()));
    RoutineBody found = known.get(key);
    if (found == null || found.isStale(session.catalog())) {
      if (known.size() >= MOST_KNOWN) {
        known.clear();
      }
      found = RoutineBody.of(session, routine, call);
      known.put(key, found);
    }
    return found;
  }

  /// Runs work of a routine as part of the statement that calls it.
  private <T> T inside(RoutineDescriptor routine, Supplier<T> work) {
    if (!session.interrupts().mayBlock()) {
      // What it will do is not known, so it is done where waiting is allowed.
      throw WouldBlockException.INSTANCE;
    }
    if (depth >= DEEPEST) {
      throw tooDeep();
    }
    session.interrupts().check();
    depth++;
    Map<String, TransitionTable> outside = session.transitions();
    // Only a trigger's own function sees them.
    session.transitions(Map.of());
    executor.enterRoutine();
    try {
      return asWanted(routine, work);
    } catch (StackOverflowError e) {
      throw tooDeep();
    } finally {
      executor.leaveRoutine();
      session.transitions(outside);
      depth--;
    }
  }

  /// A procedure as its body sees the call: with input arguments only.
  ResolvedCall asProcedure(ResolvedCall called) {
    ProcInfo proc = session.catalog().routine(called.proc().oid());
    List<PgType> inputs = new ArrayList<>();
    for (int i = 0; i < called.argTypes().size(); i++) {
      int declared = Math.min(i, called.proc().argTypes().length - 1);
      if (proc.argModes() != null && proc.argModes().charAt(declared) == 'o') {
        continue;
      }
      if (i == called.packedFrom()) {
        // The values of a VARIADIC argument arrive as one array.
        inputs.add(called.argTypes().get(i).arrayType());
        break;
      }
      inputs.add(called.argTypes().get(i));
    }
    ResolvedCall plain = ResolvedCall.plain(proc, called.resultType(), inputs);
    return called.outputs().isEmpty() ? plain : plain.withOutputs(called.outputs());
  }

  /// Runs a procedure, whose statements are on their own.
  Object callProcedure(
      RoutineDescriptor routine, ResolvedCall call, Object[] args, RoutineFrame frame) {
    RoutineBody body = body(routine, call);
    boolean plain = !routine.securityDefiner() && routine.settings().isEmpty();
    RoutineFrame own = plain ? frame : frame.withControl(false);
    return deeper(() -> asWanted(routine, () -> body.call(args, own)));
  }

  /// Runs work of a routine whose statements are on their own.
  <T> T deeper(Supplier<T> work) {
    if (depth >= DEEPEST) {
      throw tooDeep();
    }
    depth++;
    try {
      return work.get();
    } catch (StackOverflowError e) {
      throw tooDeep();
    } finally {
      depth--;
    }
  }

  static SqlException tooDeep() {
    return new SqlException(SqlState.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded")
        .hint(
            "Increase the configuration parameter \"max_stack_depth\" (currently 2048kB), after"
                + " ensuring the platform's stack depth limit is adequate.");
  }

  /// With the rights of its owner and the settings of its SET clauses, where it is to have them.
  <T> T asWanted(RoutineDescriptor routine, Supplier<T> work) {
    if (!routine.securityDefiner() && routine.settings().isEmpty()) {
      return work.get();
    }
    RoleDescriptor before = null;
    if (routine.securityDefiner()) {
      before = session.users().act(session.catalog().role(routine.ownerOid()));
    }
    try {
      return session.settings().with(routine.settings(), work);
    } finally {
      if (routine.securityDefiner()) {
        session.users().act(before);
      }
    }
  }
}
