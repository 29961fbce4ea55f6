package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.analyze.Analyzer;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.execute.Eval;
import io.trencadis.sql.execute.ModifyNode;
import io.trencadis.sql.execute.RowSource;
import io.trencadis.sql.planning.QueryPlanner;
import io.trencadis.sql.planning.SlotTable;
import io.trencadis.sql.rel.Slot;
import io.trencadis.sql.session.UtilityCommands.Result;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;

/// PREPARE, EXECUTE and DEALLOCATE.
final class PreparedCommands {
  private final LocalSession session;
  private final StatementExecutor executor;

  PreparedCommands(LocalSession session, StatementExecutor executor) {
    this.session = session;
    this.executor = executor;
  }

  Result prepare(Statement.Prepare prepare) {
    if (session.statements().containsKey(prepare.name())) {
      throw new SqlException(
          SqlState.DUPLICATE_PSTATEMENT,
          "prepared statement \"" + prepare.name() + "\" already exists");
    }
    int[] types = new int[prepare.types().size()];
    for (int i = 0; i < types.length; i++) {
      types[i] = session.names().type(prepare.types().get(i)).type().oid();
    }
    PreparedStatement statement =
        session.statement(prepare.name(), prepare.text(), prepare.statement(), null, types, true);
    executor.prepare(statement);
    session.statements().put(prepare.name(), statement);
    return Result.tag("PREPARE");
  }

  private PreparedStatement require(String name) {
    PreparedStatement statement = session.statements().get(name);
    if (statement == null) {
      throw new SqlException(
          SqlState.INVALID_SQL_STATEMENT_NAME,
          "prepared statement \"" + name + "\" does not exist");
    }
    return statement;
  }

  List<ResultColumn> columns(Statement.Execute execute) {
    return executor.columns(require(execute.name()));
  }

  Result execute(Statement.Execute execute, ResponseSink sink) {
    Portal portal = portal(execute);
    PreparedStatement statement = portal.statement();
    if (statement.isEmpty()) {
      return Result.tag("");
    }
    RowSource rows = executor.open(portal);
    List<Object[]> all = new ArrayList<>();
    try (rows) {
      for (Object[] row = rows.next(); row != null; row = rows.next()) {
        all.add(row);
      }
    }
    String tag =
        rows instanceof ModifyNode.Outcome outcome
            ? switch (((ModifyNode) statement.plan().root()).kind()) {
              case INSERT -> "INSERT 0 " + outcome.count();
              case UPDATE -> "UPDATE " + outcome.count();
              case DELETE -> "DELETE " + outcome.count();
              case MERGE -> "MERGE " + outcome.count();
            }
            : "SELECT " + all.size();
    return new Result(executor.columns(statement), all, tag);
  }

  /// The prepared statement with the values that EXECUTE gives it.
  Portal portal(Statement.Execute execute) {
    PreparedStatement statement = require(execute.name());
    int[] types = executor.parameterTypes(statement);
    if (execute.args().size() != types.length) {
      throw new SqlException(
              SqlState.SYNTAX_ERROR,
              "wrong number of parameters for prepared statement \"" + execute.name() + "\"")
          .detail(
              "Expected " + types.length + " parameters but got " + execute.args().size() + ".");
    }
    Object[] values = new Object[types.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(execute.args().get(i), Types.byOid(types[i]), i + 1);
    }
    return new Portal("", statement, values, new short[0], false, false);
  }

  private Object value(Expr expr, PgType type, int number) {
    var cluster = QueryPlanner.newCluster();
    var names = session.names();
    Analyzer.Expression analyzed =
        new Analyzer(names, cluster, new int[0]).value(expr, "$" + number, type, -1);
    Eval[] compiled =
        new QueryPlanner(
                cluster, new SlotTable(analyzed.slots()), names.catalog(), session.context(), null)
            .compile(List.of(analyzed.node()));
    return compiled[0].eval(new Object[0], executor.execution(constants(analyzed.slots()), null));
  }

  /// The values of slots that are all constants.
  static Object[] constants(List<Slot> slots) {
    Object[] values = new Object[slots.size()];
    for (int i = 0; i < values.length; i++) {
      if (slots.get(i) instanceof Slot.Constant constant) {
        values[i] = constant.value();
      }
    }
    return values;
  }

  Result deallocate(Statement.Deallocate deallocate) {
    if (deallocate.name() == null) {
      session.statements().keySet().removeIf(name -> !name.isEmpty());
      return Result.tag("DEALLOCATE ALL");
    }
    require(deallocate.name());
    session.statements().remove(deallocate.name());
    return Result.tag("DEALLOCATE");
  }
}
