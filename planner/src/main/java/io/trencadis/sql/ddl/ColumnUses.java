package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.sql.analyze.Analyzer;
import io.trencadis.sql.ast.AstWalk;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.catalog.TriggerDescriptor;
import io.trencadis.sql.parser.SqlParser;
import io.trencadis.sql.planning.QueryPlanner;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// What beside its own table uses a column: views and triggers.
final class ColumnUses {
  private final DdlContext cx;

  ColumnUses(DdlContext cx) {
    this.cx = cx;
  }

  /// The views whose queries read the column themselves, and not by way of another view.
  List<TableDescriptor> views(TableDescriptor table, Column column) {
    return cx.catalog().all(TableDescriptor.class, cx.databaseOid()).stream()
        .filter(view -> view.isView() && reads(view, table, column))
        .toList();
  }

  private boolean reads(TableDescriptor view, TableDescriptor table, Column column) {
    try {
      boolean selected =
          ViewDependencies.analyzed(cx, view.viewText()).accesses().stream()
              .anyMatch(
                  access ->
                      access.roleOid() == 0
                          && access.target().oid() == table.oid()
                          && access.selected().contains(column.number()));
      // What only `*` reads, and the view does not show, was added to the table after the view.
      return selected
          && (view.column(column.name()) != null || !mentions(view, table, column).isEmpty());
    } catch (SqlException e) {
      // A view that can no longer be read keeps nothing from being changed.
      return false;
    }
  }

  /// Where a view's query names the column: offsets of the names with what qualifies them.
  Set<Integer> mentions(TableDescriptor view, TableDescriptor table, Column column) {
    return new Analyzer(cx.names(), QueryPlanner.newCluster(), new int[0])
        .mentions(SqlParser.parseQuery(view.viewText()), table.oid(), column.number());
  }

  /// The table's triggers that wait for updates of the column, or whose conditions name it.
  List<TriggerDescriptor> triggers(TableDescriptor table, Column column) {
    return cx.catalog().triggersOf(table.oid()).stream()
        .filter(
            trigger ->
                trigger.columns().contains(column.number())
                    || trigger.whenText() != null && names(trigger.whenText(), column))
        .toList();
  }

  /// Whether a trigger's condition has the column of the old or the new row.
  private static boolean names(String condition, Column column) {
    boolean[] found = {false};
    AstWalk.visit(
        SqlParser.parseExpression(condition),
        each ->
            found[0] |=
                each instanceof Expr.ColumnRef ref
                    && ref.parts().size() == 2
                    && List.of("old", "new")
                        .contains(ref.parts().getFirst().toLowerCase(Locale.ROOT))
                    && ref.parts().getLast().equals(column.name()));
    return found[0];
  }
}
