package io.trencadis.sql.system;

import io.trencadis.sql.analyze.Analyzer;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.planning.QueryPlanner;
import java.util.Set;
import java.util.stream.Collectors;

/// Which relations and columns INSERT, UPDATE and DELETE can change.
final class Updatability {
  private Updatability() {}

  /// Names of a view's columns that can be given values; null where the view cannot be changed.
  static Set<String> columnsOf(Reading reading, TableDescriptor view) {
    return new Analyzer(reading.access().names(), QueryPlanner.newCluster(), new int[0])
        .updatableColumns(view);
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
