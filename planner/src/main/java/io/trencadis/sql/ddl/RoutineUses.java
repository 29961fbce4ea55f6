package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.sql.analyze.Analyzer;
import io.trencadis.sql.ast.AlterAction;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.CheckConstraint;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.RoutineDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.catalog.TriggerDescriptor;
import io.trencadis.sql.execute.InvertedTerms;
import io.trencadis.sql.parser.SqlParser;
import io.trencadis.sql.planning.QueryPlanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// What depends on routines: views, defaults, generated columns, checks, indexes, triggers, and
/// routines with a body in SQL's own syntax.
final class RoutineUses {
  private final DdlContext cx;

  /// Something that depends on a routine.
  ///
  /// @param text such as `view v depends on function f(integer)`
  /// @param ownerOid of the table or view that it is, or is part of
  /// @param removal the statement that removes it
  /// @param routineOid the routine that it is, or 0
  record Use(String text, int ownerOid, Statement removal, int routineOid) {}

  RoutineUses(DdlContext cx) {
    this.cx = cx;
  }

  List<Use> of(Set<RoutineDescriptor> doomed) {
    List<Use> found = new ArrayList<>();
    for (RoutineDescriptor routine : doomed) {
      String on = " depends on " + RoutineNames.describe(routine);
      for (TableDescriptor table : cx.catalog().all(TableDescriptor.class, cx.databaseOid())) {
        ofTable(table, routine, on, found);
      }
      for (RoutineDescriptor other : cx.catalog().all(RoutineDescriptor.class, cx.databaseOid())) {
        boolean user =
            other.body() != null
                && !doomed.contains(other)
                && mentions(other.body(), routine)
                && cx.routinesOf(other).contains(routine.oid());
        if (user) {
          found.add(new Use(RoutineNames.describe(other) + on, 0, null, other.oid()));
        }
      }
    }
    return found;
  }

  private static boolean mentions(String text, RoutineDescriptor routine) {
    return text != null && text.contains(routine.name());
  }

  private void ofTable(
      TableDescriptor table, RoutineDescriptor routine, String on, List<Use> found) {
    QualifiedName name =
        new QualifiedName(List.of(cx.catalog().byOid(table.schemaOid()).name(), table.name()), -1);
    if (table.isView()) {
      if (mentions(table.viewText(), routine)
          && uses(routine, a -> a.analyze(SqlParser.parseQuery(table.viewText())))) {
        found.add(
            new Use(
                "view " + table.name() + on,
                table.oid(),
                new Statement.Drop(Statement.ObjectKind.VIEW, List.of(name), true, true, false, -1),
                0));
      }
    }
    for (TriggerDescriptor trigger : cx.catalog().triggersOf(table.oid())) {
      if (trigger.routineOid() == routine.oid()) {
        found.add(
            new Use(
                "trigger " + trigger.name() + " on table " + table.name() + on,
                table.oid(),
                new Statement.DropSignature(
                    "TRIGGER",
                    List.of(
                        new Statement.DropSignature.Signature(name, null, trigger.name(), null)),
                    true,
                    true,
                    -1),
                0));
      }
    }
    for (Column column : table.liveColumns()) {
      if (mentions(column.defaultText(), routine)
          && usesInExpression(column.defaultText(), table, column, routine)) {
        boolean generated = column.generated();
        found.add(
            new Use(
                (generated ? "column " : "default value for column ")
                    + column.name()
                    + " of table "
                    + table.name()
                    + on,
                table.oid(),
                RoutineChanges.onTable(
                    name,
                    generated
                        ? new AlterAction.DropColumn(column.name(), true, true, -1)
                        : new AlterAction.DropDefault(column.name(), -1)),
                0));
      }
    }
    for (CheckConstraint check : table.checks()) {
      if (mentions(check.text(), routine)
          && uses(routine, a -> a.condition(SqlParser.parseExpression(check.text()), table))) {
        found.add(
            new Use(
                "constraint " + check.name() + " on table " + table.name() + on,
                table.oid(),
                RoutineChanges.onTable(
                    name, new AlterAction.DropConstraint(check.name(), true, true, -1)),
                0));
      }
    }
    for (IndexDescriptor index : table.indexes()) {
      String ofClass = classOf(index, routine);
      if (ofClass != null || uses(routine, a -> a.indexTerms(table, index))) {
        found.add(
            new Use(
                "index " + index.name() + (ofClass == null ? on : ofClass),
                table.oid(),
                new Statement.Drop(
                    Statement.ObjectKind.INDEX,
                    List.of(new QualifiedName(List.of(name.schema(), index.name()), -1)),
                    true,
                    true,
                    false,
                    -1),
                0));
      }
    }
  }

  /// What an index depends on whose operator class came with the same extension as the routine.
  private static String classOf(IndexDescriptor index, RoutineDescriptor routine) {
    String named = InvertedTerms.TRIGRAM_CLASS;
    boolean uses =
        "similarity_op".equals(routine.source())
            && index.parts().stream().anyMatch(part -> named.equals(part.operatorClass()));
    return uses ? " depends on operator class " + named + " for access method gin" : null;
  }

  private boolean usesInExpression(
      String text, TableDescriptor table, Column column, RoutineDescriptor routine) {
    return uses(
        routine,
        a -> {
          if (column.generated()) {
            a.generation(SqlParser.parseExpression(text), table, column);
          } else {
            a.value(SqlParser.parseExpression(text));
          }
        });
  }

  private boolean uses(RoutineDescriptor routine, Consumer<Analyzer> work) {
    Analyzer analyzer = new Analyzer(cx.names(), QueryPlanner.newCluster(), new int[0]);
    try {
      work.accept(analyzer);
    } catch (SqlException e) {
      // What can no longer be read keeps nothing from being dropped.
      return false;
    }
    return analyzer.routines().contains(routine.oid());
  }
}
