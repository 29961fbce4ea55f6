package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.analyze.Analyzer;
import io.trencadis.sql.analyze.CallAnalyzer;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.RoutineDescriptor;
import io.trencadis.sql.execute.Eval;
import io.trencadis.sql.execute.Execution;
import io.trencadis.sql.functions.ResolvedCall;
import io.trencadis.sql.planning.QueryPlanner;
import io.trencadis.sql.planning.SlotTable;
import io.trencadis.sql.plpgsql.PlRoutine;
import io.trencadis.sql.rights.Rights;
import io.trencadis.sql.session.UtilityCommands.Result;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlArray;
import io.trencadis.sql.types.SqlRow;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;

/// CALL. Confined to the session's thread.
final class CallCommand {
  private final LocalSession session;
  private final StatementExecutor executor;
  private final UtilityCommands utilities;

  CallCommand(LocalSession session, StatementExecutor executor, UtilityCommands utilities) {
    this.session = session;
    this.executor = executor;
    this.utilities = utilities;
  }

  /// A call with its arguments ready to be computed.
  private record Ready(CallAnalyzer.Called called, Eval[] inputs, Analyzer analyzer) {}

  private Ready ready(Statement.Call call, Analyzer analyzer) {
    var names = session.names();
    CallAnalyzer.Called called = analyzer.analyzeCall(call.call());
    Eval[] inputs =
        new QueryPlanner(
                analyzer.cluster(),
                new SlotTable(analyzer.slots()),
                names.catalog(),
                session.context(),
                null)
            .compile(called.inputs());
    return new Ready(called, inputs, analyzer);
  }

  /// A parameter declared as `void` is one of a type to be found out: so pgjdbc sends outputs.
  private Analyzer analyzer(int[] declared) {
    int[] known = declared.clone();
    for (int i = 0; i < known.length; i++) {
      known[i] = known[i] == Types.VOID.oid() ? 0 : known[i];
    }
    return new Analyzer(session.names(), QueryPlanner.newCluster(), known);
  }

  /// The columns that a CALL answers with, or null.
  List<ResultColumn> columns(Statement.Call call, int[] parameterTypes) {
    Analyzer analyzer = analyzer(parameterTypes);
    return columns(executor.routines().asProcedure(ready(call, analyzer).called.call()));
  }

  /// The types of the parameters, found out where the client declares none.
  int[] parameterTypes(Statement.Call call, int[] declared) {
    Analyzer analyzer = analyzer(declared);
    analyzer.analyzeCall(call.call());
    return analyzer.parameterTypes();
  }

  private static List<ResultColumn> columns(ResolvedCall call) {
    List<ResultColumn> columns = new ArrayList<>();
    List<String> names = call.proc().outputNames();
    List<PgType> types = call.outputs();
    for (int i = 0; i < types.size(); i++) {
      columns.add(new ResultColumn(names.get(i), types.get(i), -1, 0, 0));
    }
    return columns.isEmpty() ? null : columns;
  }

  Result call(Statement.Call call, Portal portal) {
    Analyzer analyzer = analyzer(portal.statement().declaredTypes());
    boolean top =
        !session.transactions().inBlock() && !session.severalStatements() && !executor.inRoutine();
    return call(call, analyzer, portal.parameters(), top).result;
  }

  /// What a call has done.
  ///
  /// @param outputs what was written in the places of its output arguments
  record Done(Result result, java.util.List<io.trencadis.sql.ast.Expr> outputs) {}

  /// @param control whether the procedure may end the transaction
  Done call(Statement.Call call, Analyzer analyzer, Object[] parameters, boolean control) {
    Ready ready = ready(call, analyzer);
    Rights rights = session.rights();
    ready.analyzer.accesses().forEach(each -> each.require(rights, session.currentUser().oid()));
    Object[] args =
        executor.inStatement(
            false,
            store -> {
              Execution x = executor.execution(slots(ready.analyzer, parameters), store);
              Object[] values = new Object[ready.inputs.length];
              for (int i = 0; i < values.length; i++) {
                values[i] = ready.inputs[i].eval(new Object[0], x);
              }
              return values;
            });
    ResolvedCall resolved = executor.routines().asProcedure(ready.called.call());
    int inputs = resolved.argTypes().size();
    if (ready.called.call().packedFrom() >= 0) {
      Object[] packed = java.util.Arrays.copyOf(args, inputs);
      packed[inputs - 1] =
          SqlArray.of(
              resolved.argTypes().getLast().elementType(),
              java.util.Arrays.copyOfRange(args, inputs - 1, args.length));
      args = packed;
    }
    RoutineDescriptor routine = (RoutineDescriptor) session.catalog().byOid(resolved.proc().oid());
    Object result =
        executor
            .routines()
            .callProcedure(
                routine,
                resolved,
                args,
                new RoutineFrame(session, executor, utilities, null).withControl(control));
    List<ResultColumn> columns = columns(resolved);
    if (columns == null) {
      return new Done(Result.tag("CALL"), List.of());
    }
    Object[] row = result == null ? new Object[columns.size()] : ((SqlRow) result).values();
    List<Object[]> rows = new ArrayList<>();
    rows.add(row);
    return new Done(new Result(columns, rows, "CALL"), ready.called.outputs());
  }

  /// Runs a DO block.
  void run(Statement.Do block) {
    String language = block.language() == null ? "plpgsql" : block.language();
    if (language.equals("sql") || language.equals("internal") || language.equals("c")) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED,
          "language \"" + language + "\" does not support inline code execution");
    }
    if (!language.equals("plpgsql")) {
      throw new SqlException(
          SqlState.UNDEFINED_OBJECT, "language \"" + language + "\" does not exist");
    }
    PlRoutine routine =
        PlRoutine.of(
            block.body(),
            new PlRoutine.Spec(
                null, "inline_code_block", List.of(), Types.VOID, List.of(), false, false, false));
    boolean control =
        !session.transactions().inBlock() && !session.severalStatements() && !executor.inRoutine();
    RoutineFrame frame = new RoutineFrame(session, executor, utilities, null).withControl(control);
    executor.routines().deeper(() -> routine.call(new PlEngine(frame, true), new Object[0]));
  }

  private static Object[] slots(Analyzer analyzer, Object[] parameters) {
    Object[] values = PreparedCommands.constants(analyzer.slots());
    for (int i = 0; i < values.length; i++) {
      if (analyzer.slots().get(i) instanceof io.trencadis.sql.rel.Slot.Parameter parameter) {
        if (parameter.number() > parameters.length) {
          throw new SqlException(
              io.trencadis.base.SqlState.UNDEFINED_PARAMETER,
              "there is no parameter $" + parameter.number());
        }
        values[i] = parameters[parameter.number() - 1];
      }
    }
    return values;
  }
}
