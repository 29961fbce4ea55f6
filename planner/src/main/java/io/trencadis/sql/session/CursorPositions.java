package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.analyze.Names;
import io.trencadis.sql.analyze.SystemColumns;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.Query;
import io.trencadis.sql.ast.TableRef;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.execute.RowLocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// WHERE CURRENT OF: cursors over tables keep, behind the columns that they show, where their rows
/// are (PostgreSQL 15 manual, DECLARE, notes).
final class CursorPositions {
  private CursorPositions() {}

  /// A table of a cursor's query, whose rows one hidden column locates.
  ///
  /// @param locked whether FOR UPDATE or FOR SHARE covers it
  record Source(int tableOid, boolean locked) {}

  /// A cursor's query with the columns that locate rows.
  record Located(Query query, List<Source> sources) {}

  /// Null where the cursor's rows are not those of tables.
  static Located locating(Query query, Names names) {
    boolean locks = !query.locking().isEmpty();
    if (!(query.body() instanceof Query.SelectCore core)
        || query.with() != null
        || core.distinct()
        || !core.distinctOn().isEmpty()
        || !core.groupBy().isEmpty()
        || core.having() != null
        || !query.orderBy().isEmpty() && !locks) {
      return null;
    }
    List<TableRef.TableName> tables = new ArrayList<>();
    core.from().forEach(each -> collect(each, tables));
    if (tables.isEmpty() || tables.size() > 1 && !locks) {
      return null;
    }
    List<Source> sources = new ArrayList<>();
    List<Query.Target> targets = new ArrayList<>(core.targets());
    for (TableRef.TableName each : tables) {
      boolean stored =
          names.findSystemView(each.name()) == null
              && names.findRelation(each.name()) instanceof TableDescriptor table
              && !table.isView();
      if (!stored) {
        continue;
      }
      TableDescriptor table = (TableDescriptor) names.findRelation(each.name());
      String shown = each.alias() == null ? each.name().name() : each.alias().name();
      sources.add(new Source(table.oid(), covers(query, shown)));
      targets.add(
          new Query.Target(
              new Expr.ColumnRef(List.of(shown, SystemColumns.LOCATOR), false, each.pos()),
              null,
              each.pos()));
    }
    if (sources.isEmpty()) {
      return null;
    }
    Query.SelectCore body =
        new Query.SelectCore(
            false,
            List.of(),
            targets,
            core.from(),
            core.where(),
            core.groupByDistinct(),
            core.groupBy(),
            core.having(),
            core.windows(),
            core.pos());
    return new Located(
        new Query(
            query.with(),
            body,
            query.orderBy(),
            query.limit(),
            query.withTies(),
            query.offset(),
            query.locking(),
            query.pos()),
        sources);
  }

  private static boolean covers(Query query, String table) {
    return query.locking().stream()
        .anyMatch(
            each ->
                each.of().isEmpty()
                    || each.of().stream().anyMatch(name -> name.name().equals(table)));
  }

  private static void collect(TableRef ref, List<TableRef.TableName> tables) {
    switch (ref) {
      case TableRef.TableName name -> tables.add(name);
      case TableRef.Join join -> {
        collect(join.left(), tables);
        collect(join.right(), tables);
      }
      default -> {
        // Its rows are not those of a table.
      }
    }
  }

  /// What [io.trencadis.sql.execute.CursorRows] asks.
  static RowLocator current(
      Map<String, Portal> portals, String cursor, int tableOid, String table) {
    Portal portal = portals.get(cursor);
    if (portal == null) {
      throw new SqlException(
          SqlState.INVALID_CURSOR_NAME, "cursor \"" + cursor + "\" does not exist");
    }
    if (!portal.isCursor()) {
      throw invalid("cursor \"" + cursor + "\" is not a SELECT query");
    }
    if (portal.sources() == null) {
      throw invalid("cursor \"" + cursor + "\" is held from a previous transaction");
    }
    int found = -1;
    boolean locks = portal.sources().stream().anyMatch(Source::locked);
    for (int i = 0; i < portal.sources().size(); i++) {
      Source source = portal.sources().get(i);
      if (source.tableOid == tableOid && (source.locked || !locks)) {
        if (found >= 0) {
          throw invalid(
              "cursor \""
                  + cursor
                  + "\" has multiple FOR UPDATE/SHARE references to table \""
                  + table
                  + "\"");
        }
        found = i;
      }
    }
    if (found < 0) {
      throw invalid(
          "cursor \""
              + cursor
              + (locks
                  ? "\" does not have a FOR UPDATE/SHARE reference to table \"" + table + "\""
                  : "\" is not a simply updatable scan of table \"" + table + "\""));
    }
    Object[] row = portal.current();
    if (row == null
        || !(row[row.length - portal.sources().size() + found] instanceof RowLocator locator)) {
      throw invalid("cursor \"" + cursor + "\" is not positioned on a row");
    }
    return locator;
  }

  private static SqlException invalid(String message) {
    return new SqlException(SqlState.INVALID_CURSOR_STATE, message);
  }
}
