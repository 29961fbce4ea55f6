package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.analyze.Analyzer;
import io.trencadis.sql.ast.AstWalk;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.Query;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.RoutineDescriptor;
import io.trencadis.sql.catalog.RowTypes;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.functions.ProcInfo;
import io.trencadis.sql.functions.ResolvedCall;
import io.trencadis.sql.planning.QueryPlanner;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What is looked at when a routine is made.
final class RoutineChecks {
  private RoutineChecks() {}

  /// @throws SqlException what is wrong with the body
  static void check(LocalSession session, RoutineDescriptor routine) {
    ResolvedCall call = asDeclared(session, routine);
    if (routine.language().equals("plpgsql")) {
      PlBody.of(session, routine, call).check(session);
      return;
    }
    try {
      SqlRoutine body = SqlRoutine.of(session, routine, call);
      if (!polymorphic(call)) {
        body.check();
      }
    } catch (SqlException e) {
      throw routine.body() == null ? e.inside("SQL function \"" + routine.name() + "\"") : e;
    }
  }

  /// The WHEN condition of a trigger.
  static void check(LocalSession session, Statement.CreateTrigger create, TableDescriptor table) {
    PgType type = session.catalog().types().byOid(RowTypes.of(table.oid()));
    AstWalk.visit(
        create.when(),
        each -> {
          if (each instanceof Query) {
            throw new SqlException(
                SqlState.FEATURE_NOT_SUPPORTED, "cannot use subquery in trigger WHEN condition");
          }
          if (each instanceof Expr.ColumnRef ref && !ref.parts().isEmpty()) {
            requireAllowed(create, ref.parts().getFirst());
          }
        });
    Query query = Query.value(create.when());
    PreparedPlan plan =
        session
            .engine()
            .planner()
            .plan(
                new Statement.Select(query, null, -1),
                session.names(),
                new TriggerRunner.Rows(type));
    PgType result = plan.columns().getFirst().type();
    if (result != Types.BOOL) {
      throw new SqlException(
          SqlState.DATATYPE_MISMATCH,
          "argument of WHEN must be type boolean, not type " + result.displayName());
    }
  }

  private static void requireAllowed(Statement.CreateTrigger create, String row) {
    if (!row.equals("new") && !row.equals("old")) {
      return;
    }
    boolean insert = create.events().stream().anyMatch(each -> each.kind().equals("INSERT"));
    boolean delete = create.events().stream().anyMatch(each -> each.kind().equals("DELETE"));
    String fault =
        !create.row()
            ? "statement trigger's WHEN condition cannot reference column values"
            : row.equals("old") && insert
                ? "INSERT trigger's WHEN condition cannot reference OLD values"
                : row.equals("new") && delete
                    ? "DELETE trigger's WHEN condition cannot reference NEW values"
                    : null;
    if (fault != null) {
      throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, fault);
    }
  }

  private static boolean polymorphic(ResolvedCall call) {
    return call.argTypes().stream().anyMatch(PgType::isPseudo);
  }

  /// A call with arguments of just the declared types.
  static ResolvedCall asDeclared(LocalSession session, RoutineDescriptor routine) {
    ProcInfo proc = session.catalog().routine(routine.oid());
    List<PgType> types = new ArrayList<>();
    for (int oid : proc.argTypes()) {
      types.add(Types.byOid(oid));
    }
    return ResolvedCall.plain(proc, Types.byOid(proc.resultType()), types);
  }

  static Set<Integer> routinesOf(LocalSession session, RoutineDescriptor routine) {
    Set<Integer> found = new HashSet<>();
    try {
      SqlRoutine body = SqlRoutine.of(session, routine, asDeclared(session, routine));
      body.analyze(
          (statement, names, variables) -> {
            Analyzer analyzer = new Analyzer(names, QueryPlanner.newCluster(), variables);
            analyzer.analyze(statement);
            found.addAll(analyzer.routines());
          });
    } catch (SqlException e) {
      return found;
    }
    return found;
  }
}
