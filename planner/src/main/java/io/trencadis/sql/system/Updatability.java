package io.trencadis.sql.system;

import io.trencadis.sql.analyze.Analyzer;
import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.planning.QueryPlanner;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// Which relations and columns INSERT, UPDATE and DELETE can change.
final class Updatability {
  // Whether a view can be changed takes analyzing it, and those who read information_schema ask of
  // all views each time: what was found is kept for as long as the catalog is the same.
  private static volatile Found found = new Found(null, new ConcurrentHashMap<>());

  private record Found(Catalog catalog, Map<Integer, Optional<Set<String>>> byView) {}

  private Updatability() {}

  /// Names of a view's columns that can be given values; null where the view cannot be changed.
  static Set<String> columnsOf(Reading reading, TableDescriptor view) {
    Found last = found;
    if (last.catalog != reading.catalog()) {
      last = new Found(reading.catalog(), new ConcurrentHashMap<>());
      found = last;
    }
    Optional<Set<String>> known = last.byView.get(view.oid());
    if (known == null) {
      known = Optional.ofNullable(analyzed(reading, view));
      last.byView.put(view.oid(), known);
    }
    return known.orElse(null);
  }

  private static Set<String> analyzed(Reading reading, TableDescriptor view) {
    return Analyzer.mayBeUpdatable(view)
        ? new Analyzer(reading.access().names(), QueryPlanner.newCluster(), new int[0])
            .updatableColumns(view)
        : null;
  }

  static boolean of(Reading reading, TableDescriptor table) {
    return !table.isView() || columnsOf(reading, table) != null;
  }

  /// Names of a table's or view's columns that can be given values; none where it cannot be
  /// changed.
  static Set<String> namesOf(Reading reading, TableDescriptor table) {
    Set<String> columns =
        table.isView()
            ? columnsOf(reading, table)
            : table.liveColumns().stream().map(Column::name).collect(Collectors.toSet());
    return columns == null ? Set.of() : columns;
  }
}
