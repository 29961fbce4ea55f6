package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.analyze.Names;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.TableDescriptor;

/// What REINDEX names: it has to be there. Stateless.
final class MaintenanceTargets {
  private MaintenanceTargets() {}

  /// Whether REINDEX was said with CONCURRENTLY, in either form.
  static boolean concurrently(Statement.Reindex reindex) {
    return reindex.concurrently()
        || reindex.options().stream()
            .anyMatch(option -> option.name().equalsIgnoreCase("concurrently"));
  }

  /// @throws SqlException 0A000 for the catalog's own indexes, 42P01 for what is not there
  static void require(Names names, Statement.Reindex reindex) {
    String kind = reindex.kind();
    if (concurrently(reindex)
        && (kind.equals("system")
            || !kind.equals("schema") && reindex.name() != null && isSystem(reindex.name()))) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED, "cannot reindex system catalogs concurrently");
    }
    if (reindex.name() == null || isSystem(reindex.name())) {
      return;
    }
    if (kind.equals("schema") && names.findSchema(reindex.name().name()) == null) {
      throw new SqlException(
          SqlState.INVALID_SCHEMA_NAME, "schema \"" + reindex.name().name() + "\" does not exist");
    }
    Descriptor relation = names.findRelation(reindex.name());
    TableDescriptor indexed = names.tableOfIndex(reindex.name());
    if (!kind.equals("table") && !kind.equals("index")) {
      return;
    }
    if (relation == null && indexed == null) {
      throw Names.undefined(reindex.name());
    }
    boolean table = relation instanceof TableDescriptor found && !found.isView();
    if (kind.equals("table") && !table) {
      throw new SqlException(
          SqlState.WRONG_OBJECT_TYPE,
          "\"" + reindex.name().name() + "\" is not a table or materialized view");
    }
    if (kind.equals("index") && indexed == null) {
      throw new SqlException(
          SqlState.WRONG_OBJECT_TYPE, "\"" + reindex.name().name() + "\" is not an index");
    }
  }

  /// Whether what REINDEX names is partitioned, and so done in several transactions.
  static boolean isPartitioned(Names names, Statement.Reindex reindex) {
    return reindex.name() != null
        && switch (reindex.kind()) {
          case "table" ->
              names.findRelation(reindex.name()) instanceof TableDescriptor table
                  && table.isPartitioned();
          case "index" ->
              names.tableOfIndex(reindex.name()) instanceof TableDescriptor table
                  && table.isPartitioned();
          default -> true;
        };
  }

  /// The catalog and what PostgreSQL keeps beside it, whose parts are not all here.
  static boolean isSystem(QualifiedName name) {
    return name.name().startsWith("pg_")
        || name.schema() != null && name.schema().startsWith("pg_");
  }
}
