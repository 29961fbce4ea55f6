package io.trencadis.sql.session;

import io.trencadis.base.Durations;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/// What the sessions of a node have done since its start, for whoever watches it. Unlike
/// [ActivityCounts] nothing here is ever reset. Thread-safe.
public final class EngineCounters {
  private final Map<StatementKind, Durations> statements = new EnumMap<>(StatementKind.class);

  /// Attempts to heal a failure to serialize by running a transaction's statements again.
  public final LongAdder replays = new LongAdder();

  /// Statements begun again because a row or a table had changed under them.
  public final LongAdder restarts = new LongAdder();

  /// Transactions ended with 40P01.
  public final LongAdder deadlocks = new LongAdder();

  /// Runs of a plan that had been run before, by whichever session.
  public final LongAdder plansReused = new LongAdder();

  /// Plans that had to be made.
  public final LongAdder plansMade = new LongAdder();

  /// Waits of statements for other transactions: for their locks, or for their outcome.
  public final Durations waits = new Durations();

  EngineCounters() {
    for (StatementKind kind : StatementKind.values()) {
      statements.put(kind, new Durations());
    }
  }

  /// Statements that ran to their end, and how long they took in the server.
  public Durations statements(StatementKind kind) {
    return statements.get(kind);
  }
}
