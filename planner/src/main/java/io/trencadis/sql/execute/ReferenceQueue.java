package io.trencadis.sql.execute;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What foreign keys want done once a statement's rows are written, in the order of the rows.
/// Confined to one thread.
final class ReferenceQueue {
  private static final int DEEPEST = 1000;

  private final Execution x;
  private final List<Event> events = new ArrayList<>();
  private final Set<Queued> queued = new HashSet<>();

  private sealed interface Event {
    ForeignKeyCheck.Identity identity();

    boolean deferrable();

    void run(Execution x);

    /// The same at the end of the transaction, when rows may have changed again.
    void runAtEnd(Execution x);
  }

  private record Check(ForeignKeyCheck check, Object[] row) implements Event {
    @Override
    public ForeignKeyCheck.Identity identity() {
      return check.identity();
    }

    @Override
    public boolean deferrable() {
      return check.identity().deferrable();
    }

    @Override
    public void run(Execution x) {
      check.check(row, x);
    }

    @Override
    public void runAtEnd(Execution x) {
      check.checkAtEnd(row, x);
    }
  }

  private record Act(ForeignKeyAction action, Object[] key, Object[] after) implements Event {
    @Override
    public ForeignKeyCheck.Identity identity() {
      return action.identity();
    }

    @Override
    public boolean deferrable() {
      return action.deferrable(after != null);
    }

    @Override
    public void run(Execution x) {
      action.run(key, after, x);
    }

    @Override
    public void runAtEnd(Execution x) {
      action.run(key, after, x);
    }
  }

  /// A check that need not be made twice.
  private record Queued(ForeignKeyCheck check, List<Object> key) {}

  ReferenceQueue(Execution x) {
    this.x = x;
  }

  void inserted(ForeignKeys keys, Object[] row) {
    for (ForeignKeyCheck check : keys.checks()) {
      add(check, row);
    }
  }

  private void add(ForeignKeyCheck check, Object[] row) {
    if (check.applies(row, x)
        && queued.add(new Queued(check, Arrays.asList(check.columns().of(row))))) {
      events.add(new Check(check, row));
    }
  }

  void updated(ForeignKeys keys, Object[] before, Object[] after) {
    for (ForeignKeyAction action : keys.actions()) {
      if (!action.columns().same(before, after)) {
        add(action, before, after);
      }
    }
    for (ForeignKeyCheck check : keys.checks()) {
      if (!check.columns().same(before, after)) {
        add(check, after);
      }
    }
  }

  void deleted(ForeignKeys keys, Object[] before) {
    for (ForeignKeyAction action : keys.actions()) {
      add(action, before, null);
    }
  }

  private void add(ForeignKeyAction action, Object[] before, Object[] after) {
    Object[] key = action.columns().of(before);
    if (!ForeignKeys.anyNull(key)) {
      events.add(new Act(action, key, after == null ? null : action.columns().of(after)));
    }
  }

  /// Does what was gathered, or leaves it for the end of the transaction. The rows must have been
  /// sent.
  void run() {
    if (events.isEmpty()) {
      return;
    }
    if (x.depth() > DEEPEST) {
      throw new SqlException(SqlState.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded");
    }
    for (Event event : events) {
      if (event.deferrable() && x.deferred() != null && x.deferred().defers(event.identity())) {
        x.deferred().add(event.identity(), event::runAtEnd);
      } else {
        event.run(x);
      }
    }
    events.clear();
  }
}
