package io.trencadis.sql.system;

import io.trencadis.sql.analyze.StoredText;
import io.trencadis.sql.catalog.RoutineDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.catalog.TriggerDescriptor;
import io.trencadis.sql.types.Identifiers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The triggers of users.
final class TriggerViews {
  private TriggerViews() {}

  private static int type(TriggerDescriptor trigger) {
    return (trigger.row() ? 1 : 0)
        | (trigger.timing() == 'b' ? 2 : 0)
        | (trigger.onInsert() ? 4 : 0)
        | (trigger.onDelete() ? 8 : 0)
        | (trigger.onUpdate() ? 16 : 0)
        | (trigger.onTruncate() ? 32 : 0)
        | (trigger.timing() == 'i' ? 64 : 0);
  }

  static void triggers(Rows rows, Reading reading) {
    for (TriggerDescriptor trigger :
        reading.catalog().all(TriggerDescriptor.class, reading.databaseOid())) {
      StringBuilder arguments = new StringBuilder();
      trigger.arguments().forEach(each -> arguments.append(each).append('\0'));
      rows.add()
          .set("oid", trigger.oid())
          .set("tgrelid", trigger.tableOid())
          .set("tgparentid", 0)
          .set("tgname", trigger.name())
          .set("tgfoid", trigger.routineOid())
          .set("tgtype", type(trigger))
          .set("tgenabled", trigger.enabled())
          .set("tgisinternal", false)
          .set("tgconstrrelid", trigger.referencedOid())
          .set("tgconstrindid", 0)
          .set("tgconstraint", trigger.constraintOid())
          .set("tgdeferrable", trigger.deferrable())
          .set("tginitdeferred", trigger.deferred())
          .set("tgnargs", trigger.arguments().size())
          .set("tgattr", trigger.columns())
          .set("tgargs", arguments.toString().getBytes(StandardCharsets.UTF_8))
          .set("tgqual", trigger.whenText())
          .set("tgoldtable", trigger.oldTable())
          .set("tgnewtable", trigger.newTable());
    }
  }

  private static List<String> events(TriggerDescriptor trigger) {
    List<String> events = new ArrayList<>();
    if (trigger.onInsert()) {
      events.add("INSERT");
    }
    if (trigger.onDelete()) {
      events.add("DELETE");
    }
    if (trigger.onUpdate()) {
      events.add("UPDATE");
    }
    if (trigger.onTruncate()) {
      events.add("TRUNCATE");
    }
    return events;
  }

  private static String timing(TriggerDescriptor trigger) {
    return switch (trigger.timing()) {
      case 'b' -> "BEFORE";
      case 'a' -> "AFTER";
      default -> "INSTEAD OF";
    };
  }

  /// As `pg_get_triggerdef` prints it; null for no trigger.
  static String definition(Reading reading, int oid, boolean pretty) {
    if (!(reading.catalog().byOid(oid) instanceof TriggerDescriptor trigger)) {
      return null;
    }
    TableDescriptor table = reading.catalog().table(trigger.tableOid());
    List<String> events = new ArrayList<>();
    for (String event : events(trigger)) {
      List<String> columns = new ArrayList<>();
      for (int number : trigger.columns()) {
        columns.add(Identifiers.quote(table.columnNumbered(number).name()));
      }
      events.add(
          event.equals("UPDATE") && !columns.isEmpty()
              ? "UPDATE OF " + String.join(", ", columns)
              : event);
    }
    StringBuilder out = new StringBuilder("CREATE ");
    out.append(trigger.constraint() ? "CONSTRAINT TRIGGER " : "TRIGGER ")
        .append(Identifiers.quote(trigger.name()))
        .append(' ')
        .append(timing(trigger))
        .append(' ')
        .append(String.join(" OR ", events))
        .append(" ON ");
    if (!pretty) {
      out.append(Identifiers.quote(reading.schemaName(table.schemaOid()))).append('.');
    }
    out.append(Identifiers.quote(table.name())).append(' ');
    if (trigger.constraint()) {
      TableDescriptor from = reading.catalog().table(trigger.referencedOid());
      if (from != null) {
        out.append("FROM ");
        if (!pretty) {
          out.append(Identifiers.quote(reading.schemaName(from.schemaOid()))).append('.');
        }
        out.append(Identifiers.quote(from.name())).append(' ');
      }
      out.append(trigger.deferrable() ? "DEFERRABLE INITIALLY " : "NOT DEFERRABLE INITIALLY ")
          .append(trigger.deferred() ? "DEFERRED " : "IMMEDIATE ");
    }
    if (trigger.hasTransitions()) {
      out.append("REFERENCING ");
      if (trigger.oldTable() != null) {
        out.append("OLD TABLE AS ").append(Identifiers.quote(trigger.oldTable())).append(' ');
      }
      if (trigger.newTable() != null) {
        out.append("NEW TABLE AS ").append(Identifiers.quote(trigger.newTable())).append(' ');
      }
    }
    out.append(trigger.row() ? "FOR EACH ROW " : "FOR EACH STATEMENT ");
    if (trigger.whenText() != null) {
      String when = StoredText.shownExpression(reading.access().names(), trigger.whenText());
      out.append("WHEN (").append(when).append(") ");
    }
    out.append("EXECUTE FUNCTION ");
    if (reading.catalog().byOid(trigger.routineOid()) instanceof RoutineDescriptor routine) {
      boolean visible = RegNames.isFirst(reading.catalog().routine(routine.oid()), reading);
      if (!visible) {
        out.append(Identifiers.quote(reading.schemaName(routine.schemaOid()))).append('.');
      }
      out.append(Identifiers.quote(routine.name()));
    }
    List<String> arguments = new ArrayList<>();
    trigger.arguments().forEach(each -> arguments.add("'" + each.replace("'", "''") + "'"));
    return out.append('(').append(String.join(", ", arguments)).append(')').toString();
  }

  static void standard(Rows rows, Reading reading) {
    String database = reading.databaseName();
    for (TriggerDescriptor trigger :
        reading.catalog().all(TriggerDescriptor.class, reading.databaseOid())) {
      TableDescriptor table = reading.catalog().table(trigger.tableOid());
      String schema = reading.schemaName(table.schemaOid());
      String definition = definition(reading, trigger.oid(), false);
      for (String event : events(trigger)) {
        if (event.equals("TRUNCATE")) {
          continue;
        }
        rows.add()
            .set("trigger_catalog", database)
            .set("trigger_schema", schema)
            .set("trigger_name", trigger.name())
            .set("event_manipulation", event)
            .set("event_object_catalog", database)
            .set("event_object_schema", schema)
            .set("event_object_table", table.name())
            .set("action_order", 1)
            .set("action_condition", trigger.whenText())
            .set("action_statement", definition.substring(definition.indexOf("EXECUTE FUNCTION ")))
            .set("action_orientation", trigger.row() ? "ROW" : "STATEMENT")
            .set("action_timing", timing(trigger))
            .set("action_reference_old_table", trigger.oldTable())
            .set("action_reference_new_table", trigger.newTable());
      }
    }
  }
}
