package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.sql.analyze.Analyzer;
import io.trencadis.sql.analyze.Variables;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.execute.Execution;
import io.trencadis.sql.execute.ModifyNode;
import io.trencadis.sql.execute.RowSource;
import io.trencadis.sql.planning.QueryPlanner;
import io.trencadis.sql.rel.WorkTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// One run of a routine's body: how its statements are run. Confined to the session's thread.
final class RoutineFrame {
  private final LocalSession session;
  private final StatementExecutor executor;
  private final UtilityCommands utilities;
  private final Execution caller;
  private boolean control;
  private Map<WorkTable, List<Object[]>> transitions = Map.of();

  /// What a statement has done.
  ///
  /// @param rows it returned
  /// @param count how many it returned or changed
  record Done(List<Object[]> rows, long count) {}

  /// @param caller the run that calls; null for CALL and DO, whose statements are on their own
  RoutineFrame(
      LocalSession session,
      StatementExecutor executor,
      UtilityCommands utilities,
      Execution caller) {
    this.session = session;
    this.executor = executor;
    this.utilities = utilities;
    this.caller = caller;
  }

  /// Says whether statements may end the transaction.
  RoutineFrame withControl(boolean allowed) {
    control = allowed;
    return this;
  }

  /// Says what is in the transition tables of a trigger.
  RoutineFrame withTransitions(Map<WorkTable, List<Object[]>> rows) {
    transitions = rows;
    return this;
  }

  boolean control() {
    return control;
  }

  LocalSession session() {
    return session;
  }

  Execution caller() {
    return caller;
  }

  /// Runs a planned statement to its end.
  ///
  /// @param fresh whether it sees what was written since the calling statement began
  /// @param most rows to read at most, where it is a query; negative for all
  Done run(Supplier<PreparedPlan> plans, Object[] parameters, boolean fresh, long most) {
    if (caller == null) {
      PreparedPlan plan = plans.get();
      if (plan.isPure()) {
        return run(plan, executor.execution(values(plan, parameters), null), most);
      }
    }
    if (caller == null || caller.transaction() == null) {
      return executor.inStatement(
          false,
          store -> {
            PreparedPlan plan = plans.get();
            executor.authorize(plan);
            executor.requireWritable(plan);
            return run(plan, executor.execution(values(plan, parameters), store), most);
          });
    }
    PreparedPlan plan = plans.get();
    executor.authorize(plan);
    executor.requireWritable(plan);
    return run(plan, caller.within(values(plan, parameters), fresh), most);
  }

  private Object[] values(PreparedPlan plan, Object[] parameters) {
    return plan.values(parameters, null, session.context());
  }

  private Done run(PreparedPlan plan, Execution x, long most) {
    if (plan.temporary()) {
      session.transactions().temporaryUsed();
    }
    if (plan.callsWriters()) {
      x.guarded();
    }
    x.memory().putAll(transitions);
    List<Object[]> rows = new ArrayList<>();
    if (plan.isChange()) {
      ModifyNode.Outcome outcome = ((ModifyNode) plan.root()).run(x);
      for (Object[] row = outcome.next(); row != null; row = outcome.next()) {
        rows.add(row);
      }
      return new Done(rows, outcome.count());
    }
    try (RowSource source = plan.root().open(x)) {
      while (most < 0 || rows.size() < most) {
        Object[] row = source.next();
        if (row == null) {
          break;
        }
        rows.add(row);
        if ((rows.size() & 0xff) == 0) {
          session.interrupts().check();
        }
      }
    }
    return new Done(rows, rows.size());
  }

  /// Runs a statement that is not planned.
  UtilityCommands.Result runUtility(PreparedStatement statement) {
    return utilities.run(
        new Portal("", statement, new Object[0], new short[0], false, false),
        session.sinkOrNull(),
        false);
  }

  /// FETCH and MOVE.
  UtilityCommands.Result fetch(Statement.Fetch fetch) {
    return utilities.cursors().fetch(fetch);
  }

  /// Runs a CALL inside the body.
  CallCommand.Done call(Statement.Call call, Variables variables, Object[] parameters) {
    Analyzer analyzer = new Analyzer(session.names(), QueryPlanner.newCluster(), variables);
    return utilities.calls().call(call, analyzer, parameters, control);
  }

  static SqlException notAllowed(String command, String where) {
    return new SqlException(
        io.trencadis.base.SqlState.FEATURE_NOT_SUPPORTED, command + " is not allowed in " + where);
  }
}
