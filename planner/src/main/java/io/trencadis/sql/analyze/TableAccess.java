package io.trencadis.sql.analyze;

import io.trencadis.sql.rights.Access;
import io.trencadis.sql.rights.Privilege;
import io.trencadis.sql.rights.Target;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// What a statement does with one item of its FROM clause or with its target, as it is found out.
/// Not thread-safe.
final class TableAccess {
  private final Target target;
  private final int roleOid;
  private final Analysis analysis;
  private final Set<Integer> selected = new TreeSet<>();
  private final Set<Integer> inserted = new TreeSet<>();
  private final Set<Integer> updated = new TreeSet<>();
  private long privileges;
  private TableAccess view;

  TableAccess(Target target, int roleOid, Analysis analysis) {
    this.target = target;
    this.roleOid = roleOid;
    this.analysis = analysis;
  }

  TableAccess need(Privilege privilege) {
    privileges |= privilege.bit();
    return this;
  }

  void reads(int column) {
    analysis.mentions(target.oid(), column);
    if (selected.add(column) && view == null) {
      need(Privilege.SELECT);
    }
  }

  /// Says that this is behind a view that is changed: it needs what the view needs, and is read
  /// only where the view is.
  TableAccess follows(TableAccess changed) {
    view = changed;
    return this;
  }

  private long needed() {
    return privileges | (view == null ? 0 : view.needed());
  }

  void inserts(int column) {
    inserted.add(column);
  }

  void updates(int column) {
    updated.add(column);
  }

  Access done() {
    return new Access(
        target,
        roleOid,
        needed(),
        List.copyOf(selected),
        List.copyOf(inserted),
        List.copyOf(updated));
  }
}
