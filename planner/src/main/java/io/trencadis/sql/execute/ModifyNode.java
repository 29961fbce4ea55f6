package io.trencadis.sql.execute;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/// INSERT, UPDATE, DELETE and MERGE. The whole change is made when the first row is asked for, and
/// then RETURNING's rows come out: nobody sees a row of a statement that fails later.
public final class ModifyNode extends PlanNode {
  public enum Kind {
    INSERT,
    UPDATE,
    DELETE,
    MERGE
  }

  private final Kind kind;
  private final WriteTarget target;
  private final PlanNode input;
  private final int tableWidth;
  private final Eval[] returning;
  private final boolean locates;
  private final boolean joined;
  private final ConflictRule onConflict;
  private final MergeRule merge;
  private final RowTriggers instead;
  private final List<WithNode.Part> after;

  /// The input's rows are, where triggers do the change of a view: the row to insert; the old row,
  /// the new one, then what FROM gives; the old row, then what USING gives. Else they are, for
  /// INSERT, the table's columns; for UPDATE a locator, the table's new columns, then what FROM
  /// gives; for DELETE a locator, the table's columns, then what USING gives.
  ///
  /// @param tableWidth how many columns the table has
  /// @param returning over the table's columns and then what FROM or USING gives; null without
  ///   RETURNING
  /// @param locates whether RETURNING sees the locator of the changed row behind all these
  /// @param joined whether a row may come up several times; it is changed the first time
  /// @param onConflict what INSERT does about a key that is there already; null for an error
  /// @param merge for MERGE, else null
  /// @param instead the triggers that change a view; null for a table
  /// @param after other changes of the statement, made when this one is
  public ModifyNode(
      Estimate estimate,
      Kind kind,
      WriteTarget target,
      PlanNode input,
      int tableWidth,
      Eval[] returning,
      boolean locates,
      boolean joined,
      ConflictRule onConflict,
      MergeRule merge,
      RowTriggers instead,
      List<WithNode.Part> after) {
    super(estimate);
    this.instead = instead;
    this.merge = merge;
    this.after = List.copyOf(after);
    this.onConflict = onConflict;
    this.kind = kind;
    this.target = target;
    this.input = input;
    this.tableWidth = tableWidth;
    this.returning = returning;
    this.locates = locates;
    this.joined = joined;
  }

  public Kind kind() {
    return kind;
  }

  /// What a run of the node gives.
  public static final class Outcome implements RowSource {
    private final long count;
    private final Iterator<Object[]> rows;

    Outcome(long count, List<Object[]> rows) {
      this.count = count;
      this.rows = rows.iterator();
    }

    /// Rows inserted, updated or deleted.
    public long count() {
      return count;
    }

    @Override
    public Object[] next() {
      return rows.hasNext() ? rows.next() : null;
    }
  }

  /// Runs the change.
  public Outcome run(Execution x) {
    List<Object[]> returned = new ArrayList<>();
    WriteTarget.Session session = target.open(x);
    session.begin(operations());
    Set<ByteBuffer> changed = joined ? new HashSet<>() : null;
    if (merge != null) {
      long merged = merge.run(input, session, x);
      session.finish();
      after.forEach(part -> part.run(x));
      return new Outcome(merged, returned);
    }
    long count = 0;
    try (RowSource source = input.open(x)) {
      for (Object[] row = source.next(); row != null; row = source.next()) {
        if ((count & 0xff) == 0) {
          x.checkInterrupts();
        }
        if (joined
            && row[0] instanceof RowLocator locator
            && !changed.add(ByteBuffer.wrap(locator.key()))) {
          continue;
        }
        Object[] seen = instead == null ? apply(row, session) : tell(row, x);
        if (seen == null) {
          continue;
        }
        count++;
        if (returning != null) {
          Object[] all = seen;
          if (locates) {
            all = Arrays.copyOf(seen, seen.length + 1);
            all[seen.length] = session.changed();
          }
          returned.add(RowNodes.evaluate(returning, all, x));
        }
      }
    }
    session.finish();
    after.forEach(part -> part.run(x));
    return new Outcome(count, returned);
  }

  /// What the statement may do, as triggers know it.
  private String operations() {
    return switch (kind) {
      case INSERT -> onConflict != null && onConflict.updates() ? "IU" : "I";
      case UPDATE -> "U";
      case DELETE -> "D";
      case MERGE -> merge.operations();
    };
  }

  /// Has the triggers of a view do the change.
  ///
  /// @return the row as RETURNING sees it, or null where they say that nothing was done
  private Object[] tell(Object[] row, Execution x) {
    if (kind == Kind.INSERT) {
      return instead.instead('I', null, row, x);
    }
    Object[] old = Arrays.copyOf(row, tableWidth);
    if (kind == Kind.DELETE) {
      return instead.instead('D', old, null, x) == null ? null : row;
    }
    Object[] now = Arrays.copyOfRange(row, tableWidth, 2 * tableWidth);
    Object[] made = instead.instead('U', old, now, x);
    if (made == null) {
      return null;
    }
    Object[] seen = Arrays.copyOfRange(row, tableWidth, row.length);
    System.arraycopy(made, 0, seen, 0, tableWidth);
    return seen;
  }

  /// @return the row as RETURNING sees it, or null where nothing was done
  private Object[] apply(Object[] row, WriteTarget.Session session) {
    if (kind == Kind.INSERT) {
      Object[] complete = session.complete(row);
      if (onConflict != null) {
        return session.insertOr(complete, onConflict);
      }
      return session.insert(complete);
    }
    RowLocator locator = (RowLocator) row[0];
    Object[] rest = Arrays.copyOfRange(row, 1, row.length);
    if (locator == null) {
      return null;
    }
    if (kind == Kind.DELETE) {
      return session.delete(locator) ? rest : null;
    }
    Object[] after = session.complete(Arrays.copyOf(rest, tableWidth));
    Object[] made = session.update(locator, after);
    if (made == null) {
      return null;
    }
    System.arraycopy(made, 0, rest, 0, tableWidth);
    return rest;
  }

  @Override
  protected RowSource start(Execution x) {
    return run(x);
  }

  @Override
  public boolean isPoint() {
    return after.isEmpty() && input.isPoint() && instead == null && !target.hasTriggers();
  }

  @Override
  public String label() {
    String verb =
        switch (kind) {
          case INSERT -> "Insert";
          case UPDATE -> "Update";
          case DELETE -> "Delete";
          case MERGE -> "Merge";
        };
    return verb + " on " + target.name();
  }

  @Override
  public List<String> details() {
    if (onConflict == null) {
      return List.of();
    }
    String resolution = "Conflict Resolution: " + (onConflict.updates() ? "UPDATE" : "NOTHING");
    return onConflict.names().isEmpty()
        ? List.of(resolution)
        : List.of(resolution, "Conflict Arbiter Indexes: " + String.join(", ", onConflict.names()));
  }

  @Override
  public List<PlanNode> children() {
    return List.of(input);
  }
}
