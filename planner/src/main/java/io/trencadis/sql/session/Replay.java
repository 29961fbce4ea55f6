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
/// What fails while it is the only statement of its transaction, and has answered nothing, is run
/// again whatever it is: a change of the schema, a read whose shard has a new leader. In a cluster,
/// where a shard can lose its leader at any time, changes of tables within a transaction are run
/// again like statements that change rows, and so is what clients copy into them ([CopyInput]).
///
/// Confined to the session's thread.
final class Replay {
  private static final int MOST_STEPS = 10_000;
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
    /// @param input what the client sent to it; null for nothing
    /// @param micros what `statement_timestamp()` was
    record Ran(
        PreparedStatement statement,
        Object[] parameters,
        short[] resultFormats,
        CopyInput input,
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
  private final EngineCounters counters;
  private final List<Step> steps = new ArrayList<>();

  /// What clients have sent to what may be run again.
  private final List<CopyInput> inputs = new ArrayList<>();

  private long bytes;
  private boolean possible = true;

  /// Whether reads were run whose answers nobody digested: harmless until something is written.
  private boolean undigested;

  /// What a replay was to heal that had to stop where this thread may not wait. The request is run
  /// again on one that may, and the replay has to come first.
  private SqlException unfinished;

  private boolean begun;

  /// All that a transaction outside a block has run so far, where that is one statement that the
  /// steps do not hold; else null.
  private Step.Ran lone;

  Replay(
      TransactionControl transactions,
      StatementExecutor executor,
      SessionSettings settings,
      SessionContext context,
      Interrupts interrupts,
      EngineCounters counters) {
    this.counters = counters;
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
    closeInputs();
    bytes = 0;
    possible = true;
    undigested = false;
    unfinished = null;
    begun = false;
    lone = null;
  }

  /// Something was run that cannot be run again.
  void impossible() {
    possible = false;
    steps.clear();
    lone = null;
    closeInputs();
  }

  private void closeInputs() {
    if (!inputs.isEmpty()) {
      List<CopyInput> ended = List.copyOf(inputs);
      inputs.clear();
      ended.forEach(CopyInput::close);
    }
  }

  /// @return keeps what the client will send to the statement; null if it sends nothing, or nobody
  ///   would run it again
  private CopyInput input(Portal portal) {
    CopyInput input = CopyInput.of(context.session(), portal.statement().statement());
    if (input != null) {
      inputs.add(input);
    }
    return input;
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
    if (lone != null) {
      impossible();
    }
    boolean first = !begun && !transactions.inBlock() && settings.getBoolean("trencadis.replay");
    if (first && !(isPlanned(portal) && wanted(portal))) {
      runFirst(portal, out, work);
      begun = true;
      return;
    }
    begun = true;
    if (!wanted(portal)) {
      undigested = true;
      work.with(out);
      return;
    }
    takeUp();
    CopyInput input = input(portal);
    for (int attempt = 1; ; attempt++) {
      AnswerDigest digest = new AnswerDigest(out, input);
      boolean before = transactions.inBlock();
      try {
        work.with(digest);
        note(portal, digest, before);
        return;
      } catch (SqlException e) {
        // What is not planned before it runs is by now.
        boolean repeatable =
            isPlanned(portal) || isRepeatable(portal.statement().statement(), input);
        if (!repeatable || digest.sent() || !heals(e) || attempt == MOST_ATTEMPTS) {
          impossible();
          throw e;
        }
        portal.rewind();
        again(e);
      }
    }
  }

  private static boolean isPlanned(Portal portal) {
    return portal.statement().plan() != null;
  }

  /// Whether a statement that is not planned does nothing but to change the store's transaction,
  /// and is worth running again: where leaders of shards can change, which none does on a node of
  /// its own.
  private boolean isRepeatable(Statement statement, CopyInput input) {
    return context.session().engine().gateway().isShared() && changesTables(statement, input);
  }

  private static boolean changesTables(Statement statement, CopyInput input) {
    return switch (statement) {
      case Statement.Truncate _,
          Statement.CreateTable _,
          Statement.AlterTable _,
          Statement.Drop _,
          Statement.LockTable _ ->
          true;
      case Statement.CreateIndex index -> !index.concurrently();
      case Statement.Copy _ -> input != null;
      case null, default -> false;
    };
  }

  // ---- a lone statement

  /// Runs a statement before which there was none, and runs it again in a new transaction while it
  /// fails to serialize.
  private void runFirst(Portal portal, ResponseSink out, Run work) {
    boolean reads = isPlanned(portal) && portal.statement().plan().readOnly();
    CopyInput input = input(portal);
    AnswerDigest digest = reads ? null : new AnswerDigest(out, input);
    int began = context.session().told().mark();
    for (int attempt = 1; ; attempt++) {
      try {
        work.with(digest == null ? out : digest);
        break;
      } catch (SqlException e) {
        boolean answered =
            executor.answered() || portal.sent() > 0 || digest != null && digest.sent();
        if (answered || !e.state().retryable() || transactions.inBlock()) {
          closeInputs();
          throw e;
        }
        portal.rewind();
        anew(e, attempt, began);
      }
    }
    if (digest == null) {
      undigested = true;
      return;
    }
    Statement statement = portal.statement().statement();
    if (!isPlanned(portal) && leavesNoTrace(statement, false)) {
      return;
    }
    inputs.remove(input);
    impossible();
    if (portal.finished()
        && !executor.answered()
        && transactions.active()
        && !transactions.inBlock()
        && (input != null || !(statement instanceof Statement.Copy))) {
      lone = ran(portal, digest);
    }
    if (lone != null && input != null) {
      inputs.add(input);
    } else if (input != null) {
      input.close();
    }
  }

  /// Begins a transaction outside a block anew, with nothing run in it.
  private void anew(SqlException failure, int attempt, int told) {
    if (attempt == MOST_ATTEMPTS) {
      throw failure;
    }
    counters.replays.increment();
    transactions.fail();
    transactions.triesAgain(failure.state() == SqlState.SERIALIZATION_FAILURE ? attempt : 0);
    interrupts.check();
    context.session().told().again(told);
    transactions.beginImplicit();
  }

  /// Runs the lone statement again whose commit has failed.
  ///
  /// @throws SqlException what the statement fails with now, or the failure, if its answer differs
  private void loneAgain(SqlException failure) {
    Step.Ran once = lone;
    long micros = context.statementTimestampMicros();
    SqlException why = failure;
    for (int attempt = 1; ; attempt++) {
      anew(why, attempt, 0);
      try {
        if (!repeat(once)) {
          throw failure;
        }
        lone = once;
        return;
      } catch (SqlException e) {
        if (e == failure || !e.state().retryable()) {
          throw e;
        }
        why = e;
      } finally {
        context.statementTimestampMicros(micros);
      }
    }
  }

  // ---- a transaction's statements

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
    if (lone != null && failure.state().retryable() && attempt <= MOST_ATTEMPTS) {
      loneAgain(failure);
      return true;
    }
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
      boolean again = isRepeatable(statement.statement(), digest.input());
      if (again && !transactions.usedTemporary() && steps.size() < MOST_STEPS) {
        steps.add(ran(portal, digest));
      } else if (!leavesNoTrace(statement.statement(), before)) {
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
    steps.add(ran(portal, digest));
  }

  private Step.Ran ran(Portal portal, AnswerDigest digest) {
    return new Step.Ran(
        portal.statement(),
        portal.parameters(),
        portal.resultFormats(),
        digest.input(),
        context.statementTimestampMicros(),
        digest.high(),
        digest.low());
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

  /// Runs all steps in a new transaction of the store, until none of them fails to serialize. Where
  /// that does not come to its end, the transaction is doomed: the client has seen another
  /// snapshot, and ROLLBACK TO does not take back what it has seen.
  ///
  /// @throws SqlException the failure, if an answer differs
  private void again(SqlException failure) {
    long micros = context.statementTimestampMicros();
    boolean stands = false;
    try {
      for (int attempt = 1; ; attempt++) {
        interrupts.check();
        counters.replays.increment();
        transactions.restart();
        try {
          for (Step step : steps) {
            if (!repeat(step)) {
              throw failure;
            }
          }
          stands = true;
          return;
        } catch (WouldBlockException e) {
          stands = true;
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
      if (!stands) {
        transactions.doom();
      }
      context.statementTimestampMicros(micros);
    }
  }

  private boolean repeat(Step step) {
    return switch (step) {
      case Step.Ran ran -> {
        AnswerDigest digest = new AnswerDigest(null, ran.input);
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
