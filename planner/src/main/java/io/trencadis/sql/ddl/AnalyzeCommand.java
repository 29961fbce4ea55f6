package io.trencadis.sql.ddl;

import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.StatisticsDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.rights.Rights;
import io.trencadis.sql.rights.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// ANALYZE: looks at the tables, and keeps what was found in the catalog.
final class AnalyzeCommand {
  private final DdlContext cx;

  AnalyzeCommand(DdlContext cx) {
    this.cx = cx;
  }

  /// Looks at tables; changes nothing yet, so that the catalog need not be locked for so long.
  ///
  /// @param wanted the oids of the tables; null for all that the role may analyze
  /// @return a descriptor for each, under the oid 0
  List<StatisticsDescriptor> look(List<Integer> wanted) {
    List<StatisticsDescriptor> found = new ArrayList<>();
    for (TableDescriptor table : tables(wanted)) {
      TableSample sample = new TableSample(cx, table);
      found.add(
          new StatisticsDescriptor(
              0, table.databaseOid(), table.oid(), sample.count(), sample.columns()));
    }
    return found;
  }

  private List<TableDescriptor> tables(List<Integer> wanted) {
    List<TableDescriptor> tables = new ArrayList<>();
    if (wanted == null) {
      Rights rights = new Rights(cx.catalog(), cx.databaseOid());
      for (TableDescriptor table : cx.catalog().all(TableDescriptor.class, cx.databaseOid())) {
        if (table.kind() == 'r' && rights.owns(cx.role().oid(), Target.of(table))) {
          tables.add(table);
        }
      }
    } else {
      for (int oid : wanted) {
        if (cx.catalog().byOid(oid) instanceof TableDescriptor table) {
          tables.add(table);
        }
      }
    }
    return tables;
  }

  /// Keeps what was found. The catalog must be locked.
  void keep(List<StatisticsDescriptor> found) {
    Map<Integer, Descriptor> changes = new LinkedHashMap<>();
    for (StatisticsDescriptor each : found) {
      if (cx.catalog().byOid(each.objectOid()) instanceof TableDescriptor table) {
        StatisticsDescriptor known = StatisticsDescriptor.of(cx.catalog(), table);
        int oid = known == null ? cx.newOid() : known.oid();
        changes.put(
            oid,
            new StatisticsDescriptor(
                oid, each.databaseOid(), each.objectOid(), each.rows(), each.columns()));
        cx.afterCommit(() -> cx.rows(table.oid(), (long) each.rows()));
      }
    }
    if (!changes.isEmpty()) {
      cx.change(changes);
    }
  }
}
