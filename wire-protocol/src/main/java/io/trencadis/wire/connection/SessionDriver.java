package io.trencadis.wire.connection;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.session.RowFormat;
import io.trencadis.sql.session.SqlSession;
import io.trencadis.sql.session.SqlSession.Request;
import io.trencadis.txn.WouldBlockException;
import io.trencadis.wire.message.BackendMessage;
import io.trencadis.wire.message.BackendMessage.Bare;
import io.trencadis.wire.message.FrontendMessage;
import io.trencadis.wire.message.Report;
import java.util.function.Supplier;

/// Runs a session's requests, one at a time, and keeps the protocol's rules about them: who gets
/// ReadyForQuery, and that after an error everything is skipped until Sync. Belongs to whoever has
/// the turn (see [Mailbox]).
final class SessionDriver {
  enum Outcome {
    DONE,
    /// The request left no trace and has to be run again by the thread.
    WOULD_BLOCK,
    /// The session has to end; the client has been told why.
    END
  }

  private final SqlSession session;
  private final Outbound outbound;
  private final IdleTimer idle;
  private final Supplier<SqlException> endWhenIdle;
  private final WireCounters counters;
  private boolean skippingToSync;
  private boolean mayBlock = true;

  /// Whether ReadyForQuery was the last thing said.
  private boolean clientsTurn;

  /// @param endWhenIdle why the session is to end as soon as it is idle, or null; any thread may
  ///   change the answer
  SessionDriver(
      SqlSession session,
      Outbound outbound,
      IdleTimer idle,
      Supplier<SqlException> endWhenIdle,
      WireCounters counters) {
    this.endWhenIdle = endWhenIdle;
    this.counters = counters;
    this.session = session;
    this.outbound = outbound;
    this.idle = idle;
    outbound.beforeSending(session::awaitFollowed);
  }

  SqlSession session() {
    return session;
  }

  /// Whether the event loop may try to run this request.
  boolean runsOnLoop(FrontendMessage message) {
    if (skippingToSync
        && message != FrontendMessage.Bare.SYNC
        && message != FrontendMessage.Bare.TERMINATE) {
      return true;
    }
    try {
      return isShort(message);
    } catch (RuntimeException | Error bug) {
      // Whatever is wrong with the request will show again when the thread runs it, where it can be
      // reported.
      return false;
    }
  }

  private boolean isShort(FrontendMessage message) {
    return switch (message) {
      case FrontendMessage.Query(String sql) -> session.runsWithoutBlocking(Request.QUERY, sql);
      case FrontendMessage.Parse parse -> session.runsWithoutBlocking(Request.PARSE, parse.sql());
      case FrontendMessage.Bind bind -> session.runsWithoutBlocking(Request.BIND, bind.statement());
      case FrontendMessage.Execute execute ->
          session.runsWithoutBlocking(Request.EXECUTE, execute.portal());
      case FrontendMessage.Bare.SYNC -> session.runsWithoutBlocking(Request.SYNC, "");
      case FrontendMessage.DescribeStatement _,
          FrontendMessage.DescribePortal _,
          FrontendMessage.CloseStatement _,
          FrontendMessage.ClosePortal _,
          FrontendMessage.CopyData _,
          FrontendMessage.CopyFail _ ->
          true;
      case FrontendMessage.Bare.COPY_DONE,
          FrontendMessage.Bare.FLUSH,
          FrontendMessage.Bare.NOTIFIED ->
          true;
      case FrontendMessage.FunctionCall _,
          FrontendMessage.Password _,
          FrontendMessage.Malformed _ ->
          false;
      case FrontendMessage.Bare.TERMINATE -> false;
    };
  }

  /// Runs a request.
  ///
  /// @param onLoop whether on the event loop, where it must not block
  Outcome run(FrontendMessage message, boolean onLoop) {
    if (message == FrontendMessage.Bare.NOTIFIED) {
      return notified(onLoop);
    }
    idle.end();
    clientsTurn = false;
    if (message == FrontendMessage.Bare.TERMINATE) {
      return Outcome.END;
    }
    if (skippingToSync && !endsSkipping(message)) {
      return Outcome.DONE;
    }
    int mark = outbound.mark();
    try {
      outbound.runOn(onLoop);
      if (mayBlock == onLoop) {
        mayBlock = !onLoop;
        session.mayBlock(mayBlock);
      }
      dispatch(message);
      return endsNow() ? Outcome.END : Outcome.DONE;
    } catch (WouldBlockException wouldBlock) {
      if (onLoop) {
        outbound.takeBack(mark);
        return Outcome.WOULD_BLOCK;
      }
      return failed(message, Bugs.report(wouldBlock, text(message)));
    } catch (SqlException error) {
      if (error.state() == SqlState.INTERNAL_ERROR) {
        Bugs.log(error, text(message));
      }
      return failed(message, error);
    } catch (RuntimeException | Error bug) {
      return failed(message, Bugs.report(bug, text(message)));
    }
  }

  /// Sends what has arrived. The client is as idle as before.
  private Outcome notified(boolean onLoop) {
    try {
      outbound.runOn(onLoop);
      session.deliverNotifications(outbound);
      outbound.flush();
      return endsNow() ? Outcome.END : Outcome.DONE;
    } catch (SqlException clientIsGone) {
      return Outcome.END;
    }
  }

  private static boolean endsSkipping(FrontendMessage message) {
    return message == FrontendMessage.Bare.SYNC
        || message instanceof FrontendMessage.Malformed malformed
            && malformed.kind().endsSkipping();
  }

  private void dispatch(FrontendMessage message) {
    switch (message) {
      case FrontendMessage.Query(String sql) -> {
        session.query(sql, outbound);
        ready();
      }
      case FrontendMessage.Parse(String statement, String sql, int[] types) -> {
        session.parse(statement, sql, types, outbound);
        outbound.write(Bare.PARSE_COMPLETE);
      }
      case FrontendMessage.Bind bind -> {
        session.bind(
            bind.portal(),
            bind.statement(),
            bind.parameterFormats(),
            bind.parameters(),
            bind.resultFormats(),
            outbound);
        outbound.write(Bare.BIND_COMPLETE);
      }
      case FrontendMessage.DescribeStatement(String statement) -> describeStatement(statement);
      case FrontendMessage.DescribePortal(String portal) -> {
        RowFormat format = session.describePortal(portal);
        outbound.write(
            format == null
                ? Bare.NO_DATA
                : new BackendMessage.RowDescription(format.columns(), format));
      }
      case FrontendMessage.Execute(String portal, int maxRows) ->
          session.execute(portal, Math.max(0, maxRows), outbound);
      case FrontendMessage.CloseStatement(String statement) -> {
        session.closeStatement(statement);
        outbound.write(Bare.CLOSE_COMPLETE);
      }
      case FrontendMessage.ClosePortal(String portal) -> {
        session.closePortal(portal);
        outbound.write(Bare.CLOSE_COMPLETE);
      }
      case FrontendMessage.Bare.SYNC -> {
        skippingToSync = false;
        session.sync(outbound);
        ready();
      }
      case FrontendMessage.Bare.FLUSH -> outbound.flush();
      // A copy has failed, and the client did not know yet when it sent these.
      case FrontendMessage.CopyData _, FrontendMessage.CopyFail _ -> {}
      case FrontendMessage.Bare.COPY_DONE, FrontendMessage.Bare.NOTIFIED -> {}
      case FrontendMessage.FunctionCall _ ->
          throw SqlException.notSupported("the function call message");
      case FrontendMessage.Password _ ->
          throw new SqlException(SqlState.PROTOCOL_VIOLATION, "invalid frontend message type 112")
              .asFatal();
      case FrontendMessage.Malformed(var kind, SqlException error) -> {
        if (kind.endsSkipping()) {
          skippingToSync = false;
        }
        throw error;
      }
      case FrontendMessage.Bare.TERMINATE ->
          throw new IllegalStateException("Terminate is not a request");
    }
  }

  private void describeStatement(String statement) {
    SqlSession.StatementDescription description = session.describeStatement(statement);
    outbound.write(new BackendMessage.ParameterDescription(description.parameterTypes()));
    outbound.write(
        description.columns() == null
            ? Bare.NO_DATA
            : new BackendMessage.RowDescription(description.columns(), null));
  }

  /// ReadyForQuery: from now on it is the client's turn.
  void ready() {
    session.deliverNotifications(outbound);
    SqlSession.TransactionStatus status = session.status();
    // Before it is sent, so that it cannot come after what the client answers.
    idle.begin(session.idleTimeoutMillis(), status != SqlSession.TransactionStatus.IDLE);
    outbound.ready(status.code());
    clientsTurn = true;
  }

  /// Ends the session, with a word to the client, if it is to end when idle and is.
  ///
  /// @return whether it did
  boolean endsNow() {
    SqlException reason = endWhenIdle.get();
    if (reason == null || !clientsTurn || session.status() != SqlSession.TransactionStatus.IDLE) {
      return false;
    }
    outbound.error(reason, true, 0);
    return true;
  }

  private Outcome failed(FrontendMessage message, SqlException error) {
    counters.error(error.state().code());
    try {
      outbound.error(
          error, error.fatal(), Report.positionInCharacters(text(message), error.position()));
      session.failed();
      if (error.fatal()) {
        return Outcome.END;
      }
      if (extended(message)) {
        skippingToSync = true;
      } else {
        ready();
      }
      return endsNow() ? Outcome.END : Outcome.DONE;
    } catch (SqlException clientIsGone) {
      return Outcome.END;
    } catch (RuntimeException | Error bug) {
      Bugs.report(bug, "");
      return Outcome.END;
    }
  }

  private static boolean extended(FrontendMessage message) {
    return switch (message) {
      case FrontendMessage.Parse _,
          FrontendMessage.Bind _,
          FrontendMessage.DescribeStatement _,
          FrontendMessage.DescribePortal _,
          FrontendMessage.Execute _,
          FrontendMessage.CloseStatement _,
          FrontendMessage.ClosePortal _ ->
          true;
      case FrontendMessage.Bare bare -> bare == FrontendMessage.Bare.FLUSH;
      case FrontendMessage.Malformed malformed -> malformed.kind().extended();
      case FrontendMessage.Query _,
          FrontendMessage.CopyData _,
          FrontendMessage.CopyFail _,
          FrontendMessage.FunctionCall _,
          FrontendMessage.Password _ ->
          false;
    };
  }

  /// The statement's text that positions refer to, or null where the request has none.
  private static String text(FrontendMessage message) {
    return switch (message) {
      case FrontendMessage.Query(String sql) -> sql;
      case FrontendMessage.Parse parse -> parse.sql();
      default -> null;
    };
  }
}
