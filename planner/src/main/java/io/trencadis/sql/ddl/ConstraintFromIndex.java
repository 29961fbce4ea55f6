package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.AlterAction;
import io.trencadis.sql.ast.TableElement;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.KeyPart;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.session.Notice;
import java.util.ArrayList;
import java.util.List;

/// ALTER TABLE … ADD CONSTRAINT … USING INDEX: a unique index becomes a constraint. For a primary
/// key it is not the index that stays: the rows themselves are keyed by its columns.
final class ConstraintFromIndex {
  private final DdlContext cx;
  private final ConstraintCommands constraints;
  private final DropCommands drops;
  private final TableShape shape;

  ConstraintFromIndex(
      DdlContext cx, ConstraintCommands constraints, DropCommands drops, TableShape shape) {
    this.cx = cx;
    this.constraints = constraints;
    this.drops = drops;
    this.shape = shape;
  }

  void add(TableDescriptor table, AlterAction.AddConstraintUsingIndex add) {
    if (table.isPartitioned()) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED,
          "ALTER TABLE / ADD CONSTRAINT USING INDEX is not supported on partitioned tables");
    }
    IndexDescriptor index = index(table, add);
    requireFit(index, add);
    String name = add.name() == null ? index.name() : add.name();
    if (!name.equals(index.name())) {
      ObjectNames.requireFree(cx.catalog(), table.schemaOid(), name);
      cx.notice(
          Notice.notice(
              "ALTER TABLE / ADD CONSTRAINT USING INDEX will rename index \""
                  + index.name()
                  + "\" to \""
                  + name
                  + "\""));
    }
    if (add.primary()) {
      addPrimaryKey(table, index, name, add);
      return;
    }
    if (add.deferral().deferrable()) {
      // Its entries take in equal keys, and so are others.
      drops.removeIndex(table, index);
      constraints.add(
          cx.catalog().table(table.oid()),
          new AlterAction.AddConstraint(
              new TableElement.TableConstraint.Unique(
                  name,
                  columns(table, index),
                  index.nullsNotDistinct(),
                  included(table, index),
                  add.deferral(),
                  add.pos()),
              false,
              add.pos()),
          false);
      return;
    }
    List<IndexDescriptor> all = new ArrayList<>(table.indexes());
    all.set(all.indexOf(index), index.withName(name).asConstraint(cx.newOid()));
    shape.put(table, table.change().indexes(all));
  }

  private void addPrimaryKey(
      TableDescriptor table,
      IndexDescriptor index,
      String name,
      AlterAction.AddConstraintUsingIndex add) {
    if (table.primaryIndex() != null) {
      throw new SqlException(
              SqlState.INVALID_TABLE_DEFINITION,
              "multiple primary keys for table \"" + table.name() + "\" are not allowed")
          .at(add.pos());
    }
    drops.removeIndex(table, index);
    var key =
        new TableElement.TableConstraint.PrimaryKey(
            name, columns(table, index), included(table, index), add.deferral(), add.pos());
    constraints.add(
        cx.catalog().table(table.oid()),
        new AlterAction.AddConstraint(key, false, add.pos()),
        false);
  }

  private static List<String> columns(TableDescriptor table, IndexDescriptor index) {
    List<String> columns = new ArrayList<>();
    for (KeyPart part : index.parts()) {
      columns.add(table.columnNumbered(part.column()).name());
    }
    return columns;
  }

  private static TableElement.ConstraintIndex included(
      TableDescriptor table, IndexDescriptor index) {
    List<String> included = new ArrayList<>();
    index.included().forEach(number -> included.add(table.columnNumbered(number).name()));
    return new TableElement.ConstraintIndex(included, List.of(), null);
  }

  private IndexDescriptor index(TableDescriptor table, AlterAction.AddConstraintUsingIndex add) {
    for (IndexDescriptor index : table.indexes()) {
      if (index.name().equals(add.index())) {
        return index;
      }
    }
    if (cx.catalog().tableOfIndex(table.schemaOid(), add.index()) != null) {
      throw new SqlException(
              SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
              "index \"" + add.index() + "\" does not belong to table \"" + table.name() + "\"")
          .at(add.pos());
    }
    throw new SqlException(
            SqlState.UNDEFINED_OBJECT, "index \"" + add.index() + "\" does not exist")
        .at(add.pos());
  }

  private static void requireFit(IndexDescriptor index, AlterAction.AddConstraintUsingIndex add) {
    String name = "\"" + index.name() + "\"";
    if (index.constraint()) {
      throw new SqlException(
              SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
              "index " + name + " is already associated with a constraint")
          .at(add.pos());
    }
    if (!index.valid()) {
      throw new SqlException(
              SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "index " + name + " is not valid")
          .at(add.pos());
    }
    String fault = null;
    if (!index.unique()) {
      fault = name + " is not a unique index";
    } else if (index.parts().stream().anyMatch(part -> part.expression() != null)) {
      fault = "index " + name + " contains expressions";
    } else if (index.predicate() != null) {
      fault = name + " is a partial index";
    }
    for (int i = 0; fault == null && i < index.parts().size(); i++) {
      if (index.parts().get(i).descending() || index.parts().get(i).nullsFirst()) {
        fault =
            "index "
                + name
                + " column number "
                + (i + 1)
                + " does not have default sorting behavior";
      }
    }
    if (fault != null) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, fault)
          .detail("Cannot create a primary key or unique constraint using such an index.")
          .at(add.pos());
    }
  }
}
