package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.AlterAction;
import io.trencadis.sql.ast.TableElement;
import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.ForeignKey;
import io.trencadis.sql.catalog.InheritedKeys;
import io.trencadis.sql.catalog.TableDescriptor;
import java.util.ArrayList;
import java.util.List;

/// A partition has its parent's columns and checks: what ALTER TABLE says of one of them alone is
/// refused (PostgreSQL 15 manual, 5.11.2). Stateless.
final class PartitionColumns {
  private static final String NOT_ONLY = "Do not specify the ONLY keyword.";

  private PartitionColumns() {}

  /// @param only whether ONLY was written
  /// @throws SqlException 42809 or 42P16
  static void require(Catalog catalog, TableDescriptor table, AlterAction action, boolean only) {
    if (table.parentOid() != 0) {
      requireOwn(catalog, catalog.table(table.parentOid()), table, action);
    }
    if (only && table.isPartitioned() && !catalog.partitionsOf(table.oid()).isEmpty()) {
      requireAll(catalog, table, action);
    }
  }

  /// A partition as a table of its own, which keeps the foreign keys that it had from above.
  static TableDescriptor.Builder detached(DdlContext cx, TableDescriptor partition) {
    List<ForeignKey> keys = new ArrayList<>(partition.foreignKeys());
    for (InheritedKeys.Inherited each : InheritedKeys.of(cx.catalog(), partition)) {
      if (keys.stream().noneMatch(own -> own.name().equals(each.key().name()))) {
        keys.add(each.key().withOid(cx.newOid()));
      }
    }
    return partition.change().partitionOf(0, null).foreignKeys(keys);
  }

  private static void requireOwn(
      Catalog catalog, TableDescriptor parent, TableDescriptor table, AlterAction action) {
    switch (action) {
      case AlterAction.AddColumn _ ->
          throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot add column to a partition");
      case AlterAction.DropColumn drop -> refuseColumn(table, drop.name(), "drop");
      case AlterAction.RenameColumn rename -> refuseColumn(table, rename.column(), "rename");
      case AlterAction.AlterColumnType change -> refuseColumn(table, change.column(), "alter");
      case AlterAction.DropNotNull drop -> {
        Column inherited = parent.column(drop.column());
        if (inherited != null && inherited.notNull()) {
          throw invalid("column \"" + drop.column() + "\" is marked NOT NULL in parent table");
        }
      }
      case AlterAction.DropConstraint drop -> {
        boolean check =
            parent.checks().stream().anyMatch(each -> each.name().equals(drop.name()))
                && table.checks().stream().anyMatch(each -> each.name().equals(drop.name()));
        boolean key =
            InheritedKeys.of(catalog, table).stream()
                    .anyMatch(each -> each.key().name().equals(drop.name()))
                && table.foreignKeys().stream().noneMatch(each -> each.name().equals(drop.name()));
        if (check || key) {
          throw invalid(
              "cannot drop inherited constraint \""
                  + drop.name()
                  + "\" of relation \""
                  + table.name()
                  + "\"");
        }
      }
      default -> {
        // A partition's own affair.
      }
    }
  }

  private static void refuseColumn(TableDescriptor table, String column, String verb) {
    if (table.column(column) != null) {
      throw invalid("cannot " + verb + " inherited column \"" + column + "\"");
    }
  }

  private static void requireAll(Catalog catalog, TableDescriptor table, AlterAction action) {
    switch (action) {
      case AlterAction.AddColumn _ -> throw invalid("column must be added to child tables too");
      case AlterAction.DropColumn drop -> {
        if (table.column(drop.name()) != null) {
          throw invalid("cannot drop column from only the partitioned table when partitions exist")
              .hint(NOT_ONLY);
        }
      }
      case AlterAction.RenameColumn rename -> {
        if (table.column(rename.column()) != null) {
          throw invalid(
              "inherited column \"" + rename.column() + "\" must be renamed in child tables too");
        }
      }
      case AlterAction.AlterColumnType change -> {
        Column column = table.column(change.column());
        if (column != null && !table.partitioning().uses(column.number())) {
          throw invalid(
              "type of inherited column \""
                  + change.column()
                  + "\" must be changed in child tables too");
        }
      }
      case AlterAction.SetNotNull set -> {
        for (TableDescriptor partition : catalog.partitionsOf(table.oid())) {
          Column column = partition.column(set.column());
          if (column != null && !column.notNull()) {
            throw invalid("constraint must be added to child tables too")
                .detail(
                    "Column \""
                        + set.column()
                        + "\" of relation \""
                        + partition.name()
                        + "\" is not already NOT NULL.")
                .hint(NOT_ONLY);
          }
        }
      }
      case AlterAction.DropNotNull drop -> {
        if (table.column(drop.column()) != null) {
          throw onlyParent();
        }
      }
      case AlterAction.AddConstraint add -> {
        if (add.constraint() instanceof TableElement.TableConstraint.Check) {
          throw invalid("constraint must be added to child tables too");
        }
      }
      case AlterAction.DropConstraint drop -> {
        if (table.checks().stream().anyMatch(check -> check.name().equals(drop.name()))) {
          throw onlyParent();
        }
      }
      default -> {
        // What stays with the table, or names its partitions itself.
      }
    }
  }

  private static SqlException onlyParent() {
    return invalid("cannot remove constraint from only the partitioned table when partitions exist")
        .hint(NOT_ONLY);
  }

  private static SqlException invalid(String message) {
    return new SqlException(SqlState.INVALID_TABLE_DEFINITION, message);
  }
}
