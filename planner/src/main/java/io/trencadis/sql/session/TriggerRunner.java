package io.trencadis.sql.session;

import io.trencadis.sql.analyze.Variables;
import io.trencadis.sql.ast.Query;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.RowTypes;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.catalog.TriggerDescriptor;
import io.trencadis.sql.execute.TransitionRows;
import io.trencadis.sql.parser.SqlParser;
import io.trencadis.sql.plpgsql.TriggerData;
import io.trencadis.sql.rel.TransitionTable;
import io.trencadis.sql.rel.WorkTable;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlRow;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What triggers are told of a change, and whether they want to hear of it. Confined to the
/// session's thread.
final class TriggerRunner {
  private static final int MOST_KNOWN = 200;

  private final LocalSession session;
  private final Map<TriggerDescriptor, When> conditions = new HashMap<>();
  private final Map<TriggerDescriptor, Map<String, TransitionTable>> tablesOf = new HashMap<>();

  /// A condition with its plan.
  private record When(PreparedPlan plan, PgType rowType) {}

  TriggerRunner(LocalSession session) {
    this.session = session;
  }

  /// The names that a WHEN condition may use.
  record Rows(PgType rowType) implements Variables {
    @Override
    public Reference find(List<String> parts) {
      int number =
          switch (parts.getFirst()) {
            case "new" -> 1;
            case "old" -> 2;
            default -> 0;
          };
      return number == 0 ? null : new Reference(number, parts.subList(1, parts.size()));
    }

    @Override
    public PgType type(int number) {
      return number == 1 || number == 2 ? rowType : null;
    }

    @Override
    public Conflict conflict() {
      return Conflict.VARIABLE;
    }
  }

  PgType rowType(TableDescriptor table) {
    return session.catalog().types().byOid(RowTypes.of(table.oid()));
  }

  private static SqlRow row(PgType type, Object[] values) {
    return values == null
        ? null
        : new SqlRow(type.fieldTypes().toArray(new PgType[0]), values, type.fieldNames());
  }

  /// Whether the trigger's condition holds.
  boolean fires(
      TriggerDescriptor trigger,
      TableDescriptor table,
      Object[] old,
      Object[] row,
      RoutineFrame frame) {
    if (trigger.whenText() == null) {
      return true;
    }
    PgType type = rowType(table);
    When when = conditions.get(trigger);
    if (when == null || when.rowType != type || !when.plan.isFor(session.catalog())) {
      if (conditions.size() >= MOST_KNOWN) {
        conditions.clear();
      }
      when = new When(plan(trigger, type), type);
      conditions.put(trigger, when);
    }
    PreparedPlan plan = when.plan;
    List<Object[]> rows =
        frame.run(() -> plan, new Object[] {row(type, row), row(type, old)}, true, 1).rows();
    return Boolean.TRUE.equals(rows.getFirst()[0]);
  }

  private PreparedPlan plan(TriggerDescriptor trigger, PgType type) {
    Query query = Query.value(SqlParser.parseExpression(trigger.whenText()));
    return session
        .engine()
        .planner()
        .plan(new Statement.Select(query, null, -1), session.names(), new Rows(type));
  }

  /// The names of a trigger's transition tables, whose rows the frame is told.
  Map<String, TransitionTable> transitions(
      TriggerDescriptor trigger, TransitionRows rows, RoutineFrame frame) {
    if (!trigger.hasTransitions() || rows == null) {
      return Map.of();
    }
    TableDescriptor table = session.catalog().table(trigger.tableOid());
    Map<String, TransitionTable> tables = tablesOf.get(trigger);
    if (tables == null || tables.values().stream().anyMatch(each -> each.table() != table)) {
      if (tablesOf.size() >= MOST_KNOWN) {
        tablesOf.clear();
      }
      tables = new HashMap<>();
      for (String name : new String[] {trigger.oldTable(), trigger.newTable()}) {
        if (name != null) {
          tables.put(name, new TransitionTable(table, new WorkTable(name)));
        }
      }
      tablesOf.put(trigger, tables);
    }
    Map<WorkTable, List<Object[]>> contents = new HashMap<>();
    tables.forEach(
        (name, each) ->
            contents.put(each.rows(), name.equals(trigger.oldTable()) ? rows.old() : rows.now()));
    frame.withTransitions(contents);
    return tables;
  }

  /// What the trigger function is told.
  TriggerData data(
      TriggerDescriptor trigger,
      TableDescriptor table,
      char operation,
      Object[] old,
      Object[] row) {
    PgType type = rowType(table);
    return new TriggerData(
        trigger.name(),
        type,
        trigger.row() ? row(type, old) : null,
        trigger.row() ? row(type, row) : null,
        switch (trigger.timing()) {
          case 'b' -> "BEFORE";
          case 'a' -> "AFTER";
          default -> "INSTEAD OF";
        },
        trigger.row() ? "ROW" : "STATEMENT",
        switch (operation) {
          case 'I' -> "INSERT";
          case 'U' -> "UPDATE";
          case 'D' -> "DELETE";
          default -> "TRUNCATE";
        },
        table.oid() & 0xffff_ffffL,
        table.name(),
        session.catalog().byOid(table.schemaOid()).name(),
        trigger.arguments());
  }
}
