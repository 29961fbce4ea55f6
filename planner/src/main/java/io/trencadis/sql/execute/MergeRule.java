package io.trencadis.sql.execute;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What MERGE does for each row of its join: the first action that fits. Immutable and thread-safe.
///
/// @param locator the column that locates the table's row; null in it where there is none
public record MergeRule(int locator, List<Action> actions) {
  /// @param matched whether it is for rows that the table has
  /// @param condition over the row of the join, or null
  /// @param kind what is done, or null for nothing
  /// @param row the whole new row, over the row of the join; for INSERT and UPDATE
  public record Action(boolean matched, Eval condition, ModifyNode.Kind kind, Eval[] row) {}

  /// @return how many rows were changed
  long run(PlanNode input, WriteTarget.Session session, Execution x) {
    // All of the join before the first change, so that nothing in it comes from the changes.
    List<Object[]> rows = new ArrayList<>();
    try (RowSource source = input.open(x)) {
      for (Object[] row = source.next(); row != null; row = source.next()) {
        rows.add(row);
        if ((rows.size() & 0xff) == 0) {
          x.checkInterrupts();
        }
      }
    }
    Set<ByteBuffer> changed = new HashSet<>();
    long count = 0;
    for (Object[] row : rows) {
      Action action = actionFor(row, x);
      if (action != null && action.kind != null) {
        apply(action, row, session, changed, x);
        if ((++count & 0xff) == 0) {
          x.checkInterrupts();
        }
      }
    }
    return count;
  }

  /// What the actions do, as triggers know it.
  String operations() {
    StringBuilder out = new StringBuilder();
    for (String each : new String[] {"INSERT", "UPDATE", "DELETE"}) {
      if (actions.stream().anyMatch(a -> a.kind != null && a.kind.name().equals(each))) {
        out.append(each.charAt(0));
      }
    }
    return out.toString();
  }

  private Action actionFor(Object[] row, Execution x) {
    boolean matched = row[locator] != null;
    for (Action action : actions) {
      if (action.matched == matched
          && (action.condition == null || action.condition.holds(row, x))) {
        return action;
      }
    }
    return null;
  }

  private void apply(
      Action action,
      Object[] row,
      WriteTarget.Session session,
      Set<ByteBuffer> changed,
      Execution x) {
    if (action.kind == ModifyNode.Kind.INSERT) {
      session.insert(session.complete(RowNodes.evaluate(action.row, row, x)));
      return;
    }
    RowLocator found = (RowLocator) row[locator];
    boolean done = changed.add(ByteBuffer.wrap(found.key()));
    if (done) {
      done =
          action.kind == ModifyNode.Kind.DELETE
              ? session.delete(found)
              : session.update(found, session.complete(RowNodes.evaluate(action.row, row, x)))
                  != null;
      done |= session.hasTriggers();
    }
    if (!done) {
      throw new SqlException(
              SqlState.CARDINALITY_VIOLATION, "MERGE command cannot affect row a second time")
          .hint("Ensure that not more than one source row matches any one target row.");
    }
  }
}
