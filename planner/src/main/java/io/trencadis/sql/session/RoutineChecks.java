package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.sql.analyze.Analyzer;
import io.trencadis.sql.catalog.RoutineDescriptor;
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
