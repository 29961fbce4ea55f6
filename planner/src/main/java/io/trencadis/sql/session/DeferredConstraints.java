package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.CheckConstraint;
import io.trencadis.sql.catalog.ForeignKey;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.catalog.TriggerDescriptor;
import io.trencadis.sql.execute.DeferredReferences;
import io.trencadis.sql.execute.Execution;
import io.trencadis.sql.execute.ForeignKeyCheck;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The constraints of one transaction that are checked at its end, and what SET CONSTRAINTS said of
/// them. Confined to the session's thread.
///
/// A check that waits says "whoever refers to this key finds it" or "at most one row has this key";
/// a constraint trigger waits to be fired. Rolling back to a savepoint brings back what waited
/// then.
final class DeferredConstraints implements DeferredReferences {
  private List<Pending> pending = new ArrayList<>();
  // Of those, how many were made at the commit that is being tried.
  private int made;
  private final Map<Integer, Boolean> modes = new HashMap<>();
  private Boolean all;

  record Pending(ForeignKeyCheck.Identity constraint, Waiting check) {}

  @Override
  public boolean defers(ForeignKeyCheck.Identity constraint) {
    Boolean mode = modes.get(constraint.oid());
    return mode != null ? mode : all != null ? all : constraint.deferred();
  }

  @Override
  public void add(ForeignKeyCheck.Identity constraint, Waiting check) {
    pending.add(new Pending(constraint, check));
  }

  boolean isEmpty() {
    return pending.isEmpty();
  }

  void clear() {
    pending = new ArrayList<>();
    made = 0;
    modes.clear();
    all = null;
  }

  /// Makes the checks that nothing defers any more.
  void runDue(Execution x) {
    // What a trigger does may have others wait, or be due.
    for (boolean any = true; any; ) {
      List<Pending> due = pending.stream().filter(one -> !defers(one.constraint)).toList();
      // Savepoints know the list that there was.
      List<Pending> left = new ArrayList<>(pending);
      left.removeAll(new HashSet<>(due));
      pending = left;
      due.forEach(one -> one.check.run(x));
      any = !due.isEmpty();
    }
  }

  /// Makes all checks: the transaction is about to commit. Those that were made are not made again
  /// where the commit has to be tried once more.
  void runAll(Execution x) {
    while (made < pending.size()) {
      pending.get(made).check.run(x);
      made++;
    }
  }

  /// The store's transaction begins anew, and its statements run again.
  void beginAgain() {
    pending = new ArrayList<>();
    made = 0;
  }

  /// What waits at a moment, and what SET CONSTRAINTS has said until then.
  record Mark(List<Pending> pending, int size, Map<Integer, Boolean> modes, Boolean all) {}

  Mark mark() {
    return new Mark(pending, pending.size(), Map.copyOf(modes), all);
  }

  void undoTo(Mark mark) {
    pending = mark.pending;
    pending.subList(mark.size, pending.size()).clear();
    modes.clear();
    modes.putAll(mark.modes);
    all = mark.all;
  }

  /// SET CONSTRAINTS: notes the mode. What is due then is for [#runDue].
  void set(Statement.SetConstraints set, Catalog catalog, int databaseOid) {
    if (set.names().isEmpty()) {
      modes.clear();
      all = set.deferred();
      return;
    }
    Set<Integer> found = new HashSet<>();
    for (QualifiedName name : set.names()) {
      boolean known = false;
      for (TableDescriptor table : catalog.all(TableDescriptor.class, databaseOid)) {
        for (ForeignKey key : table.foreignKeys()) {
          if (key.name().equals(name.name())) {
            known = true;
            note(key.oid(), key.name(), key.deferrable(), set.deferred(), found);
          }
        }
        for (IndexDescriptor index : table.indexes()) {
          if (index.constraint() && index.name().equals(name.name())) {
            known = true;
            note(index.constraintOid(), index.name(), index.deferrable(), set.deferred(), found);
          }
        }
        for (TriggerDescriptor trigger : catalog.triggersOf(table.oid())) {
          if (trigger.constraint() && trigger.name().equals(name.name())) {
            known = true;
            note(
                trigger.constraintOid(),
                trigger.name(),
                trigger.deferrable(),
                set.deferred(),
                found);
          }
        }
        for (CheckConstraint check : table.checks()) {
          if (check.name().equals(name.name())) {
            known = true;
            note(check.oid(), check.name(), false, set.deferred(), found);
          }
        }
      }
      if (!known) {
        throw new SqlException(
            SqlState.UNDEFINED_OBJECT, "constraint \"" + name.name() + "\" does not exist");
      }
    }
    found.forEach(oid -> modes.put(oid, set.deferred()));
  }

  private static void note(
      int oid, String name, boolean deferrable, boolean deferred, Set<Integer> found) {
    if (deferrable) {
      found.add(oid);
    } else if (deferred) {
      throw new SqlException(
          SqlState.WRONG_OBJECT_TYPE, "constraint \"" + name + "\" is not deferrable");
    }
  }
}
