package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.sql.analyze.Analyzed;
import io.trencadis.sql.analyze.Analyzer;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.parser.SqlParser;
import io.trencadis.sql.planning.QueryPlanner;

/// Which relations a view's query reads.
final class ViewDependencies {
  private ViewDependencies() {}

  /// What a view's query means.
  ///
  /// @throws SqlException where it cannot be read any more
  static Analyzed analyzed(DdlContext cx, String query) {
    return new Analyzer(cx.names(), QueryPlanner.newCluster(), new int[0])
        .analyze(SqlParser.parseQuery(query));
  }

  static boolean uses(DdlContext cx, TableDescriptor view, int relationOid) {
    try {
      return analyzed(cx, view.viewText()).tables().stream()
          .anyMatch(table -> table.oid() == relationOid);
    } catch (SqlException e) {
      // A view that can no longer be read keeps nothing from being dropped.
      return false;
    }
  }
}
