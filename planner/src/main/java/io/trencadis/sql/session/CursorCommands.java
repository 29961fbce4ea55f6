package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Query;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.session.UtilityCommands.Result;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// DECLARE CURSOR, FETCH, MOVE and CLOSE.
final class CursorCommands {
  private final LocalSession session;
  private final TransactionControl transactions;
  private final StatementExecutor executor;

  CursorCommands(
      LocalSession session, TransactionControl transactions, StatementExecutor executor) {
    this.session = session;
    this.transactions = transactions;
    this.executor = executor;
  }

  Result declare(Statement.DeclareCursor declare) {
    if (!declare.hold() && !transactions.inBlock()) {
      throw new SqlException(
          SqlState.NO_ACTIVE_SQL_TRANSACTION,
          "DECLARE CURSOR can only be used in transaction blocks");
    }
    if (session.portals().containsKey(declare.name())) {
      throw new SqlException(
          SqlState.DUPLICATE_CURSOR, "cursor \"" + declare.name() + "\" already exists");
    }
    Portal portal = opened(declare);
    portal.declared(session.queryText(), scrolls(declare));
    if (declare.hold()) {
      portal.materialize();
      transactions.holdableOpened(portal);
    }
    session.portals().put(declare.name(), portal);
    return Result.tag("DECLARE CURSOR");
  }

  /// Whether a cursor moves backward; where nothing is said, one does whose plan PostgreSQL can run
  /// backward.
  private static boolean scrolls(Statement.DeclareCursor declare) {
    if (declare.scroll() != null) {
      return declare.scroll();
    }
    Query query = declare.query();
    return query.locking().isEmpty()
        && (!(query.body() instanceof Query.SelectCore core)
            || !core.from().isEmpty() && core.groupBy().isEmpty());
  }

  /// Fails where a cursor that cannot would have to move backward.
  private static void requireForward(Portal cursor, Statement.Fetch fetch) {
    boolean forward =
        switch (fetch.direction()) {
          case FORWARD -> fetch.count() > 0;
          case BACKWARD -> fetch.count() < 0;
          case ABSOLUTE -> fetch.count() > cursor.position() || cursor.position() == 0;
          case RELATIVE -> fetch.count() > 0;
        };
    if (!forward && !cursor.scrollable()) {
      throw new SqlException(
              SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "cursor can only scan forward")
          .hint("Declare it with SCROLL option to enable backward scan.");
    }
  }

  /// The running query, with the places of its rows where they are rows of tables.
  private Portal opened(Statement.DeclareCursor declare) {
    CursorPositions.Located located = CursorPositions.locating(declare.query(), session.names());
    if (located != null) {
      try {
        return opened(declare, located.query(), located.sources());
      } catch (SqlException e) {
        if (e.state() != SqlState.GROUPING_ERROR) {
          throw e;
        }
        // It has aggregates: there are no places to know.
      }
    }
    return opened(declare, declare.query(), List.of());
  }

  private Portal opened(
      Statement.DeclareCursor declare, Query query, List<CursorPositions.Source> sources) {
    PreparedStatement statement =
        session.statement(
            "",
            declare.text(),
            new Statement.Select(query, null, declare.pos()),
            null,
            new int[0],
            true);
    statement.hideColumns(sources.size());
    short[] formats = declare.binary() ? new short[] {1} : new short[0];
    Portal portal =
        new Portal(declare.name(), statement, new Object[0], formats, true, declare.hold());
    portal.sources(sources);
    portal.createdMicros(session.context().clockTimestampMicros());
    portal.start(executor.open(portal));
    return portal;
  }

  private Portal require(String name) {
    Portal portal = session.portals().get(name);
    if (portal == null) {
      throw new SqlException(
          SqlState.INVALID_CURSOR_NAME, "cursor \"" + name + "\" does not exist");
    }
    return portal;
  }

  List<ResultColumn> columns(String cursor) {
    return executor.columns(require(cursor).statement());
  }

  Result fetch(Statement.Fetch fetch) {
    Portal cursor = require(fetch.cursor());
    List<Object[]> rows = new ArrayList<>();
    if (!cursor.isCursor()) {
      forwardOnly(cursor, fetch, rows);
      return result(fetch, rows);
    }
    requireForward(cursor, fetch);
    switch (fetch.direction()) {
      case FORWARD -> move(cursor, fetch.count(), rows);
      case BACKWARD ->
          move(
              cursor,
              fetch.count() == Statement.Fetch.ALL ? -Statement.Fetch.ALL : -fetch.count(),
              rows);
      case ABSOLUTE -> {
        int target = fetch.count() >= 0 ? clamp(fetch.count()) : fromEnd(cursor, fetch.count());
        at(cursor, target, rows);
      }
      case RELATIVE -> at(cursor, clamp(cursor.position() + fetch.count()), rows);
    }
    return result(fetch, rows);
  }

  /// What Bind made keeps no rows that were sent; a later Execute goes on where this stops.
  private void forwardOnly(Portal portal, Statement.Fetch fetch, List<Object[]> rows) {
    if (fetch.direction() != Statement.FetchDirection.FORWARD || fetch.count() <= 0) {
      throw new SqlException(
              SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "cursor can only scan forward")
          .hint("Declare it with SCROLL option to enable backward scan.");
    }
    if (executor.columns(portal.statement()) == null) {
      throw new SqlException(
          SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
          "portal \"" + portal.name() + "\" cannot be run");
    }
    executor.start(portal);
    while (rows.size() < fetch.count() && portal.source() != null) {
      Object[] row = portal.source().next();
      if (row == null) {
        return;
      }
      rows.add(row);
      if ((rows.size() & 0xff) == 0) {
        session.interrupts().check();
      }
    }
  }

  private Result result(Statement.Fetch fetch, List<Object[]> rows) {
    if (fetch.move()) {
      return Result.tag("MOVE " + rows.size());
    }
    List<ResultColumn> columns = columns(fetch.cursor());
    // What CURRENT OF goes by stands behind them.
    rows.replaceAll(row -> row.length == columns.size() ? row : Arrays.copyOf(row, columns.size()));
    return new Result(columns, rows, "FETCH " + rows.size());
  }

  private static int clamp(long position) {
    return (int) Math.max(0, Math.min(Integer.MAX_VALUE - 1, position));
  }

  private static int fromEnd(Portal cursor, long count) {
    int size = 0;
    while (cursor.rowAt(size) != null) {
      size++;
    }
    return clamp(size + 1 + count);
  }

  private static void at(Portal cursor, int position, List<Object[]> rows) {
    Object[] row = position == 0 ? null : cursor.rowAt(position - 1);
    cursor.position(row == null && position > 0 ? lastPosition(cursor, position) : position);
    if (row != null) {
      rows.add(row);
    }
  }

  /// One past the last row, where `position` lies beyond it.
  private static int lastPosition(Portal cursor, int position) {
    int at = Math.min(position, cursor.position());
    while (cursor.rowAt(at) != null) {
      at++;
    }
    return at + 1;
  }

  private void move(Portal cursor, long count, List<Object[]> rows) {
    if (count == 0) {
      Object[] current = cursor.position() == 0 ? null : cursor.rowAt(cursor.position() - 1);
      if (current != null) {
        rows.add(current);
      }
      return;
    }
    int step = count > 0 ? 1 : -1;
    for (long left = Math.abs(count); left > 0; left--) {
      int next = cursor.position() + step;
      if (next <= 0) {
        cursor.position(0);
        return;
      }
      Object[] row = cursor.rowAt(next - 1);
      if (row == null) {
        cursor.position(
            step > 0 && cursor.rowAt(cursor.position() - 1) == null && cursor.position() > 0
                ? cursor.position()
                : next);
        return;
      }
      cursor.position(next);
      rows.add(row);
      if ((rows.size() & 0xff) == 0) {
        session.interrupts().check();
      }
    }
  }

  Result close(Statement.ClosePortal close) {
    if (close.name() == null) {
      session.portals().values().forEach(Portal::close);
      session.portals().clear();
      return Result.tag("CLOSE CURSOR ALL");
    }
    require(close.name());
    session.closePortal(close.name());
    return Result.tag("CLOSE CURSOR");
  }
}
