package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.session.settings.SessionSettings;
import io.trencadis.txn.WouldBlockException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Heals serialization failures of a transaction by running its statements again, at a new
/// timestamp, as long as the client cannot tell: each statement has to answer what it answered
/// before, to the last byte (rule 15). Where one does not, or where something was run that cannot
/// be judged so, the client gets its 40001.
///
/// Confined to the session's thread.
final class Replay {
  private static final int MOST_STEPS = 1_000;
  private static final long MOST_BYTES = 1 << 20;
  private static final int MOST_ATTEMPTS = 100;

  /// What ends a replay with itself rather than with the failure it was to heal.
  private static final Set<SqlState> STOPS =
      Set.of(
          SqlState.QUERY_CANCELED,
          SqlState.ADMIN_SHUTDOWN,
          SqlState.LOCK_NOT_AVAILABLE,
          SqlState.DISK_FULL);

  private sealed interface Step {
    /// A statement that was run to its end.
    ///
    /// @param micros what `statement_timestamp()` was
    record Ran(
        PreparedStatement statement,
        Object[] parameters,
        short[] resultFormats,
        long micros,
        long high,
        long low)
        implements Step {}

    record Saved(TransactionControl.Savepoint point) implements Step {}
  }

  private final TransactionControl transactions;
  private final StatementExecutor executor;
  private final SessionSettings settings;
  private final SessionContext context;
  private final Interrupts interrupts;
  private final List<Step> steps = new ArrayList<>();
  private long bytes;
  private boolean possible = true;

  /// Whether reads were run whose answers nobody digested: harmless until something is written.
  private boolean undigested;

  /// What a replay was to heal that had to stop where this thread may not wait. The request is run
  /// again on one that may, and the replay has to come first.
  private SqlException unfinished;

  Replay(
      TransactionControl transactions,
      StatementExecutor executor,
      SessionSettings settings,
      SessionContext context,
      Interrupts interrupts) {
    this.transactions = transactions;
    this.executor = executor;
    this.settings = settings;
    this.context = context;
    this.interrupts = interrupts;
  }

  /// The transaction is over.
  void clear() {
    if (!steps.isEmpty()) {
      steps.clear();
    }
    bytes = 0;
    possible = true;
    undigested = false;
    unfinished = null;
  }

  /// Something was run that cannot be run again.
  void impossible() {
    possible = false;
    steps.clear();
  }

  /// Whether a statement's answer is worth digesting.
  private boolean wanted(Portal portal) {
    if (!possible
        || settings.get("transaction_isolation").startsWith("read ")
        || settings.getBoolean("transaction_read_only")
        || !settings.getBoolean("trencadis.replay")) {
      return false;
    }
    PreparedPlan plan = portal.statement().plan();
    return transactions.inBlock() || plan == null || !plan.readOnly();
  }

  /// What a statement is run with.
  @FunctionalInterface
  interface Run {
    void with(ResponseSink sink);
  }

  /// Runs a statement of a transaction that may go on after it, and heals what fails.
  void run(Portal portal, ResponseSink out, Run work) {
    if (portal.finished()) {
      // It answers its tag once more, and does nothing.
      work.with(out);
      return;
    }
    if (!wanted(portal)) {
      undigested = true;
      work.with(out);
      return;
    }
    takeUp();
    for (int attempt = 1; ; attempt++) {
      AnswerDigest digest = new AnswerDigest(out);
      boolean before = transactions.inBlock();
      try {
        work.with(digest);
        note(portal, digest, before);
        return;
      } catch (SqlException e) {
        boolean planned = portal.statement().plan() != null;
        if (!planned || digest.sent() || !heals(e) || attempt == MOST_ATTEMPTS) {
          impossible();
          throw e;
        }
        portal.rewind();
        again(e);
      }
    }
  }

  private boolean heals(SqlException e) {
    return possible
        && !undigested
        && e.state() == SqlState.SERIALIZATION_FAILURE
        && transactions.canRestart();
  }

  /// Does a replay that had to stop from its beginning. Called before anything else is done in the
  /// transaction.
  void takeUp() {
    SqlException failure = unfinished;
    if (failure != null) {
      unfinished = null;
      again(failure);
    }
  }

  /// A commit has failed.
  ///
  /// @return whether the transaction stands again as it did, and may try once more
  boolean healCommit(SqlException failure, int attempt) {
    if (!heals(failure) || steps.isEmpty() || attempt > MOST_ATTEMPTS) {
      return false;
    }
    again(failure);
    return true;
  }

  private void note(Portal portal, AnswerDigest digest, boolean before) {
    if (!transactions.active()) {
      return;
    }
    if (context.session().told().any()) {
      // What was told is no part of the answer that a replay compares.
      impossible();
      return;
    }
    PreparedStatement statement = portal.statement();
    if (statement.plan() == null) {
      if (!leavesNoTrace(statement.statement(), before)) {
        impossible();
      }
      return;
    }
    bytes += digest.bytes();
    if (!portal.finished() && !portal.ranToEnd()
        || steps.size() == MOST_STEPS
        || bytes > MOST_BYTES) {
      impossible();
      return;
    }
    steps.add(
        new Step.Ran(
            statement,
            portal.parameters(),
            portal.resultFormats(),
            context.statementTimestampMicros(),
            digest.high(),
            digest.low()));
  }

  void savepoint(TransactionControl.Savepoint point) {
    if (possible) {
      steps.add(new Step.Saved(point));
    }
  }

  /// Statements that a replay may pass over.
  private boolean leavesNoTrace(Statement statement, boolean inBlock) {
    return switch (statement) {
      case null -> true;
      case Statement.Begin _ -> !inBlock || steps.isEmpty();
      case Statement.Savepoint _,
          Statement.Release _,
          Statement.ShowVariable _,
          Statement.Commit _,
          Statement.Rollback _,
          Statement.Deallocate _ ->
          true;
      case Statement.SetTransaction _, Statement.SetVariable _ -> steps.isEmpty();
      default -> false;
    };
  }

  /// Runs all steps in a new transaction of the store, until none of them fails to serialize.
  ///
  /// @throws SqlException the failure, if an answer differs
  private void again(SqlException failure) {
    long micros = context.statementTimestampMicros();
    try {
      for (int attempt = 1; ; attempt++) {
        interrupts.check();
        transactions.restart();
        try {
          for (Step step : steps) {
            if (!repeat(step)) {
              throw failure;
            }
          }
          return;
        } catch (WouldBlockException e) {
          unfinished = failure;
          throw e;
        } catch (SqlException e) {
          if (e == failure || STOPS.contains(e.state()) || e.fatal()) {
            throw e;
          }
          // An attempt that locks what it reads may close a circle with another of its kind.
          boolean goesOn =
              e.state() == SqlState.SERIALIZATION_FAILURE
                  || e.state() == SqlState.DEADLOCK_DETECTED;
          if (!goesOn || attempt == MOST_ATTEMPTS) {
            throw failure;
          }
        }
      }
    } finally {
      context.statementTimestampMicros(micros);
    }
  }

  private boolean repeat(Step step) {
    return switch (step) {
      case Step.Ran ran -> {
        AnswerDigest digest = new AnswerDigest(null);
        context.statementTimestampMicros(ran.micros);
        executor.run(
            new Portal("", ran.statement, ran.parameters, ran.resultFormats, false, false),
            0,
            digest);
        yield digest.sameAs(ran.high, ran.low);
      }
      case Step.Saved saved -> {
        transactions.placeAgain(saved.point);
        yield true;
      }
    };
  }
}
