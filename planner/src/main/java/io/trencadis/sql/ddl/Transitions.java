package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.TableDescriptor;

/// What REFERENCING of a CREATE TRIGGER may say.
final class Transitions {
  private Transitions() {}

  /// The name that a trigger has for the rows before or after; null for none.
  static String name(Statement.CreateTrigger create, boolean isNew) {
    for (Statement.Transition each : create.transitions()) {
      if (each.isNew() == isNew) {
        return each.name();
      }
    }
    return null;
  }

  private static SqlException invalid(String message) {
    return new SqlException(SqlState.INVALID_OBJECT_DEFINITION, message);
  }

  private static SqlException unsupported(String message) {
    return new SqlException(SqlState.FEATURE_NOT_SUPPORTED, message);
  }

  static void require(Statement.CreateTrigger create, TableDescriptor table) {
    if (create.transitions().isEmpty()) {
      return;
    }
    if (create.row() && table.isPartitioned()) {
      throw unsupported("\"" + table.name() + "\" is a partitioned table")
          .detail("ROW triggers with transition tables are not supported on partitioned tables.");
    }
    boolean old = false;
    boolean now = false;
    for (Statement.Transition each : create.transitions()) {
      if (!each.isTable()) {
        throw unsupported("ROW variable naming in the REFERENCING clause is not supported")
            .hint("Use OLD TABLE or NEW TABLE for naming transition tables.");
      }
      if (table.isView()) {
        throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + table.name() + "\" is a view")
            .detail("Triggers on views cannot have transition tables.");
      }
      if (create.row() && table.isChild()) {
        throw unsupported(
            "ROW triggers with transition tables are not supported on "
                + (table.parentOid() != 0 ? "partitions" : "inheritance children"));
      }
      requireEvents(create);
      if (each.isNew()) {
        if (!TriggerCommands.has(create, "INSERT") && !TriggerCommands.has(create, "UPDATE")) {
          throw invalid("NEW TABLE can only be specified for an INSERT or UPDATE trigger");
        }
        if (now) {
          throw invalid("NEW TABLE cannot be specified multiple times");
        }
        now = true;
      } else {
        if (!TriggerCommands.has(create, "DELETE") && !TriggerCommands.has(create, "UPDATE")) {
          throw invalid("OLD TABLE can only be specified for a DELETE or UPDATE trigger");
        }
        if (old) {
          throw invalid("OLD TABLE cannot be specified multiple times");
        }
        old = true;
      }
    }
    if (old && now && name(create, false).equals(name(create, true))) {
      throw invalid("OLD TABLE name and NEW TABLE name cannot be the same");
    }
  }

  private static void requireEvents(Statement.CreateTrigger create) {
    if (!create.timing().equals("AFTER")) {
      throw invalid("transition table name can only be specified for an AFTER trigger");
    }
    if (TriggerCommands.has(create, "TRUNCATE")) {
      throw unsupported("TRUNCATE triggers with transition tables are not supported");
    }
    if (create.events().size() > 1) {
      throw unsupported(
          "transition tables cannot be specified for triggers with more than one event");
    }
    if (create.events().stream().anyMatch(event -> !event.columns().isEmpty())) {
      throw unsupported("transition tables cannot be specified for triggers with column lists");
    }
  }
}
