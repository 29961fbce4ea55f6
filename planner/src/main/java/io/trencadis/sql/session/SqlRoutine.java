package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.analyze.Analyzer;
import io.trencadis.sql.analyze.Names;
import io.trencadis.sql.analyze.SqlVariables;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.RoutineDescriptor;
import io.trencadis.sql.execute.ModifyNode;
import io.trencadis.sql.functions.ResolvedCall;
import io.trencadis.sql.parser.ParsedStatement;
import io.trencadis.sql.parser.SqlParser;
import io.trencadis.sql.planning.QueryPlanner;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;

/// A routine of language SQL: statements that are run one after the other, of which the last one's
/// rows are the result. Their plans are made when they are first run, and again when the catalog,
/// the search path or the user is another.
final class SqlRoutine implements RoutineBody {
  private final LocalSession session;
  private final RoutineDescriptor routine;
  private final ResolvedCall call;
  private final List<Part> parts;
  private final SqlVariables variables;

  /// A statement.
  private static final class Part {
    private final Statement statement;
    private final String text;
    private PreparedPlan plan;
    private RoutineResult result;
    private List<String> path;
    private int user;

    Part(Statement statement, String text) {
      this.statement = statement;
      this.text = text;
    }

    boolean planned() {
      return Analyzer.takes(statement);
    }
  }

  private SqlRoutine(
      LocalSession session, RoutineDescriptor routine, ResolvedCall call, List<Part> parts) {
    this.session = session;
    this.routine = routine;
    this.call = call;
    this.parts = parts;
    List<String> names = new ArrayList<>();
    List<PgType> types = new ArrayList<>();
    for (RoutineDescriptor.Argument argument : routine.arguments()) {
      if (argument.input()) {
        names.add(argument.name());
        types.add(argumentType(call, types.size()));
      }
    }
    this.variables = new SqlVariables(routine.name(), names, types);
  }

  /// The type of an input argument as the body sees it: of a VARIADIC one, the array.
  static PgType argumentType(ResolvedCall call, int index) {
    PgType type = call.argTypes().get(index);
    return call.packedFrom() == index ? type.arrayType() : type;
  }

  static SqlRoutine of(LocalSession session, RoutineDescriptor routine, ResolvedCall call) {
    List<Part> parts = new ArrayList<>();
    if (routine.body() != null) {
      for (Statement.BodyPart part : SqlParser.parseBody(routine.body()).statements()) {
        parts.add(new Part(part.statement(), part.text()));
      }
    } else {
      for (ParsedStatement parsed : SqlParser.parse(routine.source())) {
        parts.add(new Part(parsed.statement(), parsed.text()));
      }
    }
    return new SqlRoutine(session, routine, call, parts);
  }

  /// Analyzes all statements without running any.
  ///
  /// @throws SqlException what is wrong with one of them, or with what the last one returns
  void check() {
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      if (routine.body() != null) {
        requireAllowed(part);
        if (!part.planned() && !(part.statement instanceof Statement.Call)) {
          throw new SqlException(
              SqlState.FEATURE_NOT_SUPPORTED,
              CommandNames.of(part.statement)
                  + " is not yet supported in unquoted SQL function body");
        }
      }
      if (part.statement instanceof Statement.Call called) {
        requireNoOutputs(called);
      }
      if (part.planned()) {
        plan(part);
      }
      if (i == parts.size() - 1) {
        RoutineResult.of(call, part.planned() ? part.plan.columns() : null);
      }
    }
    if (parts.isEmpty()) {
      RoutineResult.of(call, null);
    }
  }

  private void requireNoOutputs(Statement.Call called) {
    boolean outputs =
        !new Analyzer(session.names(), QueryPlanner.newCluster(), variables)
            .analyzeCall(called.call())
            .outputs()
            .isEmpty();
    if (outputs) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED,
          "calling procedures with output arguments is not supported in SQL functions");
    }
  }

  /// Looks at statements.
  interface Look {
    void at(Statement statement, Names names, SqlVariables variables);
  }

  /// Shows all statements that are planned.
  void analyze(Look look) {
    List<String> path =
        routine.body() != null ? routine.bodyPath() : session.planPath(session.catalog());
    for (Part part : parts) {
      if (part.planned()) {
        look.at(part.statement, session.names(session.catalog(), path), variables);
      }
    }
  }

  private static void requireAllowed(Part part) {
    boolean control =
        part.statement instanceof Statement.Commit
            || part.statement instanceof Statement.Rollback
            || part.statement instanceof Statement.Begin
            || part.statement instanceof Statement.Savepoint
            || part.statement instanceof Statement.Release
            || part.statement instanceof Statement.RollbackTo
            || part.statement instanceof Statement.PrepareTransaction;
    if (control) {
      throw RoutineFrame.notAllowed(CommandNames.of(part.statement), "an SQL function");
    }
    if (part.statement instanceof Statement.Copy copy
        && (copy.end() == Statement.CopyEnd.STDIN || copy.end() == Statement.CopyEnd.STDOUT)) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED, "cannot COPY to/from client in an SQL function");
    }
  }

  private PreparedPlan plan(Part part) {
    Catalog catalog = session.catalog();
    int user = session.currentUser().oid();
    List<String> path = routine.body() != null ? routine.bodyPath() : session.planPath(catalog);
    if (part.plan == null
        || !part.plan.isFor(catalog)
        || part.user != user
        || !part.path.equals(path)) {
      Names names = routine.body() != null ? session.names(catalog, path) : session.names(catalog);
      part.plan = session.engine().planner().plan(part.statement, names, variables);
      part.result = null;
      part.user = user;
      part.path = path;
    }
    return part.plan;
  }

  @Override
  public boolean isStale(Catalog catalog) {
    return false;
  }

  @Override
  public Object call(Object[] args, RoutineFrame frame) {
    List<Object> rows = run(args, frame, 1);
    return rows.isEmpty() ? null : rows.getFirst();
  }

  @Override
  public List<Object> rows(Object[] args, RoutineFrame frame) {
    return run(args, frame, -1);
  }

  /// @param most rows of the last statement that are of interest, where it changes nothing
  private List<Object> run(Object[] args, RoutineFrame frame, long most) {
    List<Object> result = List.of();
    for (int i = 0; i < parts.size(); i++) {
      try {
        result = run(parts.get(i), i == parts.size() - 1, args, frame, most);
      } catch (SqlException e) {
        throw e.inside("SQL function \"" + routine.name() + "\" statement " + (i + 1));
      }
    }
    return result;
  }

  private List<Object> run(Part part, boolean last, Object[] args, RoutineFrame frame, long most) {
    boolean fresh = routine.volatility() == 'v';
    requireAllowed(part);
    if (!part.planned()) {
      if (!fresh) {
        throw RoutineFrame.notAllowed(CommandNames.of(part.statement), "a non-volatile function");
      }
      if (part.statement instanceof Statement.Call called) {
        frame.call(called, variables, args);
        return List.of();
      }
      frame.runUtility(session.statement("", part.text, part.statement, null, new int[0], false));
      return List.of();
    }
    RoutineFrame.Done done =
        frame.run(
            () -> {
              PreparedPlan plan = plan(part);
              if (!fresh && plan.isChange()) {
                throw RoutineFrame.notAllowed(
                    ((ModifyNode) plan.root()).kind().name(), "a non-volatile function");
              }
              return plan;
            },
            args,
            fresh,
            last ? (call.resultType() == Types.VOID ? -1 : most) : -1);
    if (!last || call.resultType() == Types.VOID) {
      return List.of();
    }
    if (part.result == null) {
      part.result = RoutineResult.of(call, part.plan.columns());
    }
    return part.result.all(done.rows(), session.context());
  }
}
