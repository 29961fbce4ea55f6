package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.base.Timestamp;
import io.trencadis.sql.analyze.Names;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.OperatorName;
import io.trencadis.sql.ast.Query;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.ast.TypeName;
import io.trencadis.sql.execute.RowSource;
import io.trencadis.sql.parser.SqlParser;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;

/// What `AS OF SYSTEM TIME` says, as a timestamp of the oracle: the first of its millisecond. The
/// expression is of type `timestamptz`, `timestamp` (in the session's time zone) or `interval`
/// (from the statement's start), or a text that is one of these.
///
/// The clause is CockroachDB's, whose manual describes it under "AS OF SYSTEM TIME".
final class SystemTime {
  private static final String WHAT = "AS OF SYSTEM TIME";

  /// The last millisecond of which there are timestamps.
  private static final long LAST_MILLIS = (1L << 45) - 1;

  private final LocalSession session;
  private final StatementExecutor executor;

  SystemTime(LocalSession session, StatementExecutor executor) {
    this.session = session;
    this.executor = executor;
  }

  /// @throws SqlException 0A000 for a query that does more than read
  static void requireOnlyReads(Statement.Select select) {
    if (!select.query().locking().isEmpty()) {
      throw SqlException.notSupported("locking rows with " + WHAT)
          .at(select.query().locking().getFirst().pos());
    }
    Query.With with = select.query().with();
    if (StatementExecutor.changesInWith(with)) {
      throw SqlException.notSupported("changing data with " + WHAT).at(with.pos());
    }
  }

  /// @throws SqlException 42804 for another type, 22007 for a text that is no time, 22023 for NULL
  long timestamp(Expr expr) {
    Names names = session.names(session.engine().catalogStore().latest());
    Object value;
    if (expr instanceof Expr.StringLiteral text) {
      value = ofText(text, names);
    } else {
      PgType type = plan(expr, names).columns().getFirst().type();
      if (type == Types.INTERVAL) {
        value = ago(expr, names);
      } else if (type == Types.TIMESTAMP || type == Types.TIMESTAMPTZ) {
        value = value(cast(expr, "timestamptz"), names);
      } else {
        throw new SqlException(
                SqlState.DATATYPE_MISMATCH,
                "argument of " + WHAT + " must be type interval or timestamp with time zone")
            .at(expr.pos());
      }
    }
    if (value == null) {
      throw new SqlException(
              SqlState.INVALID_PARAMETER_VALUE, "argument of " + WHAT + " must not be null")
          .at(expr.pos());
    }
    if ((Long) value >= session.context().statementTimestampMicros()) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, WHAT + " must be a time in the past")
          .at(expr.pos());
    }
    long millis = Math.floorDiv((Long) value, 1000L) + SessionContext.EPOCH_2000_MICROS / 1000;
    // Before the first timestamp of the millisecond, which may be a commit's.
    return Timestamp.ofMillis(Math.clamp(millis, 1, LAST_MILLIS)) - 1;
  }

  private Object ofText(Expr.StringLiteral text, Names names) {
    try {
      return value(cast(text, "timestamptz"), names);
    } catch (SqlException noTime) {
      try {
        return ago(cast(text, "interval"), names);
      } catch (SqlException noIntervalEither) {
        throw new SqlException(
                SqlState.INVALID_DATETIME_FORMAT,
                "invalid input for " + WHAT + ": \"" + text.value() + "\"")
            .hint("Write an interval, such as '-30s', or a time.")
            .at(text.pos());
      }
    }
  }

  private Object ago(Expr interval, Names names) {
    Expr now = SqlParser.parseExpression("pg_catalog.statement_timestamp()");
    return value(new Expr.BinaryOp(OperatorName.of("+"), now, interval, interval.pos()), names);
  }

  private static Expr cast(Expr expr, String type) {
    return new Expr.Cast(expr, TypeName.system(type, expr.pos()), expr.pos());
  }

  private PreparedPlan plan(Expr expr, Names names) {
    return session.engine().planner().constant(expr, WHAT, names);
  }

  private Object value(Expr expr, Names names) {
    PreparedPlan plan = plan(expr, names);
    Object[] values = plan.values(new Object[0], null, session.context());
    try (RowSource rows = plan.root().open(executor.execution(values, null))) {
      return rows.next()[0];
    }
  }
}
