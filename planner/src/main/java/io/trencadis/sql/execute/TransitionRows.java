package io.trencadis.sql.execute;

import java.util.ArrayList;
import java.util.List;

/// The rows that a statement has changed by one kind of operation, for its triggers' transition
/// tables: as they were and as they have become, of the named table's columns. Confined to one
/// thread.
///
/// @param old empty for INSERT
/// @param now empty for DELETE
public record TransitionRows(List<Object[]> old, List<Object[]> now) {
  TransitionRows() {
    this(new ArrayList<>(), new ArrayList<>());
  }

  void add(Object[] before, Object[] after) {
    if (before != null) {
      old.add(before);
    }
    if (after != null) {
      now.add(after);
    }
  }
}
