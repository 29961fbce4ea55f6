package io.trencadis.sql.ddl;

import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.StatisticsDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.rights.Rights;
import io.trencadis.sql.rights.Target;
import io.trencadis.sql.session.Notice;
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
  /// @param targets which tables; none for all that the role may analyze
  /// @return a descriptor for each, under the oid 0
  List<StatisticsDescriptor> look(List<Statement.VacuumTarget> targets) {
    List<TableDescriptor> tables = new ArrayList<>();
    if (targets.isEmpty()) {
      for (TableDescriptor table : cx.catalog().all(TableDescriptor.class, cx.databaseOid())) {
        if (mayAnalyze(table)) {
          tables.add(table);
        }
      }
    }
    for (Statement.VacuumTarget target : targets) {
      TableDescriptor table = cx.names().table(target.table());
      if (mayAnalyze(table)) {
        tables.add(table);
      } else {
        cx.notice(
            Notice.warning(
                SqlState.WARNING,
                "skipping \""
                    + table.name()
                    + "\" --- only table or database owner can analyze it"));
      }
    }
    List<StatisticsDescriptor> found = new ArrayList<>();
    for (TableDescriptor table : tables) {
      for (TableDescriptor leaf : leaves(table)) {
        if (leaf.kind() == 'r') {
          TableSample sample = new TableSample(cx, leaf);
          found.add(
              new StatisticsDescriptor(
                  0, leaf.databaseOid(), leaf.oid(), sample.count(), sample.columns()));
        }
      }
    }
    return found;
  }

  private List<TableDescriptor> leaves(TableDescriptor table) {
    if (!table.isPartitioned()) {
      return List.of(table);
    }
    List<TableDescriptor> leaves = new ArrayList<>();
    for (TableDescriptor partition : cx.catalog().partitionsOf(table.oid())) {
      leaves.addAll(leaves(partition));
    }
    return leaves;
  }

  private boolean mayAnalyze(TableDescriptor table) {
    return new Rights(cx.catalog(), cx.databaseOid()).owns(cx.role().oid(), Target.of(table));
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
