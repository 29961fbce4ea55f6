package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.analyze.Analyzer;
import io.trencadis.sql.analyze.Names;
import io.trencadis.sql.analyze.SqlVariables;
import io.trencadis.sql.analyze.Variables;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.ast.TypeName;
import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.execute.ModifyNode;
import io.trencadis.sql.functions.Cast;
import io.trencadis.sql.functions.CastContext;
import io.trencadis.sql.functions.Casts;
import io.trencadis.sql.parser.ParsedStatement;
import io.trencadis.sql.parser.SqlParser;
import io.trencadis.sql.plpgsql.Engine;
import io.trencadis.sql.rel.TransitionTable;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/// What a body of PL/pgSQL asks of its session, for one run of it. Confined to the session's
/// thread.
final class PlEngine implements Engine {
  private final RoutineFrame frame;
  private final LocalSession session;
  private final boolean fresh;
  private int subtransactions;

  /// @param fresh whether its statements see what was written since the calling one began
  PlEngine(RoutineFrame frame, boolean fresh) {
    this.frame = frame;
    this.session = frame.session();
    this.fresh = fresh;
  }

  /// What is kept with a piece of SQL: its syntax, and the plan made last with the types that it
  /// was made for.
  private static final class Kept {
    private final Statement statement;
    private final String text;
    private PreparedPlan plan;
    private List<Column> columns;
    private Map<Integer, PgType> types = Map.of();
    private List<String> path;
    private int user;
    private Map<String, TransitionTable> transitions;

    Kept(Statement statement, String text) {
      this.statement = statement;
      this.text = text;
    }
  }

  @Override
  public Type type(TypeName name) {
    Names.TypeReference found = session.names().type(name);
    return new Type(found.type(), found.typmod());
  }

  private static Kept kept(Text sql) {
    if (sql.kept() instanceof Kept known) {
      return known;
    }
    List<ParsedStatement> parsed = SqlParser.parse(sql.text());
    if (parsed.size() != 1) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "query is not one statement: " + sql.text());
    }
    Kept made = new Kept(parsed.getFirst().statement(), sql.text());
    sql.keep(made);
    return made;
  }

  /// Notes which types were asked for.
  private record Noting(Variables variables, Map<Integer, PgType> types) implements Variables {
    @Override
    public Reference find(List<String> parts) {
      return variables.find(parts);
    }

    @Override
    public PgType type(int number) {
      PgType type = variables.type(number);
      types.put(number, type);
      return type;
    }

    @Override
    public Conflict conflict() {
      return variables.conflict();
    }
  }

  private static boolean same(Map<Integer, PgType> types, Variables variables) {
    for (Map.Entry<Integer, PgType> each : types.entrySet()) {
      PgType now = variables.type(each.getKey());
      PgType then = each.getValue();
      boolean alike =
          now == then
              || now != null
                  && then != null
                  && now.oid() == Types.RECORD.oid()
                  && then.oid() == Types.RECORD.oid()
                  && now.fields().equals(then.fields());
      if (!alike) {
        return false;
      }
    }
    return true;
  }

  private PreparedPlan plan(Kept kept, Variables variables) {
    Catalog catalog = session.catalog();
    int user = session.currentUser().oid();
    List<String> path = session.planPath(catalog);
    boolean good =
        kept.plan != null
            && kept.plan.isFor(catalog)
            && kept.user == user
            && kept.transitions == session.transitions()
            && kept.path.equals(path)
            && same(kept.types, variables);
    if (!good) {
      Map<Integer, PgType> types = new HashMap<>();
      kept.plan =
          session
              .engine()
              .planner()
              .plan(kept.statement, session.names(catalog), new Noting(variables, types));
      kept.columns = columns(kept.plan.columns());
      kept.types = types;
      kept.user = user;
      kept.transitions = session.transitions();
      kept.path = path;
    }
    if (!fresh && kept.plan.isChange()) {
      throw RoutineFrame.notAllowed(
          ((ModifyNode) kept.plan.root()).kind().name(), "a non-volatile function");
    }
    return kept.plan;
  }

  private static List<Column> columns(List<ResultColumn> columns) {
    return columns == null
        ? null
        : columns.stream()
            .map(each -> new Column(each.name(), each.type(), each.typmod()))
            .toList();
  }

  @Override
  public Answer run(Text sql, Variables variables, Object[] values, long most) {
    return run(kept(sql), variables, values, most);
  }

  private Answer run(Kept kept, Variables variables, Object[] values, long most) {
    try {
      return answer(kept, variables, values, most);
    } catch (SqlException e) {
      throw e.inside("SQL statement \"" + kept.text + "\"");
    }
  }

  private Answer answer(Kept kept, Variables variables, Object[] values, long most) {
    if (!Analyzer.takes(kept.statement)) {
      return utility(kept);
    }
    RoutineFrame.Done done = frame.run(() -> plan(kept, variables), values, fresh, most);
    return new Answer(kept.columns, done.rows(), done.count(), kept.plan.isChange());
  }

  private Answer utility(Kept kept) {
    Statement statement = kept.statement;
    boolean control =
        statement instanceof Statement.Begin
            || statement instanceof Statement.Savepoint
            || statement instanceof Statement.Release
            || statement instanceof Statement.RollbackTo
            || statement instanceof Statement.PrepareTransaction
            || statement instanceof Statement.Commit
            || statement instanceof Statement.Rollback;
    if (control) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED, "unsupported transaction command in PL/pgSQL");
    }
    if (statement instanceof Statement.Copy copy
        && (copy.end() == Statement.CopyEnd.STDIN || copy.end() == Statement.CopyEnd.STDOUT)) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED, "cannot COPY to/from client in PL/pgSQL");
    }
    if (!fresh) {
      throw RoutineFrame.notAllowed(CommandNames.of(statement), "a non-volatile function");
    }
    UtilityCommands.Result result =
        frame.runUtility(session.statement("", kept.text, statement, null, new int[0], false));
    return new Answer(columns(result.columns()), result.rows(), result.rows().size(), false);
  }

  @Override
  public Answer runDynamic(String text, List<PgType> types, Object[] values, long most) {
    SqlVariables variables = new SqlVariables("", List.of(), types);
    Answer last = new Answer(null, List.of(), 0, false);
    for (ParsedStatement parsed : SqlParser.parse(text)) {
      if (parsed.statement() instanceof Statement.Commit
          || parsed.statement() instanceof Statement.Rollback
          || parsed.statement() instanceof Statement.Begin
          || parsed.statement() instanceof Statement.Savepoint
          || parsed.statement() instanceof Statement.RollbackTo
          || parsed.statement() instanceof Statement.Release) {
        throw new SqlException(
            SqlState.FEATURE_NOT_SUPPORTED, "EXECUTE of transaction commands is not implemented");
      }
      if (parsed.statement() instanceof Statement.Call call) {
        UtilityCommands.Result result = frame.call(call, variables, values).result();
        last = new Answer(columns(result.columns()), result.rows(), result.rows().size(), false);
        continue;
      }
      last = run(new Kept(parsed.statement(), parsed.text()), variables, values, most);
    }
    return last;
  }

  @Override
  public Value[] call(Text sql, Variables variables, Object[] values, List<List<String>> outputs) {
    if (!(kept(sql).statement instanceof Statement.Call call)) {
      throw SqlException.internal("no CALL: " + sql.text());
    }
    CallCommand.Done done = frame.call(call, variables, values);
    if (done.result().columns() == null) {
      return null;
    }
    List<ResultColumn> columns = done.result().columns();
    Object[] row = done.result().rows().getFirst();
    Value[] made = new Value[columns.size()];
    for (int i = 0; i < made.length; i++) {
      made[i] = new Value(row[i], columns.get(i).type());
      outputs.add(
          switch (done.outputs().get(i)) {
            case Expr.ColumnRef ref when !ref.star() -> ref.parts();
            case Expr.Param param -> List.of("$" + param.number());
            case null, default -> null;
          });
    }
    return made;
  }

  @Override
  public Object cast(Object value, PgType from, PgType to, int typmod) {
    if (from == to && typmod < 0 && !to.hasRules()) {
      return value;
    }
    if (from == Types.UNKNOWN) {
      Object parsed =
          value == null ? null : to.codec().parse((String) value, typmod, session.context());
      return to.hasRules() ? session.context().checked(to, parsed) : parsed;
    }
    Cast cast = Casts.find(from, to, typmod, CastContext.ASSIGNMENT);
    if (cast != null) {
      return value == null && !cast.looksAtNull() ? null : cast.apply(value, session.context());
    }
    Object parsed =
        value == null ? null : to.codec().parse(text(value, from), typmod, session.context());
    return to.hasRules() ? session.context().checked(to, parsed) : parsed;
  }

  @Override
  public String text(Object value, PgType type) {
    return type.codec().format(value, session.context());
  }

  @Override
  public void notice(String level, String state, String message, String detail, String hint) {
    SqlState known = SqlState.SUCCESSFUL_COMPLETION;
    for (SqlState each : SqlState.values()) {
      if (each.code().equals(state)) {
        known = each;
        break;
      }
    }
    session.notice(new Notice(level, known, message, detail, hint));
  }

  @Override
  public Object savepoint() {
    subtransactions++;
    return session.transactions().innerSavepoint(java.util.Set.copyOf(session.portals().values()));
  }

  @Override
  public void rollbackTo(Object point) {
    session.keepPortals(session.transactions().innerRollback((TransactionControl.Savepoint) point));
  }

  @Override
  public void release(Object point) {
    subtransactions--;
    session.transactions().innerRelease((TransactionControl.Savepoint) point);
  }

  @Override
  public void end(boolean commits, boolean chain) {
    if (!frame.control()) {
      throw new SqlException(
          SqlState.INVALID_TRANSACTION_TERMINATION, "invalid transaction termination");
    }
    if (subtransactions > 0) {
      throw new SqlException(
          SqlState.INVALID_TRANSACTION_TERMINATION,
          "cannot " + (commits ? "commit" : "roll back") + " while a subtransaction is active");
    }
    session.executor().cannotRunAgain();
    session.transactions().endInside(commits, chain);
  }

  // ---- cursors

  @Override
  public String open(String name, Text sql, Variables variables, Object[] values) {
    return open(name, kept(sql), variables, values);
  }

  @Override
  public String openDynamic(String name, String text, List<PgType> types, Object[] values) {
    List<ParsedStatement> parsed = SqlParser.parse(text);
    if (parsed.size() != 1) {
      throw new SqlException(
          SqlState.INVALID_CURSOR_DEFINITION, "cannot open multi-query plan as cursor");
    }
    return open(
        name,
        new Kept(parsed.getFirst().statement(), text),
        new SqlVariables("", List.of(), types),
        values);
  }

  private String open(String name, Kept kept, Variables variables, Object[] values) {
    String portalName = name == null ? session.unnamedPortal() : name;
    if (session.portals().containsKey(portalName)) {
      throw new SqlException(
          SqlState.DUPLICATE_CURSOR, "cursor \"" + portalName + "\" already in use");
    }
    Answer answer = run(kept, variables, values, -1);
    if (answer.columns() == null) {
      throw new SqlException(
          SqlState.INVALID_CURSOR_DEFINITION,
          "cannot open " + CommandNames.of(kept.statement) + " query as cursor");
    }
    PreparedStatement statement =
        session.statement("", kept.text, kept.statement, null, new int[0], true);
    statement.fix(kept.plan);
    Portal portal = new Portal(portalName, statement, new Object[0], new short[0], true, false);
    portal.createdMicros(session.context().clockTimestampMicros());
    portal.declared(kept.text, true);
    Iterator<Object[]> rows = answer.rows().iterator();
    portal.start(() -> rows.hasNext() ? rows.next() : null);
    session.portals().put(portalName, portal);
    return portalName;
  }

  @Override
  public Answer fetch(String cursor, String direction, Long count, boolean move) {
    Statement.FetchDirection way;
    long wanted = count == null ? 1 : count;
    switch (direction) {
      case "next", "forward" -> way = Statement.FetchDirection.FORWARD;
      case "prior", "backward" -> way = Statement.FetchDirection.BACKWARD;
      case "first" -> {
        way = Statement.FetchDirection.ABSOLUTE;
        wanted = 1;
      }
      case "last" -> {
        way = Statement.FetchDirection.ABSOLUTE;
        wanted = -1;
      }
      case "absolute" -> way = Statement.FetchDirection.ABSOLUTE;
      case "relative" -> way = Statement.FetchDirection.RELATIVE;
      case "forward all" -> {
        way = Statement.FetchDirection.FORWARD;
        wanted = Statement.Fetch.ALL;
      }
      case "backward all" -> {
        way = Statement.FetchDirection.BACKWARD;
        wanted = Statement.Fetch.ALL;
      }
      default ->
          throw new SqlException(
              SqlState.SYNTAX_ERROR, "syntax error at or near \"" + direction + "\"");
    }
    UtilityCommands.Result result = frame.fetch(new Statement.Fetch(way, wanted, cursor, move, -1));
    long rows = move ? Long.parseLong(result.tag().replaceAll("\\D", "")) : result.rows().size();
    List<ResultColumn> columns =
        session.executor().columns(session.portals().get(cursor).statement());
    return new Answer(columns(columns), result.rows(), rows, false);
  }

  @Override
  public void close(String cursor) {
    Portal portal = session.portals().get(cursor);
    if (portal == null) {
      throw new SqlException(
          SqlState.INVALID_CURSOR_NAME, "cursor \"" + cursor + "\" does not exist");
    }
    session.closePortal(cursor);
  }

  @Override
  public void check() {
    session.interrupts().check();
  }

  @Override
  public boolean asserts() {
    String setting = session.settings().find("plpgsql.check_asserts");
    return setting == null || !List.of("off", "false", "no", "0").contains(setting);
  }
}
