package io.trencadis.sql.system;

import io.trencadis.sql.catalog.CheckConstraint;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.ForeignKey;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.KeyPart;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.catalog.TypeDescriptor;
import io.trencadis.sql.types.Identifiers;
import java.util.List;

/// information_schema: constraints. NOT NULL counts as a check there, under a name made of oids.
final class InformationConstraints {
  private InformationConstraints() {}

  static void register(Registration to) {
    to.current("information_schema.table_constraints", InformationConstraints::constraints);
    to.current("information_schema.key_column_usage", InformationConstraints::keyColumns);
    to.current("information_schema.constraint_column_usage", InformationConstraints::columnUsage);
    to.current("information_schema.constraint_table_usage", InformationConstraints::tableUsage);
    to.current("information_schema.check_constraints", InformationConstraints::checks);
    to.current("information_schema.referential_constraints", InformationConstraints::references);
  }

  private static String notNull(TableDescriptor table, Column column) {
    return Integer.toUnsignedString(table.schemaOid())
        + "_"
        + Integer.toUnsignedString(table.oid())
        + "_"
        + column.number()
        + "_not_null";
  }

  private static Rows constraint(Rows rows, Reading reading, TableDescriptor table, String name) {
    return rows.add()
        .set("constraint_catalog", reading.databaseName())
        .set("constraint_schema", reading.schemaName(table.schemaOid()))
        .set("constraint_name", name);
  }

  private static Rows onTable(Rows rows, Reading reading, TableDescriptor table, String name) {
    return constraint(rows, reading, table, name)
        .set("table_catalog", reading.databaseName())
        .set("table_schema", reading.schemaName(table.schemaOid()))
        .set("table_name", table.name());
  }

  private static void constraints(Rows rows, Reading reading) {
    for (TableDescriptor table : reading.tables()) {
      for (IndexDescriptor index : table.indexes()) {
        if (index.constraint() && !index.exclusion()) {
          kind(rows, reading, table, index.name(), index.primary() ? "PRIMARY KEY" : "UNIQUE")
              .set("is_deferrable", index.deferrable())
              .set("initially_deferred", index.deferred())
              .set("nulls_distinct", index.primary() ? null : (Object) !index.nullsNotDistinct());
        }
      }
      for (CheckConstraint check : table.checks()) {
        kind(rows, reading, table, check.name(), "CHECK");
      }
      for (ForeignKey key : table.foreignKeys()) {
        kind(rows, reading, table, key.name(), "FOREIGN KEY")
            .set("is_deferrable", key.deferrable())
            .set("initially_deferred", key.deferred());
      }
      for (Column column : table.liveColumns()) {
        if (column.notNull()) {
          kind(rows, reading, table, notNull(table, column), "CHECK");
        }
      }
    }
  }

  private static Rows kind(
      Rows rows, Reading reading, TableDescriptor table, String name, String kind) {
    return onTable(rows, reading, table, name)
        .set("constraint_type", kind)
        .set("is_deferrable", false)
        .set("initially_deferred", false)
        .set("enforced", true);
  }

  private static void keyColumns(Rows rows, Reading reading) {
    for (TableDescriptor table : reading.tables()) {
      for (IndexDescriptor index : table.indexes()) {
        int position = 1;
        for (KeyPart part : index.constraint() ? index.parts() : java.util.List.<KeyPart>of()) {
          onTable(rows, reading, table, index.name())
              .set("column_name", table.columnNumbered(part.column()).name())
              .set("ordinal_position", position++);
        }
      }
      for (ForeignKey key : table.foreignKeys()) {
        List<Integer> unique = index(reading, key).parts().stream().map(KeyPart::column).toList();
        for (int i = 0; i < key.columns().size(); i++) {
          onTable(rows, reading, table, key.name())
              .set("column_name", table.columnNumbered(key.columns().get(i)).name())
              .set("ordinal_position", i + 1)
              .set("position_in_unique_constraint", unique.indexOf(key.referenced().get(i)) + 1);
        }
      }
    }
  }

  private static IndexDescriptor index(Reading reading, ForeignKey key) {
    TableDescriptor parent = reading.catalog().table(key.tableOid());
    return parent.indexes().stream().filter(i -> i.oid() == key.indexOid()).findFirst().get();
  }

  private static void references(Rows rows, Reading reading) {
    for (TableDescriptor table : reading.tables()) {
      for (ForeignKey key : table.foreignKeys()) {
        TableDescriptor parent = reading.catalog().table(key.tableOid());
        IndexDescriptor index = index(reading, key);
        Rows row =
            constraint(rows, reading, table, key.name())
                .set("match_option", key.match() == 'f' ? "FULL" : "NONE")
                .set("update_rule", DefinitionText.actionName(key.onUpdate()))
                .set("delete_rule", DefinitionText.actionName(key.onDelete()));
        if (index.constraint()) {
          row.set("unique_constraint_catalog", reading.databaseName())
              .set("unique_constraint_schema", reading.schemaName(parent.schemaOid()))
              .set("unique_constraint_name", index.name());
        }
      }
    }
  }

  private static void columnUsage(Rows rows, Reading reading) {
    for (TableDescriptor table : reading.tables()) {
      for (ForeignKey key : table.foreignKeys()) {
        TableDescriptor parent = reading.catalog().table(key.tableOid());
        for (int column : key.referenced()) {
          usage(rows, reading, table, parent, key)
              .set("column_name", parent.columnNumbered(column).name());
        }
      }
      for (CheckConstraint check : table.checks()) {
        for (int column : check.columns()) {
          onTable(rows, reading, table, check.name())
              .set("column_name", table.columnNumbered(column).name());
        }
      }
      for (IndexDescriptor index : table.indexes()) {
        for (KeyPart part : index.constraint() ? index.parts() : java.util.List.<KeyPart>of()) {
          onTable(rows, reading, table, index.name())
              .set("column_name", table.columnNumbered(part.column()).name());
        }
      }
    }
  }

  /// A constraint beside the table that it refers to.
  private static Rows usage(
      Rows rows, Reading reading, TableDescriptor table, TableDescriptor parent, ForeignKey key) {
    return constraint(rows, reading, table, key.name())
        .set("table_catalog", reading.databaseName())
        .set("table_schema", reading.schemaName(parent.schemaOid()))
        .set("table_name", parent.name());
  }

  private static void tableUsage(Rows rows, Reading reading) {
    for (TableDescriptor table : reading.tables()) {
      for (ForeignKey key : table.foreignKeys()) {
        usage(rows, reading, table, reading.catalog().table(key.tableOid()), key);
      }
      for (IndexDescriptor index : table.indexes()) {
        if (index.constraint()) {
          onTable(rows, reading, table, index.name());
        }
      }
    }
  }

  private static void checks(Rows rows, Reading reading) {
    for (TypeDescriptor domain : reading.types()) {
      for (TypeDescriptor.DomainCheck check : domain.checks()) {
        rows.add()
            .set("constraint_catalog", reading.databaseName())
            .set("constraint_schema", reading.schemaName(domain.schemaOid()))
            .set("constraint_name", check.name())
            .set(
                "check_clause",
                "(" + DefinitionText.deparser(reading, false).rule(domain, check.text()) + ")");
      }
    }
    for (TableDescriptor table : reading.tables()) {
      for (CheckConstraint check : table.checks()) {
        constraint(rows, reading, table, check.name())
            .set(
                "check_clause",
                DefinitionText.check(reading, table, check, false).substring("CHECK ".length()));
      }
      for (Column column : table.liveColumns()) {
        if (column.notNull()) {
          constraint(rows, reading, table, notNull(table, column))
              .set("check_clause", Identifiers.quote(column.name()) + " IS NOT NULL");
        }
      }
    }
  }
}
